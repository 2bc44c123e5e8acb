"""The people of a tenant: who changes whose role, who removes whom, and what is tried from below."""

import asyncio

import pytest
from livekit import rtc

from agent.wire import format_id
from control.media import Presence
from control.store.db import Connection
from tests.fixtures.control import ControlUnderTest, Reply, assert_problem, eventually
from tests.fixtures.database import TenantSample
from tests.http.members import (
    Person,
    actions_of,
    join,
    let_time_pass,
    owner_of,
    role_of,
    session_of,
)
from tests.http.people import wait_for_presence

ROUTES_FOR_ADMINS = [
    ("PATCH", "/v1/members/{other}", {"role": "admin"}),
    ("DELETE", "/v1/members/{other}", None),
    ("DELETE", "/v1/members/{other}/sessions", None),
    ("GET", "/v1/member-invitations", None),
    ("POST", "/v1/member-invitations", {"email": "gus@x.example"}),
    ("DELETE", "/v1/member-invitations/minv_" + "0" * 32, None),
    ("PATCH", "/v1/tenant", {"name": "Mine"}),
    ("POST", "/v1/tenant/transfer", {"user_id": "{other}"}),
    ("DELETE", "/v1/tenant", {"name": "Harbor"}),
]
ROUTES_FOR_OWNERS = [route for route in ROUTES_FOR_ADMINS if route[1].startswith("/v1/tenant/")] + [
    ("DELETE", "/v1/tenant", {"name": "Harbor"})
]


async def change(control: ControlUnderTest, by: Person, whom: Person, role: str) -> Reply:
    return await control.call("PATCH", f"/v1/members/{whom.id}", by.session, json={"role": role})


async def remove(control: ControlUnderTest, by: Person, whom: Person) -> Reply:
    return await control.call("DELETE", f"/v1/members/{whom.id}", by.session)


async def somebody_waits(conn: Connection) -> bool:
    found: bool = await conn.fetchval("select exists (select from pg_locks where not granted)")
    return found


async def test_everybody_sees_the_people_of_their_tenant_newest_first(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    ada, lin = await owner_of(control, team), await join(control, team, "member")

    first = await control.get("/v1/members?limit=1", lin.session)
    rest = await control.get(f"/v1/members?limit=1&cursor={first.body['next_cursor']}", lin.session)

    assert [item["id"] for item in first.body["data"] + rest.body["data"]] == [lin.id, ada.id]
    assert rest.body["next_cursor"] is None
    assert [item["role"] for item in first.body["data"] + rest.body["data"]] == ["member", "owner"]


async def test_who_has_a_second_factor_is_told_to_admins_only(
    control: ControlUnderTest, team: TenantSample
) -> None:
    lin, gus = await join(control, team, "member"), await join(control, team, "admin", "Gus")

    to_member = await control.get("/v1/members", lin.session)
    to_admin = await control.get("/v1/members", gus.session)

    assert {item["has_second_factor"] for item in to_member.body["data"]} == {None}
    assert {item["has_second_factor"] for item in to_admin.body["data"]} == {False}


@pytest.mark.parametrize(("method", "path", "body"), ROUTES_FOR_ADMINS)
async def test_a_member_gets_nowhere_at_what_is_for_admins(
    control: ControlUnderTest, team: TenantSample, method: str, path: str, body: dict[str, str] | None
) -> None:
    lin, other = await join(control, team, "member"), await join(control, team, "member", "Gus")
    filled = {key: value.format(other=other.id) for key, value in (body or {}).items()}

    reply = await control.call(method, path.format(other=other.id), lin.session, json=filled or None)

    assert_problem(reply, 403, "not_allowed")
    assert await role_of(control, other) == "member"


@pytest.mark.parametrize(("method", "path", "body"), ROUTES_FOR_OWNERS)
async def test_an_admin_gets_nowhere_at_what_is_for_owners(
    control: ControlUnderTest, team: TenantSample, method: str, path: str, body: dict[str, str]
) -> None:
    lin, other = await join(control, team, "admin"), await join(control, team, "member", "Gus")
    filled = {key: value.format(other=other.id) for key, value in body.items()}

    reply = await control.call(method, path, lin.session, json=filled)

    assert_problem(reply, 403, "not_allowed")
    assert await role_of(control, other) == "member"


@pytest.mark.parametrize(
    ("own", "before", "after"),
    [
        ("owner", "member", "owner"),
        ("owner", "owner", "member"),
        ("owner", "admin", "owner"),
        ("admin", "member", "admin"),
        ("admin", "admin", "member"),
    ],
)
async def test_a_role_that_is_ones_to_give_is_given(
    control: ControlUnderTest, team: TenantSample, own: str, before: str, after: str
) -> None:
    by, whom = await join(control, team, own), await join(control, team, before, "Gus")

    reply = await change(control, by, whom, after)

    assert (reply.status, reply.body.get("role")) == (200, after)
    assert await role_of(control, whom) == after
    assert (await actions_of(control, team.id))[-1] == "member.role_changed"


@pytest.mark.parametrize(
    ("before", "after"), [("member", "owner"), ("admin", "owner"), ("owner", "admin"), ("owner", "member")]
)
async def test_an_admin_neither_makes_nor_unmakes_an_owner(
    control: ControlUnderTest, team: TenantSample, before: str, after: str
) -> None:
    by, whom = await join(control, team, "admin"), await join(control, team, before, "Gus")

    assert_problem(await change(control, by, whom, after), 403, "not_allowed")
    assert await role_of(control, whom) == before


async def test_an_admin_does_not_make_themselves_an_owner(
    control: ControlUnderTest, team: TenantSample
) -> None:
    lin = await join(control, team, "admin")

    assert_problem(await change(control, lin, lin, "owner"), 403, "not_allowed")


async def test_an_admin_does_not_remove_an_owner(control: ControlUnderTest, team: TenantSample) -> None:
    lin, ada = await join(control, team, "admin"), await owner_of(control, team)
    await join(control, team, "owner", "Gus")

    assert_problem(await remove(control, lin, ada), 403, "not_allowed")
    assert await role_of(control, ada) == "owner"


async def test_a_role_that_does_not_exist_is_refused(control: ControlUnderTest, team: TenantSample) -> None:
    ada, lin = await owner_of(control, team), await join(control, team, "member")

    assert_problem(await change(control, ada, lin, "superuser"), 422, "invalid_input", "role")


async def test_a_session_from_before_a_change_of_role_is_worth_nothing(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, lin = await owner_of(control, team), await join(control, team, "admin")

    await change(control, ada, lin, "member")

    assert_problem(await control.get("/v1/members", lin.session), 401, "not_authenticated")


async def test_a_change_of_role_leaves_sessions_in_other_tenants_alone(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    ada, lin = await owner_of(control, team), await join(control, team, "member")
    async with control.parts.db.member(other_team.id, lin.user_id) as conn:
        await conn.execute("insert into memberships (user_id, role) values ($1, 'member')", lin.user_id)
    elsewhere = await session_of(control, other_team.id, lin.user_id)

    await change(control, ada, lin, "admin")

    assert (await control.get("/v1/members", elsewhere)).status == 200


async def test_a_role_that_stays_ends_no_session(control: ControlUnderTest, team: TenantSample) -> None:
    ada, lin = await owner_of(control, team), await join(control, team, "admin")

    assert (await change(control, ada, lin, "admin")).status == 200
    assert (await control.get("/v1/members", lin.session)).status == 200


async def test_whoever_is_removed_is_signed_out_of_the_tenant_and_shown_out_of_its_rooms(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, lin = await owner_of(control, team), await join(control, team, "member")

    reply = await remove(control, ada, lin)

    assert reply.status == 204
    assert_problem(await control.get("/v1/members", lin.session), 401, "not_authenticated")
    async with control.parts.db.tenant(team.id) as conn:
        row = await conn.fetchrow("select identity, room_id, removed_by from removals")
        assert row is not None
        assert dict(row) == {"identity": lin.id, "room_id": None, "removed_by": ada.user_id}
    assert (await actions_of(control, team.id))[-1] == "member.removed"


async def test_whoever_is_removed_in_the_middle_of_a_meeting_is_out_of_it(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, lin = await owner_of(control, team), await join(control, team, "member")
    asked = await control.post("/v1/token", lin.session, {"room_name": "standup"})
    room = rtc.Room()
    await room.connect(asked.body["server_url"], asked.body["participant_token"])
    await wait_for_presence(control, team, Presence(humans=1, agents=0))

    await remove(control, ada, lin)

    await wait_for_presence(control, team, Presence(humans=0, agents=0))
    await room.disconnect()


async def test_whoever_leaves_is_signed_out_and_shown_out_too(
    control: ControlUnderTest, team: TenantSample
) -> None:
    lin = await join(control, team, "member")

    assert (await remove(control, lin, lin)).status == 204

    assert_problem(await control.get("/v1/members", lin.session), 401, "not_authenticated")
    async with control.parts.db.tenant(team.id) as conn:
        assert await conn.fetchval("select identity from removals") == lin.id
    assert (await actions_of(control, team.id))[-1] == "member.left"


@pytest.mark.parametrize("after", ["admin", "member"])
async def test_the_only_owner_does_not_step_down(
    control: ControlUnderTest, team: TenantSample, after: str
) -> None:
    ada = await owner_of(control, team)
    await join(control, team, "admin")

    reply = await change(control, ada, ada, after)

    assert_problem(reply, 409, "conflict")
    assert "transfer the tenant" in reply.body["detail"]
    assert (await control.get("/v1/members", ada.session)).status == 200


async def test_the_only_owner_does_not_leave(control: ControlUnderTest, team: TenantSample) -> None:
    ada = await owner_of(control, team)

    assert_problem(await remove(control, ada, ada), 409, "conflict")
    assert await role_of(control, ada) == "owner"


async def test_of_two_owners_who_leave_at_the_same_moment_one_stays(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, gus = await owner_of(control, team), await join(control, team, "owner", "Gus")

    replies = await asyncio.gather(remove(control, ada, ada), remove(control, gus, gus))

    assert sorted(reply.status for reply in replies) == [204, 409]


async def test_of_two_owners_who_remove_each_other_at_the_same_moment_one_stays(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, gus = await owner_of(control, team), await join(control, team, "owner", "Gus")

    await asyncio.gather(remove(control, ada, gus), remove(control, gus, ada))

    roles = [await role_of(control, ada), await role_of(control, gus)]
    assert sorted(roles, key=str) == [None, "owner"]


async def test_of_two_owners_who_step_down_at_the_same_moment_one_stays(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, gus = await owner_of(control, team), await join(control, team, "owner", "Gus")

    replies = await asyncio.gather(change(control, ada, ada, "member"), change(control, gus, gus, "member"))

    assert sorted(reply.status for reply in replies) == [200, 409]


async def test_a_thief_of_a_members_session_is_signed_out_by_an_admin(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    lin, victim = await join(control, team, "admin"), await join(control, team, "member", "Gus")
    async with control.parts.db.member(other_team.id, victim.user_id) as conn:
        await conn.execute("insert into memberships (user_id, role) values ($1, 'member')", victim.user_id)
    elsewhere = await session_of(control, other_team.id, victim.user_id)
    stolen = await session_of(control, team.id, victim.user_id)

    reply = await control.call("DELETE", f"/v1/members/{victim.id}/sessions", lin.session)

    assert reply.status == 204
    for session in (victim.session, stolen):
        assert_problem(await control.get("/v1/account", session), 401, "not_authenticated")
    # What is another tenant's is no admin's of this one to end, and the person stays a member.
    assert (await control.get("/v1/account", elsewhere)).status == 200
    assert await role_of(control, victim) == "member"
    assert (await actions_of(control, team.id))[-1] == "session.revoked"


async def test_an_admin_does_not_sign_out_an_owner_or_somebody_elsewhere(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    lin, ada = await join(control, team, "admin"), await owner_of(control, team)
    grace = await owner_of(control, other_team)

    to_owner = await control.call("DELETE", f"/v1/members/{ada.id}/sessions", lin.session)
    to_stranger = await control.call("DELETE", f"/v1/members/{grace.id}/sessions", lin.session)

    assert_problem(to_owner, 403, "not_allowed")
    assert_problem(to_stranger, 404, "not_found")
    for person in (ada, grace):
        assert (await control.get("/v1/account", person.session)).status == 200


async def test_the_id_of_another_tenants_member_is_nobody(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    ada, grace = await owner_of(control, team), await owner_of(control, other_team)
    victim = await join(control, other_team, "member")
    made_up = format_id("user", team.api_key_id)

    replies = [
        await change(control, ada, victim, "owner"),
        await remove(control, ada, victim),
        await remove(control, ada, grace),
        await control.post("/v1/tenant/transfer", ada.session, {"user_id": victim.id}),
    ]
    unknown = await control.call("DELETE", f"/v1/members/{made_up}", ada.session)

    for reply in replies:
        assert_problem(reply, 404, "not_found")
        assert reply.body["detail"] == unknown.body["detail"]
    assert [await role_of(control, victim), await role_of(control, grace)] == ["member", "owner"]


async def test_an_admin_who_is_demoted_at_the_same_moment_changes_nothing_after(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, lin = await owner_of(control, team), await join(control, team, "admin")
    victim = await join(control, team, "member", "Gus")
    async with control.parts.db.tenant(team.id) as conn:
        await conn.execute("select id from tenants for update")
        # Let in as an admin, and waiting for the tenant's row when they are one no longer.
        late = asyncio.create_task(change(control, lin, victim, "admin"))
        await eventually(lambda: somebody_waits(conn), "somebody waits for the tenant's row")
        await conn.execute("update memberships set role = 'member' where user_id = $1", lin.user_id)

    assert_problem(await late, 403, "not_allowed")
    assert await role_of(control, victim) == "member"
    assert await role_of(control, ada) == "owner"


async def test_a_tenant_is_transferred_and_both_sessions_are_new(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, lin = await owner_of(control, team), await join(control, team, "member")

    reply = await control.post("/v1/tenant/transfer", ada.session, {"user_id": lin.id})

    assert (reply.status, reply.body["role"]) == (201, "admin")
    assert [await role_of(control, ada), await role_of(control, lin)] == ["admin", "owner"]
    for old in (ada.session, lin.session):
        assert_problem(await control.get("/v1/members", old), 401, "not_authenticated")
    assert (await control.get("/v1/members", reply.body["session_token"])).status == 200
    assert "tenant.transferred" in await actions_of(control, team.id)


async def test_a_session_that_was_left_open_gives_no_tenant_away(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, lin = await owner_of(control, team), await join(control, team, "member")
    await let_time_pass(control, ada)

    transfer = await control.post("/v1/tenant/transfer", ada.session, {"user_id": lin.id})
    delete = await control.call("DELETE", "/v1/tenant", ada.session, json={"name": team.name})

    assert_problem(transfer, 403, "reauthentication_required")
    assert_problem(delete, 403, "reauthentication_required")


@pytest.mark.parametrize("path", ["/v1/members", "/v1/tenant", "/v1/member-invitations"])
async def test_an_api_key_does_not_list_people(
    control: ControlUnderTest, team: TenantSample, path: str
) -> None:
    assert_problem(await control.get(path, team.api_key), 403, "not_allowed")

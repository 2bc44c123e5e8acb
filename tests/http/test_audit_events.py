"""Reading the trail through the API."""

from control.audit.actions import AuditAction
from control.audit.record import AuditActor, AuditEvent, record
from control.credentials import new_api_key
from control.scopes import Scope
from control.store.api_keys import create_api_key
from tests.db.trail import ACTIONS, write_trail
from tests.fixtures.control import ControlUnderTest, assert_problem
from tests.fixtures.database import PEPPERS, TenantSample
from tests.http.callers import come_as_guest, sign_in


async def test_an_owner_reads_the_newest_first_with_names_beside_the_pseudonyms(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    await write_trail(control.parts.db, team)

    reply = await control.get("/v1/audit-events?limit=5", session)

    assert reply.status == 200
    events = reply.body["data"]
    assert [event["action"] for event in events] == [action.value for action in reversed(ACTIONS)]
    person = events[0]["actor"]["person"]
    assert (person["id"], person["name"]) == (f"user_{team.user_id.hex}", "Ada")
    assert person["pseudonym"].startswith("person_")


async def test_pages_follow_one_another_without_gap_or_repetition(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    await write_trail(control.parts.db, team, times=3)

    seqs, cursor = [], ""
    while cursor is not None:
        reply = await control.get(f"/v1/audit-events?limit=4{cursor and f'&cursor={cursor}'}", session)
        seqs += [event["seq"] for event in reply.body["data"]]
        cursor = reply.body["next_cursor"]

    assert seqs == list(range(len(seqs), 0, -1))
    assert len(seqs) >= 15


async def test_one_action_can_be_asked_for(control: ControlUnderTest, team: TenantSample) -> None:
    session = await sign_in(control, team)
    await write_trail(control.parts.db, team, times=2)

    reply = await control.get("/v1/audit-events?action=room.made", session)

    assert {event["action"] for event in reply.body["data"]} == {"room.made"}
    assert len(reply.body["data"]) == 2


async def test_somebody_who_left_is_a_pseudonym_without_a_name(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    session = await sign_in(control, team)
    async with control.parts.db.tenant(team.id) as conn:
        actor = AuditActor("member", user_id=other_team.user_id)
        await record(conn, team.id, AuditEvent(AuditAction.MEMBER_LEFT, actor))

    reply = await control.get("/v1/audit-events?limit=1", session)

    person = reply.body["data"][0]["actor"]["person"]
    assert (person["id"], person["name"]) == (None, None)


async def test_a_key_needs_the_scope(control: ControlUnderTest, team: TenantSample) -> None:
    key = new_api_key()
    async with control.parts.db.tenant(team.id) as conn:
        await create_api_key(conn, "reader", PEPPERS.digest(key), scopes=[Scope.AUDIT_READ])

    assert (await control.get("/v1/audit-events", key)).status == 200
    assert_problem(await control.get("/v1/audit-events", team.api_key), 403, "not_allowed")


async def test_neither_a_guest_nor_a_mere_member_reads_the_trail(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    guest = await come_as_guest(control, team, "standup")
    async with control.parts.db.tenant(team.id) as conn:
        await conn.execute("update memberships set role = 'member'")

    assert_problem(await control.get("/v1/audit-events", session), 403, "not_allowed")
    assert_problem(await control.get("/v1/audit-events", guest), 403, "not_allowed")


async def test_another_tenants_trail_cannot_be_paged_into(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    session = await sign_in(control, team)
    await write_trail(control.parts.db, other_team, times=4)

    reply = await control.get("/v1/audit-events?limit=100&cursor=999999999", session)

    assert all(event["seq"] < 10 for event in reply.body["data"])
    tenant = other_team.id.hex
    assert tenant not in str(reply.body)


async def test_a_cursor_that_is_none_is_refused(control: ControlUnderTest, team: TenantSample) -> None:
    session = await sign_in(control, team)

    assert_problem(
        await control.get("/v1/audit-events?cursor=%27or1", session), 422, "invalid_input", "cursor"
    )

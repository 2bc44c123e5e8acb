"""A tenant as its people run it: changed by admins, founded by members, deleted by owners who mean it."""

import dataclasses

import pytest

from agent.settings import ControlSettings
from control.media import Presence
from tests.fixtures.control import ControlUnderTest, assert_problem, running_control
from tests.fixtures.database import TenantSample
from tests.http.members import actions_of, join, owner_of
from tests.http.people import person_in, wait_for_presence


async def test_a_member_sees_the_tenant_that_they_are_in(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    lin = await join(control, team, "member")

    shown = (await control.get("/v1/tenant", lin.session)).body

    assert shown["id"] == f"ten_{team.id.hex}"
    assert (shown["name"], shown["role"], shown["retention_days"]) == ("Harbor", "member", None)


async def test_what_is_not_sent_stays_as_it_is(control: ControlUnderTest, team: TenantSample) -> None:
    ada = await owner_of(control, team)

    async def change(**body: object) -> tuple[object, object]:
        reply = await control.call("PATCH", "/v1/tenant", ada.session, json=body)
        assert reply.status == 200, reply.body
        return reply.body["name"], reply.body["retention_days"]

    assert await change(retention_days=30) == ("Harbor", 30)
    assert await change(name="Pier") == ("Pier", 30)
    assert await change(retention_days=None) == ("Pier", None)
    assert (await actions_of(control, team.id)).count("tenant.changed") == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [("retention_days", 0), ("retention_days", 3651), ("name", ""), ("name", None), ("name", "a\nb")],
)
async def test_what_makes_no_sense_is_refused(
    control: ControlUnderTest, team: TenantSample, field: str, value: object
) -> None:
    ada = await owner_of(control, team)

    reply = await control.call("PATCH", "/v1/tenant", ada.session, json={field: value})

    assert_problem(reply, 422, "invalid_input", field)


async def test_one_more_tenant_is_founded_and_entered_with_a_new_session(
    control: ControlUnderTest, team: TenantSample
) -> None:
    lin = await join(control, team, "member")

    reply = await control.post("/v1/tenants", lin.session, {"name": "Pier"})

    assert (reply.status, reply.body["role"], reply.body["tenant"]["name"]) == (201, "owner", "Pier")
    assert_problem(await control.get("/v1/tenant", lin.session), 401, "not_authenticated")
    members = await control.get("/v1/members", reply.body["session_token"])
    assert [item["id"] for item in members.body["data"]] == [lin.id]


async def test_nobody_founds_tenants_without_end(control: ControlUnderTest, team: TenantSample) -> None:
    lin = await join(control, team, "member")
    async with control.parts.db.person(lin.user_id) as conn:
        await conn.execute("select found_tenant('Pier') from generate_series(1, 20)")

    assert_problem(await control.post("/v1/tenants", lin.session, {"name": "More"}), 403, "not_allowed")


async def test_nobody_founds_a_tenant_where_sign_up_is_closed(
    own_settings: ControlSettings, own_team: TenantSample
) -> None:
    settings = dataclasses.replace(own_settings, is_sign_up_open=False)
    async with running_control(settings) as control:
        ada = await owner_of(control, own_team)

        assert_problem(await control.post("/v1/tenants", ada.session, {"name": "Pier"}), 403, "not_allowed")


async def test_a_tenant_is_deleted_with_its_rooms_and_sessions_and_its_people_stay(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    ada, lin = await owner_of(control, team), await join(control, team, "member")
    await control.post("/v1/rooms", team.api_key, {"name": "standup"})

    reply = await control.call("DELETE", "/v1/tenant", ada.session, json={"name": "Harbor"})

    assert reply.status == 204
    assert set((await control.rows(team.id)).values()) == {0}
    for credential in (ada.session, lin.session, team.api_key):
        assert_problem(await control.get("/v1/rooms", credential), 401, "not_authenticated")
    assert await control.parts.db.system.find_user(lin.email) is not None
    assert (await control.get("/v1/rooms", other_team.api_key)).status == 200


async def test_nobody_stays_in_a_room_of_a_deleted_tenant(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    ada = await owner_of(control, team)
    async with person_in(control, team), person_in(control, other_team):
        await wait_for_presence(control, team, Presence(humans=1, agents=0))

        await control.call("DELETE", "/v1/tenant", ada.session, json={"name": "Harbor"})

        await wait_for_presence(control, team, Presence(humans=0, agents=0))
        await wait_for_presence(control, other_team, Presence(humans=1, agents=0))


@pytest.mark.parametrize("name", ["Lighthouse", "harbor", ""])
async def test_a_tenant_is_not_deleted_by_another_name(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample, name: str
) -> None:
    ada = await owner_of(control, team)

    reply = await control.call("DELETE", "/v1/tenant", ada.session, json={"name": name})

    assert_problem(reply, 422, "invalid_input", "name")
    assert (await control.get("/v1/tenant", ada.session)).status == 200
    assert (await control.get("/v1/rooms", other_team.api_key)).status == 200


async def test_the_folder_of_letters_is_told_on_this_machine_only(control: ControlUnderTest) -> None:
    here = await control.get("/v1/deployment", headers={"Host": f"localhost:{control.settings.port}"})
    through = await control.get("/v1/deployment", headers={"X-Forwarded-For": "127.0.0.1"})
    named = await control.get("/v1/deployment", headers={"Host": "parley.example"})

    assert (here.body["sign_up"], here.body["mail_dir"]) == ("open", str(control.settings.mail_dir))
    assert through.body["mail_dir"] is None
    assert named.body["mail_dir"] is None


async def test_with_a_mail_server_no_folder_is_named(own_settings: ControlSettings) -> None:
    settings = dataclasses.replace(own_settings, smtp_url="smtp://127.0.0.1:2525")
    async with running_control(settings) as control:
        assert (await control.get("/v1/deployment")).body["mail_dir"] is None

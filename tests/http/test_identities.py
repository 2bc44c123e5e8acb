"""Who one may be in a room: members and guests are themselves, programs are anybody but one of those."""

from uuid import uuid4

import jwt
import pytest

from agent.wire import format_id
from control.credentials import hash_token
from tests.fixtures.control import ControlUnderTest, assert_problem
from tests.fixtures.database import TenantSample
from tests.http.callers import begin_job, come_as_guest, job_token, sign_in


def seen_as(control: ControlUnderTest, token: str) -> tuple[str, str]:
    """(identity, name)"""
    claims = jwt.decode(token, control.settings.livekit.api_secret, algorithms=["HS256"])
    return claims["sub"], claims["name"]


async def test_a_member_appears_as_themselves(control: ControlUnderTest, team: TenantSample) -> None:
    session = await sign_in(control, team)

    reply = await control.post("/v1/token", session, {})

    assert seen_as(control, reply.body["participant_token"]) == (format_id("user", team.user_id), "Ada")


async def test_a_member_may_use_a_second_tab_under_another_name(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    identity = format_id("user", team.user_id) + "-tab2"

    reply = await control.post(
        "/v1/token", session, {"participant_identity": identity, "participant_name": "Ada's phone"}
    )

    assert seen_as(control, reply.body["participant_token"]) == (identity, "Ada's phone")


@pytest.mark.parametrize(
    "identity", [format_id("user", uuid4()), "guest_1", "agent_1", "ann", f"user_{'0' * 31}"]
)
async def test_a_member_cannot_appear_as_somebody_else(
    control: ControlUnderTest, team: TenantSample, identity: str
) -> None:
    session = await sign_in(control, team)
    before = await control.rows(team.id)

    reply = await control.post("/v1/token", session, {"participant_identity": identity})

    assert_problem(reply, 403, "not_allowed")
    assert await control.rows(team.id) == before


@pytest.mark.parametrize("identity", ["user_1", "guest_1", "agent_1"])
async def test_a_program_cannot_take_an_identity_that_the_server_hands_out(
    control: ControlUnderTest, team: TenantSample, identity: str
) -> None:
    reply = await control.post("/v1/token", team.api_key, {"participant_identity": identity})

    assert_problem(reply, 403, "not_allowed")
    assert (await control.rows(team.id))["rooms"] == 0


async def test_a_guest_gets_into_their_room_as_themselves(
    control: ControlUnderTest, team: TenantSample
) -> None:
    guest = await come_as_guest(control, team, "standup")
    current = await control.get("/v1/sessions/current", guest)

    reply = await control.post("/v1/token", guest, {})

    claims = jwt.decode(
        reply.body["participant_token"], control.settings.livekit.api_secret, algorithms=["HS256"]
    )
    assert claims["sub"] == current.body["guest"]["id"]
    assert claims["sub"].startswith("guest_")
    assert claims["name"] == "Grace"
    assert claims["video"]["room"] == f"{team.id.hex}_standup"


@pytest.mark.parametrize("room_name", ["lounge", "other"])
async def test_a_guest_learns_of_no_other_room(
    control: ControlUnderTest, team: TenantSample, room_name: str
) -> None:
    await control.post("/v1/rooms", team.api_key, {"name": "lounge"})
    guest = await come_as_guest(control, team, "standup")
    before = await control.rows(team.id)

    reply = await control.post("/v1/token", guest, {"room_name": room_name})

    assert_problem(reply, 404, "not_found")
    assert await control.rows(team.id) == before


async def test_a_guest_cannot_appear_as_somebody_else(control: ControlUnderTest, team: TenantSample) -> None:
    guest = await come_as_guest(control, team, "standup")
    before = await control.rows(team.id)

    reply = await control.post("/v1/token", guest, {"participant_identity": format_id("user", team.user_id)})

    assert_problem(reply, 403, "not_allowed")
    assert await control.rows(team.id) == before


async def test_the_same_short_name_is_another_room_in_another_tenant(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    body = {"room_name": "standup"}

    ours = await control.post("/v1/token", team.api_key, body)
    theirs = await control.post("/v1/token", other_team.api_key, body)

    rooms = [
        jwt.decode(reply.body["participant_token"], options={"verify_signature": False})["video"]["room"]
        for reply in (ours, theirs)
    ]
    assert rooms == [f"{team.id.hex}_standup", f"{other_team.id.hex}_standup"]


@pytest.mark.parametrize(
    "credential",
    [
        pytest.param("parley_" + "x" * 43, id="unknown key"),
        pytest.param("x" * 43, id="unknown session"),
        pytest.param("x", id="too short"),
        pytest.param("x" * 4000, id="too long"),
        pytest.param("eyJhbGciOiJub25lIn0.e30.", id="a JWT"),
    ],
)
async def test_an_unknown_credential_is_refused(control: ControlUnderTest, credential: str) -> None:
    reply = await control.post("/v1/token", credential, {})

    assert_problem(reply, 401, "not_authenticated")
    assert reply.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer \xff\xfe"])
async def test_a_header_without_a_credential_is_refused(control: ControlUnderTest, header: str) -> None:
    reply = await control.post("/v1/token", body={}, headers={"Authorization": header})

    assert_problem(reply, 401, "not_authenticated")


async def test_a_request_without_any_credential_is_refused(control: ControlUnderTest) -> None:
    assert_problem(await control.post("/v1/token", body={}), 401, "not_authenticated")


async def test_a_job_token_opens_nothing_but_the_internal_api(
    control: ControlUnderTest, team: TenantSample
) -> None:
    token = job_token(control, await begin_job(control.parts.db, team))

    assert_problem(await control.post("/v1/token", token, {}), 401, "not_authenticated")
    assert_problem(await control.get("/v1/conversations", token), 401, "not_authenticated")


async def test_an_api_key_that_was_revoked_opens_nothing(
    control: ControlUnderTest, team: TenantSample
) -> None:
    async with control.parts.db.tenant(team.id) as conn:
        await conn.execute("update api_keys set revoked_at = now()")

    assert_problem(await control.post("/v1/token", team.api_key, {}), 401, "not_authenticated")


async def test_a_key_hashed_with_another_secret_opens_nothing(
    control: ControlUnderTest, team: TenantSample
) -> None:
    async with control.parts.db.tenant(team.id) as conn:
        await conn.execute("update api_keys set key_hash = $1", hash_token(team.api_key))

    assert_problem(await control.post("/v1/token", team.api_key, {}), 401, "not_authenticated")

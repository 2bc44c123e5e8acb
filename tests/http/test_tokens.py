"""The token endpoint: what it grants, to whom, and what it refuses."""

import time
from typing import Any
from uuid import UUID

import jwt
import pytest
from livekit import rtc

from tests.fixtures.control import ControlUnderTest, assert_problem
from tests.fixtures.database import TenantSample

NOTHING_STORED = {
    "rooms": 0,
    "invitations": 0,
    "conversations": 0,
    "participants": 0,
    "turns": 0,
    "model_calls": 0,
    "documents": 0,
}


def claims_of(control: ControlUnderTest, token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, control.settings.livekit.api_secret, algorithms=["HS256"])
    return claims


async def test_a_token_grants_exactly_this(control: ControlUnderTest, team: TenantSample) -> None:
    reply = await control.post(
        "/v1/token", team.api_key, {"room_name": "standup", "participant_identity": "ann"}
    )

    claims = claims_of(control, reply.body["participant_token"])
    assert reply.status == 201
    assert set(reply.body) == {"server_url", "participant_token"}
    assert reply.body["server_url"] == control.settings.livekit.public_url
    assert claims["video"] == {
        "roomJoin": True,
        "room": f"{team.id.hex}_standup",
        "canPublish": True,
        "canSubscribe": True,
        "canPublishData": True,
        "canPublishSources": ["microphone", "screen_share"],
        "canUpdateOwnMetadata": False,
    }
    assert set(claims) == {"video", "sub", "iss", "nbf", "exp", "name"}
    assert claims["sub"] == "ann"
    assert 0 < claims["exp"] - time.time() <= 600


async def test_a_token_lets_its_holder_into_the_room(control: ControlUnderTest, team: TenantSample) -> None:
    reply = await control.post("/v1/token", team.api_key, {"room_name": "standup", "participant_name": "Ann"})
    room = rtc.Room()

    await room.connect(reply.body["server_url"], reply.body["participant_token"])

    assert room.name == f"{team.id.hex}_standup"
    assert room.local_participant.name == "Ann"
    await room.disconnect()


async def test_an_unknown_room_is_made_with_its_conversation(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await control.post("/v1/token", team.api_key, {"room_name": "standup"})
    await control.post("/v1/token", team.api_key, {"room_name": "standup"})

    stored = await control.rows(team.id)
    assert (stored["rooms"], stored["conversations"], stored["participants"]) == (1, 1, 2)


@pytest.mark.parametrize("options", [{}, {"json": {}}, {"json": {"room_name": None, "room_config": {}}}])
async def test_everything_in_the_body_is_optional(
    control: ControlUnderTest, team: TenantSample, options: dict[str, Any]
) -> None:
    reply = await control.call("POST", "/v1/token", team.api_key, **options)

    claims = claims_of(control, reply.body["participant_token"])
    assert reply.status == 201
    assert claims["video"]["room"] == f"{team.id.hex}_lounge"
    assert claims["sub"].startswith(f"key_{team.api_key_id.hex}_")


async def test_what_other_sdks_send_along_is_accepted(control: ControlUnderTest, team: TenantSample) -> None:
    body = {
        "room_name": "standup",
        "participant_name": "Ann",
        "participant_metadata": "from the sdk",
        "participant_attributes": {"team": "blue"},
        "room_config": {"name": "", "agents": [{"agent_name": "parley", "metadata": ""}]},
        "some_future_field": {"deep": [1]},
    }

    reply = await control.post("/v1/token", team.api_key, body)

    claims = claims_of(control, reply.body["participant_token"])
    assert reply.status == 201
    assert (claims["metadata"], claims["attributes"]) == ("from the sdk", {"team": "blue"})
    assert "roomConfig" not in claims


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"room_name": "a/b"}, "room_name"),
        ({"room_name": f"{UUID(int=1).hex}_x y"}, "room_name"),
        ({"room_name": 7}, "room_name"),
        ({"room_name": "x" * 65}, "room_name"),
        ({"participant_identity": "two words"}, "participant_identity"),
        ({"participant_identity": "x" * 129}, "participant_identity"),
        ({"participant_name": "a\nb"}, "participant_name"),
        ({"participant_name": ["Ann"]}, "participant_name"),
        ({"participant_metadata": {"a": 1}}, "participant_metadata"),
        ({"participant_attributes": {"a": 1}}, "participant_attributes.a"),
        ({"participant_attributes": {"lk.agent.state": "speaking"}}, "participant_attributes.lk.agent.state"),
        ({"room_config": {"metadata": "x"}}, "room_config.metadata"),
        ({"room_config": {"egress": {}}}, "room_config.egress"),
        ({"room_config": {"egress": {"room": {"file_outputs": []}}}}, "room_config.egress"),
        ({"room_config": {"empty_timeout": 1}}, "room_config.empty_timeout"),
        ({"room_config": {"agents": [{"agent_name": "other"}]}}, "room_config.agents.0.agent_name"),
        ({"room_config": {"agents": [{"metadata": "x"}]}}, "room_config.agents.0.agent_name"),
        (
            {"room_config": {"agents": [{"agent_name": "parley", "metadata": "x"}]}},
            "room_config.agents.0.metadata",
        ),
        ({"room_config": {"agents": [{"agent_name": "parley"}] * 2}}, "room_config.agents"),
        ({"room_config": "parley"}, "room_config"),
    ],
)
async def test_what_a_client_may_not_ask_for_is_refused_by_its_field(
    control: ControlUnderTest, team: TenantSample, body: dict[str, Any], field: str
) -> None:
    reply = await control.post("/v1/token", team.api_key, body)

    assert_problem(reply, 422, "invalid_input", field)
    assert await control.rows(team.id) == NOTHING_STORED

"""A tenant's agents and their documents, and every way in which one tenant's might reach into another's."""

import asyncio
from typing import Any

import asyncpg
import pytest

from agent.wire import ContextAnswer, parse_id
from control.dispatch import Dispatcher
from control.store import agents, conversations, rooms
from tests.fixtures.control import ControlUnderTest, assert_problem, eventually
from tests.fixtures.database import TenantSample
from tests.http.callers import come_as_guest, job_token, sign_in
from tests.http.keys import key_with
from tests.http.people import dispatches, epoch_of, person_in

REFUNDS = "Refunds are paid within 30 days."
SECRETS = "Refunds of the secret plan are never paid."


async def made(control: ControlUnderTest, key: str, name: str = "pilot", **body: Any) -> dict[str, Any]:
    reply = await control.post("/v1/agents", key, {"name": name, **body})
    assert reply.status == 201, reply.body
    return reply.body


async def wrote(control: ControlUnderTest, key: str, title: str, text: str) -> str:
    reply = await control.call("PUT", "/v1/documents", key, json={"title": title, "text": text})
    assert reply.status == 200, reply.body
    return str(reply.body["id"])


async def changed(control: ControlUnderTest, key: str, name: str = "pilot", **body: Any) -> dict[str, Any]:
    reply = await control.call("PATCH", f"/v1/agents/{name}", key, json=body)
    assert reply.status == 200, reply.body
    return reply.body


async def defaults(control: ControlUnderTest, key: str) -> list[str]:
    listed = (await control.get("/v1/agents?limit=100", key)).body["data"]
    return [agent["name"] for agent in listed if agent["is_default"]]


async def job_in(control: ControlUnderTest, team: TenantSample, room_name: str = "standup") -> str:
    """A job token as a dispatch gives it, for whichever agent the room has now."""
    async with control.parts.db.tenant(team.id) as conn:
        await rooms.ensure_room(conn, room_name)
    dispatcher = Dispatcher(control.parts.db, control.parts.media, control.parts.jobs, "parley")
    begun = await dispatcher.begin_job(f"{team.id.hex}_{room_name}", team.id, room_name)
    assert begun is not None
    return job_token(control, begun[0])


async def context_of(control: ControlUnderTest, token: str) -> ContextAnswer:
    reply = await control.get("/internal/v1/context", token)
    assert reply.status == 200, reply.body
    return ContextAnswer.model_validate(reply.body)


async def quoted(control: ControlUnderTest, token: str) -> list[str]:
    reply = await control.post("/internal/v1/search", token, {"query": "refunds"})
    assert reply.status == 200, reply.body
    return sorted(passage["text"] for passage in reply.body["passages"])


@pytest.fixture
async def key(control: ControlUnderTest, team: TenantSample) -> str:
    """With every scope."""
    return await key_with(control, team)


async def test_an_agent_is_what_was_asked_for_and_for_the_rest_what_is_usual(
    control: ControlUnderTest, key: str
) -> None:
    agent = await made(control, key, prompt="Be kind.", greeting="Ahoy!", language="de-AT", voice="nova")

    shown = await control.get("/v1/agents/pilot", key)

    assert shown.body == agent
    assert {name: agent[name] for name in ("name", "display_name", "version", "is_default", "documents")} == {
        "name": "pilot",
        "display_name": "pilot",
        "version": 1,
        "is_default": True,
        "documents": "all",
    }
    assert (agent["prompt"], agent["greeting"]) == ("Be kind.", "Ahoy!")
    assert (agent["language"], agent["voice"]) == ("de-AT", "nova")


async def test_a_change_writes_a_version_and_an_older_one_can_be_activated(
    control: ControlUnderTest, key: str
) -> None:
    await made(control, key, prompt="one")

    two = await changed(control, key, prompt="two")
    same = await changed(control, key, prompt="two")
    back = await control.post("/v1/agents/pilot/versions/1/activation", key)
    three = await changed(control, key, greeting="Hello.")
    listed = await control.get("/v1/agents/pilot/versions?limit=2", key)
    rest = await control.get(f"/v1/agents/pilot/versions?cursor={listed.body['next_cursor']}", key)

    assert (two["version"], same["version"], back.body["version"], three["version"]) == (2, 2, 1, 3)
    assert (back.body["prompt"], three["prompt"], three["greeting"]) == ("one", "one", "Hello.")
    assert [item["version"] for item in listed.body["data"]] == [3, 2]
    assert ([item["version"] for item in rest.body["data"]], rest.body["next_cursor"]) == ([1], None)


@pytest.mark.parametrize("version", ["2", "0", "-1", "x", "9999999999", "1%20or%201=1"])
async def test_a_version_that_there_is_not_cannot_be_activated(
    control: ControlUnderTest, key: str, version: str
) -> None:
    await made(control, key)

    reply = await control.post(f"/v1/agents/pilot/versions/{version}/activation", key)

    assert_problem(reply, 404, "not_found")


async def test_a_change_of_what_somebody_else_has_changed_meanwhile_is_refused(
    control: ControlUnderTest, key: str
) -> None:
    await made(control, key)
    await changed(control, key, prompt="theirs", version=1)

    reply = await control.call("PATCH", "/v1/agents/pilot", key, json={"prompt": "ours", "version": 1})

    assert_problem(reply, 409, "conflict")
    assert (await control.get("/v1/agents/pilot", key)).body["prompt"] == "theirs"


async def test_changes_at_the_same_time_each_get_a_version_of_their_own(
    control: ControlUnderTest, key: str
) -> None:
    await made(control, key)

    versions = await asyncio.gather(*(changed(control, key, prompt=f"prompt {n}") for n in range(8)))

    assert sorted(agent["version"] for agent in versions) == list(range(2, 10))


async def test_two_first_agents_made_at_the_same_time_leave_one_default(
    control: ControlUnderTest, key: str
) -> None:
    agents_made = await asyncio.gather(*(made(control, key, f"agent-{n}") for n in range(8)))

    assert sum(agent["is_default"] for agent in agents_made) == 1
    assert len(await defaults(control, key)) == 1


async def test_two_agents_that_become_the_default_at_the_same_time_leave_one(
    control: ControlUnderTest, key: str
) -> None:
    for n in range(6):
        await made(control, key, f"agent-{n}")

    await asyncio.gather(*(changed(control, key, f"agent-{n}", is_default=True) for n in range(6)))

    assert len(await defaults(control, key)) == 1


async def test_there_is_always_one_default_while_there_are_agents(
    control: ControlUnderTest, key: str
) -> None:
    await made(control, key, "first")
    await made(control, key, "second", is_default=True)

    unmade = await control.call("PATCH", "/v1/agents/second", key, json={"is_default": False})
    deleted = await control.call("DELETE", "/v1/agents/second", key)
    left = await defaults(control, key)
    await control.call("DELETE", "/v1/agents/first", key)
    last = await control.call("DELETE", "/v1/agents/second", key)

    assert_problem(unmade, 422, "invalid_input", "is_default")
    assert_problem(deleted, 409, "conflict")
    assert left == ["second"]
    assert last.status == 204
    assert (await control.get("/v1/agents", key)).body["data"] == []


async def test_a_name_that_is_taken_or_has_a_meaning_is_refused(control: ControlUnderTest, key: str) -> None:
    await made(control, key)

    assert_problem(await control.post("/v1/agents", key, {"name": "pilot"}), 409, "conflict")
    for name in ("parley", "auto", "small", "large"):
        assert_problem(await control.post("/v1/agents", key, {"name": name}), 422, "invalid_input", "name")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "../x"}, "name"),
        ({"name": "Pilot"}, "name"),
        ({"name": "a" * 64}, "name"),
        ({"display_name": " "}, "display_name"),
        ({"display_name": "x" * 65}, "display_name"),
        ({"display_name": "Pi\nlot"}, "display_name"),
        ({"prompt": "x" * 16_001}, "prompt"),
        ({"greeting": "x" * 1_001}, "greeting"),
        ({"voice": "../../etc/passwd"}, "voice"),
        ({"voice": "x" * 101}, "voice"),
        ({"language": "English"}, "language"),
        ({"language": "en_US"}, "language"),
        ({"language": "en" + "-abcdefgh" * 9}, "language"),
        ({"model_policy": {"preset": "cheapest"}}, "model_policy.preset"),
        ({"model_policy": {"small_model": "openai/gpt-6-lunna"}}, "model_policy.small_model"),
        ({"model_policy": {"stt": "whisper"}}, "model_policy.stt"),
        ({"model_policy": {"api_key": "sk-mine"}}, "model_policy.api_key"),
        ({"model_policy": {"talk": {"small": ["openai/gpt-4"]}}}, "model_policy.talk.small"),
        ({"model_policy": {"see": {}}}, "model_policy.see"),
        (
            {"model_policy": {"rates": {"openai/gpt-6-luna": {"input": 0, "output": 0}}}},
            "model_policy.rates",
        ),
        ({"model_policy": {"providers": ["google"], "regions": ["eu"]}}, "model_policy.regions"),
        (
            {"model_policy": {"strong_share": 0.1, "spend_per_turn_usd_micros": 9}},
            "model_policy.spend_per_turn_usd_micros",
        ),
        ({"documents": ["doc_1"]}, "documents"),
        ({"documents": ["doc_" + "0" * 32]}, "documents"),
        ({"tenant_id": "ten_1"}, "tenant_id"),
        ({"version": 9}, "version"),
    ],
)
async def test_what_an_agent_cannot_be_is_refused_by_its_field(
    control: ControlUnderTest, team: TenantSample, key: str, change: dict[str, Any], field: str
) -> None:
    reply = await control.post("/v1/agents", key, {"name": "pilot", **change})

    assert_problem(reply, 422, "invalid_input", reply.body.get("field"))
    assert str(reply.body["field"]).startswith(field)
    assert (await control.get("/v1/agents", key)).body["data"] == []


async def test_a_policy_comes_back_as_it_was_written_and_unchanged_makes_no_version(
    control: ControlUnderTest, team: TenantSample, key: str
) -> None:
    policy = {
        "talk": {"small": ["custom/llama"], "large": ["openai/gpt-6.1-sol"]},
        "rates": {"custom/llama": {"input": 0.1, "output": 0.2, "cached": None}},
        "strong_share": 0.2,
    }
    written = await control.post("/v1/agents", key, {"name": "pilot", "model_policy": policy})

    again = await control.call("PATCH", "/v1/agents/pilot", key, json={"model_policy": policy})

    assert written.status == 201
    assert {name: written.body["model_policy"][name] for name in policy} == policy
    assert again.body["version"] == 1


async def test_an_agent_cannot_be_given_another_tenants_document(
    control: ControlUnderTest, key: str, other_team: TenantSample
) -> None:
    theirs = await wrote(control, await key_with(control, other_team), "Plans", SECRETS)

    created = await control.post("/v1/agents", key, {"name": "thief", "documents": [theirs]})
    await made(control, key)
    patched = await control.call("PATCH", "/v1/agents/pilot", key, json={"documents": [theirs]})

    assert_problem(created, 422, "invalid_input", "documents")
    assert_problem(patched, 422, "invalid_input", "documents")
    assert [agent["version"] for agent in (await control.get("/v1/agents", key)).body["data"]] == [1]


async def test_even_the_database_refuses_another_tenants_document(
    control: ControlUnderTest, team: TenantSample, key: str, other_team: TenantSample
) -> None:
    agent = await made(control, key)
    theirs = await wrote(control, await key_with(control, other_team), "Plans", SECRETS)

    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with control.parts.db.tenant(team.id) as conn:
            await conn.execute(
                "insert into agent_documents (agent_id, version, document_id) values ($1, 1, $2)",
                parse_id("agent", agent["id"]),
                parse_id("doc", theirs),
            )


async def test_another_tenants_agents_and_documents_are_not_there(
    control: ControlUnderTest, key: str, other_team: TenantSample
) -> None:
    document = await wrote(control, key, "Refunds", REFUNDS)
    await made(control, key, prompt="canary-prompt")
    thief = await key_with(control, other_team)
    attacks = [
        ("GET", "/v1/agents/pilot", None),
        ("PATCH", "/v1/agents/pilot", {"prompt": "obey me"}),
        ("DELETE", "/v1/agents/pilot", None),
        ("GET", "/v1/agents/pilot/versions", None),
        ("POST", "/v1/agents/pilot/versions/1/activation", None),
        ("DELETE", f"/v1/documents/{document}", None),
    ]

    for method, path, body in attacks:
        reply = await control.call(method, path, thief, json=body)
        assert_problem(reply, 404, "not_found")
        assert "canary" not in str(reply.body)
    assert (await control.get("/v1/agents", thief)).body == {"data": [], "next_cursor": None}
    assert (await control.get("/v1/documents", thief)).body == {"data": [], "next_cursor": None}
    assert (await control.get("/v1/agents/pilot", key)).body["prompt"] == "canary-prompt"


async def test_two_tenants_may_call_their_agents_and_documents_the_same(
    control: ControlUnderTest, key: str, other_team: TenantSample
) -> None:
    other = await key_with(control, other_team)

    ours, theirs = await made(control, key), await made(control, other)
    our_document = await wrote(control, key, "Refunds", REFUNDS)
    their_document = await wrote(control, other, "Refunds", SECRETS)

    assert ours["id"] != theirs["id"]
    assert our_document != their_document


async def test_a_guest_sees_no_agents_and_a_member_changes_none(
    control: ControlUnderTest, team: TenantSample, key: str
) -> None:
    document = await wrote(control, key, "Refunds", REFUNDS)
    await made(control, key)
    guest, member = await come_as_guest(control, team, "standup"), await sign_in(control, team)
    async with control.parts.db.tenant(team.id) as conn:
        await conn.execute("update memberships set role = 'member'")
    changes = [
        ("POST", "/v1/agents", {"name": "mine"}),
        ("PATCH", "/v1/agents/pilot", {"prompt": "obey me"}),
        ("DELETE", "/v1/agents/pilot", None),
        ("POST", "/v1/agents/pilot/versions/1/activation", None),
        ("PUT", "/v1/documents", {"title": "Mine", "text": "x"}),
        ("DELETE", f"/v1/documents/{document}", None),
    ]

    for path in ("/v1/agents", "/v1/agents/pilot", "/v1/agents/pilot/versions", "/v1/documents"):
        assert_problem(await control.get(path, guest), 403, "not_allowed")
        assert (await control.get(path, member)).status == 200
    for method, path, body in changes:
        for credential in (guest, member):
            assert_problem(await control.call(method, path, credential, json=body), 403, "not_allowed")


async def test_a_document_of_a_title_has_one_text_and_is_gone_when_it_is_deleted(
    control: ControlUnderTest, team: TenantSample, key: str
) -> None:
    first = await wrote(control, key, "Refunds", "Refunds are slow.")
    second = await wrote(control, key, "Refunds", REFUNDS)
    token = await job_in(control, team)
    before = await quoted(control, token)
    listed = (await control.get("/v1/documents", key)).body["data"]

    deleted = await control.call("DELETE", f"/v1/documents/{first}", key)

    assert first == second
    assert before == [REFUNDS]
    assert [(item["id"], item["title"], item["passages"]) for item in listed] == [(first, "Refunds", 1)]
    assert deleted.status == 204
    assert await quoted(control, token) == []
    assert_problem(await control.call("DELETE", f"/v1/documents/{first}", key), 404, "not_found")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "", "text": "x"}, "title"),
        ({"title": "x" * 201, "text": "x"}, "title"),
        ({"title": "a\nb", "text": "x"}, "title"),
        ({"title": "x", "text": "x" * 500_001}, "text"),
        ({"title": "x"}, "text"),
        ({"title": "x", "text": "x", "id": "doc_1"}, "id"),
    ],
)
async def test_what_is_no_document_is_refused(
    control: ControlUnderTest, key: str, body: dict[str, str], field: str
) -> None:
    reply = await control.call("PUT", "/v1/documents", key, json=body)

    assert_problem(reply, 422, "invalid_input", field)


async def test_a_job_is_the_rooms_agent_else_the_default_else_the_deployments(
    control: ControlUnderTest, team: TenantSample, key: str
) -> None:
    nobody = await context_of(control, await job_in(control, team, "empty"))
    await made(control, key, "first", display_name="First", prompt="one", greeting="Ahoy!")
    await made(control, key, "second", model_policy={"preset": "local"})
    await control.post("/v1/rooms", key, {"name": "bridge"})
    chosen = await control.call("PATCH", "/v1/rooms/bridge", key, json={"agent": "second"})

    default = (await context_of(control, await job_in(control, team, "standup"))).agent
    own = (await context_of(control, await job_in(control, team, "bridge"))).agent

    assert nobody.agent is None
    assert chosen.body["agent_name"] == "second"
    assert default is not None
    assert (default.name, default.version, default.prompt) == ("first", 1, "one")
    assert (default.display_name, default.greeting) == ("First", "Ahoy!")
    assert own is not None
    assert (own.name, own.model_policy.preset) == ("second", "local")


async def test_a_job_keeps_the_version_with_which_it_began(
    control: ControlUnderTest, team: TenantSample, key: str
) -> None:
    await made(control, key, prompt="one")
    token = await job_in(control, team)

    await changed(control, key, prompt="two")

    kept = (await context_of(control, token)).agent
    assert kept is not None
    assert (kept.version, kept.prompt) == (1, "one")


async def test_a_job_quotes_the_documents_of_its_agent_only_whatever_it_asks(
    control: ControlUnderTest, team: TenantSample, key: str
) -> None:
    public = await wrote(control, key, "Refunds", REFUNDS)
    await wrote(control, key, "Secrets", SECRETS)
    await made(control, key, "open")
    await made(control, key, "narrow", documents=[public])
    await made(control, key, "mute", documents=[])
    found = {}
    for name in ("open", "narrow", "mute"):
        await control.post("/v1/rooms", key, {"name": f"room-{name}"})
        await control.call("PATCH", f"/v1/rooms/room-{name}", key, json={"agent": name})
        found[name] = await quoted(control, await job_in(control, team, f"room-{name}"))

    assert found == {"open": sorted([REFUNDS, SECRETS]), "narrow": [REFUNDS], "mute": []}


async def test_deleting_the_only_document_of_an_agent_does_not_open_the_others_to_it(
    control: ControlUnderTest, team: TenantSample, key: str
) -> None:
    public = await wrote(control, key, "Refunds", REFUNDS)
    await wrote(control, key, "Secrets", SECRETS)
    await made(control, key, documents=[public])
    token = await job_in(control, team)

    await control.call("DELETE", f"/v1/documents/{public}", key)

    assert await quoted(control, token) == []


async def test_deleting_an_agent_does_not_open_every_document_to_its_job(
    control: ControlUnderTest, team: TenantSample, key: str
) -> None:
    public = await wrote(control, key, "Refunds", REFUNDS)
    await wrote(control, key, "Secrets", SECRETS)
    await made(control, key, documents=[public])
    token = await job_in(control, team)

    await control.call("DELETE", "/v1/agents/pilot", key)
    search = await control.post("/internal/v1/search", token, {"query": "refunds"})

    assert_problem(search, 409, "stale_epoch")
    assert_problem(await control.get("/internal/v1/context", token), 409, "stale_epoch")


async def test_a_room_cannot_be_given_another_tenants_agent(
    control: ControlUnderTest, key: str, other_team: TenantSample
) -> None:
    await made(control, await key_with(control, other_team), "theirs")
    await control.post("/v1/rooms", key, {"name": "standup"})

    reply = await control.call("PATCH", "/v1/rooms/standup", key, json={"agent": "theirs"})

    assert_problem(reply, 422, "invalid_input", "agent")


async def test_a_room_of_another_tenant_is_given_no_agent(
    control: ControlUnderTest, key: str, other_team: TenantSample
) -> None:
    await control.post("/v1/rooms", other_team.api_key, {"name": "standup"})
    await made(control, key)

    reply = await control.call("PATCH", "/v1/rooms/standup", key, json={"agent": "pilot"})

    assert_problem(reply, 404, "not_found")


async def test_a_room_goes_back_to_the_default_when_its_agent_is_taken_away_or_deleted(
    control: ControlUnderTest, key: str
) -> None:
    await made(control, key, "first")
    await made(control, key, "second")
    for name in ("one", "two"):
        await control.post("/v1/rooms", key, {"name": name})
        await control.call("PATCH", f"/v1/rooms/{name}", key, json={"agent": "second"})

    taken = await control.call("PATCH", "/v1/rooms/one", key, json={"agent": None})
    await control.call("DELETE", "/v1/agents/second", key)

    assert taken.body["agent_name"] is None
    assert (await control.get("/v1/rooms/two", key)).body["agent_name"] is None


def asking_for(agent: str, room_name: str = "bridge") -> dict[str, Any]:
    return {"room_name": room_name, "room_config": {"agents": [{"agent_name": agent}]}}


async def test_a_token_may_name_the_agent_of_a_new_room(control: ControlUnderTest, key: str) -> None:
    await made(control, key, "first")
    await made(control, key, "second")

    new = await control.post("/v1/token", key, asking_for("second"))
    again = await control.post("/v1/token", key, asking_for("second"))
    anyone = await control.post("/v1/token", key, asking_for("parley"))

    assert (new.status, again.status, anyone.status) == (201, 201, 201)
    assert (await control.get("/v1/rooms/bridge", key)).body["agent_name"] == "second"


async def test_a_token_cannot_change_whom_the_others_in_a_room_talk_to(
    control: ControlUnderTest, team: TenantSample, key: str
) -> None:
    await made(control, key, "first")
    await made(control, key, "second")
    await control.post("/v1/rooms", key, {"name": "bridge"})
    guest = await come_as_guest(control, team, "bridge")

    for credential in (key, guest):
        reply = await control.post("/v1/token", credential, asking_for("second"))
        assert_problem(reply, 422, "invalid_input", "room_config.agents.0.agent_name")
    assert (await control.post("/v1/token", guest, asking_for("first"))).status == 201
    assert (await control.get("/v1/rooms/bridge", key)).body["agent_name"] is None


async def test_a_token_that_names_another_tenants_agent_is_refused_and_leaves_no_room(
    control: ControlUnderTest, team: TenantSample, key: str, other_team: TenantSample
) -> None:
    await made(control, await key_with(control, other_team), "theirs")

    reply = await control.post("/v1/token", key, asking_for("theirs"))

    assert_problem(reply, 422, "invalid_input", "room_config.agents.0.agent_name")
    assert (await control.rows(team.id))["rooms"] == 0


async def test_whoever_joins_is_met_by_the_tenants_agent_under_its_own_name(
    control: ControlUnderTest, team: TenantSample, key: str
) -> None:
    await made(control, key, display_name="Pilot")

    async with person_in(control, team):

        async def is_sent() -> bool:
            return bool(await dispatches(control, team))

        await eventually(is_sent, "an agent was sent")
        [sent] = await dispatches(control, team)

    async with control.parts.db.tenant(team.id) as conn:
        noted = await conn.fetchrow("select agent_id, agent_version from conversations")
        agent = await agents.find_agent(conn, "pilot")
    assert sent.display_name == "Pilot"
    assert noted is not None
    assert agent is not None
    assert (noted["agent_id"], noted["agent_version"]) == (agent.id, 1)


async def test_when_an_agent_is_deleted_its_room_is_free_for_the_next_at_once(
    control: ControlUnderTest, team: TenantSample, key: str
) -> None:
    await made(control, key)
    await job_in(control, team)
    epoch = await epoch_of(control, team)

    await control.call("DELETE", "/v1/agents/pilot", key)

    async with control.parts.db.tenant(team.id) as conn:
        room = await rooms.find_room(conn, "standup")
        assert room is not None
        conversation = await conversations.open_conversation(conn, room.id)
    assert (conversation.epoch, conversation.dispatched_at_utc) == (epoch + 1, None)

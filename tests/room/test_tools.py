"""Tools in real rooms: the model calls them for whoever asked, each once, whatever happens meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any, cast

import aiohttp
import jwt
import psutil
import pytest

from agent.prompts import load_prompt
from tests.fakes.mcp_server import FakeMcpServer
from tests.fakes.providers import FakeProviders
from tests.fakes.script import Latencies, Script, ToolUse
from tests.fakes.tool_server import ToolServer
from tests.fixtures.meeting import said, texts
from tests.fixtures.stack import Stack, start_stack
from tests.room.test_tenants import Company, company
from tests.room.tool_calls import answered, asked_about, job_that_asks, tool_calls, until, wait_for_states

pytestmark = pytest.mark.usefixtures("script")

BOOKING = {
    "type": "object",
    "properties": {"people": {"type": "integer"}, "day": {"type": "string"}},
    "required": ["people", "day"],
}
SIGNING_KEY = "a-signing-key-of-the-tool-0123456789"
TABLE_FOR_TWO = ToolUse(name="book_table", arguments={"people": 2, "day": "friday"})


@pytest.fixture(scope="module")
def hosted(providers: FakeProviders, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    environment = providers.env_of("openai") | {
        "PARLEY_SMALL_MODEL": "openai/gpt-4o-mini",
        "PARLEY_LARGE_MODEL": "openai/gpt-4o",
        "PARLEY_STT": "openai",
        "PARLEY_TTS": "openai",
    }
    with start_stack(tmp_path_factory.mktemp("tools"), environment) as stack:
        yield stack


@pytest.fixture
async def server() -> AsyncIterator[ToolServer]:
    async with ToolServer() as listening:
        yield listening


@pytest.fixture
async def harbor(hosted: Stack) -> Company:
    return await company(hosted, "Harbor", "ada")


async def give_tool(harbor: Company, name: str, **body: Any) -> None:
    """A tool, and an agent that has it."""
    tool = {"name": name, "description": "Books a table.", "audience": "room", **body}
    await harbor.call("POST", "/v1/tools", tool)
    await harbor.make_agent("pilot", greeting="Ahoy.", tools=[name])


async def give_booking(harbor: Company, server: ToolServer, **body: Any) -> None:
    body["http"] = {"method": "POST", "parameters": BOOKING}
    await give_tool(harbor, "book_table", url=server.url("book"), **body)


async def delete_tool(harbor: Company, name: str) -> None:
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {harbor.api_key}"}) as http,
        http.delete(f"{harbor.url}/v1/tools/{name}") as answer,
    ):
        assert answer.status == 204, await answer.text()


async def test_the_model_calls_a_tool_and_answers_with_what_it_said(
    harbor: Company, server: ToolServer, script: Script
) -> None:
    script.uses = {"book a table": [TABLE_FOR_TWO]}
    script.answers_to = {"book a table": "Done: {tool}"}
    await give_booking(harbor, server)

    meeting = harbor.meeting()
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        sent_s = await ann.type("Please book a table.")
        await ann.wait_for_agent_text("T-1", after_s=sent_s)
        await ann.wait_until_quiet()
        (call,) = await wait_for_states(meeting, "done")
        turns = await meeting.transcript()

    (asked,) = server.asked
    assert (asked.method, asked.json) == ("POST", {"people": 2, "day": "friday"})
    assert asked.headers["Idempotency-Key"] == call["key"]
    assert (call["tool"], call["status"]) == ("book_table", 200)
    assert call["speaker"].startswith("ann-")
    assert '"number": "T-1"' in call["result"]
    assert "Please book a table." in texts(turns, "user")


async def test_what_a_tool_says_reaches_the_model_as_a_tools_words_and_never_as_rules(
    harbor: Company, server: ToolServer, script: Script, providers: FakeProviders
) -> None:
    script.uses = {"note": [ToolUse(name="read_note")]}
    script.answers_to = {"note": "I have read it."}
    await give_tool(harbor, "read_note", url=server.url("hidden"), http={"method": "GET"})

    meeting = harbor.meeting()
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        sent_s = await ann.type("What does the note say?")
        await ann.wait_for_agent_text("have read it", after_s=sent_s)

    messages = next(
        seen.body["messages"] for seen in reversed(providers.requests) if "PWNED" in str(seen.body)
    )
    assert isinstance(messages, list)
    roles = {str(it["role"]) for it in messages if isinstance(it, dict) and "PWNED" in str(it)}
    assert roles == {"tool"}
    assert "\u200b" not in str(messages)


async def test_a_spoken_question_that_was_answered_on_a_guess_calls_its_tool_once(
    harbor: Company, server: ToolServer, script: Script
) -> None:
    script.transcripts = ["Please book a table."]
    script.uses = {"book a table": [TABLE_FOR_TWO]}
    script.answers_to = {"book a table": "Done: {tool}"}
    await give_booking(harbor, server)

    meeting = harbor.meeting()
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        ended_s = await ann.say(said("Please book a table."))
        await ann.wait_for_agent_text("T-1", after_s=ended_s)
        await ann.wait_until_quiet()
        (call,) = await wait_for_states(meeting, "done")

    assert len(server.booked) == 1
    assert call["speaker"].startswith("ann-")


async def test_a_guess_that_asked_for_a_tool_and_came_to_nothing_calls_none(
    harbor: Company, server: ToolServer, script: Script, providers: FakeProviders
) -> None:
    """The model has written the call to its end when the speaker goes on and means something else."""
    script.latencies = Latencies(stt_s=0.0, first_token_s=0.0, token_s=0.0)
    script.transcripts = ["Please book a table."]
    script.uses = {"book a table": [TABLE_FOR_TWO]}
    script.answers_to = {"book a table": "Done: {tool}", "never mind": "All right then."}
    await give_booking(harbor, server)

    meeting = harbor.meeting()
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        await ann.say(said("Please book a table."))
        await until(lambda: answered(asked_about(providers, "book a table")), "the guess", every_s=0.005)
        script.transcripts, script.uses = ["Oh, never mind."], {}
        ended_s = await ann.say(said("Oh, never mind."))
        await ann.wait_for_agent_text("All right", after_s=ended_s)
        await ann.wait_until_quiet()
        turns = await meeting.transcript()
        calls = await tool_calls(meeting)

    assert (server.asked, calls) == ([], [])
    assert "never mind" in texts(turns, "user")[-1]


async def test_a_tool_that_was_deleted_while_the_job_runs_is_not_called(
    harbor: Company, server: ToolServer, script: Script
) -> None:
    script.uses = {"book a table": [TABLE_FOR_TWO]}
    script.answers_to = {"book a table": "I asked: {tool}"}
    await give_booking(harbor, server)

    meeting = harbor.meeting()
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        await delete_tool(harbor, "book_table")
        sent_s = await ann.type("Please book a table.")
        await ann.wait_for_agent_text("does not have this tool any more", after_s=sent_s)

    assert server.asked == []


async def test_who_is_interrupted_in_the_midst_and_asks_again_gets_the_one_booking(
    harbor: Company, server: ToolServer, script: Script
) -> None:
    script.uses = {"book a table": [TABLE_FOR_TWO]}
    script.answers_to = {"book a table": "Done: {tool}", "wait": "I wait.", "did it end": "It ended: {tool}"}
    await give_booking(harbor, server, timeout_s=30)
    server.gate.clear()

    meeting = harbor.meeting()
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        await ann.type("Please book a table.")
        await until(lambda: server.asked, "the tool's call")
        stopped_s = await ann.type("Wait, I have a question.")
        await ann.wait_for_agent_text("I wait", after_s=stopped_s, timeout_s=4)
        server.gate.set()
        await wait_for_states(meeting, "done")
        asked_s = await ann.type("How did it end?")
        await ann.wait_for_agent_text("It ended: Quoted from the answer of book_table", after_s=asked_s)
        await ann.wait_until_quiet()
        again_s = await ann.type("So, please book a table.")
        await ann.wait_for_agent_text("T-1", after_s=again_s)
        await ann.wait_until_quiet()
        calls = await wait_for_states(meeting, "done", "done")

    assert len(server.asked) == len(server.booked) == 1
    assert "stands for it" in str(calls[0]["error"])
    assert calls[0]["turn_client_id"] != calls[1]["turn_client_id"]


async def test_what_only_reads_is_dropped_when_the_person_goes_on(
    harbor: Company, server: ToolServer, script: Script
) -> None:
    script.uses = {"look it up": [ToolUse(name="look")]}
    script.answers_to = {"look it up": "Found: {tool}", "never mind": "All right."}
    await give_tool(harbor, "look", url=server.url("slow"), http={"method": "GET"}, timeout_s=30)
    server.gate.clear()

    meeting = harbor.meeting()
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        await ann.type("Please look it up.")
        await until(lambda: server.asked, "the tool's call")
        stopped_s = await ann.type("Never mind.")
        await until(lambda: server.hung_up, "the end of the tool's call")
        await ann.wait_for_agent_text("All right", after_s=stopped_s)
        (call,) = await wait_for_states(meeting, "failed")

    assert server.hung_up == 1
    assert call["is_repeatable"]


async def test_a_job_that_is_killed_in_the_midst_of_a_call_never_has_it_made_again(
    hosted: Stack, harbor: Company, server: ToolServer, script: Script
) -> None:
    script.uses = {"book a table": [TABLE_FOR_TWO]}
    script.answers_to = {"book a table": "The tool says: {tool}"}
    await give_booking(harbor, server, timeout_s=30)
    server.gate.clear()

    meeting = harbor.meeting()
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        await ann.type("Please book a table.")
        await until(lambda: server.asked, "the tool's call")
        killed_s = time.monotonic()
        job_that_asks(hosted, server).kill()
        server.gate.set()
        await until(lambda: server.booked, "the booking")
        await ann.wait_for_agent_text(load_prompt("greeting_again")[:12], after_s=killed_s, timeout_s=60)
        await ann.wait_until_quiet()
        again_s = await ann.type("Please book a table.")
        await ann.wait_for_agent_text("not known whether it was done", after_s=again_s)
        await ann.wait_until_quiet()
        calls = await wait_for_states(meeting, "unknown", "unknown")

    assert len(server.asked) == len(server.booked) == 1
    assert len({call["turn_client_id"] for call in calls}) == 2


async def test_a_tool_is_called_for_whoever_spoke_and_refused_to_whom_it_is_not_for(
    harbor: Company, server: ToolServer, script: Script
) -> None:
    script.uses = {"book a table": [TABLE_FOR_TWO]}
    script.answers_to = {"book a table": "The tool says: {tool}"}
    await give_booking(harbor, server, signing_key=SIGNING_KEY)

    meeting = harbor.meeting()
    async with await meeting.join("Ann") as ann, await meeting.join("Bob") as bob:
        await ann.wait_until_greeted()
        sent_s = await bob.type("Pilot, please book a table for Ann.")
        await bob.wait_for_agent_text("T-1", after_s=sent_s)
        await ann.wait_until_quiet()
        (call,) = await wait_for_states(meeting, "done")
        await harbor.call("PATCH", "/v1/tools/book_table", {"audience": "members"})
        later_s = await ann.type("Pilot, book a table as well.")
        await ann.wait_for_agent_text("is a guest", after_s=later_s)

    assert call["speaker"].startswith("bob-")
    told = jwt.decode(
        server.asked[0].headers["Parley-User"], SIGNING_KEY, algorithms=["HS256"], audience="book_table"
    )
    assert (told["sub"], told["name"], told["role"]) == (call["speaker"], "Bob", "guest")
    assert len(server.booked) == 1


async def test_what_several_people_said_at_once_is_called_for_none_of_them(
    harbor: Company, server: ToolServer, script: Script
) -> None:
    """Else a guest's words had the rights of a member who spoke meanwhile."""
    script.transcripts = ["Pilot, please book a table."]
    script.uses = {"book a table": [TABLE_FOR_TWO]}
    script.answers_to = {"book a table": "I asked: {tool}"}
    await give_booking(harbor, server)

    meeting, words = harbor.meeting(), said("Pilot, please book a table.")
    async with await meeting.join("Ann") as ann, await meeting.join("Bob") as bob:
        await ann.wait_until_greeted()
        ended_s = min(await asyncio.gather(ann.say(words), bob.say(words)))
        await ann.wait_for_agent_text("no one person asked", after_s=ended_s)
        alone_s = await bob.type("Pilot, book a table.")
        await ann.wait_for_agent_text("T-1", after_s=alone_s)
        (call,) = await wait_for_states(meeting, "done")

    assert call["speaker"].startswith("bob-")
    assert len(server.asked) == 1


async def test_leave_that_control_gave_too_late_is_no_call_that_is_under_way(
    hosted: Stack, harbor: Company, server: ToolServer, script: Script, providers: FakeProviders
) -> None:
    """Control takes the claim, and answers it when nobody waits any more."""
    script.latencies = Latencies(first_token_s=0.5)
    script.uses = {"book a table": [TABLE_FOR_TWO]}
    script.answers_to = {"book a table": "I asked: {tool}"}
    await give_booking(harbor, server)
    control = psutil.Process(hosted.pid("control"))

    meeting = harbor.meeting()
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        sent_s = await ann.type("Please book a table.")
        await until(lambda: asked_about(providers, "book a table"), "the question", every_s=0.005)
        control.suspend()
        try:
            await until(lambda: len(asked_about(providers, "book a table")) > 1, "the answer to no leave")
        finally:
            control.resume()
        await ann.wait_for_agent_text("could not be recorded", after_s=sent_s)
        await wait_for_states(meeting, "failed")
        await ann.wait_until_quiet()
        again_s = await ann.type("Again, please book a table.")
        await ann.wait_for_agent_text("T-1", after_s=again_s)
        await wait_for_states(meeting, "done", "failed")

    assert len(server.asked) == 1


async def test_the_tools_of_an_mcp_server_are_there_once_it_has_answered(
    harbor: Company, script: Script, providers: FakeProviders
) -> None:
    script.uses = {"book a table": [ToolUse(name="desk_book", arguments={"people": 2})]}
    script.answers_to = {"book a table": "The desk says: {tool}"}
    async with FakeMcpServer() as desk:
        body = {"name": "desk", "description": "The front desk.", "url": desk.url, "audience": "room"}
        await harbor.call("POST", "/v1/tools", {**body, "mcp": {"allowed": ["book"]}})
        await harbor.make_agent("pilot", greeting="Ahoy.", tools=["desk"])

        meeting = harbor.meeting()
        async with await meeting.join("Ann") as ann:
            await ann.wait_until_greeted()
            sent_s = await ann.type("Please book a table.")
            await ann.wait_for_agent_text("booked for 2", after_s=sent_s)
            (call,) = await wait_for_states(meeting, "done")

    assert desk.booked == ["2"]
    assert desk.metas[0]["parley/idempotency-key"] == call["key"]
    assert (call["tool"], call["function"]) == ("desk", "desk_book")
    offered = {
        tool["function"]["name"]
        for seen in providers.requests
        if seen.kind == "chat"
        for tool in cast("list[Any]", seen.body.get("tools") or [])
    }
    assert offered == {"desk_book"}


async def test_no_secret_of_a_tool_is_in_a_log_of_the_stack(
    hosted: Stack, harbor: Company, server: ToolServer, script: Script
) -> None:
    script.uses = {"echo": [ToolUse(name="echo", arguments={})]}
    script.answers_to = {"echo": "It says: {tool}"}
    secrets = {"Authorization": "Bearer canary-secret-of-a-tool-77"}
    await give_tool(
        harbor,
        "echo",
        url=server.url("echo"),
        http={"method": "POST"},
        secret_headers=secrets,
        signing_key=SIGNING_KEY,
    )

    meeting = harbor.meeting()
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        sent_s = await ann.type("Please echo.")
        await ann.wait_for_agent_text("[removed]", after_s=sent_s)
        (call,) = await wait_for_states(meeting, "done")
        said_by_agent = ann.agent_text(sent_s)

    signed = server.asked[0].headers["Parley-User"]
    logs = "".join(hosted.log(name) for name in ("control", "worker"))
    for secret in ("canary-secret-of-a-tool-77", SIGNING_KEY, signed):
        assert secret not in logs + str(call) + said_by_agent

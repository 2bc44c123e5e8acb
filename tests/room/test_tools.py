"""Tools in real rooms: the model calls them for whoever asked, each once, whatever happens meanwhile."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests.fakes.providers import FakeProviders
from tests.fakes.script import Script, ToolUse
from tests.fakes.tool_server import ToolServer
from tests.fixtures.meeting import Meeting
from tests.fixtures.stack import Stack, start_stack
from tests.room.test_tenants import Company, company

BOOKING = {
    "type": "object",
    "properties": {"people": {"type": "integer"}, "day": {"type": "string"}},
    "required": ["people", "day"],
}
TABLE_FOR_TWO = ToolUse(name="book_table", arguments={"people": 2, "day": "friday"})


@pytest.fixture(scope="module")
async def providers() -> AsyncIterator[FakeProviders]:
    async with FakeProviders() as fake:
        yield fake


@pytest.fixture(autouse=True)
def script(providers: FakeProviders) -> Script:
    """As it began, with nothing seen yet."""
    fresh = Script()
    for name in Script.model_fields:
        setattr(providers.script, name, getattr(fresh, name))
    providers.requests.clear()
    return providers.script


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


async def tool_calls(meeting: Meeting) -> list[dict[str, Any]]:
    """Newest first."""
    listed = await meeting._get(f"/v1/conversations?room_name={meeting.room_name}")
    answer = await meeting._get(f"/v1/conversations/{listed['data'][0]['id']}/tool-calls")
    rows: list[dict[str, Any]] = answer["data"]
    return rows


async def test_the_model_calls_a_tool_and_answers_with_what_it_said(
    harbor: Company, server: ToolServer, script: Script
) -> None:
    script.uses = {"book a table": [TABLE_FOR_TWO]}
    script.answers_to = {"book a table": "Done: {tool}"}
    await give_tool(
        harbor, "book_table", url=server.url("book"), http={"method": "POST", "parameters": BOOKING}
    )

    meeting = harbor.meeting()
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        sent_s = await ann.type("Please book a table.")
        await ann.wait_for_agent_text("T-1", after_s=sent_s)
        await ann.wait_until_quiet()
    (call,) = await tool_calls(meeting)

    (asked,) = server.asked
    assert (asked.method, asked.json) == ("POST", {"people": 2, "day": "friday"})
    assert asked.headers["Idempotency-Key"] == call["key"]
    assert (call["tool"], call["state"], call["status"]) == ("book_table", "done", 200)
    assert call["speaker"].startswith("ann-")
    assert '"number": "T-1"' in call["result"]

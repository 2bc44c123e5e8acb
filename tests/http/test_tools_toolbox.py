"""The tools of a job, of several servers: each there as soon as it answers, and none at another's cost."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from livekit.agents import Agent, llm

from agent.tools.askers import Askers
from agent.tools.runner import Runner
from agent.tools.toolbox import MAX_FUNCTIONS, Toolbox
from agent.wire import HttpDefinition, McpDefinition, ToolSpec
from tests.fakes.mcp_server import RawMcpServer, tool_of
from tests.fakes.tool_server import ToolServer
from tests.fixtures.control import eventually
from tests.fixtures.tool_desk import ControlDesk


@pytest.fixture
async def raw() -> AsyncIterator[RawMcpServer]:
    async with RawMcpServer() as listening:
        yield listening


def spec_of(name: str, url: str, **kind: Any) -> ToolSpec:
    body = {"name": name, "description": name, "url": url, "timeout_s": 2, "is_repeatable": False}
    return ToolSpec.model_validate({**body, "may_be_local": True, **kind})


def server_at(name: str, url: str, *allowed: str) -> ToolSpec:
    return spec_of(name, url, mcp=McpDefinition(allowed=list(allowed)))


class Job:
    """The tools of a job, and the agent that gets them."""

    def __init__(self, *specs: ToolSpec) -> None:
        askers = Askers()
        runner = Runner(ControlDesk(), askers, epoch=1, conversation="conv_1")
        self.toolbox = Toolbox(specs, runner, askers)
        self.agent = Agent(instructions="", tools=self.toolbox.functions)

    def names(self) -> list[str]:
        return sorted(llm.ToolContext(self.agent.tools).function_tools)

    async def wait_for(self, count: int) -> None:
        async def are_there() -> bool:
            return len(self.names()) == count

        await eventually(are_there, f"{count} tools")


async def test_a_server_that_answers_does_not_wait_for_one_that_hangs(raw: RawMcpServer) -> None:
    async with ToolServer() as silent:
        job = Job(server_at("silent", silent.url("hang"), "book"), server_at("desk", raw.url, "book"))

        job.toolbox.connect(job.agent)
        async with asyncio.timeout(5):
            await job.wait_for(1)
        await job.toolbox.aclose()

        assert silent.asked
    assert job.names() == ["desk_book"]


async def test_no_servers_tool_takes_the_place_of_one_that_the_tenant_wrote(raw: RawMcpServer) -> None:
    job = Job(
        spec_of("desk_book", "https://shop.example/", http=HttpDefinition()),
        server_at("desk", raw.url, "book"),
    )
    written = job.toolbox.functions[0]

    job.toolbox.connect(job.agent)
    await job.wait_for(2)
    await job.toolbox.aclose()

    assert llm.ToolContext(job.agent.tools).function_tools["desk_book"] is written


async def test_an_agent_has_no_more_functions_than_providers_take(
    raw: RawMcpServer, caplog: pytest.LogCaptureFixture
) -> None:
    """A request with more is refused as a whole, and with it every answer."""
    names = [f"t{number}" for number in range(60)]
    raw.pages = [[tool_of(name) for name in names]]
    job = Job(*(server_at(f"desk{number}", raw.url, *names) for number in range(3)))

    job.toolbox.connect(job.agent)
    await job.wait_for(MAX_FUNCTIONS)
    await job.toolbox.aclose()

    (line,) = [record for record in caplog.records if record.message == "an agent has too many tools"]
    assert vars(line)["left_out"] == 180 - MAX_FUNCTIONS

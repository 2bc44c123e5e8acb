"""The tools of a job as its session takes them: HTTP ones at once, MCP servers once they answer.

A tenant that has no tools costs a job one request, and none of it is imported that it does not need. A server
of tools that is away leaves the agent without them, not without its voice.
"""

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Protocol

from livekit.agents import Agent, RunContext, llm
from pydantic import JsonValue

from agent.errors import AppError
from agent.tools.askers import Askers
from agent.tools.http_calls import call_http
from agent.tools.names import function_names
from agent.tools.outcome import failed
from agent.tools.runner import Desk, Runner, Wanted
from agent.tools.schema import check_arguments
from agent.wire import HttpDefinition, ToolSpec

if TYPE_CHECKING:
    from agent.tools.mcp_calls import McpServer

logger = logging.getLogger(__name__)

Function = llm.Tool | llm.Toolset

CONNECT_TIMEOUT_S: Final = 8.0
MAX_FUNCTIONS: Final = 128
"""What a provider takes at most in one request, all of which it refuses otherwise. Source: OpenAI, API
reference, `tools` of a chat completion, 2026-11."""
LATE_TRIES: Final = 4
LATE_AGAIN_S: Final = 0.5
"""A turn that was interrupted is put into the history a moment after its calls were given up."""


class ToolControl(Desk, Protocol):
    async def tools(self) -> list[ToolSpec]:
        """Raises: AppError."""


class Toolbox:
    """`functions`: what the session starts with; `connect` adds what MCP servers have. `askers`: told of each
    turn and of each call that a model writes.
    """

    def __init__(self, specs: Sequence[ToolSpec], runner: Runner, askers: Askers) -> None:
        self.askers = askers
        self._runner = runner
        self._functions: list[Function] = [
            _http_function(spec, spec.http, runner) for spec in specs if spec.http is not None
        ]
        self._names = function_names(specs)
        self._mcp_specs = [spec for spec in specs if spec.mcp is not None]
        self._servers: list[McpServer] = []
        self._changing = asyncio.Lock()
        self._connecting: asyncio.Task[None] | None = None

    @property
    def functions(self) -> list[Function]:
        return list(self._functions)

    def forget_told(self, turn: str) -> None:
        """No model came to speak of that turn's results: whoever asks again is told of them."""
        self._runner.forget_told(turn)

    def connect(self, agent: Agent) -> None:
        """`agent`: in a session; it gets what MCP servers have, and results that come late."""
        self._runner.late = lambda call_id, text: keep_late(agent, call_id, text)
        if self._mcp_specs:
            self._connecting = asyncio.create_task(self._connect(agent), name="mcp servers")

    async def aclose(self) -> None:
        """Before the client is closed: what changes something may still end, and be recorded."""
        if self._connecting is not None:
            self._connecting.cancel()
            await asyncio.gather(self._connecting, return_exceptions=True)
        await self._runner.aclose()
        await asyncio.gather(*(server.close() for server in self._servers), return_exceptions=True)

    async def _connect(self, agent: Agent) -> None:
        from agent.tools.mcp_calls import McpServer

        self._servers = [McpServer(spec, self._runner, self._names[spec.name]) for spec in self._mcp_specs]
        try:
            async with asyncio.TaskGroup() as opening:
                for server in self._servers:
                    opening.create_task(self._offer(agent, server))
        except* Exception as errors:  # the boundary of a task that nobody awaits before the end
            kinds = sorted({type(error).__name__ for error in errors.exceptions})
            logger.error("tools of MCP servers are left out", extra={"errors": kinds})

    async def _offer(self, agent: Agent, server: "McpServer") -> None:
        """As soon as it answers, whichever others do."""
        found = await server.open(CONNECT_TIMEOUT_S)
        async with self._changing:
            room = MAX_FUNCTIONS - len(self._functions)
            if len(found) > room:
                logger.warning(
                    "an agent has too many tools", extra={"tool": server.name, "left_out": len(found) - room}
                )
            if found[:room]:
                self._functions += found[:room]
                await agent.update_tools(self.functions)


async def open_toolbox(control: ToolControl, *, epoch: int, conversation: str) -> Toolbox:
    """Without any tools when control does not say which there are."""
    askers = Askers()
    runner = Runner(control, askers, epoch=epoch, conversation=conversation)
    try:
        specs = await control.tools()
    except AppError as error:
        logger.warning("this job is without tools", extra={"error": error.code})
        specs = []
    return Toolbox(specs, runner, askers)


async def keep_late(agent: Agent, call_id: str, text: str) -> None:
    """What a call said takes the place of the word that it goes on, for the next turn to know."""
    for _ in range(LATE_TRIES):
        history = agent.chat_ctx.copy()
        for place, item in enumerate(history.items):
            if item.type == "function_call_output" and item.call_id == call_id:
                history.items[place] = item.model_copy(update={"output": text})
                await agent.update_chat_ctx(history)
                return
        await asyncio.sleep(LATE_AGAIN_S)


def _http_function(spec: ToolSpec, definition: HttpDefinition, runner: Runner) -> llm.Tool:
    async def call(raw_arguments: dict[str, JsonValue], context: RunContext[None]) -> str:
        flaw = check_arguments(definition.parameters, raw_arguments)
        if flaw is not None:
            return failed(flaw).text
        wanted = Wanted(spec, spec.name, raw_arguments, context.function_call.call_id)
        return await runner.run(
            wanted,
            context.speech_handle,
            lambda permit: call_http(spec, definition, raw_arguments, permit),
        )

    schema = {"name": spec.name, "description": spec.description, "parameters": definition.parameters}
    return llm.function_tool(call, raw_schema=schema)

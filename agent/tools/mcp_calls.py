"""Tools of an MCP server over streamable HTTP: livekit's `MCPToolset`, with Parley's rule for each call.

Imported only for a tenant that has such tools. What the server offers is read once a job, and its word that
the list changed (`notifications/tools/list_changed`) is not acted upon: a tool does not become another one in
the midst of a conversation, one that is gone says so when it is called, and a new one is there in the next.
Its words are shown to the model without what a person cannot see. The key and the signed user of a call go
into its `_meta`: a connection has headers for all calls.
"""

import asyncio
import json
import logging
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from livekit.agents import RunContext, llm
from livekit.agents.llm import mcp as livekit_mcp
from mcp import ClientSession, types
from mcp.shared.exceptions import MCPError
from pydantic import JsonValue

from agent.errors import AppError, InvalidInput
from agent.tools.checked_transport import NOT_SENT, SESSION_GONE, checked_client
from agent.tools.http_calls import Permit
from agent.tools.mcp_listing import list_allowed
from agent.tools.mcp_schema import plain_schema
from agent.tools.outcome import MAX_REFUSAL_CHARS, Outcome, cleaned, done, failed, quote, unsure
from agent.tools.runner import Runner, Wanted
from agent.tools.signing import secrets_of
from agent.tools.template import check_address
from agent.wire import ToolSpec

logger = logging.getLogger(__name__)

KEY_META: Final = "parley/idempotency-key"
USER_META: Final = "parley/user"
QUOTING_LOGGERS: Final = ("mcp", "httpcore2", "httpx2")
CLOSE_TIMEOUT_S: Final = 2.0
MAX_DESCRIPTION_CHARS: Final = 1_000

UNREACHABLE: Final = "its server cannot be reached"
NEVER_BEGUN: Final = frozenset({types.METHOD_NOT_FOUND, types.INVALID_PARAMS, NOT_SENT})
"""Errors with which a server says that it did not even begin. Source: JSON-RPC 2.0, section 5.1. An invalid
request is none of them: mcp 2.3.0 says so of answers that it cannot read as well, whatever was done."""


class McpServer(livekit_mcp.MCPServerHTTP):
    def __init__(self, spec: ToolSpec, runner: Runner, names: Mapping[str, str]) -> None:
        """`names`: what a model calls those of the server's tools that are allowed."""
        super().__init__(
            spec.url,
            transport_type="streamable_http",
            headers=dict(spec.secret_headers),
            client_session_timeout_seconds=spec.timeout_s,
        )
        self._spec = spec
        self._names = names
        self._runner = runner
        # Their lines quote what a server sends, which may be a secret that it was sent.
        for name in QUOTING_LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)

    @property
    def name(self) -> str:
        return self._spec.name

    async def open(self, timeout_s: float) -> list[llm.Tool]:
        """The functions of the server; none when it does not answer in time."""
        try:
            check_address(self._spec.url, may_be_local=self._spec.may_be_local)
            toolset = livekit_mcp.MCPToolset(id=self._spec.name, mcp_server=self)
            async with asyncio.timeout(timeout_s):
                await toolset.setup()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # the boundary of a server: whatever it is, the room goes on without it
            reason = error.code if isinstance(error, AppError) else type(error).__name__
            logger.warning("an MCP server is left out", extra={"tool": self._spec.name, "error": reason})
            return []
        return [tool for tool in toolset.tools if isinstance(tool, llm.Tool)]

    async def close(self) -> None:
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await self.aclose()
        except asyncio.CancelledError:
            raise
        except Exception as error:  # it is left in any case
            logger.info(
                "an MCP server was left", extra={"tool": self._spec.name, "error": type(error).__name__}
            )

    async def list_tools(
        self, *, tool_options: dict[str, livekit_mcp.MCPToolOptions] | None = None
    ) -> list[llm.RawFunctionTool[..., Any]]:
        if self._client is None:
            raise RuntimeError(f"{self._spec.name} is not connected")
        functions = []
        for tool in await list_allowed(self._client, self._spec.name, self._names):
            try:
                functions.append(self._function(self._names[tool.name], tool))
            except InvalidInput as error:
                logger.warning(
                    "a tool of an MCP server is left out",
                    extra={"tool": self._spec.name, "function": tool.name, "reason": str(error)},
                )
        return functions

    def _create_http_client(self, *_: Any, **__: Any) -> Any:
        self._http_client = checked_client(self._spec)
        return self._http_client

    def _function(self, name: str, tool: types.Tool) -> llm.RawFunctionTool[..., Any]:
        """Raises: InvalidInput."""

        async def call(raw_arguments: dict[str, JsonValue], context: RunContext[None]) -> str:
            wanted = Wanted(self._spec, name, raw_arguments, context.function_call.call_id)
            return await self._runner.run(
                wanted,
                context.speech_handle,
                lambda permit: self._perform(tool.name, raw_arguments, permit),
            )

        clean = partial(cleaned, secrets=secrets_of(self._spec, None))
        schema = {
            "name": name,
            "description": clean(tool.description or tool.name)[:MAX_DESCRIPTION_CHARS],
            "parameters": plain_schema(tool.input_schema, clean),
        }
        return llm.function_tool(call, raw_schema=schema)

    async def _perform(self, tool: str, arguments: dict[str, JsonValue], permit: Permit) -> Outcome:
        """Cancelling it tells the server (`notifications/cancelled`)."""
        for _ in range(2):
            client = await self._connected()
            if client is None:
                break
            outcome = await self._ask(client, tool, arguments, permit)
            if outcome is not None:
                return outcome
            # A server that began anew knows no session of before, and began no call of it either.
            await self._leave(client)
        return failed(UNREACHABLE)

    async def _ask(
        self, client: ClientSession, tool: str, arguments: dict[str, JsonValue], permit: Permit
    ) -> Outcome | None:
        """None when the session is over, and nothing was begun."""
        spec = self._spec
        params = types.CallToolRequestParams(name=tool, arguments=dict(arguments), _meta=_meta(permit))
        try:
            async with asyncio.timeout(spec.timeout_s):
                # Not `call_tool`, which holds what came against the server's own schema, patterns included.
                answer = await client.send_request(types.CallToolRequest(params=params), types.CallToolResult)
        except MCPError as error:
            code = error.error.code
            if code == SESSION_GONE:
                return None
            if code == types.CONNECTION_CLOSED:
                await self._leave(client)
            problem = UNREACHABLE if code == NOT_SENT else f"its server answered with the error {code}"
            if code in NEVER_BEGUN:
                return failed(problem)
        except TimeoutError:
            problem = f"there was no answer within {spec.timeout_s:g} s"
        except Exception as error:  # what a server sends may break its client anywhere
            logger.info("an MCP call broke", extra={"tool": spec.name, "error": type(error).__name__})
            problem = "its answer could not be read"
        else:
            return _judge(spec, answer, permit)
        return unsure(spec.name, problem, is_repeatable=spec.is_repeatable)

    async def _leave(self, client: ClientSession) -> None:
        """Unless another call has done so."""
        if self._client is client:
            await self.close()

    async def _connected(self) -> ClientSession | None:
        """Connects where there is no connection, or none any more. None when the server is away."""
        if self._client is None:
            try:
                async with asyncio.timeout(self._spec.timeout_s):
                    await self.initialize()
            except Exception as error:  # the boundary of a connection
                logger.info(
                    "an MCP server is away", extra={"tool": self._spec.name, "error": type(error).__name__}
                )
        return self._client


def _meta(permit: Permit) -> Any:
    meta = {KEY_META: permit.key}
    if permit.signed_user is not None:
        meta[USER_META] = permit.signed_user
    return meta


def _judge(spec: ToolSpec, answer: types.CallToolResult, permit: Permit) -> Outcome:
    text, secrets = _text(answer), secrets_of(spec, permit.signed_user)
    size = len(text.encode("utf-8", "replace"))
    if not answer.is_error:
        return done(spec.name, text, secrets, status=None, size=size)
    said = quote(spec.name, text, secrets, MAX_REFUSAL_CHARS)
    error = "its server says that it went wrong"
    return unsure(spec.name, error, is_repeatable=spec.is_repeatable, size=size, said=said)


def _text(answer: types.CallToolResult) -> str:
    """All that is text; of anything else, what it was."""
    parts = [
        part.text if isinstance(part, types.TextContent) else f"({part.type}, which cannot be read here)"
        for part in answer.content
    ]
    if not parts and answer.structured_content is not None:
        parts = [json.dumps(answer.structured_content, ensure_ascii=False)]
    return "\n".join(parts) or "(nothing)"

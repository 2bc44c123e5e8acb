"""MCP servers on loopback: one of the real library, and one that says what no library would."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import uvicorn
from aiohttp import web
from mcp import types
from mcp.server.mcpserver import Context, MCPServer

from tests.fakes.tool_server import HIDDEN


@dataclass(slots=True)
class FakeMcpServer:
    """`metas`: the `_meta` of each call. `gate`: what `book` waits for. `headers` of each request."""

    booked: list[str] = field(default_factory=list)
    metas: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    redirect_to: str | None = None
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: int = 0
    url: str = ""
    _server: uvicorn.Server | None = None
    _serving: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.gate.set()
        await self.start()
        return self

    async def start(self, port: int = 0) -> None:
        """Without the sessions of before."""
        server = MCPServer("fake")
        for function in (self._book, self._hidden, self._image, self._angry, self._slow):
            server.tool(name=function.__name__.lstrip("_"))(function)
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}/mcp"
        app = self._watched(server.streamable_http_app())
        config = uvicorn.Config(app, log_config=None, ws="none", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._serving = asyncio.create_task(self._server._serve([listening]))
        async with asyncio.timeout(10):
            while not self._server.started:  # noqa: ASYNC110 - it sets no event
                await asyncio.sleep(0.01)

    async def stop(self) -> None:
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            self._server.force_exit = True
            await self._serving

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.gate.set()
        await self.stop()

    def _watched(self, app: Any) -> Any:
        async def watch(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            self.headers.append({name.decode(): value.decode() for name, value in scope["headers"]})
            if self.redirect_to is None:
                await app(scope, receive, send)
                return
            head = [(b"location", self.redirect_to.encode())]
            await send({"type": "http.response.start", "status": 307, "headers": head})
            await send({"type": "http.response.body", "body": b""})

        return watch

    async def _book(self, people: int, ctx: Context) -> str:
        """Books a table."""
        self._note(ctx)
        await self.gate.wait()
        self.booked.append(str(people))
        return f"booked for {people}"

    async def _slow(self, ctx: Context) -> str:
        """Takes its time."""
        self._note(ctx)
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return "at last"

    async def _hidden(self, ctx: Context) -> str:
        """Says\u200b more than one sees."""
        self._note(ctx)
        return HIDDEN

    async def _image(self, ctx: Context) -> types.ImageContent:
        """Answers with a picture."""
        self._note(ctx)
        return types.ImageContent(type="image", data="AAAA", mime_type="image/png")

    async def _angry(self, ctx: Context) -> str:
        """Goes wrong."""
        self._note(ctx)
        raise RuntimeError("there is no table for 40")

    def _note(self, ctx: Context) -> None:
        meta = ctx.request_context.meta
        self.metas.append(dict(meta) if meta else {})


@dataclass(slots=True)
class RawMcpServer:
    """Streamable HTTP by hand. `pages`: of its tools, by number; `is_endless`: each leads to another one.
    `answer`: how it answers a call that it has made. `calls`: what it did, `methods`: what it was asked.
    """

    pages: list[list[dict[str, Any]]] = field(default_factory=lambda: [[tool_of("book")]])
    answer: Callable[[web.Request, Any], Awaitable[web.StreamResponse]] | None = None
    is_endless: bool = False
    host: str = "127.0.0.1"
    calls: list[dict[str, Any]] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    url: str = ""
    _sessions: set[str] = field(default_factory=set)
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_route("*", "/mcp", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self.host, 0).start()
        name = f"[{self.host}]" if ":" in self.host else self.host
        self.url = f"http://{name}:{self._runner.addresses[0][1]}/mcp"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def forget(self) -> None:
        """Sessions that were begun are known no more."""
        self._sessions.clear()

    async def _take(self, request: web.Request) -> web.StreamResponse:
        if request.method != "POST":
            return web.Response(status=405)
        message = await request.json()
        method = str(message.get("method"))
        self.methods.append(method)
        if method == "initialize":
            return self._begin(message)
        if request.headers.get("Mcp-Session-Id") not in self._sessions:
            return web.json_response(rpc_error(message, -32001, "Session not found"), status=404)
        if "id" not in message:
            return web.Response(status=202)
        if method == "tools/list":
            return web.json_response(rpc_result(message, self._page(message)))
        if method == "tools/call":
            self.calls.append(message["params"])
            if self.answer is not None:
                return await self.answer(request, message)
            return web.json_response(rpc_result(message, text_content("done")))
        return web.json_response(rpc_error(message, -32601, "no such method"))

    def _begin(self, message: Any) -> web.Response:
        session = f"session-{len(self.methods)}"
        self._sessions.add(session)
        result = {
            "protocolVersion": message["params"]["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "raw", "version": "1"},
        }
        return web.json_response(rpc_result(message, result), headers={"Mcp-Session-Id": session})

    def _page(self, message: Any) -> dict[str, Any]:
        number = int((message.get("params") or {}).get("cursor") or 0)
        page: dict[str, Any] = {"tools": self.pages[min(number, len(self.pages) - 1)]}
        if self.is_endless or number + 1 < len(self.pages):
            page["nextCursor"] = str(number + 1)
        return page


def tool_of(name: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "description": name, "inputSchema": {"type": "object"}, **fields}


def text_content(text: str, **fields: Any) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": text}], **fields}


def rpc_result(message: Any, result: dict[str, Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": message["id"], "result": result}


def rpc_error(message: Any, code: int, text: str) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": message.get("id"), "error": {"code": code, "message": text}}

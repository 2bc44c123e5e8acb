"""HTTP for MCP's client, to an address that was looked at: no redirect, no compression, bounded answers.

The name is looked up here, and the connection goes to what was found; TLS still asks for the name.
"""

import contextlib
from collections.abc import AsyncIterator
from typing import Final

import httpx2

from agent.addresses import Address, find_addresses
from agent.errors import NotAllowed
from agent.wire import ToolSpec

MAX_ANSWER_BYTES: Final = 4 * 1024 * 1024
"""Of one response; the server's own stream is one for as long as it lasts."""
IDLE_S: Final = 300.0
SESSION_GONE: Final = -31_404
"""For the 404 of a session that the server does not know: it began nothing. Source: MCP 2025-06-18,
transports, session management."""
NOT_SENT: Final = -31_502
"""For no connection. Both are codes of errors that are put in place of an answer: MCP's client knows neither
from an answer that it cannot read, after which anything may have been done."""
NO_CONNECTION: Final = (httpx2.ConnectError, httpx2.ConnectTimeout)


def checked_client(spec: ToolSpec) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        transport=CheckedTransport(may_be_local=spec.may_be_local),
        headers={**spec.secret_headers, "User-Agent": "Parley", "Accept-Encoding": "identity"},
        timeout=httpx2.Timeout(spec.timeout_s, read=IDLE_S),
        follow_redirects=False,
        trust_env=False,
    )


class CheckedTransport(httpx2.AsyncBaseTransport):
    def __init__(self, *, may_be_local: bool) -> None:
        self._may_be_local = may_be_local
        self._inner = httpx2.AsyncHTTPTransport(trust_env=False)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            answer = await self._send(request)
        except NO_CONNECTION:
            if request.method != "POST":
                raise
            return _error(502, NOT_SENT)
        if 300 <= answer.status_code < 400:
            await answer.aclose()
            raise httpx2.RemoteProtocolError("the server pointed elsewhere", request=request)
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            await answer.aclose()
            raise httpx2.RemoteProtocolError("the answer is compressed", request=request)
        if answer.status_code == 404 and request.method == "POST" and "Mcp-Session-Id" in request.headers:
            await answer.aclose()
            return _error(404, SESSION_GONE)
        return httpx2.Response(
            answer.status_code,
            headers=answer.headers,
            stream=_Bounded(answer),
            extensions=answer.extensions,
        )

    async def _send(self, request: httpx2.Request) -> httpx2.Response:
        """To the first address that takes a connection. Raises: of `NO_CONNECTION` when nothing was sent."""
        url = request.url
        try:
            found = await find_addresses(
                url.host, url.port or (443 if url.scheme == "https" else 80), may_be_local=self._may_be_local
            )
        except NotAllowed as error:
            raise httpx2.ConnectError(str(error), request=request) from error
        *others, last = found
        for address in others:
            with contextlib.suppress(*NO_CONNECTION):
                return await self._inner.handle_async_request(_pinned(request, address))
        return await self._inner.handle_async_request(_pinned(request, last))

    async def aclose(self) -> None:
        await self._inner.aclose()


def _pinned(request: httpx2.Request, address: Address) -> httpx2.Request:
    return httpx2.Request(
        request.method,
        request.url.copy_with(host=str(address)),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.host},
    )


def _error(status: int, code: int) -> httpx2.Response:
    error = {"code": code, "message": "an error of Parley's transport"}
    return httpx2.Response(status, json={"jsonrpc": "2.0", "id": None, "error": error})


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, answer: httpx2.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._answer.aiter_raw():
            size += len(chunk)
            if size > MAX_ANSWER_BYTES:
                raise httpx2.RemoteProtocolError(f"the answer is longer than {MAX_ANSWER_BYTES} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self._answer.aclose()

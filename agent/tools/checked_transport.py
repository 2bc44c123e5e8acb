"""HTTP for MCP's client, to an address that was looked at: no redirect, no compression, bounded answers.

The name is looked up here, and the connection goes to what was found; TLS still asks for the name.
"""

from collections.abc import AsyncIterator
from typing import Final

import httpx2

from agent.addresses import find_addresses
from agent.errors import NotAllowed
from agent.wire import ToolSpec

MAX_ANSWER_BYTES: Final = 4 * 1024 * 1024
"""Of one response; the server's own stream is one for as long as it lasts."""
IDLE_S: Final = 300.0


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
        url = request.url
        try:
            found = await find_addresses(
                url.host, url.port or (443 if url.scheme == "https" else 80), may_be_local=self._may_be_local
            )
        except NotAllowed as error:
            raise httpx2.ConnectError(str(error), request=request) from error
        pinned = httpx2.Request(
            request.method,
            url.copy_with(host=str(found[0])),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": url.host},
        )
        answer = await self._inner.handle_async_request(pinned)
        if 300 <= answer.status_code < 400:
            await answer.aclose()
            raise httpx2.RemoteProtocolError("the server pointed elsewhere", request=request)
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            await answer.aclose()
            raise httpx2.RemoteProtocolError("the answer is compressed", request=request)
        return httpx2.Response(
            answer.status_code,
            headers=answer.headers,
            stream=_Bounded(answer),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        await self._inner.aclose()


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

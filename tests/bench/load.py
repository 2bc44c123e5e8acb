"""A load of one request over kept connections: `python -m tests.bench.load`, told how on standard input.

Each connection sends the next request as soon as it has the answer to the last. The requests are bytes that
were made beforehand, so that this process is busy with its own work as little as it can be.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from typing import Any


class Caller(asyncio.Protocol):
    """One connection. Answers have a Content-Length, as both servers send."""

    def __init__(self, requests: list[bytes], end_s: float, first: int) -> None:
        self.taken_ms: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._requests, self._next = requests, first
        self._end_s = end_s
        self._buffer = b""
        self._sent_s = 0.0
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        lower = head.lower()
        place = lower.index(b"content-length:") + 15
        if len(body) < int(lower[place:].split(b"\r\n", 1)[0]):
            return
        now_s = time.perf_counter()
        self.taken_ms.append((now_s - self._sent_s) * 1000)
        self.statuses[head[9:12].decode()] += 1
        self._buffer = b""
        if now_s < self._end_s:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _send(self) -> None:
        request = self._requests[self._next % len(self._requests)]
        self._next += 7
        self._sent_s = time.perf_counter()
        self._transport.write(request)


async def run(
    host: str, port: int, requests: list[bytes], connections: int, seconds: float
) -> dict[str, Any]:
    began_s = time.perf_counter()
    callers = [Caller(requests, began_s + seconds, number) for number in range(connections)]
    loop = asyncio.get_running_loop()
    for caller in callers:
        await loop.create_connection(lambda caller=caller: caller, host, port)  # type: ignore[misc]  # mypy sees no default
    await asyncio.gather(*(caller.done for caller in callers))
    took_s = time.perf_counter() - began_s
    taken_ms = sorted(taken for caller in callers for taken in caller.taken_ms)
    statuses: Counter[str] = sum((caller.statuses for caller in callers), Counter())
    return {
        "per_s": len(taken_ms) / took_s,
        "p50_ms": taken_ms[len(taken_ms) // 2],
        "p99_ms": taken_ms[int(len(taken_ms) * 0.99)],
        "statuses": statuses,
    }


def main() -> None:
    wish = json.load(sys.stdin)
    requests = [request.encode() for request in wish["requests"]]
    result = run(wish["host"], wish["port"], requests, wish["connections"], wish["seconds"])
    sys.stdout.write(json.dumps(asyncio.run(result)) + "\n")


if __name__ == "__main__":
    main()

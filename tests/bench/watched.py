"""A cascade of which a turn says how long it took to decide, to read an answer, and around a call.

Time around a call is all that passes between the question and the end of the answer while neither the
provider's plugin runs nor anybody waits for it: before it is called, after it has closed its stream, and
between two pieces that it hands over.
"""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any, Final

from livekit.agents import llm

from agent.cascade import Cascade
from agent.cascade.calls.request import Request
from agent.cascade.decide import Decision
from agent.cascade.reading import Reader, Reading
from agent.cascade.verify.verdict import Answer

MS: Final = 1000


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds: by the clock, and of this thread's own work, waiting left out."""

    clock: float
    work: float

    def __add__(self, other: "Took") -> "Took":
        return Took(self.clock + other.clock, self.work + other.work)

    def __sub__(self, other: "Took") -> "Took":
        return Took(self.clock - other.clock, self.work - other.work)


def now() -> Took:
    return Took(time.perf_counter() * MS, time.thread_time() * MS)


class Watched:
    """`deciding` and `reading` of the turn since `begin`."""

    def __init__(self, cascade: Cascade) -> None:
        self._guide = cascade._guide
        cascade._guide = replace(self._guide, decide=self._decide, reader=self._reader)
        self.begin()

    def begin(self) -> None:
        self.deciding = self.reading = Took(0, 0)

    @property
    def aside(self) -> Took:
        return self.deciding + self.reading

    def _decide(self, request: Request) -> Decision:
        began = now()
        decision = self._guide.decide(request)
        self.deciding += now() - began
        return decision

    def _reader(self, request: Request) -> Reader:
        return _WatchedReader(request, self._guide.reader(request), self)


class _WatchedReader(Reader):
    def __init__(self, request: Request, inner: Reader, watched: Watched) -> None:
        super().__init__(request)
        self._inner = inner
        self._watched = watched

    def read_sentence(self, text: str) -> str | None:
        began = now()
        weak = self._inner.read_sentence(text)
        self._watched.reading += now() - began
        return weak

    def read(self, answer: Answer) -> Reading:
        began = now()
        reading = self._inner.read(answer)
        self._watched.reading += now() - began
        return reading


class Seams:
    """Stops a watch whenever `plugin` is at work, while the block is open: for one turn at a time."""

    def __init__(self, plugin: llm.LLM[str]) -> None:
        self._plugin: Any = plugin
        self.around_ms = 0.0
        self._since_ms = 0.0

    def __enter__(self) -> "Seams":
        self._chat = self._plugin.chat
        self._plugin.chat = self._open
        self.around_ms = 0.0
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._plugin.chat = self._chat

    def start(self) -> None:
        self._since_ms = time.perf_counter() * MS

    def stop(self) -> None:
        self.around_ms += time.perf_counter() * MS - self._since_ms

    def _open(self, **asked: Any) -> llm.LLMStream:
        self.stop()
        stream = self._chat(**asked)
        stream._event_aiter = _Pieces(stream._event_aiter, self)
        close = stream.aclose

        async def aclose() -> None:
            self.stop()
            await close()
            self.start()

        stream.aclose = aclose
        self.start()
        opened: llm.LLMStream = stream
        return opened


class _Pieces:
    def __init__(self, pieces: AsyncIterator[llm.ChatChunk], seams: Seams) -> None:
        self._pieces = pieces
        self._seams = seams

    async def __anext__(self) -> llm.ChatChunk:
        self._seams.stop()
        try:
            return await self._pieces.__anext__()
        finally:
            self._seams.start()

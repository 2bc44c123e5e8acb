"""One model's answer on its way out: collected, held while another model may take over, then sent.

The time for which it is held is bounded by a timer of its own, so that a model that stops in its first
sentence does not keep the beginning of it from the person.
"""

import asyncio
from collections.abc import Callable

from livekit.agents import llm

from agent.cascade.hold import Held, Step
from agent.cascade.verify.verdict import Answer


class Draft:
    def __init__(
        self,
        held: Held,
        send: Callable[[llm.ChatChunk], None],
        *,
        hold_s: float = 0.0,
        doubt: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        """`doubt`: of the first sentence, why the answer is weak. `hold_s`: counted from its first token."""
        self._held = held
        self._send = send
        self._hold_s = hold_s
        self._doubt = doubt
        self._timer: asyncio.TimerHandle | None = None
        self._texts: list[str] = []
        self._tool_calls: list[llm.FunctionToolCall] = []
        self.weak: str | None = None
        self.is_handed_up = False
        self.is_out = False

    @property
    def is_held(self) -> bool:
        return not self._held.is_released

    @property
    def is_said(self) -> bool:
        """There is something that can be given to the person."""
        return not self.is_handed_up and any(text.strip() for text in self._texts)

    def answer(self, finish_reason: str | None) -> Answer:
        calls = tuple((call.name, call.arguments) for call in self._tool_calls)
        return Answer("".join(self._texts), calls, finish_reason)

    def take(self, chunk: llm.ChatChunk) -> bool:
        """False when the answer is weak; why stands in `weak` then."""
        self.collect(chunk)
        if not self.is_held:
            self._out(chunk)
            return True
        step = self._held.add(chunk)
        if self._timer is None and step == Step.WAIT and chunk.has_response():
            self._timer = asyncio.get_running_loop().call_later(self._hold_s, self._expire)
        if step == Step.HAND_UP:
            self.is_handed_up = True
            self.weak = "the model handed the turn up"
        elif step == Step.SENTENCE:
            self.weak = self._doubt(self._held.text)
            if self.weak is None:
                self.release()
        return self.weak is None

    def collect(self, chunk: llm.ChatChunk) -> None:
        if chunk.delta is not None:
            if chunk.delta.content:
                self._texts.append(chunk.delta.content)
            self._tool_calls += chunk.delta.tool_calls

    def keep(self, chunk: llm.ChatChunk) -> None:
        """The rest of an answer that was stopped: held with its beginning."""
        self.collect(chunk)
        self._held.chunks.append(chunk)

    def release(self) -> None:
        """Sends what was held; from now on nothing is."""
        self.stop()
        for chunk in self._held.release():
            self._out(chunk)

    def stop(self) -> None:
        """No timer releases anything after this."""
        if self._timer is not None:
            self._timer.cancel()

    def _expire(self) -> None:
        """What is doubtful stays held: `take` or the end of the answer judges it."""
        if self._held.expire() == Step.SENTENCE and self._doubt(self._held.text) is None:
            self.release()

    def _out(self, chunk: llm.ChatChunk) -> None:
        self.is_out = self.is_out or chunk.has_response()
        self._send(chunk)

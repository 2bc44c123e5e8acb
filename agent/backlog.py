"""What is written down but not yet stored: an ordered, bounded queue of turns and model calls.

No I/O and no clock. A turn keeps the place of its first write; a later write of the same client id, while
the earlier still waits, replaces its content. When the queue is full a new streaming update is refused and
any other turn takes the place of the oldest streaming one, else of the oldest of the agent's; turns of
people are never dropped. Of model calls the oldest are dropped.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from agent.errors import ControlUnavailable
from agent.wire import ModelCall, Role, TurnState, TurnWrite

MAX_WAITING: Final = 1_000
BATCH: Final = 100
"""As `TurnsBody` and `ModelCallsBody` allow."""

BATCH_CHARS: Final = 50_000
"""Text in one request of turns, so that a replay stays far under any limit on bodies."""


@dataclass(slots=True)
class Entry:
    """`is_kept`: the spool holds this very state; `was_kept`: it holds this one or an earlier.

    `waiting`: who awaits the acknowledgement.
    """

    turn: TurnWrite
    waiting: "list[asyncio.Future[None]]" = field(default_factory=list)
    is_kept: bool = False
    was_kept: bool = False

    def mark_kept(self) -> None:
        self.is_kept = self.was_kept = True
        self.acknowledge()

    def acknowledge(self) -> None:
        for future in self.waiting:
            if not future.done():
                future.set_result(None)
        self.waiting.clear()

    def fail(self, error: Exception) -> None:
        for future in self.waiting:
            if not future.done():
                future.set_exception(error)
        self.waiting.clear()


@dataclass(slots=True)
class CallEntry:
    call: ModelCall
    is_kept: bool = False


class Backlog:
    def __init__(self, max_waiting: int = MAX_WAITING) -> None:
        self._max_waiting = max_waiting
        self._turns: dict[str, Entry] = {}
        self._calls: dict[str, CallEntry] = {}
        self.dropped = 0

    def __bool__(self) -> bool:
        return bool(self._turns or self._calls)

    @property
    def holds_kept(self) -> bool:
        return any(e.was_kept for e in self._turns.values()) or any(c.is_kept for c in self._calls.values())

    def put(self, entry: Entry) -> None:
        queued = self._turns.get(entry.turn.client_id)
        if queued is not None:
            _absorb(queued, entry)
        elif len(self._turns) < self._max_waiting or self._make_room(entry.turn):
            self._turns[entry.turn.client_id] = entry
        else:
            self._drop(entry)

    def put_call(self, entry: CallEntry) -> None:
        self._calls[entry.call.client_id] = entry
        if len(self._calls) > self._max_waiting:
            del self._calls[next(iter(self._calls))]
            self.dropped += 1

    def take_turns(self, limit: int = BATCH) -> list[Entry]:
        """The oldest turns, at most `limit` and about `BATCH_CHARS` of text; they leave the queue."""
        taken: list[Entry] = []
        chars = 0
        for entry in self._turns.values():
            chars += len(entry.turn.text)
            if len(taken) == limit or (taken and chars > BATCH_CHARS):
                break
            taken.append(entry)
        for entry in taken:
            del self._turns[entry.turn.client_id]
        return taken

    def take_calls(self, limit: int = BATCH) -> list[CallEntry]:
        taken = list(self._calls.values())[:limit]
        for entry in taken:
            del self._calls[entry.call.client_id]
        return taken

    def put_back(self, turns: Sequence[Entry], calls: Sequence[CallEntry] = ()) -> None:
        """Returns what was taken to the head, joined with anything written since."""
        later_turns, self._turns = self._turns, {entry.turn.client_id: entry for entry in turns}
        for client_id, entry in later_turns.items():
            if client_id in self._turns:
                _absorb(self._turns[client_id], entry)
            else:
                self._turns[client_id] = entry
        self._calls = {entry.call.client_id: entry for entry in calls} | self._calls

    def turns(self) -> list[Entry]:
        return list(self._turns.values())

    def calls(self) -> list[CallEntry]:
        return list(self._calls.values())

    def _make_room(self, turn: TurnWrite) -> bool:
        """Whether `turn` may be added although the queue is full; drops a lesser one when there is any."""
        if turn.state is TurnState.STREAMING and turn.role is Role.AGENT:
            return False
        victim = _oldest_streaming(self._turns.values()) or _oldest_of_agent(self._turns.values())
        if victim is not None:
            del self._turns[victim.turn.client_id]
            self._drop(victim)
        return victim is not None or turn.role is Role.USER

    def _drop(self, entry: Entry) -> None:
        self.dropped += 1
        entry.fail(ControlUnavailable("the recorder's queue is full"))


def merge(earlier: TurnWrite, later: TurnWrite) -> TurnWrite:
    """The state after both writes, by the rules that control follows: a final state stays as it is."""
    if earlier.state is TurnState.STREAMING:
        return later
    if later.state is TurnState.STREAMING:
        return earlier
    return later.model_copy(update={"state": earlier.state})


def _absorb(queued: Entry, later: Entry) -> None:
    merged = merge(queued.turn, later.turn)
    queued.is_kept = queued.is_kept and merged == queued.turn
    queued.was_kept = queued.was_kept or later.was_kept
    queued.turn = merged
    queued.waiting.extend(later.waiting)


def _oldest_streaming(entries: Iterable[Entry]) -> Entry | None:
    return next(
        (e for e in entries if e.turn.role is Role.AGENT and e.turn.state is TurnState.STREAMING), None
    )


def _oldest_of_agent(entries: Iterable[Entry]) -> Entry | None:
    return next((entry for entry in entries if entry.turn.role is Role.AGENT), None)

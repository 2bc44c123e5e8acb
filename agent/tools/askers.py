"""Who asked: from a model's call of a tool back to the turn that it answers, and to that turn's speaker.

A model names neither. A call is noted as it streams by, with the turn that is being answered; the turn has
its speaker from where it was heard or typed. So a guess that came to nothing, or somebody else who speaks
meanwhile, changes nothing about who asked. A turn of several people asks for nothing: words of one would have
the rights of another.
"""

from collections import OrderedDict
from dataclasses import dataclass
from itertools import count
from typing import Final, TypeVar

from livekit.agents import llm

KEPT: Final = 512

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Asked:
    """`turn`: its client id. `identity`: the speaker's, as LiveKit knows them."""

    turn: str
    identity: str


class Askers:
    def __init__(self) -> None:
        self._speakers: OrderedDict[str, tuple[str, ...]] = OrderedDict()
        self._turns: OrderedDict[str, str] = OrderedDict()
        self._questions: OrderedDict[str, str] = OrderedDict()
        self._numbers = count(1)

    def note_turn(self, turn: str, *identities: str) -> None:
        """A turn was heard or typed, of these in the order in which they spoke."""
        _keep(self._speakers, turn, identities)

    def note_question(self, message_id: str, turn: str) -> None:
        """The message of the history that this turn is."""
        _keep(self._questions, message_id, turn)

    def speaker_of(self, turn: str) -> str | None:
        """Who spoke last in it. None for a turn that is not over yet, or was long ago."""
        return next(reversed(self._speakers.get(turn, ())), None)

    def turn_of(self, message_id: str, coming: str) -> str:
        """The turn of a question; `coming`: of one that is answered before it is known to be over."""
        if message_id not in self._questions:
            self.note_question(message_id, coming)
        return self._questions[message_id]

    def note_calls(self, chunk: llm.ChatChunk, turn: str) -> None:
        """The calls in it are made for that turn. An id that was there before is made another."""
        if chunk.delta is None:
            return
        for call in chunk.delta.tool_calls:
            if call.call_id in self._turns:
                # At most 40 characters, which is all that OpenAI takes.
                call.call_id = f"{call.call_id[:20]}_{next(self._numbers)}_{turn[-8:]}"
            _keep(self._turns, call.call_id, turn)

    def asked(self, call_id: str) -> Asked | None:
        """None for a call that answers nobody, or several people at once."""
        turn = self._turns.get(call_id, "")
        identities = {*self._speakers.get(turn, ())}
        return Asked(turn, identities.pop()) if len(identities) == 1 else None


def _keep(where: OrderedDict[str, V], name: str, value: V) -> None:
    where[name] = value
    where.move_to_end(name)
    while len(where) > KEPT:
        where.popitem(last=False)

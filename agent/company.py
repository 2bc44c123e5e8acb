"""Who is in the room: the humans, their names, and since when nobody is there."""

import asyncio
from collections.abc import Callable
from typing import Final

from livekit import rtc

from agent.wire import Speaker

HUMAN_KINDS = frozenset(
    {
        rtc.ParticipantKind.PARTICIPANT_KIND_STANDARD,
        rtc.ParticipantKind.PARTICIPANT_KIND_SIP,
    }
)


ARRIVAL_S: Final = 3.0
"""How much later than their first words LiveKit may announce a person."""


class Company:
    """`changed` is called after somebody came or left. Names outlive a stay: last words come after it."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._names: dict[str, str] = {}
        self._present: set[str] = set()
        self._changed = changed
        self._arrived = asyncio.Event()

    @property
    def count(self) -> int:
        return len(self._present)

    def arrive(self, participant: rtc.RemoteParticipant) -> bool:
        """Whether the participant is a human, and so counts."""
        if participant.kind not in HUMAN_KINDS:
            return False
        self._names[participant.identity] = participant.name or participant.identity
        self._present.add(participant.identity)
        self._arrived.set()
        self._changed()
        return True

    def leave(self, identity: str) -> None:
        if identity in self._present:
            self._present.remove(identity)
            self._changed()

    def speaker(self, identity: str) -> Speaker:
        return Speaker(identity=identity, name=self._names.get(identity, identity))

    def prefix(self, identity: str) -> str | None:
        """The name to put in front of what somebody says, or None while only one person is there."""
        return self._names.get(identity, identity) if self.count > 1 else None

    def has(self, identity: str) -> bool:
        return identity in self._present

    async def awaits(self, identity: str) -> bool:
        """Whether this is a human who is here, or is announced within ARRIVAL_S: data can overtake that."""
        try:
            async with asyncio.timeout(ARRIVAL_S):
                while identity not in self._present:
                    self._arrived.clear()
                    await self._arrived.wait()
        except TimeoutError:
            return False
        return True

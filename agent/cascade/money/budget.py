"""What a turn may spend: the worst case is reserved before a call and settled after it.

The cascade asks a `Purse` and never waits for it. Where nothing is limited it is `Unlimited`; a room's job
spends from an allowance that control renews in the background (`allowance.py`).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class BudgetState(StrEnum):
    """`thrift`: only the small tier answers; `stop`: nothing that costs is called."""

    OPEN = "open"
    THRIFT = "thrift"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Hold:
    """A reservation, settled exactly once. Millionths of a US dollar."""

    id: int
    usd_micros: int


class Purse(Protocol):
    def state_of(self, speaker: str | None) -> BudgetState:
        """Of every budget that a call of that speaker would be charged to."""

    def reserve(self, usd_micros: int, *, speaker: str | None, turn: str | None) -> Hold:
        """Holds the worst case of one call.

        Raises: BudgetSpent, which names the cap that stands against it and when it is renewed.
        """

    def settle(self, hold: Hold, usd_micros: int | None) -> None:
        """Replaces the reservation by what the call cost; None (unknown) keeps the whole of it."""


class Unlimited:
    """Nothing is limited and nothing is counted."""

    def state_of(self, speaker: str | None) -> BudgetState:
        return BudgetState.OPEN

    def reserve(self, usd_micros: int, *, speaker: str | None, turn: str | None) -> Hold:
        return Hold(0, usd_micros)

    def settle(self, hold: Hold, usd_micros: int | None) -> None:
        """Nothing to do."""

"""Which models are left alone for a while, because their last calls failed.

One `Breakers` is shared by all turns of a process. After failures in a row a model's breaker opens: turns
pass the model over. When its time is up one probe is due, a real call that is metered like any other; it
closes the breaker or opens it for longer. What only one request brought on itself is not counted. Time and
chance come from outside; nothing here waits.
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from agent.cascade.calls.faults import Fault
from agent.cascade.models.catalog import Model
from agent.cascade.models.resolved import Candidate, Endpoint

FAILURES_TO_OPEN: Final = 3
"""Two can be chance; with three a deadline's worth of waiting has been lost three times."""

FIRST_PAUSE_S: Final = 5.0
LASTING_PAUSE_S: Final = 60.0
"""For a key that is refused or a quota that is used up."""

LONGEST_PAUSE_S: Final = 300.0
JITTER: Final = 0.2
"""Part of a pause by which it is longer or shorter, so that processes do not probe all at once."""

Key = tuple[str, Endpoint | None]
"""A model's name, and where and with whose key it is reached: another tenant's refused key is not ours."""


@dataclass(slots=True)
class _Breaker:
    """`until_s` is None while it is closed."""

    failures: int = 0
    openings: int = 0
    until_s: float | None = None
    is_probed: bool = False


class Breakers:
    def __init__(
        self, clock: Callable[[], float] = time.monotonic, chance: Callable[[], float] = random.random
    ) -> None:
        """`clock`: seconds; `chance`: 0 to 1."""
        self._clock = clock
        self._chance = chance
        self._breakers: dict[Key, _Breaker] = {}

    def is_open(self, key: Key) -> bool:
        """Open until a call succeeds: when its time is up a probe is due, not a turn."""
        breaker = self._breakers.get(key)
        return breaker is not None and breaker.until_s is not None

    @property
    def all_closed(self) -> bool:
        """Quickly told: nothing failed lately."""
        return not self._breakers

    def opens_for_s(self, key: Key) -> float:
        """Until its next probe is due; 0 when it is, or when the breaker is closed."""
        breaker = self._breakers.get(key)
        if breaker is None or breaker.until_s is None:
            return 0.0
        return max(breaker.until_s - self._clock(), 0.0)

    def take_probe(self, key: Key) -> bool:
        """Whether the caller is to probe now. One at a time: nobody else is, until `note` or `drop_probe`."""
        breaker = self._breakers.get(key)
        if breaker is None or breaker.until_s is None or breaker.is_probed:
            return False
        breaker.is_probed = self._clock() >= breaker.until_s
        return breaker.is_probed

    def drop_probe(self, key: Key) -> None:
        """The probe was not made, or said nothing: another may be."""
        breaker = self._breakers.get(key)
        if breaker is not None:
            breaker.is_probed = False

    def note(self, key: Key, fault: Fault | None) -> None:
        """What came of a call; None is an answer."""
        if fault is None:
            self._breakers.pop(key, None)
        elif fault.counts:
            self._note_failure(self._breakers.setdefault(key, _Breaker()), fault)

    def _note_failure(self, breaker: _Breaker, fault: Fault) -> None:
        breaker.failures += 1
        was_open = breaker.until_s is not None
        opens = breaker.failures >= FAILURES_TO_OPEN or fault.lasting or fault.retry_after_s is not None
        # A call that had begun before the breaker opened says nothing new; its retry-after does.
        if was_open and not breaker.is_probed and fault.retry_after_s is None:
            return
        if opens or was_open:
            if breaker.is_probed or not was_open:
                breaker.openings += 1
            breaker.until_s = self._clock() + self._pause_s(breaker, fault)
            breaker.is_probed = False

    def _pause_s(self, breaker: _Breaker, fault: Fault) -> float:
        first_s = LASTING_PAUSE_S if fault.lasting else FIRST_PAUSE_S
        pause_s = min(first_s * 2.0 ** min(breaker.openings - 1, 16), LONGEST_PAUSE_S)
        pause_s *= 1 + JITTER * (2 * self._chance() - 1)
        return max(pause_s, fault.retry_after_s or 0.0)


@dataclass(frozen=True, slots=True)
class Health:
    """The candidates of one turn by whether they may be asked. `alive` is never empty unless none came."""

    alive: tuple[Candidate, ...]
    resting: tuple[Candidate, ...]
    is_desperate: bool = False


def sort_by_health(
    breakers: Breakers, candidates: Sequence[Candidate], key: Callable[[Model], Key]
) -> Health:
    """When every breaker is open, the one that is due soonest is asked all the same: silence helps nobody."""
    if breakers.all_closed:
        return Health(tuple(candidates), ())
    alive = tuple(c for c in candidates if not breakers.is_open(key(c.model)))
    resting = tuple(c for c in candidates if breakers.is_open(key(c.model)))
    if alive or not resting:
        return Health(alive, resting)
    by_wait = sorted(resting, key=lambda candidate: breakers.opens_for_s(key(candidate.model)))
    return Health(tuple(by_wait), resting, is_desperate=True)

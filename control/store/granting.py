"""How much of a budget one job gets: arithmetic alone, so that it can be tried with any numbers.

What a job holds is taken from what is left for everybody, before it is spent. Near the cap a comfortable
supply for one would starve the others, so beyond what its next call needs a job gets a share of the rest.
"""

from dataclasses import dataclass, replace
from typing import Final

from agent.wire import AllowanceLine

SHARE: Final = 4
"""Beyond its need a job gets at most this part (one in four) of what is left."""


@dataclass(frozen=True, slots=True)
class Held:
    """What is stored of a job's allowance under one cap; migration 0014 says what the amounts are."""

    granted_usd_micros: int = 0
    recorded_usd_micros: int = 0
    kept_usd_micros: int = 0
    settled_usd_micros: int = 0
    returned_usd_micros: int = 0
    is_closed: bool = False

    @property
    def outstanding_usd_micros(self) -> int:
        """What nobody else can have because of it. A settled call is held until the ledger has it."""
        counted = min(self.recorded_usd_micros, self.settled_usd_micros)
        return max(self.granted_usd_micros - self.returned_usd_micros - self.kept_usd_micros - counted, 0)


@dataclass(frozen=True, slots=True)
class Renewed:
    """`newly_kept`: goes into what was spent. `left`: for everybody, after this."""

    held: Held
    newly_kept_usd_micros: int
    left_usd_micros: int


def renew(
    old: Held | None,
    line: AllowanceLine,
    left_usd_micros: int,
    *,
    has_expired: bool,
    is_closing: bool = False,
    may_get_more: bool = True,
) -> Renewed:
    """`left`: of the cap, without what is spent and held, this job's own among it unless it has expired."""
    has_expired = has_expired or old is None
    if old is None:
        old = _forgotten(line)
    settled = max(line.settled_usd_micros, old.settled_usd_micros)
    kept = max(line.kept_usd_micros, old.kept_usd_micros)
    returned = max(line.returned_usd_micros, old.returned_usd_micros)
    newly_kept = kept - old.kept_usd_micros
    used = settled + kept + returned + line.reserved_usd_micros
    granted = min(old.granted_usd_micros, used) if has_expired or is_closing else old.granted_usd_micros
    is_closed = old.is_closed or is_closing
    held = Held(granted, old.recorded_usd_micros, kept, settled, returned, is_closed)
    before = 0 if has_expired else old.outstanding_usd_micros
    left = left_usd_micros + before - held.outstanding_usd_micros - newly_kept
    extra = _extra(line, granted - used, left) if may_get_more and not is_closed else 0
    return Renewed(replace(held, granted_usd_micros=granted + extra), newly_kept, left - extra)


def _forgotten(line: AllowanceLine) -> Held:
    """Of a line that is new, or was swept a day after it expired: what it spent was counted by then."""
    settled, kept, returned = line.settled_usd_micros, line.kept_usd_micros, line.returned_usd_micros
    return Held(
        granted_usd_micros=settled + kept + returned + line.reserved_usd_micros,
        recorded_usd_micros=settled,
        kept_usd_micros=kept,
        settled_usd_micros=settled,
        returned_usd_micros=returned,
    )


def _extra(line: AllowanceLine, free_usd_micros: int, left_usd_micros: int) -> int:
    missing = max(line.want_usd_micros, line.need_usd_micros) - free_usd_micros
    needed = line.need_usd_micros - free_usd_micros
    return max(min(left_usd_micros, max(needed, min(missing, left_usd_micros // SHARE))), 0)

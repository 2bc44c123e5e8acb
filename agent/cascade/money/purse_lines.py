"""One job's account under each cap: what it was granted, and what became of it. Arithmetic without a clock.

An account is never forgotten while its period lasts: control has what was granted since the job's beginning,
and what was spent of it has to be counted from there as well.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from agent.cascade.money.budget import BudgetState
from agent.errors import BudgetSpent
from agent.wire import AllowanceGrant, AllowanceLine, HeldScope

USUAL_USD_MICROS: Final = 20_000
"""Taken for the cost of a call before the first was made, where nobody says: two cents."""
CALLS_AHEAD: Final = 4
LOW_CALLS: Final = 2
"""From fewer than so many calls on, more is asked for."""
MUCH: Final = 2
"""So many times what ought to be free is given back, in part."""
QUIET_S: Final = 60.0
MAX_TURNS: Final = 256
NEVER_S: Final = float("-inf")
LATER_S: Final = 3600.0
"""When to try again under a cap that is not renewed by itself."""

_SEVERITY: Final = {BudgetState.OPEN: 0, BudgetState.THRIFT: 1, BudgetState.STOP: 2}


def worst(states: Iterable[BudgetState]) -> BudgetState:
    return max(states, key=_SEVERITY.__getitem__, default=BudgetState.OPEN)


@dataclass(slots=True, eq=False)
class Line:
    """An account under one cap, in one period. Amounts are millionths of a US dollar, since the beginning.

    `usual`: what a call costs at most, as of late. `need`: the largest that was refused and `missed` all of
    them, since control was asked. `good_until_s`: by the allowance's clock.
    """

    scope: HeldScope
    speaker: str
    period_start: date | None
    granted: int = 0
    settled: int = 0
    reserved: int = 0
    kept: int = 0
    returned: int = 0
    need: int = 0
    missed: int = 0
    usual: int = USUAL_USD_MICROS
    cap: int = 0
    spent: int = 0
    state: BudgetState = BudgetState.OPEN
    resets_at: datetime | None = None
    good_until_s: float = NEVER_S
    busy_at_s: float = NEVER_S
    is_busy: bool = False
    is_quiet: bool = False
    is_past: bool = False

    @property
    def free(self) -> int:
        return self.granted - self.settled - self.reserved - self.kept - self.returned

    @property
    def is_low(self) -> bool:
        return self.free < LOW_CALLS * self.usual

    @property
    def wish(self) -> int:
        """How much ought to be free: as much again as calls side by side take now, and those that did not fit
        beside them; in a quiet conversation one call's worth."""
        if self.is_quiet:
            return max(self.need, self.usual)
        return max(self.need, CALLS_AHEAD * self.usual + self.reserved + self.missed)

    @property
    def is_plenty(self) -> bool:
        return self.free > MUCH * self.wish

    def may_take(self, usd_micros: int, now_s: float) -> bool:
        return self.free >= usd_micros and self.state is not BudgetState.STOP and now_s < self.good_until_s

    def reserve(self, usd_micros: int) -> None:
        self.reserved += usd_micros
        self.is_busy, self.is_quiet = True, False
        if usd_micros > 0:
            self.usual = max(usd_micros, self.usual * 7 // 8)

    def settle(self, reserved: int, usd_micros: int | None) -> None:
        self.reserved -= reserved
        if usd_micros is None:
            self.kept += reserved
        else:
            self.settled += usd_micros

    def ask_for(self, usd_micros: int) -> None:
        self.need = max(self.need, usd_micros)
        self.missed += usd_micros
        self.is_busy, self.is_quiet = True, False

    def give_back(self, now_s: float) -> None:
        """What nobody here needs is for other conversations."""
        if self.is_busy or self.busy_at_s == NEVER_S:
            self.busy_at_s, self.is_busy = now_s, False
        elif now_s - self.busy_at_s >= QUIET_S:
            self.is_quiet = True
        if self.is_quiet or self.is_plenty:
            self.returned += max(self.free - self.wish, 0)

    def to_wire(self, is_closing: bool) -> AllowanceLine:
        asks = not (is_closing or self.is_past)
        return AllowanceLine(
            scope=self.scope,
            speaker=self.speaker,
            period_start=self.period_start,
            settled_usd_micros=self.settled,
            reserved_usd_micros=self.reserved,
            kept_usd_micros=self.kept,
            returned_usd_micros=self.returned,
            need_usd_micros=max(self.need, self.usual) if asks else 0,
            want_usd_micros=self.wish if asks else 0,
        )

    def take(self, grant: AllowanceGrant, good_until_s: float) -> bool:
        has_more = grant.granted_usd_micros > self.granted
        self.granted, self.cap = grant.granted_usd_micros, grant.cap_usd_micros
        self.spent, self.state = grant.spent_usd_micros, BudgetState(grant.state)
        self.resets_at, self.good_until_s = grant.resets_at, good_until_s
        self.missed = 0
        if self.free >= self.need:
            self.need = 0
        return has_more

    def refusal(self, usd_micros: int, now_s: float, now: datetime) -> BudgetSpent:
        """Why `may_take` said no, in words."""
        if self.good_until_s == NEVER_S:
            return BudgetSpent(f"what is left of {self._name()} is not known yet; try again", 1.0)
        if now_s >= self.good_until_s:
            return BudgetSpent(
                f"control has not answered for minutes, so what is left of {self._name()} is not known", 5.0
            )
        budget = f"{self._name()}, {dollars(self.cap)},"
        if self.resets_at is None:
            wait_s, until = LATER_S, "raise it, or begin another conversation"
        else:
            wait_s = max((self.resets_at - now).total_seconds(), 1.0)
            until = (
                f"it begins anew at {self.resets_at:%H:%M} UTC on {self.resets_at.day} {self.resets_at:%B %Y}"
            )
        if self.state is BudgetState.STOP:
            return BudgetSpent(f"{budget} is spent; {until}", wait_s)
        return BudgetSpent(
            f"{budget} has less left than the {dollars(usd_micros)} of a call; {until}", wait_s
        )

    def _name(self) -> str:
        match self.scope:
            case "tenant":
                return "this month's budget"
            case "user":
                return "this person's budget of today"
            case "conversation":
                return "this conversation's budget"


class Lines:
    """The accounts of a job: the tenant's month, the conversation, each speaker's day."""

    def __init__(self, today: date, usual_usd_micros: int = USUAL_USD_MICROS) -> None:
        self._usual = usual_usd_micros
        self._lines: dict[tuple[str, str, date | None], Line] = {}
        self._speakers: dict[str, None] = {}
        self._today = today
        self._ways: dict[str | None, tuple[Line, ...]] = {}
        self._limited: Set[str] = frozenset()
        self._open_all(today)

    @property
    def only_speaker(self) -> str | None:
        return next(iter(self._speakers)) if len(self._speakers) == 1 else None

    def expect(self, speaker: str) -> bool:
        """Whether nobody knew of them."""
        if not speaker or speaker in self._speakers:
            return False
        self._speakers[speaker] = None
        self._open("user", speaker, self._today)
        return True

    def of(self, speaker: str | None, limited: Set[str]) -> tuple[Line, ...]:
        """The accounts that a call of that speaker is charged to, now."""
        if limited != self._limited:
            self._limited = limited
            self._ways.clear()
        way = self._ways.get(speaker)
        if way is None:
            way = self._ways[speaker] = self._find(speaker)
        return way

    def all(self) -> list[Line]:
        return list(self._lines.values())

    def turn_to(self, today: date) -> None:
        """Periods begin anew. Control is told for another one what becomes of calls of the one before."""
        for name, line in list(self._lines.items()):
            start = line.period_start
            line.is_past = start is not None and start < (_begins(line.scope, today) or start)
            if line.is_past and start != _begins(line.scope, self._today):
                del self._lines[name]
        self._today = today
        self._ways.clear()
        self._open_all(today)

    def prepare(self, day: date) -> None:
        """Opens the accounts of a day that is to come."""
        self._open_all(day)

    def take(self, grants: Sequence[AllowanceGrant], good_until_s: float) -> bool:
        """Whether any of them is more than before."""
        has_more = False
        for grant in grants:
            line = self._lines.get((grant.scope, grant.speaker, grant.period_start))
            if line is not None:
                has_more |= line.take(grant, good_until_s)
        return has_more

    def _find(self, speaker: str | None) -> tuple[Line, ...]:
        found = [self._open(scope, "", self._today) for scope in _COMMON if scope in self._limited]
        if speaker and "user" in self._limited:
            self.expect(speaker)
            found.append(self._open("user", speaker, self._today))
        return tuple(found)

    def _open_all(self, day: date) -> None:
        for scope in _COMMON:
            self._open(scope, "", day)
        for speaker in self._speakers:
            self._open("user", speaker, day)

    def _open(self, scope: HeldScope, speaker: str, day: date) -> Line:
        start = _begins(scope, day)
        line = self._lines.get((scope, speaker, start))
        if line is None:
            line = self._lines[scope, speaker, start] = Line(scope, speaker, start, usual=self._usual)
        return line


class Turns:
    """What each turn of late has reserved and cost, against the cap of one turn."""

    def __init__(self) -> None:
        self.cap_usd_micros: int | None = None
        self._spent: OrderedDict[str, int] = OrderedDict()

    def check(self, turn: str | None, usd_micros: int) -> None:
        """Raises: BudgetSpent."""
        if self.cap_usd_micros is None:
            return
        total = usd_micros + (0 if turn is None else self._spent.get(turn, 0))
        if total > self.cap_usd_micros:
            raise BudgetSpent(
                f"one turn may cost {dollars(self.cap_usd_micros)}, and with this call it may come to "
                f"{dollars(total)}",
                0.0,
            )

    def add(self, turn: str | None, usd_micros: int) -> None:
        if turn is None:
            return
        self._spent[turn] = self._spent.get(turn, 0) + usd_micros
        if len(self._spent) > MAX_TURNS:
            self._spent.popitem(last=False)


_COMMON: Final[tuple[HeldScope, ...]] = ("tenant", "conversation")


def dollars(usd_micros: int) -> str:
    """$12.50; what is less than a cent with as many digits as it takes."""
    if usd_micros >= 10_000 or usd_micros == 0:
        return f"${usd_micros / 1_000_000:,.2f}"
    return f"${usd_micros / 1_000_000:.6f}".rstrip("0")


def _begins(scope: HeldScope, day: date) -> date | None:
    match scope:
        case "tenant":
            return day.replace(day=1)
        case "user":
            return day
        case "conversation":
            return None

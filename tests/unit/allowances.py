"""A control that grants by the real one's arithmetic, and a job's allowance that asks it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agent.cascade.money.allowance import Allowance
from agent.cascade.money.budget import Hold, Purse
from agent.errors import BudgetSpent, ControlUnavailable
from agent.wire import AllowanceAnswer, AllowanceBody, AllowanceGrant
from control.spending.allowances import resets_at
from control.store.budgets import Cap
from control.store.granting import Held, renew
from tests.fixtures.waiting import until

GOOD_FOR_S = 270.0
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
Name = tuple[int, str, str, object]


class Control:
    """Grants by the arithmetic of the real one, for any number of jobs. `caps` in micros, by scope."""

    def __init__(self, **caps: int) -> None:
        self.caps = caps
        self.held: dict[Name, Held] = {}
        self.spent: dict[tuple[str, str, object], int] = {}
        self.bodies: list[AllowanceBody] = []
        self.failure: Exception | None = None
        self.loses_answer: Callable[[], bool] = lambda: False

    async def renew_allowance(self, body: AllowanceBody) -> AllowanceAnswer:
        await asyncio.sleep(0)
        self.bodies.append(body)
        if self.failure is not None:
            raise self.failure
        grants = [self._grant(body, line) for line in body.lines if line.scope in self.caps]
        await asyncio.sleep(0)
        if self.loses_answer():
            raise ControlUnavailable("the answer was lost")
        return AllowanceAnswer(
            turn_cap_usd_micros=self.caps.get("turn"),
            limited=[scope for scope in ("tenant", "user", "conversation") if scope in self.caps],
            grants=grants,
            good_for_s=GOOD_FOR_S,
        )

    def _grant(self, body: AllowanceBody, line: Any) -> AllowanceGrant:
        # Each job has a conversation of its own.
        subject = f"job {body.epoch}" if line.scope == "conversation" else line.speaker
        key = (line.scope, subject, line.period_start)
        name = (body.epoch, *key)
        held = sum(amounts.outstanding_usd_micros for other, amounts in self.held.items() if other[1:] == key)
        cap = Cap(line.scope, self.caps[line.scope], 80)
        left = cap.cap_usd_micros - self.spent.get(key, 0) - held
        result = renew(
            self.held.get(name), line, left, has_expired=name not in self.held, is_closing=body.is_closing
        )
        self.held[name] = result.held
        self.spent[key] = self.spent.get(key, 0) + result.newly_kept_usd_micros
        return AllowanceGrant(
            scope=line.scope,
            speaker=line.speaker,
            period_start=line.period_start,
            cap_usd_micros=cap.cap_usd_micros,
            granted_usd_micros=result.held.granted_usd_micros,
            spent_usd_micros=self.spent[key],
            state=cap.state(self.spent[key]),
            resets_at=resets_at(line),
        )

    def note(self, scope: str, usd_micros: int, subject: str = "", period: object = None) -> None:
        """What others spent, as the ledger has it."""
        key = (scope, subject, period)
        self.spent[key] = self.spent.get(key, 0) + usd_micros


class Clock:
    """Both of an allowance's clocks, moved by hand."""

    def __init__(self, now: datetime = NOON) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        return self.at.timestamp()

    def pass_s(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@asynccontextmanager
async def job(
    control: Control, clock: Clock | None = None, *, epoch: int = 1, renew_s: float = 20.0, **options: Any
) -> AsyncIterator[Allowance]:
    clock = clock or Clock()
    allowance = Allowance(control, epoch, now=clock.now, clock=clock.seconds, renew_s=renew_s, **options)
    await allowance.start()
    yield allowance
    await allowance.aclose()


def take(purse: Purse, usd_micros: int, speaker: str | None = "user_ada", turn: str | None = "t") -> Hold:
    return purse.reserve(usd_micros, speaker=speaker, turn=turn)


def refusal(purse: Purse, usd_micros: int, **options: Any) -> BudgetSpent:
    with pytest.raises(BudgetSpent) as refused:
        take(purse, usd_micros, **options)
    return refused.value


async def taken(purse: Purse, usd_micros: int, **options: Any) -> Hold:
    """As soon as it was granted."""
    holds: list[Hold] = []

    def has_it() -> bool:
        try:
            holds.append(take(purse, usd_micros, **options))
        except BudgetSpent:
            return False
        return True

    await until(has_it)
    return holds[0]

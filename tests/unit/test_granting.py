"""Nothing that jobs are granted, in any order of requests, goes beyond a cap, and nothing stays locked up."""

import random
from dataclasses import dataclass, field

import pytest

from agent.wire import AllowanceLine
from control.store.granting import Held, renew

CAP = 10_000


@dataclass
class Job:
    """What a job believes; it never spends more than it was told it may."""

    granted: int = 0
    settled: int = 0
    reserved: int = 0
    kept: int = 0
    returned: int = 0
    held: Held | None = None
    is_closed: bool = False
    sent: list[AllowanceLine] = field(default_factory=list)

    @property
    def free(self) -> int:
        return self.granted - self.settled - self.reserved - self.kept - self.returned

    def line(self, need: int, want: int) -> AllowanceLine:
        return AllowanceLine(
            scope="conversation",
            settled_usd_micros=self.settled,
            reserved_usd_micros=self.reserved,
            kept_usd_micros=self.kept,
            returned_usd_micros=self.returned,
            need_usd_micros=need,
            want_usd_micros=want,
        )


class Budget:
    """One cap, and the ledger."""

    def __init__(self) -> None:
        self.jobs = [Job() for _ in range(6)]
        self.spent = 0

    def left(self) -> int:
        return CAP - self.spent - sum(job.held.outstanding_usd_micros for job in self.jobs if job.held)

    def renew(self, job: Job, line: AllowanceLine, *, is_lost: bool, is_closing: bool = False) -> None:
        result = renew(job.held, line, self.left(), has_expired=job.held is None, is_closing=is_closing)
        job.held = result.held
        self.spent += result.newly_kept_usd_micros
        assert self.left() == result.left_usd_micros
        if not is_lost:
            job.granted = result.held.granted_usd_micros


def act(budget: Budget, job: Job, chance: random.Random) -> None:
    match chance.randrange(7):
        case 0 | 1:
            line = job.line(chance.randrange(400), chance.randrange(2_000))
            job.sent.append(line)
            budget.renew(job, line, is_lost=chance.random() < 0.3)
        case 2 if job.sent:
            # One that was held up on its way, and whose answer nobody waits for any more.
            budget.renew(job, chance.choice(job.sent), is_lost=True)
        case 3 if not job.is_closed and job.free > 0:
            job.reserved += chance.randint(1, job.free)
        case 4 if job.reserved:
            amount = chance.randint(1, job.reserved)
            cost = chance.randint(0, amount)
            job.reserved -= amount
            job.settled += cost
            # The ledger has it at once; that it may be late is another test's.
            budget.spent += cost
            if job.held is not None:
                job.held = Held(
                    job.held.granted_usd_micros,
                    job.held.recorded_usd_micros + cost,
                    job.held.kept_usd_micros,
                    job.held.settled_usd_micros,
                    job.held.returned_usd_micros,
                    job.held.is_closed,
                )
        case 5 if job.reserved:
            amount = chance.randint(1, job.reserved)
            job.reserved -= amount
            job.kept += amount
        case 6 if job.free > 0:
            job.returned += chance.randint(1, job.free)


@pytest.mark.parametrize("seed", range(200))
def test_whatever_happens_on_the_way_a_cap_is_never_passed(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    budget = Budget()

    for _ in range(300):
        act(budget, chance.choice(budget.jobs), chance)
        used = sum(job.settled + job.reserved + job.kept for job in budget.jobs)
        assert used + sum(job.free for job in budget.jobs) <= CAP

    for job in budget.jobs:
        job.is_closed = True
        budget.renew(job, job.line(0, 0), is_lost=False, is_closing=True)
    spent = sum(job.settled + job.kept for job in budget.jobs)
    under_way = sum(job.reserved for job in budget.jobs)
    assert budget.spent == spent
    assert budget.left() == CAP - spent - under_way


def test_near_the_cap_a_job_gets_its_need_before_anybody_gets_comfort() -> None:
    line = AllowanceLine(scope="conversation", need_usd_micros=30, want_usd_micros=500)

    grants = [
        renew(None, line, left, has_expired=False).held.granted_usd_micros
        for left in (4_000, 400, 50, 20, 0, -5)
    ]

    assert grants == [500, 100, 30, 20, 0, 0]

"""A job's allowance: never waits, never spends what it was not granted, and says why when it refuses."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from agent.cascade.money.allowance import Allowance
from agent.cascade.money.budget import BudgetState
from agent.cascade.money.purse_lines import USUAL_USD_MICROS, dollars
from agent.errors import BudgetSpent, ControlUnavailable, StaleEpoch
from tests.fixtures.waiting import until
from tests.unit.allowances import GOOD_FOR_S, NOON, Clock, Control, job, refusal, take, taken


async def test_without_a_budget_nothing_is_refused_and_no_turn_asks_anything() -> None:
    control = Control()
    async with job(control) as purse:
        for _ in range(1_000):
            purse.settle(take(purse, 10_000_000), 9_000_000)
        await asyncio.sleep(0.05)

        assert purse.state is BudgetState.OPEN
        assert len(control.bodies) == 1


async def test_what_was_granted_is_spent_without_waiting_and_filled_up_ahead_of_need() -> None:
    control = Control(tenant=1_000_000)
    async with job(control) as purse:
        for _ in range(40):
            purse.settle(take(purse, 9_000), 8_000)
            await asyncio.sleep(0.03)

        assert 1 < len(control.bodies) < 40


async def test_a_call_that_does_not_fit_is_refused_in_words_and_asked_for() -> None:
    control = Control(tenant=1_000_000)
    async with job(control) as purse:
        refused = refusal(purse, 500_000)
        hold = await taken(purse, 500_000)

    assert str(refused).startswith("this month's budget, $1.00, has less left than the $0.50 of a call")
    assert hold.usd_micros == 500_000


async def test_a_spent_budget_says_which_and_when_it_begins_anew() -> None:
    control = Control(tenant=2_000_000, user=50_000)
    control.note("tenant", 2_000_000, period=NOON.date().replace(day=1))
    async with job(control) as purse:
        purse.expect("user_ada")
        refused = refusal(purse, 1)

        assert str(refused) == (
            "this month's budget, $2.00, is spent; it begins anew at 00:00 UTC on 1 December 2026"
        )
        assert refused.retry_after_s == pytest.approx(2.5 * 86_400)
        assert purse.state is BudgetState.STOP
        purse.settle(take(purse, 0), 0)  # what costs nothing goes on


@pytest.mark.parametrize(
    ("scope", "subject", "period", "words"),
    [
        ("user", "user_ada", NOON.date(), "this person's budget of today, $0.10, is spent; it begins anew"),
        ("conversation", "job 1", None, "this conversation's budget, $0.10, is spent; raise it, or begin"),
    ],
)
async def test_each_cap_has_its_own_words(scope: str, subject: str, period: object, words: str) -> None:
    control = Control(**{scope: 100_000})
    control.note(scope, 100_000, subject, period)
    async with job(control) as purse:
        purse.expect("user_ada")
        await until(lambda: purse.state_of("user_ada") is BudgetState.STOP)

        assert str(refusal(purse, 1)).startswith(words)


async def test_one_persons_cap_is_nobody_elses() -> None:
    control = Control(user=100_000)
    control.note("user", 100_000, "user_ada", NOON.date())
    async with job(control) as purse:
        purse.expect("user_ada")
        purse.expect("user_bo")
        await taken(purse, 10_000, speaker="user_bo")

        refusal(purse, 1, speaker="user_ada")
        assert (purse.state, purse.state_of("user_ada")) == (BudgetState.OPEN, BudgetState.STOP)


async def test_alone_with_one_person_the_state_is_theirs_too() -> None:
    control = Control(user=100_000)
    control.note("user", 85_000, "user_ada", NOON.date())
    heard: list[BudgetState] = []
    async with job(control, announce=heard.append) as purse:
        purse.expect("user_ada")
        await until(lambda: purse.state is BudgetState.THRIFT)

    assert heard == [BudgetState.THRIFT]


@asynccontextmanager
async def alone_with_nothing_left(control: Control) -> AsyncIterator[Allowance]:
    """Ada is there, and her day is spent."""
    control.note("user", control.caps["user"], "user_ada", NOON.date())
    async with job(control) as purse:
        purse.expect("user_ada")
        await until(lambda: purse.state is BudgetState.STOP)
        yield purse


async def test_a_budget_is_not_renewed_by_somebody_who_comes() -> None:
    async with alone_with_nothing_left(Control(user=100_000)) as purse:
        spent_is_news = purse.is_state_news
        purse.expect("user_bo")
        await until(lambda: purse.state is BudgetState.OPEN)

        assert (spent_is_news, purse.is_state_news) == (True, False)
        refusal(purse, 1, speaker="user_ada")


async def test_a_budget_that_is_raised_is_news() -> None:
    control = Control(user=100_000)
    async with alone_with_nothing_left(control) as purse:
        control.caps["user"] = 1_000_000
        refusal(purse, 1, speaker="user_ada")
        await until(lambda: purse.state is BudgetState.OPEN)

        assert purse.is_state_news


async def test_an_announcement_that_fails_ends_nothing() -> None:
    def announce(state: BudgetState) -> None:
        raise RuntimeError(state)

    control = Control(tenant=100_000)
    async with job(control, announce=announce) as purse:
        control.note("tenant", 90_000, period=NOON.date().replace(day=1))
        refusal(purse, 50_000)
        await until(lambda: purse.state is BudgetState.THRIFT)

        await taken(purse, 9_000)


async def test_a_turn_has_a_cap_over_all_its_calls() -> None:
    control = Control(turn=1_000)
    async with job(control) as purse:
        purse.settle(take(purse, 600), 500)
        second = take(purse, 500)
        refused = refusal(purse, 1)
        take(purse, 1_000, turn="another")
        purse.settle(second, None)

        assert str(refused) == "one turn may cost $0.001, and with this call it may come to $0.001001"
        refusal(purse, 1)


async def test_an_unknown_cost_keeps_the_whole_reservation_and_tells_control_once() -> None:
    control = Control(tenant=100_000)
    async with job(control) as purse:
        purse.settle(take(purse, 5_000), None)
        refusal(purse, 99_000)
        await until(lambda: len(control.bodies) > 1)

    assert control.spent["tenant", "", NOON.date().replace(day=1)] == 5_000


async def test_a_hold_is_settled_once() -> None:
    control = Control(tenant=100_000)
    async with job(control) as purse:
        hold = take(purse, 10_000)
        for _ in range(3):
            purse.settle(hold, 10_000)
        await taken(purse, 90_000)


async def test_while_control_is_away_a_job_spends_what_it_has_and_then_says_why_not() -> None:
    control, clock = Control(tenant=10_000_000), Clock()
    async with job(control, clock) as purse:
        control.failure = ControlUnavailable("gone")
        spent = [take(purse, USUAL_USD_MICROS) for _ in range(4)]
        empty = refusal(purse, USUAL_USD_MICROS)
        for hold in spent:
            purse.settle(hold, 0)
        clock.pass_s(GOOD_FOR_S)
        stale = refusal(purse, 1)

        control.failure = None
        await taken(purse, USUAL_USD_MICROS)

    assert "has less left" in str(empty)
    assert str(stale).startswith("control has not answered for minutes")


async def test_before_control_has_answered_nothing_is_spent() -> None:
    control = Control(tenant=10_000_000)
    control.failure = ControlUnavailable("not yet")
    async with job(control) as purse:
        assert "is not known yet" in str(refusal(purse, 1))
        control.failure = None

        await taken(purse, 1_000)


async def test_a_job_that_was_replaced_spends_nothing_more() -> None:
    control = Control(tenant=10_000_000)
    async with job(control) as purse:
        control.failure = StaleEpoch("epoch 1 is over")
        refusal(purse, 1_000_000)

        await until(lambda: "epoch 1 is over" in str(refusal(purse, 1_000_000)))
        control.failure = None


async def test_lost_answers_grant_and_count_nothing_twice() -> None:
    chance = random.Random(7)  # noqa: S311 - repeatable on purpose
    control = Control(tenant=400_000)
    control.loses_answer = lambda: chance.random() < 0.4
    async with job(control) as purse:
        paid = 0
        for _ in range(60):
            try:
                hold = take(purse, 10_000)
            except BudgetSpent:
                await asyncio.sleep(0.005)
                continue
            purse.settle(hold, 9_000)
            paid += 9_000
            granted = sum(held.granted_usd_micros for held in control.held.values())
            assert paid <= granted <= 400_000
        control.loses_answer = lambda: False


async def test_what_is_left_is_given_back_at_the_end_and_nothing_spent_after_it() -> None:
    control = Control(tenant=10_000_000)
    async with job(control) as purse:
        purse.settle(take(purse, 3_000), 2_000)
        under_way = take(purse, 500)
    purse.settle(under_way, 400)

    (held,) = control.held.values()
    assert (held.granted_usd_micros, held.settled_usd_micros, held.is_closed) == (2_500, 2_000, True)
    assert "has ended" in str(refusal(purse, 1))


async def test_a_quiet_job_keeps_one_calls_worth_and_is_full_again_when_somebody_speaks() -> None:
    control, clock = Control(tenant=10_000_000), Clock()
    async with job(control, clock, renew_s=0.02) as purse:
        purse.settle(take(purse, 10_000), 10_000)
        for _ in range(3):
            await asyncio.sleep(0.05)
            clock.pass_s(61)
        await asyncio.sleep(0.05)
        (quiet,) = control.held.values()
        usual = control.bodies[-1].lines[0].need_usd_micros

        take(purse, usual)
        await taken(purse, usual)

    assert quiet.granted_usd_micros - quiet.returned_usd_micros - 10_000 == usual


async def test_midnight_begins_a_new_day_that_was_asked_for_before() -> None:
    eve = datetime(2026, 11, 30, 23, 59, 50, tzinfo=UTC)
    control, clock = Control(tenant=1_000_000, user=100_000), Clock(eve)
    control.note("user", 100_000, "user_ada", eve.date())
    async with job(control, clock) as purse:
        purse.expect("user_ada")
        await until(lambda: purse.state is BudgetState.STOP)
        refusal(purse, 1_000)
        before = take(purse, 1_000, speaker=None)

        clock.pass_s(11)
        after = take(purse, 1_000)
        purse.settle(before, 700)
        purse.settle(after, 300)

        assert purse.state is BudgetState.OPEN
    settled = {name[1:]: held.settled_usd_micros for name, held in control.held.items()}
    assert settled["tenant", "", eve.date().replace(day=1)] == 700
    assert settled["tenant", "", clock.now().date()] == 300
    assert settled["user", "user_ada", clock.now().date()] == 300


async def test_a_cap_that_is_set_later_is_noticed() -> None:
    control, clock = Control(), Clock()
    async with job(control, clock, renew_s=0.02) as purse:
        purse.settle(take(purse, 50_000_000), 50_000_000)
        control.caps["tenant"] = 1_000_000
        control.note("tenant", 1_000_000, period=NOON.date().replace(day=1))

        await until(lambda: purse.state is BudgetState.STOP)
        refusal(purse, 1)
        del control.caps["tenant"]
        await until(lambda: purse.state is BudgetState.OPEN)
        take(purse, 50_000_000)


@pytest.mark.parametrize(("cap", "kept_ahead"), [(90_000, 30_000), (3_000_000, 240_000)])
async def test_1000_turns_of_several_jobs_at_once_never_pass_the_cap(cap: int, kept_ahead: int) -> None:
    control, chance = Control(tenant=cap), random.Random(cap)  # noqa: S311 - repeatable on purpose
    paid = 0

    async def turn(purse: Allowance, number: int) -> None:
        nonlocal paid
        reserved = chance.randint(2_000, 6_000)
        for _ in range(400):
            try:
                hold = take(purse, reserved, turn=f"turn {number}")
                break
            except BudgetSpent:
                await asyncio.sleep(chance.random() * 0.05)
        else:
            return
        await asyncio.sleep(chance.random() * 0.01)
        cost = chance.randint(reserved // 2, reserved)
        purse.settle(hold, cost)
        paid += cost

    jobs = [Allowance(control, epoch, now=lambda: NOON) for epoch in range(1, 6)]
    await asyncio.gather(*(purse.start() for purse in jobs))
    await asyncio.gather(*(turn(jobs[number % 5], number) for number in range(1_000)))
    await asyncio.gather(*(purse.aclose() for purse in jobs))

    assert paid <= cap
    assert sum(held.outstanding_usd_micros for held in control.held.values()) == paid
    # The rest is what the five keep ahead of need: less near the cap than far from it.
    assert paid >= cap - kept_ahead


@pytest.mark.parametrize(
    ("usd_micros", "text"),
    [(0, "$0.00"), (1, "$0.000001"), (1_500, "$0.0015"), (10_000, "$0.01"), (12_345_000_000, "$12,345.00")],
)
def test_money_is_written_as_people_read_it(usd_micros: int, text: str) -> None:
    assert dollars(usd_micros) == text

"""What may be spent decides who is asked: reserved before each call, settled after it, under real SDKs."""

import pytest

from agent.cascade import Cascade
from agent.cascade.money.budget import BudgetState
from agent.cascade.verify.handup import HAND_UP_MARKER
from agent.errors import BudgetSpent
from agent.wire import CallOutcome, ModelCall
from tests.fakes.providers import FakeProviders
from tests.fakes.script import Fault
from tests.fixtures.providers import SDK_WARNING, cascade_at, eventually, question
from tests.fixtures.purse import Till

pytestmark = pytest.mark.filterwarnings(SDK_WARNING)


async def _say(cascade: Cascade) -> str:
    return (await cascade.chat(chat_ctx=question("How long is the refund period?")).collect()).text


async def test_what_is_reserved_is_no_less_than_what_it_cost(fake_providers: FakeProviders) -> None:
    till = Till()
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings, ledger, purse=till) as cascade:
        await _say(cascade)

    [hold], [(_, settled)] = till.held, till.settled
    assert settled == ledger[0].cost_usd_micros
    assert settled is not None
    assert hold.usd_micros >= settled > 0


async def test_when_the_budget_is_spent_nothing_that_costs_is_called(fake_providers: FakeProviders) -> None:
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings, ledger, purse=Till(BudgetState.STOP)) as cascade:
        with pytest.raises(BudgetSpent, match="the budget of today is spent"):
            await _say(cascade)

    assert ledger == []
    assert fake_providers.requests == []


async def test_when_it_is_nearly_spent_only_the_small_tier_answers(fake_providers: FakeProviders) -> None:
    fake_providers.script.faults = [Fault(fault="server_error", model="gpt-6-luna")]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings, ledger, purse=Till(BudgetState.THRIFT)) as cascade:
        await _say(cascade)

    assert {row.tier for row in ledger} == {"small"}
    assert ledger[-1].decision["budget"] == "nearly spent: only the small tier answers"


async def test_a_large_model_that_the_budget_does_not_reach_leaves_the_turn_to_the_small_one(
    fake_providers: FakeProviders,
) -> None:
    fake_providers.script.answers = [HAND_UP_MARKER, "Thirty days."]
    till = Till()
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger, purse=till) as cascade:
        stream = cascade.chat(chat_ctx=question("How long is the refund period?"))
        await eventually(lambda: till.held)
        till.reaches = till.held[0].usd_micros
        answer = await stream.collect()

    assert answer.text == "Thirty days."
    assert {row.tier for row in ledger} == {"small"}
    assert [hold_id for hold_id, _ in till.settled] == [hold.id for hold in till.held]


async def test_a_budget_that_reaches_no_model_is_named(fake_providers: FakeProviders) -> None:
    async with cascade_at(fake_providers.settings, [], purse=Till(reaches=0)) as cascade:
        with pytest.raises(BudgetSpent, match="renewed at midnight"):
            await _say(cascade)

    assert fake_providers.requests == []


async def test_a_cancelled_call_is_settled_once_and_keeps_what_it_may_have_cost(
    fake_providers: FakeProviders,
) -> None:
    fake_providers.script.faults = [Fault(fault="hang")]
    till = Till()
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings, ledger, purse=till) as cascade:
        stream = cascade.chat(chat_ctx=question("How long is the refund period?"))
        await eventually(lambda: fake_providers.requests)
        await stream.aclose()

    assert [row.outcome for row in ledger] == [CallOutcome.CANCELLED]
    assert till.settled == [(1, None)]

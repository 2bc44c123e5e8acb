"""Rows of the ledger: what they count, and what they cost beside what they would have cost."""

import pytest
from livekit.agents import llm

from agent.cascade.calls.faults import Fault
from agent.cascade.calls.ledger import CallMeter, Entry, Yardsticks, count_tokens
from agent.cascade.models.catalog import DeclaredPrice, Model
from agent.cascade.models.prices import PriceTable, TokenUsage
from agent.cascade.models.resolved import Candidate
from agent.wire import CallOutcome, ModelCall

SMALL = Model("custom", "small", price=DeclaredPrice(1.0, 2.0, cached=0.5))
LARGE = Model("custom", "large", "large", price=DeclaredPrice(10.0, 20.0, cached=5.0))
CHEAP_LARGE = Model("custom", "large-2", "large", price=DeclaredPrice(8.0, 16.0, cached=4.0))
UNKNOWN = Model("custom", "unknown", "large")
BOTH = Yardsticks(LARGE, (LARGE, CHEAP_LARGE))
USAGE = TokenUsage(input_tokens=1_000, cached_tokens=400, output_tokens=100)


def _row(
    model: Model = SMALL,
    *,
    usage: TokenUsage | None = USAGE,
    fault: Fault | None = None,
    answered: bool = True,
    yardsticks: Yardsticks = BOTH,
    own_tokens: int = 0,
) -> ModelCall:
    entry = Entry(
        "talk", Candidate(model.tier, model), "answer", "small first", yardsticks, own_tokens=own_tokens
    )
    meter = CallMeter(entry, PriceTable())
    return meter.finish(fault, answered=answered, heard=usage)


def test_the_row_that_answered_says_what_the_turn_would_have_cost() -> None:
    row = _row()

    assert row.cost_usd_micros == 600 + 200 + 200
    assert row.uncached_usd_micros == 1_000 + 200
    assert row.baseline_usd_micros == 6_000 + 2_000 + 2_000
    assert row.single_usd_micros == 4_800 + 1_600 + 1_600


def test_what_only_the_small_model_was_told_is_no_part_of_the_comparison() -> None:
    plain, told = _row(), _row(own_tokens=100)

    assert told.cost_usd_micros == plain.cost_usd_micros
    assert told.input_tokens == plain.input_tokens
    assert told.baseline_usd_micros is not None
    assert plain.baseline_usd_micros is not None
    assert 0 < told.baseline_usd_micros < plain.baseline_usd_micros
    assert _row(own_tokens=10**9).baseline_usd_micros == 2_000


def test_a_turns_other_rows_compare_with_nothing() -> None:
    row = _row(answered=False)

    assert row.cost_usd_micros == 1_000
    assert (row.baseline_usd_micros, row.single_usd_micros) == (0, 0)


def test_an_unpriced_call_costs_and_compares_with_nothing_known() -> None:
    row = _row(UNKNOWN)

    assert (row.cost_usd_micros, row.uncached_usd_micros, row.price_date) == (None, None, None)


def test_a_baseline_without_a_price_is_unknown() -> None:
    row = _row(yardsticks=Yardsticks(UNKNOWN, (UNKNOWN, LARGE)))

    assert row.cost_usd_micros == 1_000
    assert (row.baseline_usd_micros, row.single_usd_micros) == (None, None)


def test_a_refused_call_costs_nothing_whatever_its_price() -> None:
    refused = Fault(CallOutcome.RATE_LIMITED, billed=False)

    assert _row(UNKNOWN, usage=None, fault=refused, answered=False).cost_usd_micros == 0


def test_a_call_that_was_not_counted_is_unpriced_not_free() -> None:
    row = _row(usage=None, fault=Fault(CallOutcome.TIMEOUT), answered=False)

    assert (row.input_tokens, row.cost_usd_micros, row.uncached_usd_micros) == (0, None, None)


@pytest.mark.parametrize("usage", [TokenUsage(0, 0, 0, 0), TokenUsage(0, 0, 0, 50), TokenUsage(-7, 0, 0, 10)])
def test_a_count_that_cannot_be_is_no_count(usage: TokenUsage) -> None:
    assert _row(usage=usage).cost_usd_micros is None


def test_counts_are_brought_within_what_can_be() -> None:
    row = _row(usage=TokenUsage(100, 900, 900, 10**30))

    assert (row.input_tokens, row.cached_tokens, row.cache_write_tokens) == (100, 100, 0)
    assert row.output_tokens == 2**40


def test_long_names_and_reasons_do_not_lose_a_row() -> None:
    long = Model("custom", "m" * 500)
    entry = Entry(
        "talk",
        Candidate("small", long),
        "answer",
        "r" * 900,
        Yardsticks(None, ()),
        turn="t" * 100,
        speaker="s" * 900,
        decision={"policy": "p" * 900},
    )

    row = CallMeter(entry, PriceTable()).finish(answered=True)

    assert (len(row.model), len(row.reason), len(row.decision["policy"])) == (128, 400, 200)
    assert (len(row.turn_client_id or ""), len(row.speaker_identity or "")) == (64, 256)


def test_thinking_that_is_only_in_the_total_counts_as_output() -> None:
    usage = llm.CompletionUsage(completion_tokens=10, prompt_tokens=100, total_tokens=150)

    assert count_tokens(usage).output_tokens == 50


def test_a_total_that_was_not_reported_does_not_lose_output() -> None:
    usage = llm.CompletionUsage(completion_tokens=10, prompt_tokens=100, total_tokens=0)

    assert count_tokens(usage).output_tokens == 10

"""Every way in which a provider can fail, under the real SDKs: what the person gets, what the ledger says."""

import pytest
from livekit.agents import APIError

from agent.cascade import Cascade
from agent.cascade.calls.deadlines import FIRST_TOKEN_S, Deadlines
from agent.errors import ProviderUnavailable
from agent.wire import CallOutcome, ModelCall
from tests.fakes.providers import FakeProviders
from tests.fakes.script import Fault, FaultKind, Wire
from tests.fixtures.providers import SDK_WARNING, cascade_at, pieces, question
from tests.fixtures.purse import Till

pytestmark = pytest.mark.filterwarnings(SDK_WARNING)

WIRES: list[Wire] = ["openai", "google", "anthropic"]
ANSWER = "It is thirty days in all. They begin with the day of the purchase."
FIRST_SENTENCE, AFTER_IT = 4, 8
"""Pieces of the answer: within its first sentence, and after it."""

SHORT = Deadlines(dict.fromkeys(FIRST_TOKEN_S, 0.8), total_s=1.5)

BEFORE_A_WORD: list[tuple[FaultKind, CallOutcome]] = [
    ("unauthorized", CallOutcome.AUTHENTICATION),
    ("forbidden", CallOutcome.AUTHENTICATION),
    ("quota", CallOutcome.QUOTA),
    ("rate_limited", CallOutcome.RATE_LIMITED),
    ("server_error", CallOutcome.SERVER_ERROR),
    ("filtered", CallOutcome.FILTERED),
    ("hang", CallOutcome.TIMEOUT),
    ("silent", CallOutcome.TIMEOUT),
    ("garbage", CallOutcome.INVALID),
    ("bytes", CallOutcome.INVALID),
    ("empty", CallOutcome.EMPTY),
]
IN_THE_MIDDLE: list[tuple[FaultKind, CallOutcome]] = [
    ("stall", CallOutcome.TIMEOUT),
    ("cut", CallOutcome.CUT),
    ("stop_short", CallOutcome.CUT),
    ("garbage_later", CallOutcome.INVALID),
    ("error_event", CallOutcome.SERVER_ERROR),
    ("filtered_later", CallOutcome.FILTERED),
]


async def _say(cascade: Cascade, heard: list[str]) -> None:
    await pieces(cascade.chat(chat_ctx=question("How long is the refund period?")), heard)


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(("fault", "outcome"), BEFORE_A_WORD)
async def test_before_a_word_the_next_model_answers_and_each_call_is_one_row_and_settled_once(
    fake_providers: FakeProviders, wire: Wire, fault: FaultKind, outcome: CallOutcome
) -> None:
    fake_providers.script.answers = [ANSWER]
    fake_providers.script.faults = [Fault(fault=fault, wire=wire, times=1)]
    ledger: list[ModelCall] = []
    heard: list[str] = []
    till = Till()

    async with cascade_at(fake_providers.settings_of(wire), ledger, deadlines=SHORT, purse=till) as cascade:
        await _say(cascade, heard)

    assert "".join(heard) == ANSWER
    assert [(row.outcome, row.purpose, row.answered) for row in ledger] == [
        (outcome, "answer", False),
        (CallOutcome.OK, "fallback", True),
    ]
    assert len(fake_providers.requests) == 2
    assert till.settled == [(1, ledger[0].cost_usd_micros), (2, ledger[1].cost_usd_micros)]


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(("fault", "outcome"), IN_THE_MIDDLE)
async def test_an_answer_that_breaks_off_within_its_held_first_sentence_is_given_by_the_next_model(
    fake_providers: FakeProviders, wire: Wire, fault: FaultKind, outcome: CallOutcome
) -> None:
    fake_providers.script.answers = [ANSWER]
    fake_providers.script.faults = [Fault(fault=fault, wire=wire, times=1, after_pieces=FIRST_SENTENCE)]
    ledger: list[ModelCall] = []
    heard: list[str] = []

    async with cascade_at(fake_providers.settings_of(wire), ledger, deadlines=SHORT) as cascade:
        await _say(cascade, heard)

    assert "".join(heard) == ANSWER
    assert [(row.outcome, row.answered) for row in ledger] == [(outcome, False), (CallOutcome.OK, True)]


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(("fault", "outcome"), IN_THE_MIDDLE)
async def test_once_a_word_is_out_there_is_no_second_answer_and_one_row_that_was_settled_once(
    fake_providers: FakeProviders, wire: Wire, fault: FaultKind, outcome: CallOutcome
) -> None:
    fake_providers.script.answers = [ANSWER]
    fake_providers.script.faults = [Fault(fault=fault, wire=wire, times=1, after_pieces=AFTER_IT)]
    ledger: list[ModelCall] = []
    heard: list[str] = []
    till = Till()

    async with cascade_at(fake_providers.settings_of(wire), ledger, deadlines=SHORT, purse=till) as cascade:
        with pytest.raises(APIError) as broken:
            await _say(cascade, heard)

    [row] = ledger
    assert not broken.value.retryable
    assert len(heard) == AFTER_IT
    assert len(fake_providers.requests) == 1
    assert (row.outcome, row.answered) == (outcome, True)
    assert till.settled == [(1, row.cost_usd_micros)]


async def test_what_a_provider_had_counted_before_the_cut_is_kept(fake_providers: FakeProviders) -> None:
    """Gemini counts with each piece, Claude what was sent at the beginning, OpenAI at the end only."""
    fake_providers.script.answers = [ANSWER]
    fake_providers.script.faults = [Fault(fault="cut", after_pieces=AFTER_IT)]
    ledger: list[ModelCall] = []

    for wire in WIRES:
        async with cascade_at(fake_providers.settings_of(wire), ledger) as cascade:
            with pytest.raises(APIError):
                await _say(cascade, [])

    openai, google, anthropic = ledger
    assert (openai.input_tokens, openai.cost_usd_micros) == (0, None)
    assert google.input_tokens > 0
    assert google.output_tokens == AFTER_IT
    assert google.cost_usd_micros
    assert anthropic.input_tokens > 0
    assert anthropic.cost_usd_micros


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize("fault", ["no_usage", "wrong_usage"])
async def test_an_answer_whose_count_is_missing_or_impossible_is_whole_and_unpriced(
    fake_providers: FakeProviders, wire: Wire, fault: FaultKind
) -> None:
    fake_providers.script.answers = [ANSWER]
    fake_providers.script.faults = [Fault(fault=fault)]
    ledger: list[ModelCall] = []
    heard: list[str] = []
    till = Till()

    async with cascade_at(fake_providers.settings_of(wire), ledger, purse=till) as cascade:
        await _say(cascade, heard)

    [row] = ledger
    assert "".join(heard) == ANSWER
    assert (row.outcome, row.answered, row.cost_usd_micros) == (CallOutcome.OK, True, None)
    assert (row.input_tokens, row.output_tokens, row.baseline_usd_micros) == (0, 0, None)
    assert till.settled == [(1, None)]


@pytest.mark.parametrize("wire", WIRES)
async def test_an_answer_that_reached_its_bound_is_told_from_one_that_ended(
    fake_providers: FakeProviders, wire: Wire
) -> None:
    fake_providers.script.answers = [ANSWER]
    fake_providers.script.faults = [Fault(fault="too_long", times=1)]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of(wire), ledger) as cascade:
        await _say(cascade, [])
        await _say(cascade, [])

    assert [row.checks["cut_off"] for row in ledger] == [False, True]


@pytest.mark.parametrize("wire", WIRES)
async def test_every_request_has_a_bound_for_its_answer(fake_providers: FakeProviders, wire: Wire) -> None:
    async with cascade_at(fake_providers.settings_of(wire), []) as cascade:
        await _say(cascade, [])

    [seen] = fake_providers.requests
    body = seen.model_dump()["body"]
    bounds = {
        "openai": body.get("max_completion_tokens"),
        "google": body.get("generationConfig", {}).get("maxOutputTokens"),
        "anthropic": body.get("max_tokens"),
    }
    assert bounds[wire] == 4096


@pytest.mark.parametrize("wire", WIRES)
async def test_when_all_fail_one_error_says_so_in_a_sentence(
    fake_providers: FakeProviders, wire: Wire
) -> None:
    fake_providers.script.faults = [Fault(fault="server_error")]
    ledger: list[ModelCall] = []
    till = Till()

    async with cascade_at(fake_providers.settings_of(wire), ledger, purse=till) as cascade:
        with pytest.raises(ProviderUnavailable, match=r"no model answered \(.*server_error; .*\)"):
            await _say(cascade, [])

    assert [row.answered for row in ledger] == [False] * len(fake_providers.requests)
    assert [hold_id for hold_id, _ in till.settled] == [hold.id for hold in till.held]

"""What happens when a provider fails: the next candidate answers, once, and every call is in the ledger."""

from dataclasses import replace

import pytest
from livekit.agents import APIError

from agent.cascade import Cascade
from agent.cascade.calls.deadlines import DEADLINES, FIRST_TOKEN_S, Deadlines
from agent.errors import ProviderUnavailable
from agent.wire import CallOutcome, ModelCall
from tests.fakes.providers import FakeProviders
from tests.fakes.script import Fault, FaultKind, Latencies, Wire
from tests.fixtures.providers import SDK_WARNING, cascade_at, eventually, pieces, question

WIRES: list[Wire] = ["openai", "google", "anthropic"]
pytestmark = pytest.mark.filterwarnings(SDK_WARNING)

SHORT = replace(DEADLINES, first_token_s=dict.fromkeys(FIRST_TOKEN_S, 0.8))


async def _say(cascade: Cascade, text: str = "What is the refund period?") -> str:
    return (await cascade.chat(chat_ctx=question(text)).collect()).text


@pytest.mark.parametrize("wire", WIRES)
@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("unauthorized", CallOutcome.AUTHENTICATION),
        ("rate_limited", CallOutcome.RATE_LIMITED),
        ("server_error", CallOutcome.SERVER_ERROR),
        ("hang", CallOutcome.TIMEOUT),
        ("garbage", CallOutcome.INVALID),
        ("empty", CallOutcome.EMPTY),
    ],
)
async def test_the_next_model_answers_when_the_first_fails(
    fake_providers: FakeProviders, wire: Wire, fault: FaultKind, outcome: CallOutcome
) -> None:
    fake_providers.script.faults = [Fault(fault=fault, wire=wire, times=1)]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of(wire), ledger, deadlines=SHORT) as cascade:
        answer = await _say(cascade)

    failed, answered = ledger
    assert answer.startswith("Sure.")
    assert (failed.tier, failed.outcome) == ("small", outcome)
    assert failed.first_token_ms is None
    assert (answered.tier, answered.outcome) == ("large", CallOutcome.OK)
    assert answered.reason == f"fallback after {outcome} from {failed.provider}/{failed.model}"


async def test_a_refused_call_costs_nothing_and_an_unanswered_one_is_unpriced(
    fake_providers: FakeProviders,
) -> None:
    fake_providers.script.faults = [
        Fault(fault="rate_limited", model="gpt-6-luna"),
        Fault(fault="hang", model="gpt-6.1-sol"),
    ]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger, deadlines=SHORT) as cascade:
        with pytest.raises(ProviderUnavailable):
            await _say(cascade)

    refused, silent = ledger
    assert (refused.cost_usd_micros, refused.baseline_usd_micros) == (0, 0)
    assert (silent.cost_usd_micros, silent.baseline_usd_micros) == (None, 0)


async def test_candidates_are_tried_in_order_across_providers(fake_providers: FakeProviders) -> None:
    fake_providers.script.faults = [
        Fault(fault="server_error", wire="openai"),
        Fault(fault="rate_limited", wire="google"),
    ]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings, ledger) as cascade:
        await _say(cascade)

    assert [(row.provider, str(row.outcome)) for row in ledger] == [
        ("openai", "server_error"),
        ("google", "rate_limited"),
        ("anthropic", "ok"),
    ]


async def test_a_provider_that_nobody_listens_for_is_passed_over(fake_providers: FakeProviders) -> None:
    gone = FakeProviders()
    await gone.start()
    dead_url = gone.base_url
    await gone.stop()
    ledger: list[ModelCall] = []
    settings = replace(fake_providers.settings, openai_base_url=f"{dead_url}/v1", google_base_url=dead_url)

    async with cascade_at(settings, ledger) as cascade:
        await _say(cascade)

    assert [str(row.outcome) for row in ledger] == ["connection", "connection", "ok"]
    assert ledger[-1].provider == "anthropic"


async def test_all_failures_end_in_one_error_that_names_them(fake_providers: FakeProviders) -> None:
    fake_providers.script.faults = [Fault(fault="server_error")]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger) as cascade:
        with pytest.raises(ProviderUnavailable) as failed:
            await _say(cascade)

    assert str(failed.value) == (
        "no model answered (openai/gpt-6-luna: server_error; openai/gpt-6.1-sol: server_error)"
    )
    assert len(fake_providers.requests) == len(ledger) == 2


@pytest.mark.parametrize("wire", WIRES)
async def test_there_is_no_second_answer_once_a_word_went_out(
    fake_providers: FakeProviders, wire: Wire
) -> None:
    fake_providers.script.faults = [Fault(fault="cut", wire=wire, times=1, after_pieces=8)]
    fake_providers.script.answers = ["It is thirty days in all. They begin with the day of the purchase."]
    ledger: list[ModelCall] = []
    heard: list[str] = []

    async with cascade_at(fake_providers.settings_of(wire), ledger) as cascade:
        with pytest.raises(APIError) as broken:
            await pieces(cascade.chat(chat_ctx=question("Go on")), heard)

    [row] = ledger
    assert not broken.value.retryable
    assert len(heard) == 8
    assert len(fake_providers.requests) == 1
    assert (row.tier, row.outcome, row.answered) == ("small", CallOutcome.CUT, True)
    assert row.first_token_ms is not None


async def test_a_long_answer_outlives_the_first_token_deadline(fake_providers: FakeProviders) -> None:
    fake_providers.script.latencies = Latencies(first_token_s=0.1, token_s=0.08)
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger, deadlines=SHORT) as cascade:
        answer = await _say(cascade)

    [row] = ledger
    assert answer.endswith("purchase.")
    assert row.total_ms > 800


async def test_an_answer_that_does_not_end_is_cut_at_the_total_deadline(
    fake_providers: FakeProviders,
) -> None:
    fake_providers.script.answers = ["word " * 1_000]
    ledger: list[ModelCall] = []
    deadlines = Deadlines(FIRST_TOKEN_S, total_s=0.3)

    async with cascade_at(fake_providers.settings_of("openai"), ledger, deadlines=deadlines) as cascade:
        with pytest.raises(APIError):
            await _say(cascade)

    [row] = ledger
    assert row.outcome == CallOutcome.TIMEOUT
    assert len(fake_providers.requests) == 1


@pytest.mark.parametrize("wire", WIRES)
async def test_a_cancelled_call_is_in_the_ledger_and_hangs_up(
    fake_providers: FakeProviders, wire: Wire
) -> None:
    fake_providers.script.answers = ["word " * 1_000]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of(wire), ledger) as cascade:
        stream = cascade.chat(chat_ctx=question("Talk"))
        await anext(stream)
        await stream.aclose()

    [row], [seen] = ledger, fake_providers.requests
    assert row.outcome == CallOutcome.CANCELLED
    assert row.reason == "small first"
    await eventually(lambda: seen.cancelled)


async def test_a_call_cancelled_before_its_first_token_is_in_the_ledger(
    fake_providers: FakeProviders,
) -> None:
    fake_providers.script.faults = [Fault(fault="hang")]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger) as cascade:
        stream = cascade.chat(chat_ctx=question("Talk"))
        await eventually(lambda: fake_providers.requests)
        await stream.aclose()

    [row] = ledger
    assert (row.outcome, row.first_token_ms, row.cost_usd_micros) == (CallOutcome.CANCELLED, None, None)


async def test_a_turn_that_failed_does_not_spoil_the_next(fake_providers: FakeProviders) -> None:
    fake_providers.script.faults = [Fault(fault="server_error", times=2)]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger) as cascade:
        with pytest.raises(ProviderUnavailable):
            await _say(cascade)
        answer = await _say(cascade)

    assert answer.startswith("Sure.")
    assert ledger[-1].reason == "small first"

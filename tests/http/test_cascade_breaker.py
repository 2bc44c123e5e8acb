"""Models that fail are left alone, asked for by a metered probe, and taken back, under the real SDKs."""

from dataclasses import dataclass

import pytest

from agent.cascade import Cascade
from agent.cascade.calls.breaker import FAILURES_TO_OPEN, Breakers
from agent.errors import ProviderUnavailable
from agent.wire import CallOutcome, ModelCall
from tests.fakes.providers import FakeProviders
from tests.fakes.script import Fault, Wire
from tests.fixtures.providers import SDK_WARNING, cascade_at, eventually, question
from tests.fixtures.purse import Till

pytestmark = pytest.mark.filterwarnings(SDK_WARNING)

WIRES: list[Wire] = ["openai", "google", "anthropic"]


@dataclass
class Clock:
    now_s: float = 1_000.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breakers(clock: Clock) -> Breakers:
    return Breakers(clock, chance=lambda: 0.5)


async def _say(cascade: Cascade) -> str:
    return (await cascade.chat(chat_ctx=question("How long is the refund period?")).collect()).text


async def test_a_model_that_fails_in_turn_after_turn_is_passed_over(
    fake_providers: FakeProviders, breakers: Breakers
) -> None:
    fake_providers.script.faults = [Fault(fault="server_error", model="gpt-6-luna")]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger, breakers=breakers) as cascade:
        for _ in range(FAILURES_TO_OPEN + 1):
            await _say(cascade)

    last = ledger[-1]
    assert [row.outcome for row in ledger].count(CallOutcome.SERVER_ERROR) == FAILURES_TO_OPEN
    assert (last.tier, last.purpose, last.reason) == ("large", "answer", "large only")
    assert last.decision["policy"] == "openai/gpt-6-luna rests after failures"


@pytest.mark.parametrize("wire", WIRES)
async def test_a_provider_that_asks_to_wait_is_not_asked_before(
    fake_providers: FakeProviders, breakers: Breakers, clock: Clock, wire: Wire
) -> None:
    fake_providers.script.faults = [Fault(fault="rate_limited", times=1, retry_after_s=90.0)]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of(wire), ledger, breakers=breakers) as cascade:
        await _say(cascade)
        clock.now_s += 89
        await _say(cascade)
        assert [row.purpose for row in ledger] == ["answer", "fallback", "answer"]
        clock.now_s += 2
        await _say(cascade)
        await eventually(lambda: len(ledger) == 5)

    assert sorted(row.purpose for row in ledger[3:]) == ["answer", "probe"]


async def test_a_probe_is_a_metered_call_that_nobody_waits_for_and_takes_the_model_back(
    fake_providers: FakeProviders, breakers: Breakers, clock: Clock
) -> None:
    fake_providers.script.faults = [Fault(fault="unauthorized", model="gpt-6-luna", times=1)]
    ledger: list[ModelCall] = []
    till = Till()

    async with cascade_at(
        fake_providers.settings_of("openai"), ledger, breakers=breakers, purse=till
    ) as cascade:
        await _say(cascade)
        clock.now_s += 3_600
        await _say(cascade)
        await eventually(lambda: any(row.purpose == "probe" for row in ledger))
        await _say(cascade)

    [probe] = [row for row in ledger if row.purpose == "probe"]
    assert (probe.tier, probe.outcome, probe.answered) == ("small", CallOutcome.OK, False)
    assert probe.cost_usd_micros
    assert (probe.baseline_usd_micros, probe.single_usd_micros) == (0, 0)
    assert (ledger[-1].tier, ledger[-1].reason) == ("small", "small first")
    assert sorted(hold_id for hold_id, _ in till.settled) == [hold.id for hold in till.held]


async def test_a_failed_probe_makes_the_pause_longer(
    fake_providers: FakeProviders, breakers: Breakers, clock: Clock
) -> None:
    fake_providers.script.faults = [Fault(fault="unauthorized", model="gpt-6-luna")]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger, breakers=breakers) as cascade:
        await _say(cascade)
        key = cascade.decider.key(cascade.resolved.lanes["talk"][0].model)
        first_s = breakers.opens_for_s(key)
        clock.now_s += first_s
        await _say(cascade)
        await eventually(lambda: any(row.purpose == "probe" for row in ledger))
        second_s = breakers.opens_for_s(key)

    assert second_s == 2 * first_s


async def test_one_probe_at_a_time(fake_providers: FakeProviders, breakers: Breakers, clock: Clock) -> None:
    fake_providers.script.faults = [Fault(fault="unauthorized", model="gpt-6-luna", times=1)]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger, breakers=breakers) as cascade:
        await _say(cascade)
        fake_providers.script.faults = [Fault(fault="hang", model="gpt-6-luna")]
        clock.now_s += 3_600
        for _ in range(3):
            await _say(cascade)
        asked = [seen for seen in fake_providers.requests if seen.model == "gpt-6-luna"]

    assert len(asked) == 2
    assert [row.outcome for row in ledger if row.purpose == "probe"] == [CallOutcome.CANCELLED]


async def test_when_every_model_rests_one_is_asked_all_the_same(
    fake_providers: FakeProviders, breakers: Breakers
) -> None:
    fake_providers.script.faults = [Fault(fault="unauthorized", times=2)]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger, breakers=breakers) as cascade:
        with pytest.raises(ProviderUnavailable):
            await _say(cascade)
        answer = await _say(cascade)

    assert answer.startswith("Sure.")
    assert ledger[-1].decision["policy"].startswith("every model failed lately")


async def test_a_question_that_one_provider_withholds_an_answer_to_does_not_count_against_it(
    fake_providers: FakeProviders, breakers: Breakers
) -> None:
    fake_providers.script.faults = [Fault(fault="filtered", model="gpt-6-luna", times=FAILURES_TO_OPEN)]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger, breakers=breakers) as cascade:
        for _ in range(FAILURES_TO_OPEN + 1):
            await _say(cascade)

    assert (ledger[-1].tier, ledger[-1].reason) == ("small", "small first")


async def test_a_refused_key_of_one_tenant_is_not_anothers(
    fake_providers: FakeProviders, breakers: Breakers
) -> None:
    fake_providers.script.faults = [Fault(fault="unauthorized", model="gpt-6-luna", times=1)]
    theirs: list[ModelCall] = []
    ours: list[ModelCall] = []
    settings = fake_providers.settings_of("openai")
    others = type(settings)(openai_api_key="another", openai_base_url=settings.openai_base_url)

    async with cascade_at(others, theirs, breakers=breakers) as cascade:
        await _say(cascade)
    async with cascade_at(settings, ours, breakers=breakers) as cascade:
        await _say(cascade)

    assert [row.tier for row in theirs] == ["small", "large"]
    assert [row.tier for row in ours] == ["small"]

"""When a model is left alone, for how long, and how it comes back."""

from dataclasses import dataclass

import pytest

from agent.cascade.calls.breaker import (
    FAILURES_TO_OPEN,
    FIRST_PAUSE_S,
    JITTER,
    LASTING_PAUSE_S,
    LONGEST_PAUSE_S,
    Breakers,
    Key,
    sort_by_health,
)
from agent.cascade.calls.faults import Fault
from agent.cascade.models.catalog import Model
from agent.cascade.models.resolved import Candidate, Endpoint
from agent.wire import CallOutcome

KEY: Key = ("openai/gpt-6-luna", None)
BROKEN = Fault(CallOutcome.SERVER_ERROR)
REFUSED = Fault(CallOutcome.AUTHENTICATION, lasting=True, billed=False)
FILTERED = Fault(CallOutcome.FILTERED, counts=False)


@dataclass
class Clock:
    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breakers(clock: Clock) -> Breakers:
    return Breakers(clock, chance=lambda: 0.5)


def _fail(breakers: Breakers, times: int = FAILURES_TO_OPEN, fault: Fault = BROKEN) -> None:
    for _ in range(times):
        breakers.note(KEY, fault)


def test_it_opens_after_failures_in_a_row(breakers: Breakers) -> None:
    _fail(breakers, FAILURES_TO_OPEN - 1)
    before = breakers.is_open(KEY)
    _fail(breakers, 1)

    assert (before, breakers.is_open(KEY)) == (False, True)


def test_an_answer_between_failures_starts_the_count_anew(breakers: Breakers) -> None:
    _fail(breakers, FAILURES_TO_OPEN - 1)
    breakers.note(KEY, None)
    _fail(breakers, FAILURES_TO_OPEN - 1)

    assert not breakers.is_open(KEY)


def test_what_one_request_brought_on_itself_is_not_counted(breakers: Breakers) -> None:
    _fail(breakers, 10, FILTERED)

    assert not breakers.is_open(KEY)
    assert breakers.all_closed


def test_a_refused_key_opens_it_at_once_and_for_longer(breakers: Breakers) -> None:
    _fail(breakers, 1, REFUSED)

    assert breakers.opens_for_s(KEY) == LASTING_PAUSE_S > FIRST_PAUSE_S


def test_it_opens_for_as_long_as_the_provider_asks(breakers: Breakers) -> None:
    _fail(breakers, 1, Fault(CallOutcome.RATE_LIMITED, retry_after_s=42.0))

    assert breakers.opens_for_s(KEY) == 42.0


def test_a_shorter_wish_than_its_own_pause_does_not_shorten_it(breakers: Breakers) -> None:
    _fail(breakers, 1, Fault(CallOutcome.RATE_LIMITED, retry_after_s=0.5))

    assert breakers.opens_for_s(KEY) == FIRST_PAUSE_S


def test_no_probe_is_due_before_its_time_and_only_one_after_it(breakers: Breakers, clock: Clock) -> None:
    _fail(breakers)
    early = breakers.take_probe(KEY)
    clock.now_s = FIRST_PAUSE_S

    assert not early
    assert [breakers.take_probe(KEY) for _ in range(3)] == [True, False, False]
    assert breakers.is_open(KEY)


def test_a_probe_that_was_dropped_may_be_made_again(breakers: Breakers, clock: Clock) -> None:
    _fail(breakers)
    clock.now_s = FIRST_PAUSE_S
    breakers.take_probe(KEY)
    breakers.drop_probe(KEY)

    assert breakers.take_probe(KEY)


def test_a_probe_that_succeeds_closes_it(breakers: Breakers, clock: Clock) -> None:
    _fail(breakers)
    clock.now_s = FIRST_PAUSE_S
    breakers.take_probe(KEY)
    breakers.note(KEY, None)

    assert not breakers.is_open(KEY)


def test_each_failed_probe_doubles_the_pause_up_to_a_bound(breakers: Breakers, clock: Clock) -> None:
    _fail(breakers)
    pauses = []
    for _ in range(10):
        pauses.append(breakers.opens_for_s(KEY))
        clock.now_s += pauses[-1]
        breakers.take_probe(KEY)
        _fail(breakers, 1)

    assert pauses[:4] == [FIRST_PAUSE_S * factor for factor in (1, 2, 4, 8)]
    assert pauses[-1] == LONGEST_PAUSE_S


def test_calls_that_had_begun_before_it_opened_do_not_make_the_pause_longer(
    breakers: Breakers, clock: Clock
) -> None:
    _fail(breakers)
    clock.now_s = 1.0
    _fail(breakers, 20)

    assert breakers.opens_for_s(KEY) == FIRST_PAUSE_S - 1.0


@pytest.mark.parametrize(("chance", "factor"), [(0.0, 1 - JITTER), (1.0, 1 + JITTER)])
def test_pauses_differ_by_chance(clock: Clock, chance: float, factor: float) -> None:
    breakers = Breakers(clock, chance=lambda: chance)
    _fail(breakers)

    assert breakers.opens_for_s(KEY) == pytest.approx(FIRST_PAUSE_S * factor)


def test_a_model_is_known_by_where_it_is_and_with_whose_key(breakers: Breakers) -> None:
    ours, theirs = ((KEY[0], Endpoint(None, key)) for key in ("ours", "theirs"))
    breakers.note(theirs, REFUSED)

    assert (breakers.is_open(theirs), breakers.is_open(ours)) == (True, False)


def test_when_all_rest_the_one_that_is_due_soonest_comes_first(breakers: Breakers) -> None:
    slow, quick = (Candidate("small", Model("openai", name)) for name in ("slow", "quick"))
    breakers.note((slow.model.name, None), REFUSED)
    breakers.note((quick.model.name, None), Fault(CallOutcome.RATE_LIMITED, retry_after_s=9.0))

    health = sort_by_health(breakers, [slow, quick], lambda model: (model.name, None))

    assert health.is_desperate
    assert health.alive == (quick, slow)

"""A small model's weak answer: held, read, and given up for a large one's, at most once in a turn."""

from dataclasses import replace
from typing import Any

import pytest
from livekit import rtc
from livekit.agents import llm
from pydantic import JsonValue

from agent.cascade import TurnFacts
from agent.cascade.money.budget import BudgetState
from agent.cascade.verify.handup import HAND_UP_MARKER
from agent.errors import ProviderUnavailable
from agent.wire import CallOutcome, ModelCall
from tests.fakes.providers import FakeProviders
from tests.fakes.script import Fault, Wire
from tests.fixtures.providers import SDK_WARNING, cascade_at, eventually, pieces, question
from tests.fixtures.purse import Till
from tests.http.escalations import ESCALATED, GOOD, QUESTION, REFUSAL, WIRES, ask, shape_of

pytestmark = pytest.mark.filterwarnings(SDK_WARNING)


@pytest.mark.parametrize("delivery", ["voice", "text"])
@pytest.mark.parametrize("wire", WIRES)
async def test_a_turn_that_is_handed_up_is_answered_by_the_large_model_and_counted(
    fake_providers: FakeProviders, wire: Wire, delivery: Any
) -> None:
    fake_providers.script.answers = [HAND_UP_MARKER, GOOD]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of(wire), ledger) as cascade:
        answer = await ask(cascade, TurnFacts(turn="turn-1", delivery=delivery))

    small, large = sorted(ledger, key=lambda row: row.started_at)
    assert answer.text == GOOD
    assert shape_of([small, large]) == ESCALATED
    assert small.outcome == CallOutcome.OK
    assert small.cost_usd_micros
    assert (small.baseline_usd_micros, small.single_usd_micros) == (0, 0)
    assert large.baseline_usd_micros == large.cost_usd_micros
    assert small.decision["escalate"] == "the model handed the turn up"


async def test_only_a_small_model_with_a_large_one_behind_it_is_told_how_to_hand_up(
    fake_providers: FakeProviders,
) -> None:
    fake_providers.script.answers = [HAND_UP_MARKER, GOOD]
    settings = fake_providers.settings_of("openai")

    async with cascade_at(settings, []) as cascade:
        await ask(cascade)
        small, large = fake_providers.requests
    async with cascade_at(settings, [], purse=Till(BudgetState.THRIFT)) as cascade:
        await ask(cascade)

    told = [HAND_UP_MARKER in str(seen.body["messages"]) for seen in (small, large)]
    assert told == [True, False]
    assert HAND_UP_MARKER not in str(fake_providers.requests[-1].body["messages"])


@pytest.mark.parametrize("wire", WIRES)
async def test_the_instructions_stay_the_beginning_of_the_prompt_when_handing_up_is_explained(
    fake_providers: FakeProviders, wire: Wire
) -> None:
    """So that what a provider keeps of the prompt serves both ways of asking."""
    async with cascade_at(fake_providers.settings_of(wire), []) as cascade:
        await ask(cascade)

    body = fake_providers.requests[0].model_dump()["body"]
    first = {
        "openai": lambda: body["messages"][0]["content"],
        "google": lambda: body["systemInstruction"]["parts"][0]["text"],
        "anthropic": lambda: body["system"][0]["text"],
    }[wire]()
    told = first if isinstance(first, str) else first[0]["text"]
    assert told.startswith("You answer in one sentence.")
    assert QUESTION in fake_providers.requests[0].question
    assert HAND_UP_MARKER not in fake_providers.requests[0].question


async def test_a_refusal_in_the_first_sentence_is_never_seen(fake_providers: FakeProviders) -> None:
    fake_providers.script.answers = [REFUSAL, GOOD]
    ledger: list[ModelCall] = []
    heard: list[str] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger) as cascade:
        await pieces(cascade.chat(chat_ctx=question(QUESTION)), heard)

    assert "".join(heard) == GOOD
    assert sorted(shape_of(ledger)) == sorted(ESCALATED)


async def test_a_spoken_turn_that_is_handed_up_is_acknowledged_once(fake_providers: FakeProviders) -> None:
    fake_providers.script.answers = [HAND_UP_MARKER, GOOD]
    said: list[str] = []

    async with cascade_at(fake_providers.settings_of("openai"), []) as cascade:
        await ask(cascade, TurnFacts(delivery="voice", acknowledge=lambda: said.append("one moment")))
        fake_providers.script.answers = [GOOD]
        await ask(cascade, TurnFacts(delivery="voice", acknowledge=lambda: said.append("one moment")))

    assert said == ["one moment"]


async def test_an_acknowledgement_that_fails_does_not_fail_the_turn(fake_providers: FakeProviders) -> None:
    fake_providers.script.answers = [HAND_UP_MARKER, GOOD]

    def fail() -> None:
        raise OSError

    async with cascade_at(fake_providers.settings_of("openai"), []) as cascade:
        answer = await ask(cascade, TurnFacts(delivery="voice", acknowledge=fail))

    assert answer.text == GOOD


async def test_a_written_turn_is_not_acknowledged(fake_providers: FakeProviders) -> None:
    fake_providers.script.answers = [HAND_UP_MARKER, GOOD]
    said: list[str] = []

    async with cascade_at(fake_providers.settings_of("openai"), []) as cascade:
        await ask(cascade, TurnFacts(acknowledge=lambda: said.append("one moment")))

    assert said == []


async def test_a_turn_is_handed_up_once_at_most(fake_providers: FakeProviders) -> None:
    """What the large model says is the answer, even if it looks like handing up."""
    fake_providers.script.answers = [HAND_UP_MARKER, REFUSAL]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger) as cascade:
        answer = await ask(cascade)

    assert answer.text == REFUSAL
    assert len(ledger) == len(fake_providers.requests) == 2


async def test_what_follows_in_a_turn_that_was_handed_up_is_the_large_models_too(
    fake_providers: FakeProviders,
) -> None:
    """A turn that calls tools asks for several answers; its second one asks the small model nothing."""
    fake_providers.script.answers = [HAND_UP_MARKER, GOOD, GOOD, GOOD]
    ledger: list[ModelCall] = []
    acknowledged: list[str] = []
    facts = TurnFacts(turn="turn-1", delivery="voice", acknowledge=lambda: acknowledged.append("once"))

    async with cascade_at(fake_providers.settings_of("openai"), ledger) as cascade:
        for turn in ("turn-1", "turn-1", "turn-2"):
            await ask(cascade, replace(facts, turn=turn))

    rows = sorted(ledger, key=lambda row: row.started_at)
    assert shape_of(rows) == [*ESCALATED, ("large", "answer", True), ("small", "answer", True)]
    assert rows[2].decision["call"] == "large first: this turn was handed up"
    assert acknowledged == ["once"]


async def test_the_next_large_model_takes_over_when_the_first_fails(fake_providers: FakeProviders) -> None:
    fake_providers.script.answers = [HAND_UP_MARKER, GOOD]
    fake_providers.script.faults = [Fault(fault="server_error", model="gpt-6.1-sol")]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings, ledger) as cascade:
        answer = await ask(cascade)

    assert answer.text == GOOD
    assert sum(row.answered for row in ledger) == 1
    assert [row.tier for row in ledger].count("large") == 2


async def test_a_weak_answer_is_given_when_no_large_model_answers(fake_providers: FakeProviders) -> None:
    fake_providers.script.answers = [REFUSAL]
    fake_providers.script.faults = [Fault(fault="server_error", model="gpt-6.1-sol")]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger) as cascade:
        answer = await ask(cascade)

    [small] = [row for row in ledger if row.answered]
    assert answer.text == REFUSAL
    assert (small.tier, small.purpose, small.outcome) == ("small", "answer", CallOutcome.OK)
    assert len(ledger) == 2


async def test_a_turn_handed_up_to_nobody_goes_back_without_the_way_out(
    fake_providers: FakeProviders,
) -> None:
    fake_providers.script.answers = [HAND_UP_MARKER, GOOD]
    fake_providers.script.faults = [Fault(fault="server_error", model="gpt-6.1-sol")]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger) as cascade:
        answer = await ask(cascade)

    assert answer.text == GOOD
    assert [row.tier for row in ledger if row.answered] == ["small"]
    assert len(ledger) == len(fake_providers.requests) == 3
    assert HAND_UP_MARKER not in str(fake_providers.requests[-1].body["messages"])


async def test_an_empty_answer_and_nobody_behind_it_is_an_error(fake_providers: FakeProviders) -> None:
    fake_providers.script.faults = [
        Fault(fault="empty", model="gpt-6-luna"),
        Fault(fault="server_error", model="gpt-6.1-sol"),
    ]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger) as cascade:
        with pytest.raises(ProviderUnavailable):
            await ask(cascade)

    assert [row.answered for row in ledger] == [False, False]


def _longest(value: JsonValue) -> int:
    """The _longest text in a request: its image."""
    match value:
        case str():
            return len(value)
        case dict():
            return max(map(_longest, value.values()), default=0)
        case list():
            return max(map(_longest, value), default=0)
        case _:
            return 0


def _picture(side_px: int) -> llm.ImageContent:
    pixels = bytes([200]) * (side_px * side_px * 3 // 2)
    return llm.ImageContent(image=rtc.VideoFrame(side_px, side_px, rtc.VideoBufferType.I420, pixels))


@pytest.mark.parametrize("wire", WIRES)
async def test_the_large_model_gets_the_crop_in_place_of_the_frame(
    fake_providers: FakeProviders, wire: Wire
) -> None:
    fake_providers.script.answers = [HAND_UP_MARKER, GOOD]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of(wire), ledger) as cascade:
        await ask(cascade, TurnFacts(crop=_picture(32)), images=(_picture(64),))

    small, large = fake_providers.requests
    assert [row.kind for row in ledger] == ["see", "see"]
    assert (small.images, large.images) == (1, 1)
    assert _longest(large.body) < _longest(small.body)


async def test_a_turn_that_is_cancelled_while_it_is_handed_up_leaves_a_row_for_each_call(
    fake_providers: FakeProviders,
) -> None:
    fake_providers.script.answers = [HAND_UP_MARKER]
    fake_providers.script.faults = [Fault(fault="hang", model="gpt-6.1-sol")]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger) as cascade:
        stream = cascade.chat(chat_ctx=question(QUESTION))
        await eventually(lambda: len(fake_providers.requests) == 2)
        await stream.aclose()

    assert [row.answered for row in ledger] == [False, False]
    assert ledger[-1].outcome == CallOutcome.CANCELLED

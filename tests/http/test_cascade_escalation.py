"""A small model's weak answer: held, read, and given up for a large one's, at most once in a turn."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import pytest
from livekit import rtc
from livekit.agents import llm
from pydantic import JsonValue

from agent.cascade import TURN_KEY, Cascade, TurnFacts
from agent.cascade.money.budget import BudgetState
from agent.cascade.score import Thresholds
from agent.cascade.verify.handup import HAND_UP_MARKER
from agent.cascade.verify.verdict import Verdict
from agent.errors import ProviderUnavailable
from agent.wire import CallOutcome, ModelCall
from tests.fakes.providers import FakeProviders
from tests.fakes.script import Fault, Latencies, ToolUse, Wire
from tests.fixtures.providers import SDK_WARNING, cascade_at, eventually, pieces, question
from tests.fixtures.purse import Till

pytestmark = pytest.mark.filterwarnings(SDK_WARNING)

WIRES: list[Wire] = ["openai", "google", "anthropic"]
GOOD = "It is thirty days in all. They begin with the day of the purchase."
REFUSAL = "I'm sorry, but I can't help with that. Please ask somebody else about it."
QUESTION = "How long is the refund period?"


@dataclass(frozen=True)
class Fixed:
    """A scorer that finds every question, and every answer, the same."""

    first: float = 0.0
    second: float = 0.0

    def before(self, text: str) -> float:
        return self.first

    def after(self, text: str, answer: str, verdict: Verdict) -> float:
        return self.second


LINES = Thresholds(voice=0.5, text=0.5, after=0.5)


async def _ask(
    cascade: Cascade,
    facts: TurnFacts | None = None,
    text: str = QUESTION,
    tools: list[llm.Tool] | None = None,
    images: tuple[llm.ImageContent, ...] = (),
) -> llm.CollectedResponse:
    return await cascade.chat(
        chat_ctx=question(text, *images),
        tools=tools,
        extra_kwargs={TURN_KEY: facts or TurnFacts(turn="turn-1")},
    ).collect()


def _shape(ledger: list[ModelCall]) -> list[tuple[str | None, str, bool]]:
    return [(row.tier, row.purpose, row.answered) for row in ledger]


ESCALATED = [("small", "answer", False), ("large", "escalation", True)]


@pytest.mark.parametrize("delivery", ["voice", "text"])
@pytest.mark.parametrize("wire", WIRES)
async def test_a_turn_that_is_handed_up_is_answered_by_the_large_model_and_counted(
    fake_providers: FakeProviders, wire: Wire, delivery: Any
) -> None:
    fake_providers.script.answers = [HAND_UP_MARKER, GOOD]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of(wire), ledger) as cascade:
        answer = await _ask(cascade, TurnFacts(turn="turn-1", delivery=delivery))

    small, large = sorted(ledger, key=lambda row: row.started_at)
    assert answer.text == GOOD
    assert _shape([small, large]) == ESCALATED
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
        await _ask(cascade)
        small, large = fake_providers.requests
    async with cascade_at(settings, [], purse=Till(BudgetState.THRIFT)) as cascade:
        await _ask(cascade)

    told = [HAND_UP_MARKER in str(seen.body["messages"]) for seen in (small, large)]
    assert told == [True, False]
    assert HAND_UP_MARKER not in str(fake_providers.requests[-1].body["messages"])


@pytest.mark.parametrize("wire", WIRES)
async def test_the_instructions_stay_the_beginning_of_the_prompt_when_handing_up_is_explained(
    fake_providers: FakeProviders, wire: Wire
) -> None:
    """So that what a provider keeps of the prompt serves both ways of asking."""
    async with cascade_at(fake_providers.settings_of(wire), []) as cascade:
        await _ask(cascade)

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
    assert sorted(_shape(ledger)) == sorted(ESCALATED)


async def test_a_spoken_turn_that_is_handed_up_is_acknowledged_once(fake_providers: FakeProviders) -> None:
    fake_providers.script.answers = [HAND_UP_MARKER, GOOD]
    said: list[str] = []

    async with cascade_at(fake_providers.settings_of("openai"), []) as cascade:
        await _ask(cascade, TurnFacts(delivery="voice", acknowledge=lambda: said.append("one moment")))
        fake_providers.script.answers = [GOOD]
        await _ask(cascade, TurnFacts(delivery="voice", acknowledge=lambda: said.append("one moment")))

    assert said == ["one moment"]


async def test_an_acknowledgement_that_fails_does_not_fail_the_turn(fake_providers: FakeProviders) -> None:
    fake_providers.script.answers = [HAND_UP_MARKER, GOOD]

    def fail() -> None:
        raise OSError

    async with cascade_at(fake_providers.settings_of("openai"), []) as cascade:
        answer = await _ask(cascade, TurnFacts(delivery="voice", acknowledge=fail))

    assert answer.text == GOOD


async def test_a_written_turn_is_not_acknowledged(fake_providers: FakeProviders) -> None:
    fake_providers.script.answers = [HAND_UP_MARKER, GOOD]
    said: list[str] = []

    async with cascade_at(fake_providers.settings_of("openai"), []) as cascade:
        await _ask(cascade, TurnFacts(acknowledge=lambda: said.append("one moment")))

    assert said == []


async def test_a_turn_is_handed_up_once_at_most(fake_providers: FakeProviders) -> None:
    """What the large model says is the answer, even if it looks like handing up."""
    fake_providers.script.answers = [HAND_UP_MARKER, REFUSAL]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger) as cascade:
        answer = await _ask(cascade)

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
            await _ask(cascade, replace(facts, turn=turn))

    rows = sorted(ledger, key=lambda row: row.started_at)
    assert _shape(rows) == [*ESCALATED, ("large", "answer", True), ("small", "answer", True)]
    assert rows[2].decision["call"] == "large first: this turn was handed up"
    assert acknowledged == ["once"]


async def test_the_next_large_model_takes_over_when_the_first_fails(fake_providers: FakeProviders) -> None:
    fake_providers.script.answers = [HAND_UP_MARKER, GOOD]
    fake_providers.script.faults = [Fault(fault="server_error", model="gpt-6.1-sol")]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings, ledger) as cascade:
        answer = await _ask(cascade)

    assert answer.text == GOOD
    assert sum(row.answered for row in ledger) == 1
    assert [row.tier for row in ledger].count("large") == 2


async def test_a_weak_answer_is_given_when_no_large_model_answers(fake_providers: FakeProviders) -> None:
    fake_providers.script.answers = [REFUSAL]
    fake_providers.script.faults = [Fault(fault="server_error", model="gpt-6.1-sol")]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger) as cascade:
        answer = await _ask(cascade)

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
        answer = await _ask(cascade)

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
            await _ask(cascade)

    assert [row.answered for row in ledger] == [False, False]


async def test_a_score_that_reaches_its_line_sends_the_question_to_the_large_tier_first(
    fake_providers: FakeProviders,
) -> None:
    fake_providers.script.answers = [GOOD]
    ledger: list[ModelCall] = []

    async with cascade_at(
        fake_providers.settings_of("openai"), ledger, scorer=Fixed(0.7), thresholds=LINES
    ) as cascade:
        await _ask(cascade)

    [row] = ledger
    assert (row.tier, row.purpose, row.score, row.threshold) == ("large", "answer", 0.7, 0.5)
    assert row.reason == "large first: score 0.70 reaches 0.50"


async def test_a_short_answer_whose_score_reaches_its_line_is_replaced(
    fake_providers: FakeProviders,
) -> None:
    fake_providers.script.answers = ["Thirty days", GOOD]
    ledger: list[ModelCall] = []

    async with cascade_at(
        fake_providers.settings_of("openai"), ledger, scorer=Fixed(0.1, 0.9), thresholds=LINES
    ) as cascade:
        answer = await _ask(cascade)

    small = next(row for row in ledger if row.tier == "small")
    assert answer.text == GOOD
    assert small.decision["escalate"] == "score 0.900 reaches 0.500"
    assert small.decision["verify"].endswith("0.900 that the large tier does better")


async def test_an_answer_that_is_out_is_read_all_the_same(fake_providers: FakeProviders) -> None:
    fake_providers.script.answers = [GOOD]
    ledger: list[ModelCall] = []

    async with cascade_at(
        fake_providers.settings_of("openai"), ledger, scorer=Fixed(0.1, 0.9), thresholds=LINES
    ) as cascade:
        answer = await _ask(cascade)

    [row] = ledger
    assert answer.text == GOOD
    assert (row.tier, row.answered) == ("small", True)
    assert row.checks["refusal"]
    assert "0.900" in row.decision["verify"]


async def test_a_caller_who_wants_it_has_the_whole_answer_read_before_any_of_it(
    fake_providers: FakeProviders,
) -> None:
    fake_providers.script.answers = [GOOD, "Thirty days, says the large one. No more and no less than that."]
    ledger: list[ModelCall] = []

    async with cascade_at(
        fake_providers.settings_of("openai"), ledger, scorer=Fixed(0.1, 0.9), thresholds=LINES
    ) as cascade:
        answer = await _ask(cascade, TurnFacts(hold="answer"))

    assert answer.text.startswith("Thirty days, says the large one.")
    assert sorted(_shape(ledger)) == sorted(ESCALATED)


async def test_a_model_that_stops_within_its_first_sentence_is_heard_when_the_time_is_up(
    fake_providers: FakeProviders,
) -> None:
    fake_providers.script.answers = [GOOD]
    fake_providers.script.faults = [Fault(fault="stall", after_pieces=4)]
    heard: list[str] = []

    async with cascade_at(fake_providers.settings_of("openai"), []) as cascade:
        facts = TurnFacts(delivery="voice")
        stream = cascade.chat(chat_ctx=question(QUESTION), extra_kwargs={TURN_KEY: facts})
        reading = asyncio.create_task(pieces(stream, heard))
        await eventually(lambda: heard)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)

    assert "".join(heard) == "It is thirty days"


async def test_a_marker_that_never_ends_is_not_let_out_by_time(fake_providers: FakeProviders) -> None:
    half = HAND_UP_MARKER[:5]
    fake_providers.script.answers = [f"{half} is how it began. It went on for a good while after that."]
    fake_providers.script.latencies = Latencies(first_token_s=0.01, token_s=0.9)
    fake_providers.script.faults = [Fault(fault="stall", after_pieces=1)]
    heard: list[str] = []

    async with cascade_at(fake_providers.settings_of("openai"), []) as cascade:
        facts = TurnFacts(delivery="voice")
        stream = cascade.chat(chat_ctx=question(QUESTION), extra_kwargs={TURN_KEY: facts})
        reading = asyncio.create_task(pieces(stream, heard))
        with pytest.raises(TimeoutError):
            await eventually(lambda: heard, within_s=1.0)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)

    assert heard == []


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
        await _ask(cascade, TurnFacts(crop=_picture(32)), images=(_picture(64),))

    small, large = fake_providers.requests
    assert [row.kind for row in ledger] == ["see", "see"]
    assert (small.images, large.images) == (1, 1)
    assert _longest(large.body) < _longest(small.body)


def _longest(value: JsonValue) -> int:
    """The longest text in a request: its image."""
    match value:
        case str():
            return len(value)
        case dict():
            return max(map(_longest, value.values()), default=0)
        case list():
            return max(map(_longest, value), default=0)
        case _:
            return 0


@llm.function_tool
async def book_table(people: int) -> str:
    """Books a table for so many people."""
    return f"for {people}"


@pytest.mark.parametrize(
    "arguments", ['{"people": "four"', '{"guests": 4}'], ids=["not JSON", "of another schema"]
)
async def test_a_small_models_invalid_tool_call_is_not_released(
    fake_providers: FakeProviders, arguments: str
) -> None:
    fake_providers.script.uses = {
        "table": [
            ToolUse(name="book_table", arguments=arguments, model="gpt-4o-mini"),
            ToolUse(name="book_table", arguments={"people": 4}, model="gpt-4o"),
        ]
    }
    ledger: list[ModelCall] = []
    settings = replace(fake_providers.settings_of("openai"), preset="classic")

    async with cascade_at(settings, ledger) as cascade:
        answer = await _ask(cascade, text="Book a table for four.", tools=[book_table])

    small = next(row for row in ledger if row.tier == "small")
    assert [call.arguments for call in answer.tool_calls] == ['{"people": 4}']
    assert sorted(_shape(ledger)) == sorted(ESCALATED)
    assert not small.checks["tools"]


@pytest.mark.parametrize("wire", WIRES)
async def test_a_valid_tool_call_is_released_whole(fake_providers: FakeProviders, wire: Wire) -> None:
    fake_providers.script.uses = {"table": [ToolUse(name="book_table", arguments={"people": 4})]}
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of(wire), ledger) as cascade:
        answer = await _ask(cascade, text="Book a table for four.", tools=[book_table])

    [row], [call] = ledger, answer.tool_calls
    assert (call.name, call.arguments.replace(" ", "")) == ("book_table", '{"people":4}')
    assert (row.tier, row.answered, row.checks["tools"]) == ("small", True, True)


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


async def test_a_weak_answer_that_goes_on_and_on_does_not_hold_up_the_turn(
    fake_providers: FakeProviders,
) -> None:
    fake_providers.script.answers = [REFUSAL + " word" * 5_000, GOOD]
    fake_providers.script.latencies = Latencies(first_token_s=0.01, token_s=0.004)
    ledger: list[ModelCall] = []

    async with asyncio.timeout(8), cascade_at(fake_providers.settings_of("openai"), ledger) as cascade:
        answer = await _ask(cascade)

    small = next(row for row in ledger if row.tier == "small")
    assert answer.text == GOOD
    assert (small.outcome, small.answered, small.cost_usd_micros) == (CallOutcome.CANCELLED, False, None)


@pytest.mark.parametrize("delivery", ["voice", "text"])
@pytest.mark.parametrize(
    ("said", "shape"),
    [
        ("Three boxes at $4.50 are 3 * 4.50 = $14.50.", ESCALATED),
        ("Three boxes at $4.50 are 3 * 4.50 = $13.50.", [("small", "answer", True)]),
    ],
)
async def test_a_sum_that_is_wrong_is_enough_for_another_model_and_one_that_is_right_is_not(
    fake_providers: FakeProviders, said: str, shape: list[tuple[str, str, bool]], delivery: Any
) -> None:
    fake_providers.script.answers = [said, GOOD]
    ledger: list[ModelCall] = []

    async with cascade_at(
        fake_providers.settings_of("openai"), ledger, scorer=Fixed(), thresholds=LINES
    ) as cascade:
        await _ask(cascade, TurnFacts(turn="turn-1", delivery=delivery), "How much are 3 boxes at $4.50?")

    rows = sorted(ledger, key=lambda row: row.started_at)
    assert _shape(rows) == shape
    assert rows[0].checks["arithmetic"] is (shape != ESCALATED)

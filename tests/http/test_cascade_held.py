"""What a small model has said is held, read and let out: whole, in time, and never what is weak."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from livekit.agents import llm

from agent.cascade import TURN_KEY, TurnFacts
from agent.cascade.verify.handup import HAND_UP_MARKER
from agent.wire import CallOutcome, ModelCall
from tests.fakes.providers import FakeProviders
from tests.fakes.script import Fault, Latencies, ToolUse, Wire
from tests.fixtures.providers import SDK_WARNING, cascade_at, eventually, pieces, question
from tests.http.escalations import ESCALATED, GOOD, LINES, QUESTION, REFUSAL, WIRES, Fixed, ask, shape_of

pytestmark = pytest.mark.filterwarnings(SDK_WARNING)


async def test_a_score_that_reaches_its_line_sends_the_question_to_the_large_tier_first(
    fake_providers: FakeProviders,
) -> None:
    fake_providers.script.answers = [GOOD]
    ledger: list[ModelCall] = []

    async with cascade_at(
        fake_providers.settings_of("openai"), ledger, scorer=Fixed(0.7), thresholds=LINES
    ) as cascade:
        await ask(cascade)

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
        answer = await ask(cascade)

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
        answer = await ask(cascade)

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
        answer = await ask(cascade, TurnFacts(hold="answer"))

    assert answer.text.startswith("Thirty days, says the large one.")
    assert sorted(shape_of(ledger)) == sorted(ESCALATED)


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
        answer = await ask(cascade, text="Book a table for four.", tools=[book_table])

    small = next(row for row in ledger if row.tier == "small")
    assert [call.arguments for call in answer.tool_calls] == ['{"people": 4}']
    assert sorted(shape_of(ledger)) == sorted(ESCALATED)
    assert not small.checks["tools"]


@pytest.mark.parametrize("wire", WIRES)
async def test_a_valid_tool_call_is_released_whole(fake_providers: FakeProviders, wire: Wire) -> None:
    fake_providers.script.uses = {"table": [ToolUse(name="book_table", arguments={"people": 4})]}
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of(wire), ledger) as cascade:
        answer = await ask(cascade, text="Book a table for four.", tools=[book_table])

    [row], [call] = ledger, answer.tool_calls
    assert (call.name, call.arguments.replace(" ", "")) == ("book_table", '{"people":4}')
    assert (row.tier, row.answered, row.checks["tools"]) == ("small", True, True)


async def test_a_weak_answer_that_goes_on_and_on_does_not_hold_up_the_turn(
    fake_providers: FakeProviders,
) -> None:
    fake_providers.script.answers = [REFUSAL + " word" * 5_000, GOOD]
    fake_providers.script.latencies = Latencies(first_token_s=0.01, token_s=0.004)
    ledger: list[ModelCall] = []

    async with asyncio.timeout(8), cascade_at(fake_providers.settings_of("openai"), ledger) as cascade:
        answer = await ask(cascade)

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
        await ask(cascade, TurnFacts(turn="turn-1", delivery=delivery), "How much are 3 boxes at $4.50?")

    rows = sorted(ledger, key=lambda row: row.started_at)
    assert shape_of(rows) == shape
    assert rows[0].checks["arithmetic"] is (shape != ESCALATED)

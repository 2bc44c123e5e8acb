"""A few turns are answered by both tiers, in the background: what that costs, teaches and never does."""

import asyncio
import base64
import io
import json
import logging
from datetime import UTC, datetime

import pytest
from livekit.agents import llm
from PIL import Image

from agent.cascade.facts import TURN_KEY, TurnFacts
from agent.cascade.money.budget import BudgetState
from agent.cascade.score.scorer import Scorer
from agent.errors import BudgetSpent
from agent.wire import CallOutcome, LabelWrite
from tests.fakes.providers import FakeProviders
from tests.fakes.script import Fault
from tests.fixtures.providers import SDK_WARNING, eventually, question
from tests.http.comparing import ALWAYS, ASKED, JUDGE, LARGE, SMALL, Counting, Room, room_at

pytestmark = pytest.mark.filterwarnings(SDK_WARNING)


@pytest.fixture
def fake(fake_providers: FakeProviders) -> FakeProviders:
    """The small model says SMALL, then the large one LARGE; the judge likes the second of them better."""
    fake_providers.script.answers = [SMALL, LARGE]
    fake_providers.script.answers_to = {JUDGE: '{"first": 0.5, "second": 1}'}
    return fake_providers


async def test_a_turn_of_the_small_tier_is_answered_by_the_large_one_as_well(fake: FakeProviders) -> None:
    async with room_at(fake) as room:
        answer = await room.ask()
        await room.settled()

    assert answer == SMALL
    assert room.purposes == [
        ("answer", "small", True),
        ("shadow", "large", False),
        ("judge", "large", False),
    ]
    (label,) = room.labels
    assert sorted((label.quality_small, label.quality_large)) == [0.5, 1.0]
    assert (label.turn_client_id, label.lane) == ("turn-1", "talk")


async def test_a_turn_of_the_large_tier_is_answered_by_the_small_one_as_well(fake: FakeProviders) -> None:
    fake.script.answers = [LARGE, SMALL]

    async with room_at(fake, ALWAYS) as room:
        answer = await room.ask()
        await room.settled()

    assert answer == LARGE
    assert room.purposes[:2] == [("answer", "large", True), ("shadow", "small", False)]
    assert len(room.labels) == 1


async def test_the_judge_sees_both_answers_and_its_numbers_go_to_the_right_ones(fake: FakeProviders) -> None:
    async with room_at(fake) as room:
        await room.ask()
        await room.settled()

    judged = json.loads(fake.requests[-1].question)
    (label,) = room.labels
    assert {judged["first"], judged["second"]} == {SMALL, LARGE}
    assert (label.quality_small, label.quality_large) == (
        (0.5, 1.0) if judged["first"] == SMALL else (1.0, 0.5)
    )


async def test_a_label_holds_the_features_of_its_version_and_no_words(fake: FakeProviders) -> None:
    scorer = Scorer.load()

    async with room_at(fake) as room:
        await room.ask()
        await room.settled()

    (label,) = room.labels
    assert label.features_version == scorer.version
    assert label.before == list(scorer.features_before(ASKED))
    assert len(label.after) > 10
    assert not any(word in label.model_dump_json() for word in ("refund", "Thirty", "purchase"))


async def test_shadow_and_judge_are_paid_for_and_add_nothing_to_what_is_compared(
    fake: FakeProviders,
) -> None:
    async with room_at(fake) as room:
        await room.ask()
        await room.settled()

    shadow, judge = room.rows[1:]
    assert (shadow.cost_usd_micros or 0) > 0
    assert (judge.cost_usd_micros or 0) > 0
    assert [row.baseline_usd_micros for row in (shadow, judge)] == [0, 0]
    assert [row.turn_client_id for row in (shadow, judge)] == ["turn-1", "turn-1"]


async def test_answers_that_say_the_same_are_labelled_without_a_judge(fake: FakeProviders) -> None:
    fake.script.answers = [SMALL]

    async with room_at(fake) as room:
        await room.ask()
        await room.settled()

    assert [row.purpose for row in room.rows] == ["answer", "shadow"]
    assert (room.labels[0].quality_small, room.labels[0].quality_large) == (1.0, 1.0)


async def test_the_person_does_not_wait_for_the_comparison(fake: FakeProviders) -> None:
    fake.script.faults = [Fault(fault="hang", model="gpt-6.1-sol")]

    async with room_at(fake) as room:
        async with asyncio.timeout(1.0):
            answer = await room.ask()
        assert room.shadow.is_busy

    assert answer == SMALL


async def test_the_end_of_a_job_breaks_a_comparison_off_with_a_row(fake: FakeProviders) -> None:
    fake.script.faults = [Fault(fault="hang", model="gpt-6.1-sol")]

    async with room_at(fake) as room:
        await room.ask()
        await eventually(lambda: len(fake.requests) == 2)

    assert [(row.purpose, row.outcome) for row in room.rows] == [
        ("answer", CallOutcome.OK),
        ("shadow", CallOutcome.CANCELLED),
    ]
    assert room.labels == []


async def test_no_more_than_two_comparisons_run_at_a_time(fake: FakeProviders) -> None:
    fake.script.faults = [Fault(fault="hang", model="gpt-6.1-sol")]

    async with room_at(fake) as room:
        for place in range(5):
            await room.ask(turn=f"turn-{place}")
        await eventually(lambda: len(fake.requests) == 7)

    assert [row.purpose for row in room.rows].count("shadow") == 2


@pytest.mark.parametrize("fault", ["server_error", "cut", "empty", "garbage"])
async def test_a_shadow_that_fails_teaches_nothing_and_hurts_nobody(fake: FakeProviders, fault: str) -> None:
    fake.script.faults = [Fault(fault=fault, model="gpt-6.1-sol")]  # type: ignore[arg-type]  # of the list

    async with room_at(fake) as room:
        answer = await room.ask()
        await room.settled()

    assert answer == SMALL
    assert room.labels == []
    assert room.rows[1].purpose == "shadow"
    assert room.rows[1].outcome != CallOutcome.OK


@pytest.mark.parametrize("verdict", ["The first.", '{"first": 2, "second": 1}', "{}"])
async def test_a_verdict_that_is_none_is_no_label(fake: FakeProviders, verdict: str) -> None:
    fake.script.answers_to = {JUDGE: verdict}

    async with room_at(fake) as room:
        await room.ask()
        await room.settled()

    assert room.purposes[-1][0] == "judge"
    assert room.labels == []


async def test_a_turn_that_both_tiers_worked_on_is_not_compared(fake: FakeProviders) -> None:
    fake.script.faults = [Fault(fault="server_error", model="gpt-6-luna", times=1)]

    async with room_at(fake) as room:
        await room.ask()
        await room.settled()

    assert [row.purpose for row in room.rows] == ["answer", "fallback"]


async def test_without_a_share_nothing_is_compared(fake: FakeProviders) -> None:
    async with room_at(fake, share=0.0) as room:
        await room.ask()
        await room.settled()

    assert [row.purpose for row in room.rows] == ["answer"]


async def test_a_turn_without_an_id_is_not_compared(fake: FakeProviders) -> None:
    async with room_at(fake) as room:
        await (room.cascade.chat(chat_ctx=question(ASKED))).collect()
        await room.settled()

    assert [row.purpose for row in room.rows] == ["answer"]


async def test_the_same_turn_has_the_same_label(fake: FakeProviders) -> None:
    async with room_at(fake) as room:
        await room.ask()
        await room.settled()
        await room.ask()
        await room.settled()
        await room.ask(turn="turn-2")
        await room.settled()

    ids = [label.client_id for label in room.labels]
    assert ids[0] == ids[1] != ids[2]


async def test_nothing_is_compared_while_money_is_short(fake: FakeProviders) -> None:
    async with room_at(fake, purse=Counting(10**9, BudgetState.THRIFT)) as room:
        answer = await room.ask()
        await room.settled()

    assert answer == SMALL
    assert [row.purpose for row in room.rows] == ["answer"]


async def test_what_is_compared_is_reserved_and_settled(fake: FakeProviders) -> None:
    purse = Counting(10**9)

    async with room_at(fake, purse=purse) as room:
        await room.ask()
        await room.settled()

    assert purse.open == {}
    assert purse.left == 10**9 - sum(row.cost_usd_micros or 0 for row in room.rows)


async def test_a_shadow_that_cannot_be_reserved_is_not_called(fake: FakeProviders) -> None:
    purse = Counting(10**9)

    async with room_at(fake, purse=purse) as room:
        small = room.cascade.resolved.lanes["talk"][0].model
        context = question(ASKED)
        purse.left = 2 * (room.cascade.desk.worst_case(small, context, 4_096, datetime.now(UTC)) or 0)
        answer = await room.ask()
        await room.settled()

    assert answer == SMALL
    assert [row.purpose for row in room.rows] == ["answer"]
    assert len(fake.requests) == 1


@llm.function_tool
async def look_up(order: str) -> str:
    """Looks an order up."""
    return order


async def test_a_turn_in_which_a_tool_was_called_is_not_compared(fake: FakeProviders) -> None:
    chat_ctx = question(ASKED)
    chat_ctx.items.append(llm.FunctionCall(call_id="c", name="look_up", arguments="{}"))
    chat_ctx.items.append(
        llm.FunctionCallOutput(call_id="c", name="look_up", output="thirty", is_error=False)
    )

    async with room_at(fake) as room:
        options = {TURN_KEY: TurnFacts(turn="turn-1")}
        await room.cascade.chat(chat_ctx=chat_ctx, tools=[look_up], extra_kwargs=options).collect()
        await room.settled()

    assert [row.purpose for row in room.rows] == ["answer"]


async def test_the_other_model_is_not_given_the_tools(fake: FakeProviders) -> None:
    async with room_at(fake) as room:
        options = {TURN_KEY: TurnFacts(turn="turn-1")}
        stream = room.cascade.chat(chat_ctx=question(ASKED), tools=[look_up], extra_kwargs=options)
        await stream.collect()
        await room.settled()

    assert "tools" in fake.requests[0].body
    assert "tools" not in fake.requests[1].body


async def test_a_label_that_cannot_be_kept_is_given_up_quietly(fake: FakeProviders) -> None:
    def refuse(label: LabelWrite) -> None:
        raise BudgetSpent("whatever of ours", 1.0)

    async with room_at(fake, keep=refuse) as room:
        await room.ask()
        await room.settled()
        assert await room.ask(turn="turn-2") != ""


def a_picture(side_px: int = 64) -> llm.ImageContent:
    file = io.BytesIO()
    Image.new("RGB", (side_px, side_px), "white").save(file, "PNG")
    return llm.ImageContent(image="data:image/png;base64," + base64.b64encode(file.getvalue()).decode())


async def ask_with_a_picture(room: Room, text: str = "What does the sign say?") -> None:
    stream = room.cascade.chat(
        chat_ctx=question(text, a_picture()),
        extra_kwargs={TURN_KEY: TurnFacts(turn="turn-1", max_output_tokens=200)},
    )
    await stream.collect()
    await room.settled()


async def test_a_turn_with_a_picture_is_compared_and_judged_with_it_where_that_is_cheap(
    fake: FakeProviders,
) -> None:
    async with room_at(fake) as room:
        await ask_with_a_picture(room)

    assert [row.kind for row in room.rows] == ["see", "see", "see"]
    assert [seen.images for seen in fake.requests] == [1, 1, 1]
    assert [label.lane for label in room.labels] == ["see"]


async def test_a_turn_with_a_picture_is_not_compared_where_that_is_dear(fake: FakeProviders) -> None:
    async with room_at(fake) as room:
        await ask_with_a_picture(room, "What does the sign say? " + "It is a long story. " * 1_000)

    assert [row.purpose for row in room.rows] == ["answer"]


async def test_the_judge_is_shown_what_the_answers_could_lean_on(fake: FakeProviders) -> None:
    async with room_at(fake) as room:
        await room.ask(passages=("Refunds take thirty days.", "Shipping is free."))
        await room.settled()

    judged = json.loads(fake.requests[-1].question)
    assert judged["context"] == "[1] Refunds take thirty days.\n\n[2] Shipping is free."
    assert judged["question"] == ASKED


async def test_nothing_that_was_said_is_logged(fake: FakeProviders, caplog: pytest.LogCaptureFixture) -> None:
    fake.script.answers_to = {JUDGE: "no verdict, Thirty days"}
    caplog.set_level(logging.DEBUG, "agent")

    async with room_at(fake) as room:
        await room.ask()
        await room.settled()

    said = " ".join(str(vars(record)) for record in caplog.records)
    assert "a verdict could not be read" in said
    assert not any(word in said for word in ("refund", "Thirty", "purchase"))

"""Each call of a tool once: claimed, run, recorded, told; and what becomes of it when it is interrupted."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from livekit.agents import llm
from livekit.agents.voice import SpeechHandle

from agent.errors import AppError, ControlUnavailable, NotFound, StaleEpoch
from agent.tools.askers import Askers
from agent.tools.outcome import failed
from agent.tools.runner import (
    GONE,
    NOBODY,
    TOO_LONG,
    UNKNOWN,
    UNRECORDED,
    UNWRITABLE,
)
from agent.wire import (
    CallState,
    Verdict,
)
from tests.fixtures.tool_desk import ControlDesk, Scene
from tests.fixtures.waiting import until


async def test_a_call_is_claimed_before_it_runs_and_recorded_when_it_ended() -> None:
    scene = Scene()
    running = scene.run(day="friday", area="bar")
    await scene.work.begun.wait()
    assert (len(scene.desk.claims), scene.desk.outcomes) == (1, [])
    scene.work.gate.set()

    text = await running

    claim, outcome = scene.desk.claims[0], scene.desk.outcomes[0]
    assert "booked" in text
    assert (claim.turn, claim.speaker, claim.tool, claim.place) == ("turn-1", "user_ada", "book", 0)
    assert claim.arguments == '{"area":"bar","day":"friday"}'
    assert (outcome.claim, outcome.state, outcome.status) == (claim.claim, CallState.DONE, 200)
    assert scene.work.permits[0].key == outcome.key


@pytest.mark.parametrize(
    ("verdict", "says"),
    [
        (Verdict.DONE, "stored"),
        (Verdict.UNDER_WAY, "under way already"),
        (Verdict.UNKNOWN, UNKNOWN),
        (Verdict.REFUSED, "not for guests"),
    ],
)
async def test_without_leave_to_run_nothing_runs_and_the_model_is_told_why(
    verdict: Verdict, says: str
) -> None:
    scene = Scene(desk=ControlDesk(verdict=verdict))

    text = await scene.run()

    assert says in text
    assert (scene.work.permits, scene.desk.outcomes) == ([], [])


@pytest.mark.parametrize(
    ("error", "says"),
    [(ControlUnavailable("away"), UNRECORDED), (StaleEpoch("over"), UNRECORDED), (NotFound("gone"), GONE)],
)
async def test_what_cannot_be_recorded_is_not_run(
    error: AppError, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.tools.runner.SETTLE_AGAIN_S", (0.0,))
    scene = Scene(desk=ControlDesk(error=error))

    assert await scene.run() == says
    await scene.runner.aclose()
    assert scene.work.permits == []


async def test_leave_whose_answer_was_lost_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the same call would be under way for as long as the job lives."""
    monkeypatch.setattr("agent.tools.runner.SETTLE_AGAIN_S", (0.0, 0.0, 0.0))
    lost = [ControlUnavailable("slow"), ControlUnavailable("slow")]
    scene = Scene(desk=ControlDesk(claim_errors=[*lost]))

    assert await scene.run() == UNRECORDED
    await until(lambda: scene.desk.outcomes)

    assert scene.work.permits == []
    assert len({claim.claim for claim in scene.desk.claims}) == 1
    assert scene.desk.outcomes[0].state is CallState.FAILED


@pytest.mark.parametrize(
    "arguments", [{"note": "\ud83d"}, {"note": "\x00"}, {"number": float("nan")}, {"\udc00": 1}]
)
async def test_arguments_that_are_no_json_text_are_sent_nowhere(arguments: dict[str, Any]) -> None:
    scene = Scene()

    assert await scene.run(**arguments) == UNWRITABLE
    assert (scene.desk.claims, scene.work.permits) == ([], [])


async def test_a_call_that_answers_nobody_is_not_run() -> None:
    scene = Scene()

    assert await scene.run(call_id="call-of-nobody") == NOBODY
    assert scene.desk.claims == []


async def test_a_call_that_answers_several_people_at_once_has_the_rights_of_none_of_them() -> None:
    scene = Scene()
    scene.work.gate.set()
    scene.askers.note_turn("turn-2", "guest_gus", "user_ada")
    scene.askers.note_turn("turn-3", "user_ada", "user_ada")
    scene.noted("call-2", "turn-2")
    scene.noted("call-3", "turn-3")

    of_two = await scene.run(call_id="call-2")
    of_one = await scene.run(call_id="call-3")

    assert of_two == NOBODY
    assert "booked" in of_one
    assert [claim.turn for claim in scene.desk.claims] == ["turn-3"]
    assert scene.askers.speaker_of("turn-2") == "user_ada"


async def test_a_call_of_a_turn_that_is_not_over_is_not_run() -> None:
    """A model that was asked on a guess may have written it: the turn has its speaker once it is over."""
    scene = Scene()
    scene.work.gate.set()
    scene.noted("call-2", "turn-2")

    on_a_guess = await scene.run(call_id="call-2")
    scene.askers.note_turn("turn-2", "user_ada")
    over = await scene.run(call_id="call-2")

    assert on_a_guess == NOBODY
    assert "booked" in over
    assert [claim.turn for claim in scene.desk.claims] == ["turn-2"]


async def test_a_question_that_was_answered_on_a_guess_stays_the_turn_that_it_becomes() -> None:
    askers = Askers()

    on_a_guess = askers.turn_of("message-1", "turn-1")
    after_a_tool = askers.turn_of("message-1", "turn-2")
    askers.note_question("message-2", "turn-2")
    another = askers.turn_of("message-2", "turn-3")

    assert (on_a_guess, after_a_tool, another) == ("turn-1", "turn-1", "turn-2")


async def test_arguments_without_end_are_not_sent_anywhere() -> None:
    scene = Scene()

    assert await scene.run(note="x" * 9_000) == TOO_LONG
    assert scene.desk.claims == []


async def test_the_same_call_twice_in_one_answer_has_two_places_and_in_a_retried_answer_the_same() -> None:
    scene = Scene()
    scene.work.gate.set()
    scene.noted("call-2")
    scene.noted("call-3")
    await scene.run(day="friday")
    await scene.run(call_id="call-2", day="friday")

    retried = replace(scene, speech=SpeechHandle.create())
    retried.runner = scene.runner
    await retried.run(call_id="call-3", day="friday")

    assert [claim.place for claim in scene.desk.claims] == [0, 1, 0]


async def test_a_result_is_told_when_the_answer_was_given_to_the_end() -> None:
    scene = Scene()
    scene.work.gate.set()
    await scene.run()
    assert scene.desk.told == []

    scene.speech._mark_done()
    await until(lambda: scene.desk.told)

    assert scene.desk.told == [scene.desk.outcomes[0].key]


@pytest.mark.parametrize(
    "cut_short",
    [lambda scene: scene.speech.interrupt(), lambda scene: scene.runner.forget_told("turn-1")],
    ids=["interrupted", "no model spoke of it"],
)
async def test_a_result_that_nobody_heard_of_is_not_told(cut_short: Callable[[Scene], object]) -> None:
    scene = Scene()
    scene.work.gate.set()
    await scene.run()

    cut_short(scene)
    scene.speech._mark_done()
    await asyncio.sleep(0)
    await scene.runner.aclose()

    assert scene.desk.told == []


async def test_an_id_that_a_provider_gives_twice_still_leads_to_each_ones_asker() -> None:
    askers = Askers()
    askers.note_turn("turn-1", "user_ada")
    askers.note_turn("turn-2", "guest_gus")
    ids = []
    for turn in ("turn-1", "turn-2", "turn-2"):
        call = llm.FunctionToolCall(name="book", arguments="{}", call_id="call_of_29_characters_in_all__")
        delta = llm.ChoiceDelta(role="assistant", tool_calls=[call])
        askers.note_calls(llm.ChatChunk(id="c", delta=delta), turn)
        ids.append(delta.tool_calls[0].call_id)

    asked = [askers.asked(call_id) for call_id in ids]

    assert [who.identity for who in asked if who is not None] == ["user_ada", "guest_gus", "guest_gus"]
    assert len(set(ids)) == 3
    assert all(len(call_id) <= 40 for call_id in ids)


def test_a_failed_call_says_why_in_words_of_ours() -> None:
    assert failed("its server answered 404", status=404).text == "It was not done: its server answered 404."

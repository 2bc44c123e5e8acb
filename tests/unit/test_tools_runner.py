"""Each call of a tool once: claimed, run, recorded, told; and what becomes of it when it is interrupted."""

import asyncio
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from livekit.agents import llm
from livekit.agents.voice import SpeechHandle

from agent.errors import AppError, ControlUnavailable, NotFound, StaleEpoch
from agent.tools.askers import Askers
from agent.tools.http_calls import Permit
from agent.tools.outcome import Outcome, done, failed
from agent.tools.runner import (
    GOES_ON,
    GONE,
    INTERRUPTED,
    NOBODY,
    TOO_LONG,
    UNKNOWN,
    UNRECORDED,
    UNWRITABLE,
    Runner,
    Wanted,
)
from agent.wire import (
    Asker,
    CallState,
    HttpDefinition,
    ToolClaim,
    ToolClaimAnswer,
    ToolOutcome,
    ToolSpec,
    ToolsTold,
    Verdict,
)

BOOK = ToolSpec(
    name="book",
    description="Books.",
    url="https://shop.example/book",
    http=HttpDefinition(method="POST"),
    timeout_s=1,
    is_repeatable=False,
)
LOOK = BOOK.model_copy(update={"name": "look", "is_repeatable": True})
ADA = Asker(identity="user_ada", name="Ada", role="member")


@dataclass
class ControlDesk:
    """Control, as far as the runner sees it. `claim_errors`: what it answers to claims that it has taken.
    `leave`: what it waits for before it answers one; open unless a test closes it.
    """

    verdict: Verdict = Verdict.RUN
    error: AppError | None = None
    settle_errors: list[AppError] = field(default_factory=list)
    claim_errors: list[AppError] = field(default_factory=list)
    leave: asyncio.Event = field(default_factory=asyncio.Event)
    claims: list[ToolClaim] = field(default_factory=list)
    outcomes: list[ToolOutcome] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.leave.set()

    async def claim_tool_call(self, body: ToolClaim) -> ToolClaimAnswer:
        if self.error is not None:
            raise self.error
        self.claims.append(body)
        await self.leave.wait()
        if self.claim_errors:
            raise self.claim_errors.pop(0)
        parts = [body.turn, body.function, body.arguments, body.place]
        key = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
        return ToolClaimAnswer(
            verdict=self.verdict, key=key, asker=ADA, result="stored", words="not for guests", keys=[key]
        )

    async def settle_tool_call(self, body: ToolOutcome) -> None:
        if self.settle_errors:
            raise self.settle_errors.pop(0)
        self.outcomes.append(body)

    async def tell_tool_calls(self, body: ToolsTold) -> None:
        self.told += body.keys


@dataclass
class Work:
    """What a call does, held up by `gate`."""

    gate: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    permits: list[Permit] = field(default_factory=list)
    ended: int = 0

    async def __call__(self, permit: Permit) -> Outcome:
        self.permits.append(permit)
        self.begun.set()
        await self.gate.wait()
        self.ended += 1
        return done("book", "booked", (), status=200, size=6)


@dataclass
class Scene:
    desk: ControlDesk = field(default_factory=ControlDesk)
    askers: Askers = field(default_factory=Askers)
    work: Work = field(default_factory=Work)
    speech: SpeechHandle = field(default_factory=SpeechHandle.create)

    def __post_init__(self) -> None:
        self.askers.note_turn("turn-1", "user_ada")
        self.noted("call-1")
        self.runner = Runner(self.desk, self.askers, epoch=3, conversation="conv_1")

    def noted(self, call_id: str, turn: str = "turn-1") -> None:
        call = llm.FunctionToolCall(name="book", arguments="{}", call_id=call_id)
        chunk = llm.ChatChunk(id="c", delta=llm.ChoiceDelta(role="assistant", tool_calls=[call]))
        self.askers.note_calls(chunk, turn)

    def run(self, spec: ToolSpec = BOOK, call_id: str = "call-1", **arguments: Any) -> asyncio.Task[str]:
        wanted = Wanted(spec, spec.name, dict(arguments), call_id)
        return asyncio.ensure_future(self.runner.run(wanted, self.speech, self.work))


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - of several tasks that set no event
            await asyncio.sleep(0)


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


@pytest.mark.parametrize(("spec", "says"), [(BOOK, GOES_ON), (LOOK, INTERRUPTED)])
async def test_who_interrupts_while_leave_is_asked_for_waits_for_nothing_and_nothing_is_run(
    spec: ToolSpec, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.tools.runner.SETTLE_AGAIN_S", (0.0,))
    scene = Scene()
    scene.desk.leave.clear()
    running = scene.run(spec)
    await until(lambda: scene.desk.claims)

    scene.speech.interrupt()
    async with asyncio.timeout(5):
        text = await running
    scene.desk.leave.set()
    await until(lambda: scene.desk.outcomes)

    assert text == says
    assert scene.work.permits == []
    assert [outcome.state for outcome in scene.desk.outcomes] == [CallState.FAILED]


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


async def test_what_changes_something_goes_on_when_the_person_interrupts() -> None:
    scene = Scene()
    late: list[tuple[str, str]] = []

    async def keep(call_id: str, text: str) -> None:
        late.append((call_id, text))

    scene.runner.late = keep
    running = scene.run()
    await scene.work.begun.wait()

    scene.speech.interrupt()
    assert await running == GOES_ON
    assert (scene.desk.outcomes, late) == ([], [])
    scene.work.gate.set()
    await until(lambda: late)

    assert scene.work.ended == 1
    assert [outcome.state for outcome in scene.desk.outcomes] == [CallState.DONE]
    assert (late[0][0], "booked" in late[0][1]) == ("call-1", True)


async def test_what_changes_something_goes_on_when_nobody_waits_for_it_any_more() -> None:
    scene = Scene()
    running = scene.run()
    await scene.work.begun.wait()

    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    scene.work.gate.set()
    await scene.runner.aclose()

    assert scene.work.ended == 1
    assert [outcome.state for outcome in scene.desk.outcomes] == [CallState.DONE]


async def test_what_only_reads_is_given_up_when_the_person_interrupts() -> None:
    scene = Scene()
    running = scene.run(LOOK)
    await scene.work.begun.wait()

    scene.speech.interrupt()

    assert await running == INTERRUPTED
    await until(lambda: scene.desk.outcomes)
    assert (scene.work.ended, scene.desk.outcomes[0].state) == (0, CallState.FAILED)


async def test_a_call_that_was_interrupted_before_it_began_is_not_begun() -> None:
    scene = Scene()
    scene.speech.interrupt()

    assert await scene.run() == INTERRUPTED
    assert (scene.desk.claims, scene.work.permits) == ([], [])


async def test_the_end_of_a_job_leaves_what_is_cut_off_as_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.tools.runner.LAST_WAIT_S", 0.01)
    scene = Scene()
    running = scene.run()
    await scene.work.begun.wait()

    await scene.runner.aclose()
    await asyncio.gather(running, return_exceptions=True)

    assert [outcome.state for outcome in scene.desk.outcomes] == [CallState.UNKNOWN]


async def test_how_it_ended_is_recorded_once_control_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.tools.runner.SETTLE_AGAIN_S", (0.0, 0.0))
    scene = Scene(desk=ControlDesk(settle_errors=[ControlUnavailable("a"), ControlUnavailable("b")]))
    scene.work.gate.set()

    await scene.run()

    assert [outcome.state for outcome in scene.desk.outcomes] == [CallState.DONE]


async def test_a_tool_that_breaks_in_an_unknown_way_leaves_it_unknown() -> None:
    scene = Scene()

    async def perform(permit: Permit) -> Outcome:
        raise RuntimeError("a secret of the tenant")

    text = await scene.runner.run(Wanted(BOOK, "book", {}, "call-1"), scene.speech, perform)

    assert "not known" in text
    assert "secret" not in text + str(scene.desk.outcomes[0].error)
    assert scene.desk.outcomes[0].state is CallState.UNKNOWN


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

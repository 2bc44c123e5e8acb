"""A call of a tool that is interrupted or cut off: made once, and what is known of it is said."""

import asyncio

import pytest

from agent.errors import ControlUnavailable
from agent.tools.http_calls import Permit
from agent.tools.outcome import Outcome
from agent.tools.runner import (
    GOES_ON,
    INTERRUPTED,
    Wanted,
)
from agent.wire import (
    CallState,
    ToolSpec,
)
from tests.fixtures.tool_desk import BOOK, LOOK, ControlDesk, Scene
from tests.fixtures.waiting import until


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

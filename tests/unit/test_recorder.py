"""The recorder against a control plane that answers, is away, hangs, refuses, or has moved on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.errors import ControlUnavailable, InvalidInput, NotAuthenticated, NotFound, StaleEpoch
from agent.recorder import Recorder
from agent.spool import Spool
from agent.wire import (
    CallOutcome,
    Channel,
    ModelCall,
    ModelCallsBody,
    Role,
    Speaker,
    TurnAck,
    TurnsAnswer,
    TurnsBody,
    TurnState,
    TurnWrite,
)
from tests.fixtures.waiting import until

CONVERSATION = "conv_" + "a" * 32
ANN = Speaker(identity="user_1", name="Ann")
PARLEY = Speaker(identity="agent_1", name="Parley")
NOW = datetime(2026, 11, 24, tzinfo=UTC)


class FakeControl:
    """Stores turns as control does. `failure` is raised in place of an answer, but a stale epoch of model
    calls only where `refuses_calls`; `gate` holds answers up.
    """

    def __init__(self) -> None:
        self.turns: dict[str, TurnWrite] = {}
        self.calls: dict[str, ModelCall] = {}
        self.bodies: list[TurnsBody] = []
        self.failure: Exception | None = None
        self.refuses_calls = False
        self.unacceptable: str | None = None
        self.attempts = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def append_turns(self, body: TurnsBody) -> TurnsAnswer:
        await self._answer()
        if any(turn.client_id == self.unacceptable for turn in body.turns):
            raise InvalidInput("no", "turns.0.text")
        self.bodies.append(body)
        self.turns.update({turn.client_id: turn for turn in body.turns})
        seqs = {client_id: seq for seq, client_id in enumerate(self.turns, 1)}
        return TurnsAnswer(acks=[TurnAck(client_id=t.client_id, seq=seqs[t.client_id]) for t in body.turns])

    async def append_calls(self, body: ModelCallsBody) -> None:
        if not isinstance(self.failure, StaleEpoch) or self.refuses_calls:
            await self._answer()
        self.calls.update({call.client_id: call for call in body.calls})

    async def _answer(self) -> None:
        self.attempts += 1
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure

    @property
    def texts(self) -> list[str]:
        return [turn.text for turn in self.turns.values()]


def said(client_id: str, text: str = "") -> TurnWrite:
    return TurnWrite(
        client_id=client_id,
        role=Role.USER,
        channel=Channel.VOICE,
        speaker=ANN,
        text=text or client_id,
        state=TurnState.COMPLETE,
        at=NOW,
    )


def answered(client_id: str, text: str, state: TurnState = TurnState.STREAMING) -> TurnWrite:
    return said(client_id, text).model_copy(update={"role": Role.AGENT, "speaker": PARLEY, "state": state})


def called(client_id: str) -> ModelCall:
    return ModelCall(
        client_id=client_id,
        kind="talk",
        tier="small",
        provider="p",
        model="m",
        outcome=CallOutcome.OK,
        reason="",
        started_at=NOW,
        total_ms=1,
    )


def make_recorder(
    control: FakeControl, folder: Path, *, told: list[str] | None = None, flush_s: float = 5
) -> Recorder:
    """`told` collects what the owner is told."""
    heard = [] if told is None else told
    return Recorder(
        control,
        epoch=3,
        spool=Spool(folder, CONVERSATION),
        on_stale=lambda: heard.append("leave"),
        flush_s=flush_s,
        first_retry_s=0.01,
    )


@asynccontextmanager
async def recording(control: FakeControl, folder: Path) -> AsyncIterator[Recorder]:
    recorder = make_recorder(control, folder)
    await recorder.start()
    try:
        yield recorder
    finally:
        await recorder.aclose()


def spooled_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.jsonl"))


async def test_a_turn_is_acknowledged_once_control_has_stored_it(tmp_path: Path) -> None:
    control = FakeControl()
    control.gate.clear()
    async with recording(control, tmp_path) as recorder:
        acknowledged = recorder.write_turn(said("t1"))
        await until(lambda: control.attempts == 1)
        assert not acknowledged.done()
        assert recorder.seq_of("t1") is None
        control.gate.set()
        await asyncio.wait_for(acknowledged, 1)
        assert recorder.seq_of("t1") == 1
    assert [(body.epoch, body.turns) for body in control.bodies] == [(3, [said("t1")])]


async def test_what_is_written_while_a_request_is_out_goes_together_and_in_order(tmp_path: Path) -> None:
    control = FakeControl()
    control.gate.clear()
    async with recording(control, tmp_path) as recorder:
        recorder.write_turn(said("t1"))
        await until(lambda: control.attempts == 1)
        recorder.write_turn(said("t2"))
        last = recorder.write_turn(said("t3"))
        control.gate.set()
        await asyncio.wait_for(last, 1)
    assert [[turn.client_id for turn in body.turns] for body in control.bodies] == [["t1"], ["t2", "t3"]]


async def test_updates_of_a_streaming_turn_that_still_waits_become_one(tmp_path: Path) -> None:
    control = FakeControl()
    control.gate.clear()
    async with recording(control, tmp_path) as recorder:
        recorder.write_turn(said("t1"))
        await until(lambda: control.attempts == 1)
        first = recorder.write_turn(answered("a1", "One."))
        recorder.write_turn(said("t2"))
        recorder.write_turn(answered("a1", "One. Two.", TurnState.COMPLETE))
        control.gate.set()
        await asyncio.wait_for(first, 1)
    assert control.bodies[1].turns == [answered("a1", "One. Two.", TurnState.COMPLETE), said("t2")]


async def test_model_calls_are_delivered_without_holding_up_turns(tmp_path: Path) -> None:
    control = FakeControl()
    async with recording(control, tmp_path) as recorder:
        recorder.write_call(called("c1"))
        recorder.write_turn(said("t1"))
        recorder.write_call(called("c2"))
        await until(lambda: len(control.calls) == 2)
    assert control.texts == ["t1"]


async def test_turns_are_acknowledged_from_the_spool_while_control_is_away(tmp_path: Path) -> None:
    control = FakeControl()
    control.failure = ControlUnavailable("away")
    async with recording(control, tmp_path) as recorder:
        await asyncio.wait_for(recorder.write_turn(said("t1")), 1)
        await asyncio.wait_for(recorder.write_turn(said("t2")), 1)
        assert recorder.seq_of("t1") is None
        assert control.turns == {}
        [journal] = spooled_files(tmp_path)
        assert journal.stat().st_mode & 0o777 == 0o600
        assert len(journal.read_text().splitlines()) == 2


async def test_the_spool_is_replayed_in_order_once_control_is_back_and_then_removed(tmp_path: Path) -> None:
    control = FakeControl()
    control.failure = ControlUnavailable("away")
    async with recording(control, tmp_path) as recorder:
        for number in range(250):
            recorder.write_turn(said(f"t{number}"))
        recorder.write_call(called("c1"))
        await asyncio.wait_for(recorder.write_turn(answered("a1", "Hm", TurnState.COMPLETE)), 2)
        control.failure = None
        await until(lambda: bool(control.calls))
        await until(lambda: not spooled_files(tmp_path))
        assert recorder.seq_of("t249") == 250
    assert control.texts == [*(f"t{number}" for number in range(250)), "Hm"]
    assert max(len(body.turns) for body in control.bodies) == 100


async def test_a_control_that_hangs_does_not_hold_up_the_end_for_longer_than_the_deadline(
    tmp_path: Path,
) -> None:
    control = FakeControl()
    control.gate.clear()
    recorder = make_recorder(control, tmp_path, flush_s=0.05)
    await recorder.start()
    acknowledged = recorder.write_turn(said("t1"))
    await asyncio.wait_for(recorder.aclose(), 1)
    assert acknowledged.exception() is None
    assert [turn.client_id for turn in Spool(tmp_path, CONVERSATION).take_over().turns] == ["t1"]


async def test_closing_delivers_what_is_waiting(tmp_path: Path) -> None:
    control = FakeControl()
    recorder = make_recorder(control, tmp_path)
    await recorder.start()
    for number in range(150):
        recorder.write_turn(said(f"t{number}"))
    recorder.write_call(called("c1"))
    await recorder.aclose()
    assert len(control.turns) == 150
    assert list(control.calls) == ["c1"]
    assert spooled_files(tmp_path) == []


async def test_closing_while_control_is_away_spools_at_once(tmp_path: Path) -> None:
    control = FakeControl()
    control.failure = ControlUnavailable("away")
    recorder = make_recorder(control, tmp_path, flush_s=60)
    await recorder.start()
    recorder.write_turn(answered("a1", "Half a sen"))
    recorder.write_call(called("c1"))
    await asyncio.wait_for(recorder.aclose(), 1)
    left = Spool(tmp_path, CONVERSATION).take_over()
    assert [turn.text for turn in left.turns] == ["Half a sen"]
    assert [call.client_id for call in left.calls] == ["c1"]


async def test_a_turn_written_after_closing_is_not_acknowledged(tmp_path: Path) -> None:
    recorder = make_recorder(FakeControl(), tmp_path)
    await recorder.start()
    await recorder.aclose()
    with pytest.raises(ControlUnavailable):
        await recorder.write_turn(said("t1"))


async def test_a_stale_epoch_ends_the_writing_and_tells_the_owner(tmp_path: Path) -> None:
    control = FakeControl()
    told: list[str] = []
    recorder = make_recorder(control, tmp_path, told=told)
    await recorder.start()
    await recorder.write_turn(said("t1"))
    control.failure = StaleEpoch("replaced")
    with pytest.raises(StaleEpoch):
        await recorder.write_turn(said("t2"))
    attempts = control.attempts
    with pytest.raises(StaleEpoch):
        await recorder.write_turn(said("t3"))
    await recorder.aclose()
    assert told == ["leave"]
    assert control.attempts == attempts
    assert control.texts == ["t1"]
    assert spooled_files(tmp_path) == []


async def test_a_replaced_job_still_reports_what_it_spent_and_none_of_its_turns(tmp_path: Path) -> None:
    control = FakeControl()
    recorder = make_recorder(control, tmp_path)
    await recorder.start()
    control.gate.clear()
    turn = recorder.write_turn(said("t1"))
    recorder.write_call(called("before"))
    control.failure = StaleEpoch("replaced")
    control.gate.set()
    with pytest.raises(StaleEpoch):
        await turn
    recorder.write_call(called("after"))
    await recorder.aclose()
    assert {name: call.epoch for name, call in control.calls.items()} == {"before": 3, "after": 3}
    assert (control.texts, spooled_files(tmp_path)) == ([], [])


async def test_what_a_replaced_job_cannot_report_the_next_one_does_under_the_epoch_of_then(
    tmp_path: Path,
) -> None:
    control = FakeControl()
    control.failure, control.refuses_calls = StaleEpoch("replaced"), True
    recorder = make_recorder(control, tmp_path)
    await recorder.start()
    with pytest.raises(StaleEpoch):
        await recorder.write_turn(said("t1"))
    recorder.write_call(called("c1"))
    await recorder.aclose()
    successor = FakeControl()
    later = Recorder(successor, epoch=4, spool=Spool(tmp_path, CONVERSATION))
    await later.start()
    await until(lambda: bool(successor.calls))
    await later.aclose()
    assert {name: call.epoch for name, call in successor.calls.items()} == {"c1": 3}
    assert successor.texts == []


async def test_what_was_acknowledged_from_the_spool_outlives_a_stale_epoch(tmp_path: Path) -> None:
    control = FakeControl()
    control.failure = ControlUnavailable("away")
    replaced, successor = make_recorder(control, tmp_path), make_recorder(FakeControl(), tmp_path)
    await replaced.start()
    await replaced.write_turn(said("t1"))
    await successor.start()
    control.failure = StaleEpoch("replaced")
    await replaced.aclose()
    await successor.aclose()
    assert successor.seq_of("t1") == 1
    assert spooled_files(tmp_path) == []


async def test_an_expired_job_token_keeps_the_words_for_the_next_job(tmp_path: Path) -> None:
    control = FakeControl()
    control.failure = NotAuthenticated("expired")
    told: list[str] = []
    recorder = make_recorder(control, tmp_path, told=told)
    await recorder.start()
    await asyncio.wait_for(recorder.write_turn(said("t1")), 1)
    await until(lambda: told == ["leave"])
    await recorder.aclose()
    assert [turn.client_id for turn in Spool(tmp_path, CONVERSATION).take_over().turns] == ["t1"]


async def test_a_deleted_conversation_ends_the_writing_and_leaves_nothing_behind(tmp_path: Path) -> None:
    control = FakeControl()
    control.failure = ControlUnavailable("away")
    told: list[str] = []
    recorder = make_recorder(control, tmp_path, told=told)
    await recorder.start()
    await recorder.write_turn(said("t1"))
    control.failure = NotFound("deleted")
    await until(lambda: told == ["leave"])
    await recorder.aclose()
    assert spooled_files(tmp_path) == []


async def test_a_refused_turn_does_not_hold_up_the_others(tmp_path: Path) -> None:
    control = FakeControl()
    control.unacceptable = "t2"
    control.gate.clear()
    async with recording(control, tmp_path) as recorder:
        recorder.write_turn(said("t1"))
        await until(lambda: control.attempts == 1)
        refused, accepted = recorder.write_turn(said("t2")), recorder.write_turn(said("t3"))
        control.gate.set()
        await asyncio.wait_for(accepted, 1)
        with pytest.raises(InvalidInput):
            await refused
    assert control.texts == ["t1", "t3"]


async def test_a_crashed_jobs_leftovers_are_written_first_under_the_current_epoch(tmp_path: Path) -> None:
    crashed = Spool(tmp_path, CONVERSATION)
    crashed.append([said("t1"), answered("a1", "Half a sen")], [called("c1")])
    crashed.close()
    control = FakeControl()
    async with recording(control, tmp_path) as recorder:
        await asyncio.wait_for(recorder.write_turn(said("t2")), 1)
        await until(lambda: bool(control.calls))
    assert {body.epoch for body in control.bodies} == {3}
    assert control.texts == ["t1", "Half a sen", "t2"]
    assert control.turns["a1"].state is TurnState.INTERRUPTED
    assert spooled_files(tmp_path) == []


async def test_a_spool_that_cannot_be_used_leaves_turns_unacknowledged_until_control_is_back(
    tmp_path: Path,
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    control = FakeControl()
    control.failure = ControlUnavailable("away")
    async with recording(control, blocked) as recorder:
        acknowledged = recorder.write_turn(said("t1"))
        await until(lambda: control.attempts >= 2)
        assert not acknowledged.done()
        control.failure = None
        await asyncio.wait_for(acknowledged, 1)


async def test_a_full_disk_journal_is_compacted_to_the_newest_states(tmp_path: Path) -> None:
    control = FakeControl()
    control.failure = ControlUnavailable("away")
    recorder = Recorder(control, epoch=3, spool=Spool(tmp_path, CONVERSATION, max_bytes=4_000))
    await recorder.start()
    for words in range(40):
        await recorder.write_turn(answered("a1", "word " * words))
    assert sum(path.stat().st_size for path in spooled_files(tmp_path)) < 4_500
    await recorder.aclose()
    [turn] = Spool(tmp_path, CONVERSATION).take_over().turns
    assert turn.text == "word " * 39


async def test_a_breakdown_makes_the_agent_leave_with_its_words_kept(tmp_path: Path) -> None:
    control = FakeControl()
    control.failure = ZeroDivisionError("a defect")
    told: list[str] = []
    recorder = make_recorder(control, tmp_path, told=told)
    await recorder.start()
    await asyncio.wait_for(recorder.write_turn(said("t1")), 1)
    await until(lambda: told == ["leave"])
    await recorder.aclose()
    assert [turn.client_id for turn in Spool(tmp_path, CONVERSATION).take_over().turns] == ["t1"]

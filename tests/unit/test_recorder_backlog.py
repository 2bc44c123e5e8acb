"""The recorder's queue: what keeps its place, what is joined, and what is dropped when it is full."""

import asyncio

import pytest

from agent.backlog import Backlog, CallEntry, Entry, merge
from agent.errors import ControlUnavailable
from agent.wire import TurnState, TurnWrite
from tests.unit.test_recorder import answered, called, said


def ids(backlog: Backlog) -> list[str]:
    return [entry.turn.client_id for entry in backlog.turns()]


def full_of(*turns: TurnWrite) -> Backlog:
    backlog = Backlog(max_waiting=len(turns))
    for turn in turns:
        backlog.put(Entry(turn))
    return backlog


def test_a_full_queue_refuses_a_new_streaming_update() -> None:
    backlog = full_of(said("t1"), said("t2"))
    backlog.put(Entry(answered("a1", "One.")))
    assert ids(backlog) == ["t1", "t2"]
    assert backlog.dropped == 1


def test_a_full_queue_still_takes_an_update_of_what_it_holds() -> None:
    backlog = full_of(answered("a1", "One."))
    backlog.put(Entry(answered("a1", "One. Two.", TurnState.COMPLETE)))
    assert [entry.turn.text for entry in backlog.turns()] == ["One. Two."]
    assert backlog.dropped == 0


def test_in_a_full_queue_the_oldest_streaming_turn_makes_room_first() -> None:
    backlog = full_of(answered("a1", "Done.", TurnState.COMPLETE), answered("a2", "One."), said("t1"))
    backlog.put(Entry(said("t2")))
    assert ids(backlog) == ["a1", "t1", "t2"]
    backlog.put(Entry(said("t3")))
    assert ids(backlog) == ["t1", "t2", "t3"]


def test_turns_of_people_are_kept_beyond_the_bound() -> None:
    backlog = full_of(said("t1"))
    backlog.put(Entry(said("t2")))
    assert ids(backlog) == ["t1", "t2"]
    assert backlog.dropped == 0


async def test_a_dropped_turn_tells_who_waits_for_it() -> None:
    backlog = full_of(said("t1"))
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    backlog.put(Entry(answered("a1", "One."), [future]))
    with pytest.raises(ControlUnavailable):
        await future


def test_the_oldest_model_calls_are_dropped_when_there_are_too_many() -> None:
    backlog = Backlog(max_waiting=2)
    for client_id in ("c1", "c2", "c3"):
        backlog.put_call(CallEntry(called(client_id)))
    assert [entry.call.client_id for entry in backlog.take_calls()] == ["c2", "c3"]


def test_what_is_put_back_stands_first_and_is_joined_with_what_came_since() -> None:
    backlog = Backlog()
    backlog.put(Entry(answered("a1", "One.")))
    backlog.put(Entry(said("t1")))
    taken = backlog.take_turns()
    backlog.put(Entry(said("t2")))
    backlog.put(Entry(answered("a1", "One. Two.", TurnState.COMPLETE)))
    backlog.put_back(taken)
    assert [entry.turn.text for entry in backlog.turns()] == ["One. Two.", "t1", "t2"]


def test_a_batch_holds_a_bounded_amount_of_text_but_always_one_turn() -> None:
    backlog = full_of(said("t1", "x" * 30_000), said("t2", "x" * 30_000), said("t3"))
    assert [entry.turn.client_id for entry in backlog.take_turns()] == ["t1"]
    assert [entry.turn.client_id for entry in backlog.take_turns()] == ["t2", "t3"]


def test_a_final_state_stays_whatever_is_written_later() -> None:
    cut = answered("a1", "One.", TurnState.INTERRUPTED)
    assert merge(cut, answered("a1", "One. Two.")) == cut
    later = merge(cut, answered("a1", "One. T", TurnState.COMPLETE))
    assert (later.text, later.state) == ("One. T", TurnState.INTERRUPTED)


def test_a_kept_turn_that_changed_is_not_kept_in_its_new_state() -> None:
    backlog = Backlog()
    backlog.put_back([Entry(answered("a1", "One."), is_kept=True, was_kept=True)])
    backlog.put(Entry(answered("a1", "One. Two.")))
    assert [entry.is_kept for entry in backlog.turns()] == [False]
    assert backlog.holds_kept

"""The claim before each call: what runs once, and what a retry, a crash, an interruption find."""

import asyncio
from typing import Any

import pytest

from tests.fixtures.control import ControlUnderTest, assert_problem
from tests.fixtures.database import TenantSample
from tests.http.tool_rooms import Room, open_room


@pytest.fixture
async def room(control: ControlUnderTest, team: TenantSample) -> Room:
    return await open_room(control, team)


async def test_a_call_runs_once_and_its_result_answers_every_retry_of_the_turn(room: Room) -> None:
    held = await room.granted()
    assert (await room.settle(held)).status == 204

    again = await room.claim()

    assert (again.body["verdict"], again.body["result"]) == ("done", "Table T-1.")
    assert again.body["key"] == held["key"]
    (row,) = await room.rows()
    assert (row["state"], row["status"], row["latency_ms"], row["attempts"]) == ("done", 200, 12, 1)
    assert (row["arguments"], row["result"], row["speaker"]) == ('{"people":2}', "Table T-1.", "gus")


async def test_one_claim_that_was_sent_twice_is_one_claim(room: Room) -> None:
    held = await room.granted(claim="the-same")

    again = await room.claim(claim="the-same")

    assert (again.body["verdict"], again.body["key"]) == ("run", held["key"])
    assert len(await room.rows()) == 1


async def test_of_many_claims_at_once_one_runs(room: Room) -> None:
    replies = await asyncio.gather(*(room.claim() for _ in range(20)))

    verdicts = sorted(reply.body["verdict"] for reply in replies)
    assert verdicts == ["run", *["under_way"] * 19]


@pytest.mark.parametrize(
    "change",
    [{"turn": "turn-2"}, {"arguments": '{"people":3}'}, {"place": 1}, {"tool": "look", "function": "look"}],
)
async def test_another_call_has_another_key(room: Room, change: dict[str, Any]) -> None:
    held = await room.granted()
    await room.settle(held)
    await room.tell(held["key"])

    other = await room.granted(**change)

    assert other["key"] != held["key"]


async def test_a_job_that_was_killed_in_the_midst_leaves_its_call_unknown_and_it_never_runs_again(
    room: Room,
) -> None:
    await room.granted()
    after = await room.replace_job()
    (row,) = await after.rows()
    assert row["state"] == "unknown"

    same_turn = await after.claim()
    asked_again = await after.claim(turn="turn-2")

    assert (same_turn.body["verdict"], asked_again.body["verdict"]) == ("unknown", "unknown")
    assert {row["state"] for row in await after.rows()} == {"unknown"}


async def test_a_job_that_was_killed_after_its_call_leaves_the_result_for_the_next(room: Room) -> None:
    held = await room.granted()
    await room.settle(held)
    after = await room.replace_job()

    same_turn = await after.claim()
    asked_again = await after.claim(turn="turn-2")

    assert (same_turn.body["verdict"], same_turn.body["result"]) == ("done", "Table T-1.")
    assert (asked_again.body["verdict"], asked_again.body["result"]) == ("done", "Table T-1.")
    assert held["key"] in asked_again.body["keys"]


async def test_what_only_reads_runs_again_after_a_job_was_killed(room: Room) -> None:
    await room.granted(tool="look", function="look")
    after = await room.replace_job()

    again = await after.claim(tool="look", function="look")

    assert again.body["verdict"] == "run"
    (row,) = await after.rows()
    assert (row["state"], row["attempts"]) == ("claimed", 2)


async def test_a_job_that_is_over_neither_claims_nor_settles(room: Room) -> None:
    held = await room.granted()
    await room.replace_job()

    assert_problem(await room.claim(turn="turn-2"), 409, "stale_epoch")
    assert_problem(await room.settle(held), 409, "stale_epoch")
    assert_problem(await room.tell(held["key"]), 409, "stale_epoch")


async def test_an_interrupted_turn_and_its_retry_are_one_call_until_somebody_was_told(room: Room) -> None:
    held = await room.granted()
    await room.settle(held)

    retried = await room.claim(turn="turn-2")
    await room.tell(*retried.body["keys"])
    on_purpose = await room.claim(turn="turn-3")

    assert (retried.body["verdict"], retried.body["result"]) == ("done", "Table T-1.")
    assert on_purpose.body["verdict"] == "run"
    assert [row["turn_client_id"] for row in await room.rows()] == ["turn-3", "turn-2", "turn-1"]
    assert "stands for it" in str((await room.rows())[1]["error"])


async def test_a_result_that_was_told_stands_for_no_later_turn(room: Room) -> None:
    held = await room.granted()
    await room.settle(held)
    await room.tell(held["key"])

    assert (await room.claim(turn="turn-2")).body["verdict"] == "run"


async def test_a_call_that_is_still_under_way_is_not_made_again_by_the_next_turn(room: Room) -> None:
    held = await room.granted()

    meanwhile = await room.claim(turn="turn-2")
    await room.settle(held)
    afterwards = await room.claim(turn="turn-2")

    assert meanwhile.body["verdict"] == "under_way"
    assert (afterwards.body["verdict"], afterwards.body["result"]) == ("done", "Table T-1.")


async def test_a_call_of_unknown_end_is_not_made_again_in_the_turn_that_made_it(room: Room) -> None:
    held = await room.granted()
    await room.settle(held, "unknown", error="the connection broke", status=None, result="not known")

    once_more = await room.claim(place=1)

    assert once_more.body["verdict"] == "unknown"


async def test_a_call_of_unknown_end_is_made_again_when_somebody_who_was_told_wants_it(room: Room) -> None:
    held = await room.granted()
    await room.settle(held, "unknown", result="not known")
    await room.tell(held["key"])

    assert (await room.claim(turn="turn-2")).body["verdict"] == "run"


async def test_what_was_certainly_not_done_may_be_tried_again(room: Room) -> None:
    held = await room.granted()
    await room.settle(held, "failed", error="its server cannot be reached", status=None, result="")

    again = await room.granted()

    assert again["key"] == held["key"]
    (row,) = await room.rows()
    assert (row["state"], row["attempts"], row["error"]) == ("claimed", 2, None)


async def test_two_of_the_same_in_one_turn_are_two_and_each_stands_for_its_own_retry(room: Room) -> None:
    first = await room.granted()
    await room.settle(first, result="Table T-1.")
    second = await room.granted(place=1)
    await room.settle(second, result="Table T-2.")

    retried = [await room.claim(turn="turn-2", place=place) for place in (0, 1)]

    assert [reply.body["result"] for reply in retried] == ["Table T-1.", "Table T-2."]


async def test_how_a_call_ended_is_written_once(room: Room) -> None:
    held = await room.granted()
    await room.settle(held)

    again = await room.settle(held, "failed", error="no")
    stranger = await room.settle({**held, "claim": "another"})

    assert again.status == 204
    assert (await room.rows())[0]["state"] == "done"
    assert_problem(stranger, 404, "not_found")

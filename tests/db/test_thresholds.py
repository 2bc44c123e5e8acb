"""What the ledger tells of answered turns, and the lines that are stored for agents."""

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agent.cascade.reading import Reading
from agent.cascade.verify import Check, Verdict
from agent.wire import AgentId, Channel, ModelCall
from control.store.agents import AgentContent, create_agent, lock_agents
from control.store.calls import append_calls
from control.store.conversations import Conversation, begin_epoch
from control.store.db import Connection, Database
from control.store.thresholds import (
    AnsweredTurn,
    StoredThresholds,
    Target,
    agent_targets,
    answered_turns,
    delete_thresholds,
    find_thresholds,
    list_thresholds,
    put_thresholds,
    read_after,
    target_of,
)
from control.store.turns import append_turns
from tests.db.samples import a_call, a_turn
from tests.fixtures.database import TenantSample

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=400)


def call(client_id: str, turn: str = "turn-1", **changes: Any) -> ModelCall:
    base = {"answered": True, "cost_usd_micros": 100, "baseline_usd_micros": 2_000, "score": 0.25}
    return ModelCall.model_validate(
        {**a_call(client_id).model_dump(), "turn_client_id": turn, **base, **changes}
    )


def read(score: float | None, *failed: str) -> dict[str, str]:
    """What the cascade writes down when it has read an answer."""
    verdict = Verdict(tuple(Check(name, False) for name in failed), ())
    return {"verify": Reading(verdict, score, None).said}


async def turns_of(
    database: Database, tenant: TenantSample, talk: Conversation, *calls: ModelCall
) -> list[AnsweredTurn]:
    await append_calls(database, tenant.id, talk.id, talk.epoch, calls)
    async with database.tenant(tenant.id) as conn:
        return await answered_turns(conn, LONG_AGO, 1_000)


async def test_a_small_answer_is_one_turn_with_both_scores_and_its_cost(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    (turn,) = await turns_of(database, tenant, conversation, call("a", decision=read(0.431)))

    assert (turn.is_strong, turn.handed_up, turn.is_spoken) == (False, None, False)
    assert (turn.before, turn.after) == (0.25, 0.431)
    assert (turn.cost_usd_micros, turn.baseline_usd_micros) == (100, 2_000)
    assert turn.at == NOON


@pytest.mark.parametrize(
    ("why", "handed_up"),
    [
        ("score 0.731 reaches 0.600", "by_score"),
        ("failed: refusal", "otherwise"),
        ("the model handed the turn up", "otherwise"),
    ],
)
async def test_an_answer_that_was_handed_up_is_one_turn_of_the_large_tier(
    database: Database, tenant: TenantSample, conversation: Conversation, why: str, handed_up: str
) -> None:
    weak = call("a", answered=False, baseline_usd_micros=0, decision={**read(0.731), "escalate": why})
    strong = call("b", tier="large", purpose="escalation", cost_usd_micros=1_900, baseline_usd_micros=1_900)

    (turn,) = await turns_of(database, tenant, conversation, weak, strong)

    assert (turn.is_strong, turn.handed_up, turn.after) == (True, handed_up, 0.731)
    assert (turn.cost_usd_micros, turn.baseline_usd_micros) == (2_000, 1_900)


async def test_a_weak_answer_that_was_given_after_all_is_a_small_one(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    weak = call("a", decision={**read(0.731), "escalate": "score 0.731 reaches 0.600"})
    failed = call("b", tier="large", purpose="escalation", answered=False, outcome="timeout")

    (turn,) = await turns_of(database, tenant, conversation, weak, failed)

    assert (turn.is_strong, turn.handed_up) == (False, None)


async def test_what_was_learnt_from_beside_it_is_no_part_of_a_turn(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    shadow = call("b", tier="large", purpose="shadow", answered=False, cost_usd_micros=5_000)
    judge = call("c", tier="large", purpose="judge", answered=False, cost_usd_micros=5_000)
    speech = call("d", kind="tts", tier=None, purpose="speech", answered=False, cost_usd_micros=70)

    (turn,) = await turns_of(database, tenant, conversation, call("a"), shadow, judge, speech)

    assert (turn.is_strong, turn.cost_usd_micros) == (False, 100)


async def test_a_turn_nobody_answered_or_of_unknown_cost_is_told_from_others(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    failed = call("a", "turn-1", answered=False, outcome="timeout")
    unpriced = call("b", "turn-2", cost_usd_micros=None, baseline_usd_micros=None)

    (turn,) = await turns_of(database, tenant, conversation, failed, unpriced)

    assert (turn.cost_usd_micros, turn.baseline_usd_micros) == (None, None)


async def test_a_spoken_turn_is_known_by_its_question(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    spoken, written = a_turn("turn-1"), a_turn("turn-2").model_copy(update={"channel": Channel.TEXT})
    async with database.tenant(tenant.id) as conn:
        await append_turns(conn, conversation.id, conversation.epoch, [spoken, written])

    turns = await turns_of(database, tenant, conversation, call("a", "turn-1"), call("b", "turn-2"))

    assert sorted(turn.is_spoken for turn in turns) == [False, True]


async def test_turns_of_a_job_that_came_before_are_left_out(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    """It has the scorer that was in use when it came."""
    now = datetime.now(UTC)
    await append_calls(database, tenant.id, conversation.id, conversation.epoch, [call("a", started_at=now)])

    async with database.tenant(tenant.id) as conn:
        later = await conn.fetchval("select now() + interval '1 second'")
        assert await answered_turns(conn, now - timedelta(seconds=1), 100) != []
        await conn.execute("update conversations set dispatched_at = now() - interval '1 hour'")
        assert await answered_turns(conn, now - timedelta(seconds=1), 100) == []
        assert await answered_turns(conn, later, 100) == []


async def test_the_newest_calls_count_and_the_oldest_turn_comes_first(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    calls = [call(f"c{n}", f"turn-{n}", started_at=NOON + timedelta(minutes=n)) for n in range(5)]
    await append_calls(database, tenant.id, conversation.id, conversation.epoch, calls)

    async with database.tenant(tenant.id) as conn:
        turns = await answered_turns(conn, LONG_AGO, 3)

    assert [turn.at.minute for turn in turns] == [2, 3, 4]


async def test_another_tenants_turns_do_not_exist(
    database: Database, tenant: TenantSample, other_tenant: TenantSample, conversation: Conversation
) -> None:
    await turns_of(database, tenant, conversation, call("a"))

    async with database.tenant(other_tenant.id) as conn:
        assert await answered_turns(conn, LONG_AGO, 100) == []


@pytest.mark.parametrize("score", [0.0, 0.004, 0.5, 0.9996, 1.0])
def test_the_score_after_an_answer_is_read_as_the_cascade_writes_it(score: float) -> None:
    said = read(score, "refusal", "hedging")["verify"]

    assert read_after(said) == pytest.approx(score, abs=0.0005)


@pytest.mark.parametrize("said", [None, "", read(None)["verify"], read(None, "refusal")["verify"]])
def test_where_no_answer_was_scored_there_is_no_score(said: str | None) -> None:
    assert read_after(said) is None


# Lines


async def an_agent(conn: Connection, name: str = "desk", **policy: Any) -> AgentId:
    await lock_agents(conn)
    content = AgentContent("Desk", "", "", None, "en", policy, None)
    return (await create_agent(conn, name, content, None)).id


def a_line(agent_id: AgentId, **changes: Any) -> StoredThresholds:
    line = StoredThresholds(
        agent_id=agent_id,
        router_version=3,
        features_version="1",
        target=Target("share", 0.2),
        voice=0.7,
        text=0.8,
        after=1.01,
        turns=400,
        observed={"alarms": ["share"]},
        computed_at=NOON,
    )
    return dataclasses.replace(line, **changes)


async def test_a_line_is_read_as_it_was_written(conn: Connection) -> None:
    agent_id = await an_agent(conn)

    await put_thresholds(conn, a_line(agent_id))

    found = await find_thresholds(conn, agent_id)
    assert found is not None
    assert dataclasses.replace(found, computed_at=NOON) == a_line(agent_id)


async def test_an_agent_has_one_line_the_newest(conn: Connection) -> None:
    agent_id = await an_agent(conn)
    await put_thresholds(conn, a_line(agent_id))

    await put_thresholds(conn, a_line(agent_id, voice=0.5, target=Target("spend", 700.0)))

    lines = await list_thresholds(conn)
    assert [(line.voice, line.target) for line in lines.values()] == [(0.5, Target("spend", 700.0))]


async def test_a_line_goes_with_its_agent(conn: Connection) -> None:
    agent_id = await an_agent(conn)
    await put_thresholds(conn, a_line(agent_id))

    await conn.execute("delete from agents")

    assert await list_thresholds(conn) == {}
    await put_thresholds(conn, a_line(agent_id))
    assert await list_thresholds(conn) == {}


async def test_a_line_is_taken_away(conn: Connection) -> None:
    agent_id = await an_agent(conn)
    await put_thresholds(conn, a_line(agent_id))

    await delete_thresholds(conn, agent_id)

    assert await find_thresholds(conn, agent_id) is None


async def test_targets_are_those_of_the_versions_in_use(conn: Connection) -> None:
    await an_agent(conn, "a", strong_share=0.1)
    await an_agent(conn, "b", spend_per_turn_usd_micros=700)
    await an_agent(conn, "c", shadow_share=0.02)

    targets = [(agent.name, agent.target) for agent in await agent_targets(conn)]

    assert targets == [("a", Target("share", 0.1)), ("b", Target("spend", 700.0)), ("c", None)]


def test_a_share_of_none_is_a_target() -> None:
    assert target_of({"strong_share": 0.0}) == Target("share", 0.0)
    assert target_of({}) is None


async def test_an_epoch_that_was_not_the_newest_job_counts(
    database: Database, tenant: TenantSample, conversation: Conversation
) -> None:
    """Whoever came after it says nothing of the scorer that it had: it is taken by its time."""
    await append_calls(
        database, tenant.id, conversation.id, conversation.epoch, [call("a", started_at=datetime.now(UTC))]
    )

    async with database.tenant(tenant.id) as conn:
        await begin_epoch(conn, conversation.id)
        assert len(await answered_turns(conn, datetime.now(UTC) - timedelta(minutes=1), 100)) == 1

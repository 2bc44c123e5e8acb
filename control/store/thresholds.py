"""Where an agent's line between the tiers stands, and the turns of the ledger that tell how it holds."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

import asyncpg

from agent.wire import AgentId
from control.store.db import Connection

TargetKind = Literal["share", "spend"]

_AFTER: Final = re.compile(r"; ([01]\.\d{3}) that the large tier does better$")


@dataclass(frozen=True, slots=True)
class Target:
    """`value`: a share of turns, or millionths of a US dollar a turn."""

    kind: TargetKind
    value: float


@dataclass(frozen=True, slots=True)
class AgentTarget:
    """An agent, and what its version in use asks for; `target` None follows the deployment."""

    agent_id: AgentId
    name: str
    target: Target | None


@dataclass(frozen=True, slots=True)
class StoredThresholds:
    """`turns`: how many they were computed from. `observed`: what was seen, as the API tells it."""

    agent_id: AgentId
    router_version: int
    features_version: str
    target: Target
    voice: float
    text: float
    after: float
    turns: int
    observed: Mapping[str, Any]
    computed_at: datetime


HandedUp = Literal["by_score", "otherwise"]


@dataclass(frozen=True, slots=True)
class AnsweredTurn:
    """What the ledger says of one turn that was answered.

    `before`, `after`: the scores before the call and of the small model's answer; None where there was none.
    `is_strong`: the large tier answered. `handed_up`: after a small one did, because of the score of its
    answer or for another reason. Money is in millionths of a US dollar and of the calls that served the turn;
    None is unknown.
    """

    conversation_id: UUID
    agent_name: str | None
    at: datetime
    is_spoken: bool
    is_strong: bool
    handed_up: HandedUp | None
    before: float | None
    after: float | None
    cost_usd_micros: int | None
    baseline_usd_micros: int | None


async def answered_turns(conn: Connection, since: datetime, limit: int) -> list[AnsweredTurn]:
    """Of the tenant's newest `limit` calls since then, oldest first; of jobs that were sent since then alone.

    A job keeps the scorer that it came with, so turns of an earlier one say nothing of the scores now.
    """
    rows = await conn.fetch(
        """
        with newest as (
            select m.conversation_id, m.turn_client_id, m.agent_name, m.epoch, m.started_at, m.tier,
                m.answered, m.score, m.decision, m.cost_usd_micros, m.baseline_usd_micros
            from model_calls m
            where m.started_at >= $1 and m.kind in ('talk', 'see') and m.turn_client_id is not null
                and m.purpose in ('answer', 'fallback', 'escalation')
            order by m.started_at desc
            limit $2
        ), turned as (
            select conversation_id, turn_client_id, max(agent_name) as agent_name, max(epoch) as epoch,
                min(started_at) as at, max(score) as before,
                coalesce(bool_or(tier = 'large') filter (where answered), false) as is_strong,
                max(decision ->> 'verify') filter (where tier = 'small') as verified,
                max(decision ->> 'escalate') filter (where tier = 'small') as escalated,
                case when bool_and(cost_usd_micros is not null) then sum(cost_usd_micros) end as cost,
                max(baseline_usd_micros) filter (where answered) as baseline
            from newest
            group by conversation_id, turn_client_id
            having bool_or(answered)
        )
        select t.*, coalesce(u.channel = 'voice', false) as is_spoken
        from turned t
        join conversations c on c.id = t.conversation_id
        left join turns u on u.conversation_id = t.conversation_id and u.client_id = t.turn_client_id
        where t.epoch < c.epoch or c.dispatched_at is null or c.dispatched_at >= $1
        order by t.at
        """,
        since,
        limit,
    )
    return [_answered(row) for row in rows]


def read_after(verified: str | None) -> float | None:
    """The score that the ledger's step `verify` names; `agent/cascade/reading.py` writes it."""
    found = _AFTER.search(verified or "")
    return None if found is None else float(found[1])


def _answered(row: asyncpg.Record) -> AnsweredTurn:
    escalated = row["escalated"]
    handed_up: HandedUp | None = None
    if row["is_strong"] and escalated is not None:
        handed_up = "by_score" if escalated.startswith("score ") else "otherwise"
    return AnsweredTurn(
        conversation_id=row["conversation_id"],
        agent_name=row["agent_name"],
        at=row["at"],
        is_spoken=row["is_spoken"],
        is_strong=row["is_strong"],
        handed_up=handed_up,
        before=row["before"],
        after=read_after(row["verified"]),
        cost_usd_micros=None if row["cost"] is None else int(row["cost"]),
        baseline_usd_micros=row["baseline"],
    )


async def agent_targets(conn: Connection) -> list[AgentTarget]:
    """The tenant's agents, by name."""
    rows = await conn.fetch(
        """
        select a.id, a.name, v.model_policy
        from agents a join agent_versions v on v.agent_id = a.id and v.version = a.version
        order by a.name
        """
    )
    return [
        AgentTarget(AgentId(row["id"]), row["name"], target_of(json.loads(row["model_policy"])))
        for row in rows
    ]


def target_of(policy: Mapping[str, Any]) -> Target | None:
    """What a stored model policy asks for."""
    share, spend = policy.get("strong_share"), policy.get("spend_per_turn_usd_micros")
    if share is not None:
        return Target("share", float(share))
    return None if spend is None else Target("spend", float(spend))


async def find_thresholds(conn: Connection, agent_id: AgentId) -> StoredThresholds | None:
    row = await conn.fetchrow(
        """
        select agent_id, router_version, features_version, target, target_value, voice, text, after, turns,
            observed, computed_at
        from thresholds where agent_id = $1
        """,
        agent_id,
    )
    return None if row is None else _thresholds(row)


async def list_thresholds(conn: Connection) -> dict[AgentId, StoredThresholds]:
    rows = await conn.fetch(
        """
        select agent_id, router_version, features_version, target, target_value, voice, text, after, turns,
            observed, computed_at
        from thresholds
        """
    )
    return {AgentId(row["agent_id"]): _thresholds(row) for row in rows}


async def put_thresholds(conn: Connection, given: StoredThresholds) -> None:
    """In place of the agent's former ones. `computed_at` is of the database's clock."""
    await conn.execute(
        """
        insert into thresholds (
            agent_id, router_version, features_version, target, target_value, voice, text, after, turns,
            observed
        )
        select id, $2, $3, $4, $5, $6, $7, $8, $9, $10 from agents where id = $1
        on conflict (tenant_id, agent_id) do update set
            router_version = excluded.router_version, features_version = excluded.features_version,
            target = excluded.target, target_value = excluded.target_value, voice = excluded.voice,
            text = excluded.text, after = excluded.after, turns = excluded.turns,
            observed = excluded.observed, computed_at = now()
        """,
        given.agent_id,
        given.router_version,
        given.features_version,
        given.target.kind,
        given.target.value,
        given.voice,
        given.text,
        given.after,
        given.turns,
        json.dumps(given.observed),
    )


async def delete_thresholds(conn: Connection, agent_id: AgentId) -> None:
    """Its target is gone."""
    await conn.execute("delete from thresholds where agent_id = $1", agent_id)


def _thresholds(row: asyncpg.Record) -> StoredThresholds:
    return StoredThresholds(
        agent_id=AgentId(row["agent_id"]),
        router_version=row["router_version"],
        features_version=row["features_version"],
        target=Target(row["target"], row["target_value"]),
        voice=row["voice"],
        text=row["text"],
        after=row["after"],
        turns=row["turns"],
        observed=json.loads(row["observed"]),
        computed_at=row["computed_at"],
    )

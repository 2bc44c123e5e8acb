"""The ledger: what each call to a model cost. Rows are added once and never change.

Each row is counted against the tenant's budgets in the statement that stores it, so that counters and ledger
cannot part. A job that was replaced may still add its rows: that money is spent. What it knew of people who
were erased meanwhile is left out.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.errors import NotFound, StaleEpoch
from agent.wire import CallOutcome, ConversationId, ModelCall, TenantId
from control.edge.text import clean_line, clean_text
from control.names import base_identity
from control.store.budgets import MOST_USD_MICROS
from control.store.db import Connection, Database
from control.store.times import aware


@dataclass(frozen=True, slots=True)
class ModelCallRow:
    """`agent.wire.ModelCall` as it was stored; its docstring says what None means.

    `agent_name` and `agent_version`: who served, None for the deployment's own agent.
    """

    client_id: str
    turn_client_id: str | None
    epoch: int
    kind: str
    tier: str | None
    provider: str
    model: str
    outcome: CallOutcome
    reason: str
    started_at: datetime
    first_token_ms: int | None
    total_ms: int
    input_tokens: int
    cached_tokens: int
    cache_write_tokens: int
    output_tokens: int
    audio_ms: int
    characters: int
    price_date: str | None
    cost_usd_micros: int | None
    baseline_usd_micros: int | None
    single_usd_micros: int | None
    uncached_usd_micros: int | None
    purpose: str
    answered: bool
    speaker_identity: str | None
    score: float | None
    threshold: float | None
    decision: dict[str, str]
    checks: dict[str, bool]
    agent_name: str | None
    agent_version: int | None


async def append_calls(
    db: Database,
    tenant_id: TenantId,
    conversation_id: ConversationId,
    epoch: int,
    calls: Sequence[ModelCall],
) -> None:
    """Adds what is not there yet by client id, so that no call is counted twice. In one round trip.

    `epoch`: of the job that sends them; a call may name an earlier one that made it.
    Raises: StaleEpoch for an epoch that is still to come; NotFound, DatabaseUnavailable.
    """
    row = await db.fetch_row(
        """
        with context as materialized (select set_config('app.tenant_id', $1, true) as tenant),
        serving as (
            select c.tenant_id, c.id, c.epoch, c.agent_name, c.agent_version
            from context cross join lateral (
                select s.tenant_id, s.id, s.epoch, a.name as agent_name, s.agent_version
                from conversations s
                left join agents a on a.tenant_id = s.tenant_id and a.id = s.agent_id
                where s.tenant_id = context.tenant::uuid and s.id = $2
                offset 0
            ) c
        ), given as (
            select s.tenant_id, s.id as conversation_id, s.agent_name, s.agent_version,
                g.*,
                -- Of a job that was replaced it may be somebody who was erased since.
                s.epoch = $3 or exists (
                    select from participants p
                    where p.tenant_id = s.tenant_id and p.conversation_id = s.id
                        and (p.identity = g.person or starts_with(p.identity, g.person || '-'))
                ) as is_known
            from serving s
            cross join unnest(
                $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
                $11::text[], $12::timestamptz[], $13::int[], $14::int[], $15::bigint[], $16::bigint[],
                $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[], $21::text[], $22::bigint[],
                $23::bigint[], $24::bigint[], $25::bigint[], $26::text[], $27::boolean[], $28::text[],
                $29::text[], $30::float8[], $31::float8[], $32::jsonb[], $33::jsonb[], $34::int[]
            ) as g (
                client_id, turn_client_id, kind, tier, provider, model, outcome, reason, started_at,
                first_token_ms, total_ms, input_tokens, cached_tokens, cache_write_tokens, output_tokens,
                audio_ms, characters, price_date, cost_usd_micros, baseline_usd_micros, single_usd_micros,
                uncached_usd_micros, purpose, answered, speaker_identity, person, score, threshold, decision,
                checks, epoch
            )
            where $3 <= s.epoch
        ), added as (
            insert into model_calls (
                tenant_id, conversation_id, epoch, client_id, turn_client_id, kind, tier, provider, model,
                outcome, reason, started_at, first_token_ms, total_ms, input_tokens, cached_tokens,
                cache_write_tokens, output_tokens, audio_ms, characters, price_date, cost_usd_micros,
                baseline_usd_micros, single_usd_micros, uncached_usd_micros, purpose, answered,
                speaker_identity, score, threshold, decision, checks, agent_name, agent_version
            )
            select tenant_id, conversation_id, epoch, client_id, turn_client_id, kind, tier, provider, model,
                outcome, reason, started_at, first_token_ms, total_ms, input_tokens, cached_tokens,
                cache_write_tokens, output_tokens, audio_ms, characters, price_date, cost_usd_micros,
                baseline_usd_micros, single_usd_micros, uncached_usd_micros, purpose, answered,
                case when is_known then speaker_identity end, score, threshold, decision, checks,
                agent_name, agent_version
            from given
            on conflict (tenant_id, conversation_id, client_id) do nothing
            returning tenant_id, conversation_id, epoch, client_id, kind, speaker_identity,
                started_at at time zone 'utc' as at_utc, coalesce(cost_usd_micros, 0) as usd_micros
        ), spent as (
            select a.*, coalesce(g.person, '') as person
            from added a
            left join lateral (
                select given.person from given
                where given.client_id = a.client_id and a.speaker_identity is not null limit 1
            ) g on true
            where a.usd_micros > 0
        ), shares as (
            select tenant_id, conversation_id, epoch, kind, usd_micros, s.*
            from spent cross join lateral (values
                ('tenant', '', '', date_trunc('month', at_utc)::date),
                ('conversation', conversation_id::text, '', date '1970-01-01'),
                ('user', person, speaker_identity, at_utc::date)
            ) as s (scope, subject, speaker, period_start)
            where s.scope <> 'user' or person <> ''
        ), counted as (
            insert into budget_counters as b (
                tenant_id, scope, subject, period_start, conversation_id, spent_usd_micros
            )
            select tenant_id, scope, subject, period_start,
                case when scope = 'conversation' then conversation_id end,
                least(sum(usd_micros), $35::bigint)
            from shares
            group by tenant_id, scope, subject, period_start, conversation_id
            -- Always in this order, in which allowances lock them as well: nobody waits for each other.
            order by scope desc, subject, period_start
            on conflict (tenant_id, scope, subject, period_start) do update
                -- An amount that is beyond all sense stops at the most that there is: a row is never lost.
                set spent_usd_micros = least(
                        b.spent_usd_micros::numeric + excluded.spent_usd_micros, $35::bigint
                    )::bigint,
                    updated_at = now()
            returning scope, subject, period_start
        ), recorded as (
            -- Only what is there is changed: an insert, since it sets the context before it reads (see `db`).
            insert into budget_holds as h (
                tenant_id, conversation_id, epoch, scope, speaker, subject, period_start,
                recorded_usd_micros, expires_at
            )
            select s.tenant_id, s.conversation_id, s.epoch, s.scope, s.speaker, s.subject, s.period_start,
                least(sum(s.usd_micros), $35::bigint), min(found.expires_at)
            from shares s
            join counted c using (scope, subject, period_start)
            cross join lateral (
                select held.expires_at from budget_holds held
                where held.tenant_id = s.tenant_id and held.conversation_id = s.conversation_id
                    and held.epoch = s.epoch and held.scope = s.scope and held.speaker = s.speaker
                    and held.period_start = s.period_start
                offset 0
            ) found
            -- Speech is no part of what a job reserves.
            where s.kind in ('talk', 'see')
            group by s.tenant_id, s.conversation_id, s.epoch, s.scope, s.speaker, s.subject, s.period_start
            on conflict (tenant_id, conversation_id, epoch, scope, speaker, period_start) do update
                set recorded_usd_micros = least(
                    h.recorded_usd_micros::numeric + excluded.recorded_usd_micros, $35::bigint
                )::bigint
        )
        select (select epoch from serving) as epoch
        """,
        str(tenant_id),
        conversation_id,
        epoch,
        [call.client_id for call in calls],
        [call.turn_client_id for call in calls],
        [call.kind for call in calls],
        [call.tier for call in calls],
        [call.provider for call in calls],
        [call.model for call in calls],
        [call.outcome for call in calls],
        [call.reason for call in calls],
        [aware(call.started_at) for call in calls],
        [call.first_token_ms for call in calls],
        [call.total_ms for call in calls],
        [call.input_tokens for call in calls],
        [call.cached_tokens for call in calls],
        [call.cache_write_tokens for call in calls],
        [call.output_tokens for call in calls],
        [call.audio_ms for call in calls],
        [call.characters for call in calls],
        [call.price_date for call in calls],
        [call.cost_usd_micros for call in calls],
        [call.baseline_usd_micros for call in calls],
        [call.single_usd_micros for call in calls],
        [call.uncached_usd_micros for call in calls],
        [call.purpose for call in calls],
        [call.answered for call in calls],
        [call.speaker_identity for call in calls],
        [None if call.speaker_identity is None else base_identity(call.speaker_identity) for call in calls],
        [call.score for call in calls],
        [call.threshold for call in calls],
        [json.dumps({clean_line(k): clean_text(v) for k, v in call.decision.items()}) for call in calls],
        [json.dumps({clean_line(k): passed for k, passed in call.checks.items()}) for call in calls],
        [epoch if call.epoch is None else min(epoch, call.epoch) for call in calls],
        MOST_USD_MICROS,
    )
    current = row["epoch"]
    if current is None:
        raise NotFound(f"no conversation {conversation_id} in this tenant")
    if epoch > current:
        raise StaleEpoch(f"conversation {conversation_id} is at epoch {current}; {epoch} has not begun")


async def list_calls(conn: Connection, conversation_id: ConversationId) -> list[ModelCallRow]:
    """In the order in which they were started."""
    rows = await conn.fetch(
        """
        select
            client_id, turn_client_id, epoch, kind, tier, provider, model, outcome, reason, started_at,
            first_token_ms, total_ms, input_tokens, cached_tokens, cache_write_tokens, output_tokens,
            audio_ms, characters, price_date, cost_usd_micros, baseline_usd_micros, single_usd_micros,
            uncached_usd_micros, purpose, answered, speaker_identity, score, threshold, decision, checks,
            agent_name, agent_version
        from model_calls
        where conversation_id = $1
        order by started_at, client_id
        """,
        conversation_id,
    )
    return [
        ModelCallRow(
            **{
                **row,
                "outcome": CallOutcome(row["outcome"]),
                "decision": json.loads(row["decision"]),
                "checks": json.loads(row["checks"]),
            }
        )
        for row in rows
    ]

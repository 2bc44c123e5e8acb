"""The ledger: what each call to a model cost. Rows are added once and never change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.wire import CallOutcome, ConversationId, ModelCall, TenantId
from control.store.conversations import check_epoch
from control.store.db import Connection, Database
from control.store.times import aware


@dataclass(frozen=True, slots=True)
class ModelCallRow:
    """`agent.wire.ModelCall` as it was stored; its docstring says what None means."""

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
    output_tokens: int
    audio_ms: int
    characters: int
    price_date: str | None
    cost_usd_micros: int | None
    baseline_usd_micros: int | None


async def append_calls(
    db: Database,
    tenant_id: TenantId,
    conversation_id: ConversationId,
    epoch: int,
    calls: Sequence[ModelCall],
) -> None:
    """Adds what is not there yet by client id, so that no call is counted twice. In one round trip.

    Raises: StaleEpoch, NotFound, DatabaseUnavailable.
    """
    row = await db.fetch_row(
        """
        with context as materialized (select set_config('app.tenant_id', $1, true) as tenant),
        serving as (
            select c.tenant_id, c.id, c.epoch
            from context cross join lateral (
                select tenant_id, id, epoch from conversations
                where tenant_id = context.tenant::uuid and id = $2
                offset 0
            ) c
        ), added as (
            insert into model_calls (
                tenant_id, conversation_id, epoch, client_id, turn_client_id, kind, tier, provider, model,
                outcome, reason, started_at, first_token_ms, total_ms, input_tokens, cached_tokens,
                output_tokens, audio_ms, characters, price_date, cost_usd_micros, baseline_usd_micros
            )
            select s.tenant_id, s.id, s.epoch, g.*
            from serving s
            cross join unnest(
                $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
                $11::text[], $12::timestamptz[], $13::int[], $14::int[], $15::bigint[], $16::bigint[],
                $17::bigint[], $18::bigint[], $19::bigint[], $20::text[], $21::bigint[], $22::bigint[]
            ) as g
            where s.epoch = $3
            on conflict (tenant_id, conversation_id, client_id) do nothing
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
        [call.output_tokens for call in calls],
        [call.audio_ms for call in calls],
        [call.characters for call in calls],
        [call.price_date for call in calls],
        [call.cost_usd_micros for call in calls],
        [call.baseline_usd_micros for call in calls],
    )
    check_epoch(conversation_id, epoch, row["epoch"])


async def list_calls(conn: Connection, conversation_id: ConversationId) -> list[ModelCallRow]:
    """In the order in which they were started."""
    rows = await conn.fetch(
        """
        select
            client_id, turn_client_id, epoch, kind, tier, provider, model, outcome, reason, started_at,
            first_token_ms, total_ms, input_tokens, cached_tokens, output_tokens, audio_ms, characters,
            price_date, cost_usd_micros, baseline_usd_micros
        from model_calls
        where conversation_id = $1
        order by started_at, client_id
        """,
        conversation_id,
    )
    return [ModelCallRow(**{**row, "outcome": CallOutcome(row["outcome"])}) for row in rows]

"""Shadow labels: on one turn, how well both tiers answered. Rows are added once and never change."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent.wire import ConversationId, LabelWrite, TenantId
from control.store.conversations import check_epoch
from control.store.db import Connection, Database
from control.store.times import aware


@dataclass(frozen=True, slots=True)
class StoredLabel:
    """What a fit needs of a label. `after` is empty where the small model's answer was not scored."""

    lane: str
    before: tuple[float, ...]
    after: tuple[float, ...]
    quality_small: float
    quality_large: float
    at: datetime


@dataclass(frozen=True, slots=True)
class LabelCount:
    """`usable`: of the scorer in use, and `fresh` those that came since a moment; `stale`: of other scorers,
    which no fit takes.
    """

    usable: int
    fresh: int
    stale: int


async def append_labels(
    db: Database,
    tenant_id: TenantId,
    conversation_id: ConversationId,
    epoch: int,
    labels: Sequence[LabelWrite],
) -> None:
    """Adds what is not there yet by client id, in one round trip.

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
            insert into labels (
                tenant_id, conversation_id, client_id, turn_client_id, lane, features_version,
                features_before, features_after, quality_small, quality_large, at
            )
            select s.tenant_id, s.id, g.*
            from serving s
            cross join jsonb_to_recordset($4::jsonb) as g (
                client_id text, turn_client_id text, lane text, features_version text,
                before double precision[], after double precision[],
                quality_small double precision, quality_large double precision, at timestamptz
            )
            where s.epoch = $3
            on conflict (tenant_id, conversation_id, client_id) do nothing
        )
        select (select epoch from serving) as epoch
        """,
        str(tenant_id),
        conversation_id,
        epoch,
        json.dumps([_row(label) for label in labels]),
    )
    check_epoch(conversation_id, epoch, row["epoch"])


async def newest_labels(conn: Connection, features_version: str, limit: int) -> list[StoredLabel]:
    """Newest first, of one version of the features."""
    rows = await conn.fetch(
        """
        select lane, features_before, features_after, quality_small, quality_large, at
        from labels
        where features_version = $1
        order by at desc
        limit $2
        """,
        features_version,
        limit,
    )
    return [
        StoredLabel(
            row["lane"],
            tuple(row["features_before"]),
            tuple(row["features_after"]),
            row["quality_small"],
            row["quality_large"],
            row["at"],
        )
        for row in rows
    ]


async def count_labels(conn: Connection, features_version: str, since: datetime | None = None) -> LabelCount:
    """`since` None: all are fresh."""
    row = await conn.fetchrow(
        """
        select count(*) filter (where features_version = $1) as usable,
            count(*) filter (where features_version = $1 and ($2::timestamptz is null or created_at > $2))
                as fresh,
            count(*) filter (where features_version <> $1) as stale
        from labels
        """,
        features_version,
        since,
    )
    return LabelCount(**dict(row or {"usable": 0, "fresh": 0, "stale": 0}))


def _row(label: LabelWrite) -> dict[str, Any]:
    return label.model_copy(update={"at": aware(label.at)}).model_dump(mode="json")

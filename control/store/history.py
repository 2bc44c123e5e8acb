"""Labelled turns with their words, for the operator's own file: nowhere else are both read together."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from control.store.db import Connection

READ_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class LabelledTurn:
    """`answer`: what the person got, None where it is not there in full; `tier` gave it.

    Costs are in millionths of a US dollar, of that tier's calls for this turn; None is unknown.
    """

    conversation_id: UUID
    client_id: str
    question: str = field(repr=False)
    answer: str | None = field(repr=False)
    tier: str | None
    quality_small: float
    quality_large: float
    cost_small: int | None
    cost_large: int | None


async def labelled_turns(conn: Connection, since: datetime) -> AsyncIterator[LabelledTurn]:
    """Of the tenant of a snapshot, oldest first. A label whose turn was never stored is left out."""
    rows = conn.cursor(
        """
        select l.conversation_id, l.client_id, l.quality_small, l.quality_large, q.text as question,
            case when a.state = 'complete' then a.text end as answer, c.tier, c.cost_small, c.cost_large
        from labels l
        join turns q on q.conversation_id = l.conversation_id and q.client_id = l.turn_client_id
            and q.role = 'user' and q.text <> ''
        left join lateral (
            select t.role, t.state, t.text from turns t
            where t.conversation_id = q.conversation_id and t.seq > q.seq
            order by t.seq limit 1
        ) a on a.role = 'agent'
        cross join lateral (
            select max(m.tier) filter (where m.answered) as tier,
                case when bool_and(m.cost_usd_micros is not null) filter (where m.tier = 'small')
                    then sum(m.cost_usd_micros) filter (where m.tier = 'small') end as cost_small,
                case when bool_and(m.cost_usd_micros is not null) filter (where m.tier = 'large')
                    then sum(m.cost_usd_micros) filter (where m.tier = 'large') end as cost_large
            from model_calls m
            where m.conversation_id = l.conversation_id and m.turn_client_id = l.turn_client_id
                and m.purpose in ('answer', 'fallback', 'escalation', 'shadow')
        ) c
        where l.at >= $1
        order by l.at, l.client_id
        """,
        since,
        prefetch=READ_AT_ONCE,
    )
    async for row in rows:
        yield LabelledTurn(
            conversation_id=row["conversation_id"],
            client_id=row["client_id"],
            question=row["question"],
            answer=row["answer"],
            tier=row["tier"],
            quality_small=row["quality_small"],
            quality_large=row["quality_large"],
            cost_small=None if row["cost_small"] is None else int(row["cost_small"]),
            cost_large=None if row["cost_large"] is None else int(row["cost_large"]),
        )

"""Sums over the ledger: what was spent, and what the same turns would have cost another way.

Every figure is a sum over rows. A comparison is over the rows where both sides are known, and says what they
cost themselves; a row where one is unknown is counted as left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final, Literal, get_args

from control.names import PERSON_IDENTITY
from control.store.db import Connection

Group = Literal["lane", "tier", "agent", "day", "model", "purpose", "speaker"]
GROUPS: Final[tuple[Group, ...]] = get_args(Group)


@dataclass(frozen=True, slots=True)
class Sums:
    """Of one group of calls, or of all of them when `key` is None. Money in millionths of a US dollar.

    `compared_cost` is what the calls of models cost whose cost and `always_large` are known, `rivalled_cost`
    the same for `best_single`, `cached_cost` for `uncached`. `turns`: questions that got an answer.
    """

    key: str | None
    calls: int
    turns: int
    strong_turns: int
    escalated_turns: int
    unpriced_calls: int
    uncompared_calls: int
    unrivalled_calls: int
    cost_usd_micros: int
    compared_cost_usd_micros: int
    always_large_usd_micros: int
    rivalled_cost_usd_micros: int
    best_single_usd_micros: int
    cached_cost_usd_micros: int
    uncached_usd_micros: int
    input_tokens: int
    cached_tokens: int
    cache_write_tokens: int
    output_tokens: int
    audio_ms: int
    characters: int


_AMOUNTS: Final = tuple(field.name for field in fields(Sums) if field.name != "key")


async def sum_calls(
    conn: Connection, since: datetime, until: datetime, group: Group, room_name: str | None = None
) -> list[Sums]:
    """The sum of all, then of each group by its key. Of calls that began at `since` or later, before `until`.

    `room_name` None: in all rooms. A group without a key (no tier, no speaker, the deployment's own agent)
    has the empty one. Days are by UTC; a speaker is a person, with all tabs (`control.names.base_identity`).
    """
    rows = await conn.fetch(
        """
        select
            key,
            count(*) as calls,
            count(*) filter (where answered) as turns,
            count(*) filter (where answered and tier = 'large') as strong_turns,
            count(*) filter (where purpose = 'escalation') as escalated_turns,
            count(*) filter (where cost is null) as unpriced_calls,
            count(*) filter (where is_model and (cost is null or baseline is null)) as uncompared_calls,
            count(*) filter (where is_model and (cost is null or single is null)) as unrivalled_calls,
            coalesce(sum(cost), 0) as cost_usd_micros,
            coalesce(sum(cost) filter (where is_model and baseline is not null), 0)
                as compared_cost_usd_micros,
            coalesce(sum(baseline) filter (where is_model and cost is not null), 0)
                as always_large_usd_micros,
            coalesce(sum(cost) filter (where is_model and single is not null), 0)
                as rivalled_cost_usd_micros,
            coalesce(sum(single) filter (where is_model and cost is not null), 0)
                as best_single_usd_micros,
            coalesce(sum(cost) filter (where uncached is not null), 0) as cached_cost_usd_micros,
            coalesce(sum(uncached) filter (where cost is not null), 0) as uncached_usd_micros,
            coalesce(sum(input_tokens), 0) as input_tokens,
            coalesce(sum(cached_tokens), 0) as cached_tokens,
            coalesce(sum(cache_write_tokens), 0) as cache_write_tokens,
            coalesce(sum(output_tokens), 0) as output_tokens,
            coalesce(sum(audio_ms), 0) as audio_ms,
            coalesce(sum(characters), 0) as characters
        from (
            select m.*, m.cost_usd_micros as cost, m.baseline_usd_micros as baseline,
                m.single_usd_micros as single, m.uncached_usd_micros as uncached,
                m.kind in ('talk', 'see') as is_model,
                coalesce(case $3::text
                    when 'lane' then m.kind
                    when 'tier' then m.tier
                    when 'agent' then m.agent_name
                    when 'day' then to_char(m.started_at at time zone 'utc', 'YYYY-MM-DD')
                    when 'model' then m.provider || '/' || m.model
                    when 'purpose' then m.purpose
                    when 'speaker' then regexp_replace(m.speaker_identity, $5, '\\1_\\2')
                end, '') as key
            from model_calls m
            where m.started_at >= $1 and m.started_at < $2
                and ($4::text is null or m.conversation_id in (
                    select c.id from conversations c
                    join rooms r on r.tenant_id = c.tenant_id and r.id = c.room_id
                    where r.name = $4
                ))
        ) c
        group by key
        order by key
        """,
        since,
        until,
        group,
        room_name,
        f"^{PERSON_IDENTITY.pattern}$",
    )
    groups = [Sums(row["key"], **{name: int(row[name]) for name in _AMOUNTS}) for row in rows]
    return [add_up(groups), *groups]


def add_up(sums: Iterable[Sums]) -> Sums:
    """The sum of all, of no key."""
    found = list(sums)
    return Sums(None, **{name: sum(getattr(each, name) for each in found) for name in _AMOUNTS})

"""What a tenant lets itself spend, and what was spent of it.

Caps are for each turn, each conversation, each person and day, and the tenant and month, by UTC. What was
spent is counted by the ledger (`calls`), what running jobs may still spend is held by `allowances`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from control.store.db import Connection

Scope = Literal["tenant", "user", "conversation", "turn"]

PERIODS: Final[dict[Scope, str]] = {
    "tenant": "month",
    "user": "day",
    "conversation": "once",
    "turn": "once",
}
NO_PERIOD: Final = date(1970, 1, 1)
"""Where the counter of what has no period begins. Not the first date that Python knows: asyncpg sends that
one as -infinity, which is another row."""
LISTED: Final = 50
MOST_USD_MICROS: Final = 2**63 - 1
"""Where a counter stops: nine trillion dollars."""


@dataclass(frozen=True, slots=True)
class Cap:
    """`thrift_percent`: from this share of the cap on only the small tier answers."""

    scope: Scope
    cap_usd_micros: int
    thrift_percent: int

    def state(self, spent_usd_micros: int) -> Literal["open", "thrift", "stop"]:
        if spent_usd_micros >= self.cap_usd_micros:
            return "stop"
        if spent_usd_micros * 100 >= self.cap_usd_micros * self.thrift_percent:
            return "thrift"
        return "open"


@dataclass(frozen=True, slots=True)
class Spending:
    """`held`: what running jobs may spend beyond it. `subject`: a person's identity, a conversation's id."""

    subject: str
    spent_usd_micros: int
    held_usd_micros: int


async def list_caps(conn: Connection) -> dict[Scope, Cap]:
    """The caps that are set, by scope."""
    rows = await conn.fetch("select scope, cap_usd_micros, thrift_percent from budgets order by scope")
    return {row["scope"]: Cap(**row) for row in rows}


async def replace_caps(conn: Connection, caps: Sequence[Cap]) -> None:
    """What is not among them has no cap any more. Of two at once, the later one stands as a whole."""
    await conn.execute(
        """
        select pg_advisory_xact_lock(
            hashtextextended('budgets ' || current_setting('app.tenant_id', true), 0)
        )
        """
    )
    known = await list_caps(conn)
    await conn.execute("delete from budgets where not scope = any($1)", [cap.scope for cap in caps])
    await conn.execute(
        """
        insert into budgets (scope, period, cap_usd_micros, thrift_percent)
        select * from unnest($1::text[], $2::text[], $3::bigint[], $4::int[])
        on conflict (tenant_id, scope, period) do update set
            cap_usd_micros = excluded.cap_usd_micros, thrift_percent = excluded.thrift_percent,
            updated_at = now()
        """,
        [cap.scope for cap in caps],
        [PERIODS[cap.scope] for cap in caps],
        [cap.cap_usd_micros for cap in caps],
        [cap.thrift_percent for cap in caps],
    )
    await _forget_what_was_free(conn, [cap.scope for cap in caps if cap.scope not in known])


async def _forget_what_was_free(conn: Connection, scopes: Sequence[Scope]) -> None:
    """Rows of calls that no cap stood against settle nothing of what a job was granted before or after.

    The counters are locked first, in the order in which the ledger and the allowances lock them.
    """
    await conn.execute(
        """
        select 1 from budget_counters b
        where b.scope = any($1) and exists (
            select from budget_holds h
            where h.scope = b.scope and h.subject = b.subject and h.period_start = b.period_start
        )
        order by b.scope desc, b.subject, b.period_start
        for no key update of b
        """,
        scopes,
    )
    await conn.execute(
        """
        update budget_holds set recorded_usd_micros = settled_usd_micros
        where scope = any($1) and recorded_usd_micros > settled_usd_micros
        """,
        scopes,
    )


async def is_budget_spent(conn: Connection) -> bool:
    """Whether this month's calls cost the tenant's monthly cap or more. Without a cap never.

    A month begins at midnight UTC. Calls whose price is unknown count nothing; the ledger shows them.
    """
    is_spent = await conn.fetchval(
        """
        select coalesce((
            select c.spent_usd_micros from budget_counters c
            where c.scope = 'tenant' and c.subject = ''
                and c.period_start = date_trunc('month', now() at time zone 'utc')::date
        ), 0) >= b.cap_usd_micros
        from budgets b
        where b.scope = 'tenant' and b.period = 'month'
        """
    )
    return bool(is_spent)


async def spent_by_tenant(conn: Connection) -> Spending:
    """This month."""
    row = await conn.fetchrow(
        """
        select coalesce((
            select c.spent_usd_micros from budget_counters c
            where c.scope = 'tenant' and c.subject = '' and c.period_start = m.first
        ), 0) as spent, coalesce((
            select sum(greatest(
                h.granted_usd_micros - h.returned_usd_micros - h.kept_usd_micros
                    - least(h.recorded_usd_micros, h.settled_usd_micros), 0
            ))
            from budget_holds h
            where h.scope = 'tenant' and h.subject = '' and h.period_start = m.first and h.expires_at > now()
        ), 0) as held
        from (select date_trunc('month', now() at time zone 'utc')::date as first) m
        """
    )
    return Spending("", 0, 0) if row is None else Spending("", row["spent"], int(row["held"]))


async def people_who_spent(conn: Connection, at_least_usd_micros: int) -> list[Spending]:
    """Today, those who spent most first; so many of them at most as one may want to read."""
    rows = await conn.fetch(
        """
        select subject, spent_usd_micros from budget_counters
        where scope = 'user' and period_start = (now() at time zone 'utc')::date and spent_usd_micros >= $1
        order by spent_usd_micros desc, subject
        limit $2
        """,
        at_least_usd_micros,
        LISTED,
    )
    return [Spending(row["subject"], row["spent_usd_micros"], 0) for row in rows]


async def conversations_that_spent(conn: Connection, at_least_usd_micros: int) -> list[Spending]:
    """Of the ones that are open, in the same way."""
    rows = await conn.fetch(
        """
        select b.subject, b.spent_usd_micros
        from budget_counters b
        join conversations c on c.tenant_id = b.tenant_id and c.id = b.conversation_id
        where b.scope = 'conversation' and c.closed_at is null and b.spent_usd_micros >= $1
        order by b.spent_usd_micros desc, b.subject
        limit $2
        """,
        at_least_usd_micros,
        LISTED,
    )
    return [Spending(row["subject"], row["spent_usd_micros"], 0) for row in rows]

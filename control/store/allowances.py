"""What running jobs hold of a tenant's budgets, so that all of them together never pass a cap.

A renewal locks the counters that it takes from, in one order for everybody, and reads what is held only then.
An allowance ends by itself: of a job that died nothing is heard any more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from agent.errors import NotFound, StaleEpoch
from agent.wire import AllowanceLine, ConversationId
from control.names import base_identity
from control.store.budgets import MOST_USD_MICROS, NO_PERIOD, Cap, Scope
from control.store.db import Connection
from control.store.granting import Held, renew

EXPIRES_S: Final = 420
GOOD_FOR_S: Final = 270
"""A job spends for a shorter time than others wait, so that every call which it began has ended by then."""


@dataclass(frozen=True, slots=True)
class Granted:
    """`granted`: all that the job may ever spend under this cap; `spent`: by everybody."""

    line: AllowanceLine
    granted_usd_micros: int
    spent_usd_micros: int


@dataclass(frozen=True, slots=True)
class _Key:
    """A counter."""

    scope: str
    subject: str
    period_start: date


@dataclass(slots=True)
class _Counter:
    spent_usd_micros: int
    left_usd_micros: int


async def renew_allowance(
    conn: Connection,
    conversation_id: ConversationId,
    epoch: int,
    lines: Sequence[AllowanceLine],
    caps: dict[Scope, Cap],
    *,
    is_closing: bool = False,
) -> list[Granted]:
    """Grants each line what it asks for, or as much as is left; in the order in which they came.

    `lines`: each once, of scopes that have a cap. Raises: StaleEpoch, unless it is closing; NotFound.
    """
    await _check_job(conn, conversation_id, epoch, is_closing=is_closing)
    if not lines:
        return []
    keys = {_name(line): _key(line, conversation_id) for line in lines}
    counters = await _lock_counters(conn, sorted(set(keys.values()), key=_place), conversation_id, caps)
    held, alive = await _read_held(conn, conversation_id, epoch)
    # Whoever has closed does not begin again, under no cap at all: a request may come late.
    may_get_more = not is_closing and not any(old.is_closed for old in held.values())
    granted, renewed = [], []
    for line in lines:
        counter = counters[keys[_name(line)]]
        name = _name(line)
        result = renew(
            held.get(name),
            line,
            counter.left_usd_micros,
            has_expired=name not in alive,
            is_closing=is_closing,
            may_get_more=may_get_more,
        )
        counter.left_usd_micros = result.left_usd_micros
        counter.spent_usd_micros = min(
            counter.spent_usd_micros + result.newly_kept_usd_micros, MOST_USD_MICROS
        )
        renewed.append((name, keys[name], result.held))
        granted.append(Granted(line, result.held.granted_usd_micros, counter.spent_usd_micros))
    await _write(conn, conversation_id, epoch, renewed, counters)
    return granted


Name = tuple[str, str, date]
"""Scope, speaker and beginning of the period: one line of one job."""


def _name(line: AllowanceLine) -> Name:
    return line.scope, line.speaker, line.period_start or NO_PERIOD


def _key(line: AllowanceLine, conversation_id: ConversationId) -> _Key:
    """Tabs of one person are one person."""
    subject = {"user": base_identity(line.speaker), "conversation": str(conversation_id)}.get(line.scope, "")
    return _Key(line.scope, subject, line.period_start or NO_PERIOD)


def _place(key: _Key) -> tuple[str, str, date]:
    return key.scope, key.subject, key.period_start


async def _check_job(
    conn: Connection, conversation_id: ConversationId, epoch: int, *, is_closing: bool
) -> None:
    current = await conn.fetchval("select epoch from conversations where id = $1", conversation_id)
    if current is None:
        raise NotFound(f"no conversation {conversation_id} in this tenant")
    if epoch > current or (epoch < current and not is_closing):
        raise StaleEpoch(f"epoch {epoch} of conversation {conversation_id} is over; it is at {current}")


async def _lock_counters(
    conn: Connection, keys: Sequence[_Key], conversation_id: ConversationId, caps: dict[Scope, Cap]
) -> dict[_Key, _Counter]:
    """What is left of each counter's cap, which nobody else changes until this transaction ends."""
    columns = ([key.scope for key in keys], [key.subject for key in keys], [key.period_start for key in keys])
    await conn.execute(
        """
        insert into budget_counters (scope, subject, period_start, conversation_id)
        select g.scope, g.subject, g.period_start, case when g.scope = 'conversation' then $4::uuid end
        from unnest($1::text[], $2::text[], $3::date[]) as g (scope, subject, period_start)
        order by g.scope desc, g.subject, g.period_start
        on conflict do nothing
        """,
        *columns,
        conversation_id,
    )
    # One after the other in that order, in which the ledger locks them too; what is held is read after that.
    spent = await conn.fetch(
        """
        select b.scope, b.subject, b.period_start, b.spent_usd_micros
        from unnest($1::text[], $2::text[], $3::date[]) as g (scope, subject, period_start)
        join budget_counters b using (scope, subject, period_start)
        order by b.scope desc, b.subject, b.period_start
        for no key update of b
        """,
        *columns,
    )
    held = await conn.fetch(
        """
        select g.scope, g.subject, g.period_start, sum(greatest(
            h.granted_usd_micros - h.returned_usd_micros - h.kept_usd_micros
                - least(h.recorded_usd_micros, h.settled_usd_micros), 0
        )) as usd_micros
        from unnest($1::text[], $2::text[], $3::date[]) as g (scope, subject, period_start)
        join budget_holds h using (scope, subject, period_start)
        where h.expires_at > now()
        group by g.scope, g.subject, g.period_start
        """,
        *columns,
    )
    taken = {_Key(row["scope"], row["subject"], row["period_start"]): int(row["usd_micros"]) for row in held}
    counters = {}
    for row in spent:
        key = _Key(row["scope"], row["subject"], row["period_start"])
        left = caps[row["scope"]].cap_usd_micros - row["spent_usd_micros"] - taken.get(key, 0)
        counters[key] = _Counter(row["spent_usd_micros"], left)
    return counters


async def _read_held(
    conn: Connection, conversation_id: ConversationId, epoch: int
) -> tuple[dict[Name, Held], set[Name]]:
    """The job's own, and which of it has not expired."""
    rows = await conn.fetch(
        """
        select scope, speaker, period_start, granted_usd_micros, recorded_usd_micros, kept_usd_micros,
            settled_usd_micros, returned_usd_micros, is_closed, expires_at > now() as is_alive
        from budget_holds
        where conversation_id = $1 and epoch = $2
        """,
        conversation_id,
        epoch,
    )
    held: dict[Name, Held] = {}
    alive: set[Name] = set()
    for row in rows:
        name = (row["scope"], row["speaker"], row["period_start"])
        held[name] = Held(
            row["granted_usd_micros"],
            row["recorded_usd_micros"],
            row["kept_usd_micros"],
            row["settled_usd_micros"],
            row["returned_usd_micros"],
            row["is_closed"],
        )
        if row["is_alive"]:
            alive.add(name)
    return held, alive


async def _write(
    conn: Connection,
    conversation_id: ConversationId,
    epoch: int,
    renewed: Sequence[tuple[Name, _Key, Held]],
    counters: dict[_Key, _Counter],
) -> None:
    await conn.execute(
        """
        update budget_counters b set spent_usd_micros = g.spent_usd_micros, updated_at = now()
        from unnest($1::text[], $2::text[], $3::date[], $4::bigint[])
            as g (scope, subject, period_start, spent_usd_micros)
        where b.scope = g.scope and b.subject = g.subject and b.period_start = g.period_start
            and b.spent_usd_micros <> g.spent_usd_micros
        """,
        [key.scope for key in counters],
        [key.subject for key in counters],
        [key.period_start for key in counters],
        [counter.spent_usd_micros for counter in counters.values()],
    )
    await conn.execute(
        """
        insert into budget_holds (
            conversation_id, epoch, scope, speaker, subject, period_start, granted_usd_micros,
            recorded_usd_micros, kept_usd_micros, settled_usd_micros, returned_usd_micros, is_closed,
            expires_at
        )
        select $1, $2, g.*, now() + make_interval(secs => $3)
        from unnest($4::text[], $5::text[], $6::text[], $7::date[], $8::bigint[], $9::bigint[], $10::bigint[],
            $11::bigint[], $12::bigint[], $13::boolean[]) as g
        on conflict (tenant_id, conversation_id, epoch, scope, speaker, period_start) do update set
            granted_usd_micros = excluded.granted_usd_micros, kept_usd_micros = excluded.kept_usd_micros,
            settled_usd_micros = excluded.settled_usd_micros,
            returned_usd_micros = excluded.returned_usd_micros, is_closed = excluded.is_closed,
            expires_at = excluded.expires_at
        """,
        conversation_id,
        epoch,
        float(EXPIRES_S),
        [name[0] for name, _, _ in renewed],
        [name[1] for name, _, _ in renewed],
        [key.subject for _, key, _ in renewed],
        [name[2] for name, _, _ in renewed],
        [held.granted_usd_micros for _, _, held in renewed],
        [held.recorded_usd_micros for _, _, held in renewed],
        [held.kept_usd_micros for _, _, held in renewed],
        [held.settled_usd_micros for _, _, held in renewed],
        [held.returned_usd_micros for _, _, held in renewed],
        [held.is_closed for _, _, held in renewed],
    )

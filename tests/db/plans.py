"""Which indexes the plan of a query uses: of the store's, of a definer's body, of a cascade.

Statements of the store run through `Explaining`, so that the test names the function and never repeats its
SQL. What runs inside the database (functions of parley_lookup, foreign keys) is taken from the catalog.
"""

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, cast
from uuid import UUID

import asyncpg

from control.store.db import Connection

_STATEMENT: Final = re.compile(r"\s*(select|insert|update|delete|with)\b", re.IGNORECASE)

Use = Callable[[Connection], Awaitable[object]]


class Explaining:
    """A connection that runs each statement and notes what its plan uses. `plans`: all of them, as JSON."""

    def __init__(self, conn: asyncpg.Connection) -> None:
        self._conn = conn
        self.indexes: set[str] = set()
        self.plans: list[str] = []

    async def fetch(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        await self._explain(statement, arguments)
        return await self._conn.fetch(statement, *arguments)

    async def fetchrow(self, statement: str, *arguments: object) -> asyncpg.Record | None:
        await self._explain(statement, arguments)
        return await self._conn.fetchrow(statement, *arguments)

    async def fetchval(self, statement: str, *arguments: object) -> object:
        await self._explain(statement, arguments)
        return await self._conn.fetchval(statement, *arguments)

    async def execute(self, statement: str, *arguments: object) -> str:
        await self._explain(statement, arguments)
        return await self._conn.execute(statement, *arguments)

    async def _explain(self, statement: str, arguments: tuple[object, ...]) -> None:
        if _STATEMENT.match(statement):
            self.note(await self._conn.fetchval(f"explain (format json) {statement}", *arguments))

    def note(self, plan: str) -> None:
        self.plans.append(plan)
        self.indexes |= set(_index_names(json.loads(plan)))


async def used_by(conn: asyncpg.Connection, use: Use, *, tenant: UUID, person: UUID) -> Explaining:
    """As parley_app, in both contexts; nothing of it is kept."""
    explaining = Explaining(conn)
    async with _rolled_back(conn):
        await conn.execute(
            "select set_config('app.tenant_id', $1, true), set_config('app.user_id', $2, true)",
            str(tenant),
            str(person),
        )
        await use(cast(Connection, explaining))
    return explaining


async def used_by_function(owner: asyncpg.Connection, name: str, *arguments: str) -> Explaining:
    """The statements of a function of parley_lookup, as that role. `arguments`: SQL, one for each parameter.

    With one plan for all arguments, as PostgreSQL makes it for the body of an SQL function.
    """
    function = await owner.fetchrow(
        """
        select prosrc as body, proargnames[:pronargs] as names,
            array(select format_type(t, null) from unnest(proargtypes) t) as types
        from pg_proc where proname = $1 and prosecdef
        """,
        name,
    )
    assert function is not None, name
    explaining = Explaining(owner)
    for statement in _statements_of(function["body"]):
        sql = statement
        for place, parameter in enumerate(function["names"] or (), start=1):
            sql = re.sub(rf"\b{parameter}\b", f"${place}", sql)
        async with _rolled_back(owner):
            await owner.execute(
                "set local role parley_lookup; set local plan_cache_mode = force_generic_plan"
            )
            explaining.note(await _explain_prepared(owner, sql, function["types"], arguments))
    return explaining


async def used_by_cascade(owner: asyncpg.Connection, constraint: str) -> Explaining:
    """What PostgreSQL runs when a row is deleted that others refer to by that foreign key."""
    key = await owner.fetchrow(
        """
        select c.conrelid::regclass::text as "table", c.confdeltype::text as action,
            array_agg(a.attname::text order by place) as columns,
            array_agg(format_type(a.atttypid, null) order by place) as types
        from pg_constraint c
        cross join unnest(c.conkey) with ordinality as k (number, place)
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.number
        where c.conname = $1 and c.contype = 'f'
        group by 1, 2
        """,
        constraint,
    )
    assert key is not None, constraint
    table, columns = key["table"], key["columns"]
    where = " and ".join(f"${place} = {column}" for place, column in enumerate(columns, start=1))
    statement = {
        "c": f"delete from only {table} where {where}",  # noqa: S608 - names of the catalog
        "n": f"update only {table} set {columns[-1]} = null where {where}",  # noqa: S608 - names of the catalog
    }[key["action"]]
    values = await owner.fetchrow(
        f"select {', '.join(columns)} from {table} where {columns[-1]} is not null limit 1"  # noqa: S608
    )
    assert values is not None, table
    explaining = Explaining(owner)
    async with _rolled_back(owner):
        await owner.execute("set local plan_cache_mode = force_generic_plan")
        arguments = tuple(f"'{value}'" for value in values)
        explaining.note(await _explain_prepared(owner, statement, key["types"], arguments))
    return explaining


async def _explain_prepared(
    conn: asyncpg.Connection, statement: str, types: list[str], arguments: tuple[str, ...]
) -> str:
    signature = f"({', '.join(types)})" if types else ""
    values = f"({', '.join(arguments)})" if arguments else ""
    await conn.execute(f"prepare explained {signature} as {statement}")
    try:
        plan: str = await conn.fetchval(f"explain (format json) execute explained {values}")
        return plan
    finally:
        await conn.execute("deallocate explained")


def _statements_of(body: str) -> list[str]:
    """An SQL function is one statement; of a PL/pgSQL one those that read or write."""
    text = re.sub(r"--[^\n]*", "", body)
    inner = re.search(r"\bbegin\b(.*)\bend\b\s*;?\s*$", text, re.DOTALL)
    pieces = (inner[1] if inner else text).split(";")
    statements = [piece.replace("return query", "", 1).strip() for piece in pieces]
    return [statement for statement in statements if _STATEMENT.match(statement)]


@asynccontextmanager
async def _rolled_back(conn: asyncpg.Connection) -> AsyncIterator[None]:
    transaction = conn.transaction()
    await transaction.start()
    try:
        yield
    finally:
        await transaction.rollback()


def _index_names(plan: Any) -> list[str]:
    if isinstance(plan, dict):
        own = [plan["Index Name"]] if "Index Name" in plan else []
        return own + [name for value in plan.values() for name in _index_names(value)]
    if isinstance(plan, list):
        return [name for value in plan for name in _index_names(value)]
    return []

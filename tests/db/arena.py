"""Twenty tenants with rows in every table, and how to tell whose a row, a word or an id is.

Every text of a tenant's rows holds its canary. The superuser's view of what each tenant has is a function
inside the database, so that it also sees what a transaction has done before that is rolled back.
"""

import json
import re
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import asyncpg

from control.store.db import Connection, Database
from tests.db.catalog import list_tables, owner_column
from tests.db.samples import fill_every_table
from tests.fixtures.database import Template, TenantSample, cloned, make_tenant, with_database, with_role

TENANTS: Final = 20
OWNERS: Final = {"tenants": "t.id", "users": "t.id", "outbox": "coalesce(t.tenant_id, t.user_id)"}
"""What says whose a row `t` is, where it is not the plain column."""

_TOKEN = re.compile(
    r"canary[0-9]{2}[0-9a-f]{12}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Table:
    """`types`: by column, without the generated ones. `unique`: the columns of each unique index.

    `rows`: one of each tenant's, in the order of the tenants.
    """

    name: str
    types: Mapping[str, str]
    unique: tuple[tuple[str, ...], ...]
    rows: tuple[Row, ...]

    @property
    def columns(self) -> str:
        return ", ".join(f'"{column}"' for column in self.types)

    @property
    def owner(self) -> str:
        column = owner_column(self.types)
        return OWNERS.get(self.name, f"t.{column}")

    @property
    def world_keys(self) -> set[str]:
        """The columns of what is unique across tenants."""
        return {column for columns in self.unique if owner_column(columns) is None for column in columns}

    @property
    def key(self) -> str:
        """The column by which a row would be handed over."""
        return "id" if self.name in ("tenants", "users") else owner_column(self.types) or "id"


@dataclass(frozen=True, slots=True)
class Arena:
    """`owner_of`: the place in `tenants` by canary or id. `sums`: of each tenant's rows, by table."""

    url: str
    owner_url: str
    tenants: tuple[TenantSample, ...]
    tables: Mapping[str, Table]
    owner_of: Mapping[str, int]
    sums: Mapping[tuple[int, str], str]

    def owners_in(self, text: str) -> set[int]:
        """The tenants that a text tells something of."""
        return {self.owner_of[token] for token in _TOKEN.findall(text) if token in self.owner_of}

    async def read_sums(self, conn: asyncpg.Connection | Connection) -> dict[tuple[int, str], str]:
        """A digest of each tenant's rows by table, in sight of the transaction; -1 is none of the twenty.

        A row of nobody is none's: a letter to a stranger, or what waits to be sent of a tenant that is gone.
        """
        rows = await conn.fetch("select owner, name, digest from arena.sums()")
        return {(self.owner_of.get(str(row["owner"]), -1), row["name"]): row["digest"] for row in rows}


@asynccontextmanager
async def filled_template(server_url: str, template: Template) -> AsyncIterator[Template]:
    """A database with the twenty tenants that nobody is connected to, so that it can be cloned."""
    async with cloned(server_url, template) as owner_url:
        db = await Database.open(with_role(owner_url, "parley_app", template.app_password))
        for number in range(TENANTS):
            mark = f"canary{number:02}{secrets.token_hex(6)}"
            sample = await make_tenant(db, mark, f"{mark}@harbor.example", f"Ada {mark}")
            await fill_every_table(db, sample, mark)
        await db.aclose()
        conn = await asyncpg.connect(owner_url)
        await conn.execute(await _sums_function(conn))
        # The statistics hold values of the rows; whoever may not read these may not read those.
        await conn.execute("analyze")
        await conn.close()
        yield Template(owner_url.rpartition("/")[2], template.app_password)


@asynccontextmanager
async def opened_arena(server_url: str, filled: Template, hole: str = "select") -> AsyncIterator[Arena]:
    """A copy of it. `hole`: what the owner executes to let something through."""
    async with cloned(server_url, filled) as owner_url:
        conn = await asyncpg.connect(owner_url)
        await conn.execute(hole)
        tenants = await _tenants(conn)
        tables = {name: await _table(conn, name, tenants) for name in await list_tables(conn)}
        owner_of = {
            token: number
            for table in tables.values()
            for number, row in enumerate(table.rows)
            for token in _TOKEN.findall(json.dumps(row))
        }
        arena = Arena(
            with_role(
                with_database(server_url, owner_url.rpartition("/")[2]), "parley_app", filled.app_password
            ),
            owner_url,
            tenants,
            tables,
            owner_of,
            {},
        )
        sums = await arena.read_sums(conn)
        await conn.close()
        yield Arena(arena.url, owner_url, tenants, tables, owner_of, sums)


async def _tenants(conn: asyncpg.Connection) -> tuple[TenantSample, ...]:
    rows = await conn.fetch(
        """
        select t.id, t.name, u.id as user_id, u.name as user_name, u.email, k.id as api_key_id
        from tenants t
        join memberships m on m.tenant_id = t.id
        join users u on u.id = m.user_id
        join api_keys k on k.tenant_id = t.id
        order by t.name
        """
    )
    return tuple(TenantSample(**row) for row in rows)


async def _table(conn: asyncpg.Connection, name: str, tenants: tuple[TenantSample, ...]) -> Table:
    # Names come from the catalog, never from input.
    columns = await conn.fetch(
        """
        select attname::text as name, format_type(atttypid, null) as type from pg_attribute
        where attrelid = $1::text::regclass and attnum > 0 and attgenerated = '' and not attisdropped
        order by attnum
        """,
        name,
    )
    unique = await conn.fetch(
        """
        select array(
            select attname::text from pg_attribute
            where attrelid = i.indrelid and attnum = any (i.indkey) order by attnum
        ) as columns
        from pg_index i
        where i.indrelid = $1::text::regclass and i.indisunique and i.indpred is null
        """,
        name,
    )
    table = Table(
        name,
        {row["name"]: row["type"] for row in columns},
        tuple(tuple(row["columns"]) for row in unique),
        (),
    )
    owned = f"select to_jsonb(t)::text from {name} t where {table.owner} = any ($1::uuid[]) limit 1"  # noqa: S608
    rows = [json.loads(await conn.fetchval(owned, [tenant.id, tenant.user_id])) for tenant in tenants]
    kept = tuple({column: row[column] for column in table.types} for row in rows)
    return Table(name, table.types, table.unique, kept)


async def _sums_function(conn: asyncpg.Connection) -> str:
    parts = []
    for name in await list_tables(conn):
        columns = await conn.fetchval(
            "select array_agg(attname::text) from pg_attribute where attrelid = $1::text::regclass", name
        )
        owner = OWNERS.get(name, f"t.{owner_column(columns)}")
        parts.append(
            f"select {owner}, '{name}', md5(string_agg(t::text, e'\\n' order by t::text)) "  # noqa: S608
            f"from public.{name} t where {owner} is not null group by 1"
        )
    return (
        "create schema arena; grant usage on schema arena to parley_app; "
        "create function arena.sums() returns table (owner uuid, name text, digest text) "
        "language sql stable security definer set search_path = pg_catalog as $$ "
        + " union all ".join(parts)
        + "$$"
    )

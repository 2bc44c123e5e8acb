"""A database as a whole: every cell of every table, as a superuser sees them."""

import asyncpg


async def tables_of(owner: asyncpg.Connection) -> list[str]:
    rows = await owner.fetch(
        """
        select relname from pg_class
        where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace
            and relname <> 'schema_migrations'
        order by relname
        """
    )
    return [row["relname"] for row in rows]


async def places_of(owner: asyncpg.Connection, word: str) -> set[str]:
    """`table.column` of each cell that holds `word`, in any case, also within JSON, lists and bytes."""
    needles = [word.lower(), word.lower().replace("-", "").removeprefix("user_"), word.lower().encode().hex()]
    columns = await owner.fetch(
        """
        select c.relname, a.attname, a.atttypid = 'bytea'::regtype as is_bytes
        from pg_attribute a
        join pg_class c on c.oid = a.attrelid
        where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
            and a.attnum > 0 and not a.attisdropped
        """
    )
    found = set()
    for column in columns:
        cell = f'"{column["attname"]}"'
        text = f"encode({cell}, 'hex')" if column["is_bytes"] else f"{cell}::text"
        holds = await owner.fetchval(
            f'select exists (select from "{column["relname"]}" '  # noqa: S608 - names of the catalog
            f"where lower({text}) like any ($1) or replace(lower({text}), '-', '') like any ($1))",
            [f"%{needle}%" for needle in needles if needle],
        )
        if holds:
            found.add(f"{column['relname']}.{column['attname']}")
    return found


async def rows_of(owner: asyncpg.Connection, table: str) -> list[str]:
    """Every row as JSON, sorted."""
    rows = await owner.fetch(f'select to_jsonb(t)::text as row from "{table}" t')  # noqa: S608 - of the catalog
    return sorted(row["row"] for row in rows)


async def see_everything(owner: asyncpg.Connection) -> None:
    """Fails unless row level security holds nothing back from this connection."""
    assert await owner.fetchval("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")

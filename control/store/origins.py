"""Which pages of others may call the API with a tenant's credentials."""

from collections.abc import Sequence

from control.store.db import Connection


async def list_origins(conn: Connection) -> list[str]:
    rows = await conn.fetch("select origin from allowed_origins order by origin")
    return [row["origin"] for row in rows]


async def replace_origins(conn: Connection, origins: Sequence[str]) -> None:
    await conn.execute("delete from allowed_origins where origin <> all ($1)", list(origins))
    await conn.execute(
        "insert into allowed_origins (origin) select unnest($1::text[]) on conflict do nothing", list(origins)
    )


async def is_origin_allowed(conn: Connection, origin: str) -> bool:
    return bool(await conn.fetchval("select exists (select from allowed_origins where origin = $1)", origin))

"""A tenant's tools, as they are kept. Their secrets are sealed before they come here."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncpg

from agent.errors import Conflict, NotFound
from agent.wire import ToolId, UserId
from control.store.db import Connection


@dataclass(frozen=True, slots=True)
class ToolContent:
    """All of a tool but its name and times. `definition`: by kind, see `agent/wire/tools.py`."""

    kind: str
    description: str
    url: str
    definition: dict[str, Any]
    sealed_secrets: bytes | None = field(repr=False)
    secret_headers: tuple[str, ...]
    is_signed: bool
    timeout_s: float
    is_repeatable: bool
    audience: str


@dataclass(frozen=True, slots=True)
class StoredTool:
    id: ToolId
    name: str
    content: ToolContent
    created_at: datetime
    updated_at: datetime


async def lock_tools(conn: Connection) -> None:
    """Until the transaction ends, nobody else of this tenant makes a tool."""
    await conn.execute(
        """
        select pg_advisory_xact_lock(
            hashtextextended('tools ' || current_setting('app.tenant_id', true), 0)
        )
        """
    )


async def list_tools(conn: Connection, names: Sequence[str] | None = None) -> list[StoredTool]:
    """By name; `names`: only those of them that there are."""
    rows = await conn.fetch(
        """
        select id, name, kind, description, url, definition, sealed_secrets, secret_headers, is_signed,
            timeout_s, is_repeatable, audience, created_at, updated_at
        from tools
        where $1::text[] is null or name = any ($1)
        order by name
        """,
        names,
    )
    return [_tool(row) for row in rows]


async def find_tool(conn: Connection, name: str, *, lock: bool = False) -> StoredTool:
    """`lock`: nobody changes it until the transaction ends. Raises: NotFound."""
    if lock:
        await conn.execute("select from tools where name = $1 for update", name)
    found = await list_tools(conn, [name])
    if not found:
        raise NotFound(f"no tool {name!r}")
    return found[0]


async def create_tool(conn: Connection, name: str, content: ToolContent, updated_by: UserId | None) -> None:
    """Raises: Conflict for a name that is taken."""
    created = await conn.fetchval(
        """
        insert into tools (name, kind, description, url, definition, sealed_secrets, secret_headers,
            is_signed, timeout_s, is_repeatable, audience, updated_by)
        values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9, $10, $11, $12)
        on conflict (tenant_id, name) do nothing
        returning name
        """,
        name,
        content.kind,
        *_values(content),
        updated_by,
    )
    if created is None:
        raise Conflict(f"there is a tool {name!r} already")


async def change_tool(conn: Connection, name: str, content: ToolContent, updated_by: UserId | None) -> None:
    """All of it but its kind."""
    await conn.execute(
        """
        update tools set description = $2, url = $3, definition = $4::jsonb, sealed_secrets = $5,
            secret_headers = $6, is_signed = $7, timeout_s = $8, is_repeatable = $9, audience = $10,
            updated_by = $11, updated_at = now()
        where name = $1
        """,
        name,
        *_values(content),
        updated_by,
    )


async def seal_again(conn: Connection, name: str, before: bytes, sealed: bytes) -> None:
    """Nothing happens when somebody has put other secrets meanwhile."""
    await conn.execute(
        "update tools set sealed_secrets = $3 where name = $1 and sealed_secrets = $2", name, before, sealed
    )


async def delete_tool(conn: Connection, name: str) -> None:
    await conn.execute("delete from tools where name = $1", name)


async def count_tools(conn: Connection) -> int:
    return int(await conn.fetchval("select count(*) from tools"))


async def missing_tools(conn: Connection, names: Collection[str]) -> list[str]:
    """Those of the names that no tool has. What is there is not deleted before the transaction ends."""
    rows = await conn.fetch("select name from tools where name = any ($1::text[]) for key share", list(names))
    return sorted(set(names) - {row["name"] for row in rows})


def _values(content: ToolContent) -> tuple[object, ...]:
    return (
        content.description,
        content.url,
        json.dumps(content.definition),
        content.sealed_secrets,
        list(content.secret_headers),
        content.is_signed,
        content.timeout_s,
        content.is_repeatable,
        content.audience,
    )


def _tool(row: asyncpg.Record) -> StoredTool:
    return StoredTool(
        id=ToolId(row["id"]),
        name=row["name"],
        content=ToolContent(
            kind=row["kind"],
            description=row["description"],
            url=row["url"],
            definition=json.loads(row["definition"]),
            sealed_secrets=row["sealed_secrets"],
            secret_headers=tuple(row["secret_headers"]),
            is_signed=row["is_signed"],
            timeout_s=row["timeout_s"],
            is_repeatable=row["is_repeatable"],
            audience=row["audience"],
        ),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )

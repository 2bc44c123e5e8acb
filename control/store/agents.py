"""A tenant's agents and their versions. A version is never changed: a change writes the next one.

Where a tenant has agents, exactly one is the default. What could break that (making one, choosing another,
deleting) takes one lock per tenant first; the unique index stands behind it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncpg

from agent.errors import Conflict, InvalidInput, NotFound
from agent.wire import DOCUMENT_PREFIX, AgentId, DocumentId, RoomId, UserId, format_id
from control.store.db import Connection
from control.store.pages import Page, Place, cut_page, parse_cursor
from control.store.tools import missing_tools


@dataclass(frozen=True, slots=True)
class AgentContent:
    """What a version says. `documents`: those it may quote, None for all that the tenant has. `tools`: the
    names of those it may call.
    """

    display_name: str
    prompt: str = field(repr=False)
    greeting: str = field(repr=False)
    voice: str | None
    language: str
    model_policy: dict[str, Any]
    documents: tuple[DocumentId, ...] | None
    tools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AgentVersion:
    version: int
    content: AgentContent
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StoredAgent:
    """`active`: the version in use."""

    id: AgentId
    name: str
    is_default: bool
    created_at: datetime
    updated_at: datetime
    active: AgentVersion


@dataclass(frozen=True, slots=True)
class AgentRef:
    """One version of one agent, as a conversation notes it."""

    id: AgentId
    version: int


@dataclass(frozen=True, slots=True)
class Serving:
    """The agent that a room gets next."""

    ref: AgentRef
    name: str
    display_name: str


async def lock_agents(conn: Connection) -> None:
    """Until the transaction ends, nobody else of this tenant decides which agent is the default."""
    await conn.execute(
        """
        select pg_advisory_xact_lock(
            hashtextextended('agents ' || current_setting('app.tenant_id', true), 0)
        )
        """
    )


async def create_agent(
    conn: Connection, name: str, content: AgentContent, created_by: UserId | None
) -> StoredAgent:
    """With its first version; the default if it is the tenant's first agent. Call `lock_agents` before.

    Raises: Conflict for a name that is taken, InvalidInput for a document or tool that it does not have.
    """
    agent_id = await conn.fetchval(
        """
        insert into agents (name, is_default)
        values ($1, not exists (select from agents))
        on conflict (tenant_id, name) do nothing
        returning id
        """,
        name,
    )
    if agent_id is None:
        raise Conflict(f"there is an agent {name!r} already")
    await _write_version(conn, AgentRef(agent_id, 1), content, created_by)
    return await _known(conn, name)


async def find_agent(conn: Connection, name: str) -> StoredAgent | None:
    row = await conn.fetchrow(
        """
        select a.id, a.name, a.is_default, a.created_at, a.updated_at, v.version, v.display_name, v.prompt,
            v.greeting, v.voice, v.language, v.model_policy, v.all_documents, v.tools,
            v.created_at as written_at,
            array(
                select d.document_id from agent_documents d
                where d.agent_id = v.agent_id and d.version = v.version
                order by d.document_id
            ) as documents
        from agents a
        join agent_versions v on v.agent_id = a.id and v.version = a.version
        where a.name = $1
        """,
        name,
    )
    return None if row is None else _agent(row)


async def lock_agent(conn: Connection, name: str) -> StoredAgent:
    """As it is now, and nobody else changes it until the transaction ends. Raises: NotFound."""
    await conn.execute("select from agents where name = $1 for update", name)
    return await _known(conn, name)


async def list_agents(conn: Connection, limit: int, before: str | None) -> Page[StoredAgent]:
    """Newest first. Raises: InvalidInput for a bad cursor."""
    place = parse_cursor(before)
    rows = await conn.fetch(
        """
        select a.id, a.name, a.is_default, a.created_at, a.updated_at, v.version, v.display_name, v.prompt,
            v.greeting, v.voice, v.language, v.model_policy, v.all_documents, v.tools,
            v.created_at as written_at,
            array(
                select d.document_id from agent_documents d
                where d.agent_id = v.agent_id and d.version = v.version
                order by d.document_id
            ) as documents
        from agents a
        join agent_versions v on v.agent_id = a.id and v.version = a.version
        where $1::timestamptz is null or (a.created_at, a.id) < ($1, $2::uuid)
        order by a.created_at desc, a.id desc
        limit $3
        """,
        place and place.at,
        place and place.id,
        limit + 1,
    )
    found = [_agent(row) for row in rows]
    return cut_page(found, limit, lambda agent: Place(agent.created_at, agent.id))


async def find_version(conn: Connection, ref: AgentRef) -> tuple[str, AgentVersion] | None:
    """The agent's name and that version."""
    row = await conn.fetchrow(
        """
        select a.name, v.version, v.display_name, v.prompt, v.greeting, v.voice, v.language, v.model_policy,
            v.all_documents, v.tools, v.created_at as written_at,
            array(
                select d.document_id from agent_documents d
                where d.agent_id = v.agent_id and d.version = v.version
                order by d.document_id
            ) as documents
        from agent_versions v
        join agents a on a.id = v.agent_id
        where v.agent_id = $1 and v.version = $2
        """,
        ref.id,
        ref.version,
    )
    return None if row is None else (row["name"], _version(row))


async def list_versions(
    conn: Connection, agent_id: AgentId, limit: int, before: int | None
) -> list[AgentVersion]:
    """The newest first; `before`: only older ones than that."""
    rows = await conn.fetch(
        """
        select v.version, v.display_name, v.prompt, v.greeting, v.voice, v.language, v.model_policy,
            v.all_documents, v.tools, v.created_at as written_at,
            array(
                select d.document_id from agent_documents d
                where d.agent_id = v.agent_id and d.version = v.version
                order by d.document_id
            ) as documents
        from agent_versions v
        where v.agent_id = $1 and ($2::integer is null or v.version < $2)
        order by v.version desc
        limit $3
        """,
        agent_id,
        before,
        limit,
    )
    return [_version(row) for row in rows]


async def add_version(
    conn: Connection, agent_id: AgentId, content: AgentContent, created_by: UserId | None
) -> int:
    """The next version, in use from now on. Call `lock_agent` before.

    Raises: InvalidInput for a document that the tenant does not have.
    """
    version: int = await conn.fetchval(
        "select max(version) + 1 from agent_versions where agent_id = $1", agent_id
    )
    await _write_version(conn, AgentRef(agent_id, version), content, created_by)
    await activate_version(conn, AgentRef(agent_id, version))
    return version


async def activate_version(conn: Connection, ref: AgentRef) -> None:
    """Raises: NotFound for a version that there is not."""
    status = await conn.execute(
        """
        update agents set version = $2, updated_at = now()
        where id = $1
            and exists (select from agent_versions v where v.agent_id = $1 and v.version = $2)
        """,
        ref.id,
        ref.version,
    )
    if status == "UPDATE 0":
        raise NotFound(f"this agent has no version {ref.version}")


async def make_default(conn: Connection, agent_id: AgentId) -> None:
    """In place of the one that was. Call `lock_agents` before."""
    await conn.execute(
        "update agents set is_default = false, updated_at = now() where is_default and id <> $1", agent_id
    )
    await conn.execute(
        "update agents set is_default = true, updated_at = now() where id = $1 and not is_default", agent_id
    )


async def count_agents(conn: Connection) -> int:
    return int(await conn.fetchval("select count(*) from agents"))


async def delete_agent(conn: Connection, agent_id: AgentId) -> None:
    """With its versions. Its rooms get the default; its jobs step down, since their epoch is over.

    Otherwise a job would go on in the name of nobody, whose documents are all that the tenant has.
    """
    await conn.execute(
        """
        update conversations set epoch = epoch + 1, dispatched_at = null
        where agent_id = $1 and closed_at is null
        """,
        agent_id,
    )
    await conn.execute("delete from agents where id = $1", agent_id)


async def find_serving(conn: Connection, room_id: RoomId) -> Serving | None:
    """The room's own agent, else the default, in its present version; None where the tenant has none.

    It cannot be deleted before the transaction ends.
    """
    row = await conn.fetchrow(
        """
        select a.id, a.name, v.version, v.display_name
        from rooms r
        join agents a on a.id = r.agent_id or (r.agent_id is null and a.is_default)
        join agent_versions v on v.agent_id = a.id and v.version = a.version
        where r.id = $1
        for key share of a, v
        """,
        room_id,
    )
    if row is None:
        return None
    return Serving(AgentRef(AgentId(row["id"]), row["version"]), row["name"], row["display_name"])


async def _known(conn: Connection, name: str) -> StoredAgent:
    found = await find_agent(conn, name)
    if found is None:
        raise NotFound(f"no agent {name!r}")
    return found


async def _write_version(
    conn: Connection, ref: AgentRef, content: AgentContent, created_by: UserId | None
) -> None:
    """Raises: InvalidInput for a document or a tool that the tenant does not have."""
    missing = await missing_tools(conn, content.tools)
    if missing:
        raise InvalidInput(f"there is no tool {', '.join(missing)}", "tools")
    await conn.execute(
        """
        insert into agent_versions (
            agent_id, version, display_name, prompt, greeting, voice, language, model_policy, all_documents,
            tools, created_by
        )
        values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $11)
        """,
        ref.id,
        ref.version,
        content.display_name,
        content.prompt,
        content.greeting,
        content.voice,
        content.language,
        json.dumps(content.model_policy),
        content.documents is None,
        list(content.tools),
        created_by,
    )
    await _write_documents(conn, ref, content.documents or ())


async def _write_documents(conn: Connection, ref: AgentRef, documents: Sequence[DocumentId]) -> None:
    """Raises: InvalidInput. Ids of another tenant's are no documents here, and a foreign key says so too."""
    rows = await conn.fetch("select id from documents where id = any ($1::uuid[]) for key share", documents)
    missing = set(documents) - {row["id"] for row in rows}
    if missing:
        ids = ", ".join(sorted(format_id(DOCUMENT_PREFIX, document) for document in missing))
        raise InvalidInput(f"there is no document {ids}", "documents")
    await conn.execute(
        """
        insert into agent_documents (agent_id, version, document_id)
        select $1, $2, document_id from unnest($3::uuid[]) as document_id
        """,
        ref.id,
        ref.version,
        sorted(set(documents)),
    )


def _agent(row: asyncpg.Record) -> StoredAgent:
    return StoredAgent(
        id=AgentId(row["id"]),
        name=row["name"],
        is_default=row["is_default"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        active=_version(row),
    )


def _version(row: asyncpg.Record) -> AgentVersion:
    content = AgentContent(
        display_name=row["display_name"],
        prompt=row["prompt"],
        greeting=row["greeting"],
        voice=row["voice"],
        language=row["language"],
        model_policy=json.loads(row["model_policy"]),
        documents=None if row["all_documents"] else tuple(DocumentId(item) for item in row["documents"]),
        tools=tuple(row["tools"]),
    )
    return AgentVersion(row["version"], content, row["written_at"])

"""A tenant's agents: who they are in a room, what they say first, what they are told, what they may quote.

A change writes a version; activating an older one goes back to it. Rooms follow the version in use from the
next job on. Where there are agents one is the default: the first that is made, until another is chosen; it
can only be deleted as the last one.
"""

from pathlib import Path
from typing import Final

from aiohttp import web

from agent.errors import Conflict, InvalidInput, NotFound
from agent.wire import AGENT_PREFIX, ModelPolicy, TenantId, UserId, format_id
from control.agent_bodies import (
    AgentBody,
    AgentChange,
    AgentsAnswer,
    AgentVersionsAnswer,
    NamedAgentAnswer,
    agent_answer,
    changed,
    content_of,
    version_answer,
)
from control.audit.actions import AuditAction
from control.audit.calls import record_call
from control.auth import ApiKey, Member
from control.endpoints import Call, Nothing
from control.policies import check_model_policy
from control.rooms import PageQuery
from control.store import agents, provider_keys
from control.store.agents import AgentRef, StoredAgent
from control.store.db import Connection, Database

RESERVED_NAMES: Final = frozenset({"auto", "small", "large"})
"""What the chat API calls routes of the cascade; a tenant's agent stands beside them there."""


class Agents:
    def __init__(self, db: Database, agent_name: str, models_file: Path | None = None) -> None:
        """`agent_name`: the deployment's, which no tenant's agent may be called. `models_file`: the
        operator's own models, which tenants may name as well."""
        self._db = db
        self._models_file = models_file
        self._reserved = RESERVED_NAMES | {agent_name}

    async def list(self, call: Call[Member | ApiKey, PageQuery]) -> AgentsAnswer:
        """Lists the agents, newest first. Raises: InvalidInput."""
        async with self._db.tenant(call.caller.tenant_id) as conn:
            page = await agents.list_agents(conn, call.input.limit, call.input.cursor)
        return AgentsAnswer(data=[agent_answer(agent) for agent in page.items], next_cursor=page.next_cursor)

    async def show(self, call: Call[Member | ApiKey, Nothing]) -> NamedAgentAnswer:
        """Tells about an agent and the version in use. Raises: NotFound."""
        async with self._db.tenant(call.caller.tenant_id) as conn:
            return agent_answer(await _find(conn, call.path("name")))

    async def create(self, call: Call[Member | ApiKey, AgentBody]) -> NamedAgentAnswer:
        """Makes an agent with its first version; a tenant's first is its default.

        Raises: InvalidInput, Conflict for a name that is taken.
        """
        body, caller = call.input, call.caller
        if body.name in self._reserved:
            raise InvalidInput(f"{body.name!r} has a meaning of its own here; choose another name", "name")
        await self._check_policy(caller.tenant_id, body.model_policy)
        content = content_of(body)
        async with self._db.tenant(caller.tenant_id) as conn:
            await agents.lock_agents(conn)
            agent = await agents.create_agent(conn, body.name, content, _person(caller))
            if body.is_default and not agent.is_default:
                await agents.make_default(conn, agent.id)
            await _record(conn, call, AuditAction.AGENT_MADE, agent, version=1)
            return agent_answer(await _find(conn, body.name))

    async def change(self, call: Call[Member | ApiKey, AgentChange]) -> NamedAgentAnswer:
        """Changes an agent: its next version, in use from the next job on.

        Raises: NotFound, InvalidInput, Conflict (another version is in use than the one that was
        read).
        """
        change, caller = call.input, call.caller
        if change.model_policy is not None:
            await self._check_policy(caller.tenant_id, change.model_policy)
        async with self._db.tenant(caller.tenant_id) as conn:
            await agents.lock_agents(conn)
            agent = await agents.lock_agent(conn, call.path("name"))
            if change.version is not None and change.version != agent.active.version:
                raise Conflict(
                    f"version {agent.active.version} is in use, not {change.version}: read that first"
                )
            if change.is_default is False and agent.is_default:
                raise InvalidInput("one agent is the default: choose another in its place", "is_default")
            version, content = agent.active.version, changed(agent.active.content, change)
            if content != agent.active.content:
                version = await agents.add_version(conn, agent.id, content, _person(caller))
            if change.is_default and not agent.is_default:
                await agents.make_default(conn, agent.id)
            await _record(conn, call, AuditAction.AGENT_CHANGED, agent, version=version)
            return agent_answer(await _find(conn, agent.name))

    async def delete(self, call: Call[Member | ApiKey, Nothing]) -> web.Response:
        """Deletes an agent; its rooms get the default one.

        Raises: NotFound, Conflict for a default that is not the last.
        """
        async with self._db.tenant(call.caller.tenant_id) as conn:
            await agents.lock_agents(conn)
            agent = await agents.lock_agent(conn, call.path("name"))
            if agent.is_default and await agents.count_agents(conn) > 1:
                raise Conflict(f"{agent.name!r} is the default: make another agent that first")
            await agents.delete_agent(conn, agent.id)
            await _record(conn, call, AuditAction.AGENT_DELETED, agent)
        return web.Response(status=204)

    async def versions(self, call: Call[Member | ApiKey, PageQuery]) -> AgentVersionsAnswer:
        """Lists the versions of an agent, newest first. Raises: NotFound, InvalidInput."""
        limit, before = call.input.limit, _parse_version_cursor(call.input.cursor)
        async with self._db.tenant(call.caller.tenant_id) as conn:
            agent = await _find(conn, call.path("name"))
            found = await agents.list_versions(conn, agent.id, limit + 1, before)
        has_more = len(found) > limit
        return AgentVersionsAnswer(
            data=[version_answer(version) for version in found[:limit]],
            next_cursor=str(found[limit - 1].version) if has_more else None,
        )

    async def activate(self, call: Call[Member | ApiKey, Nothing]) -> NamedAgentAnswer:
        """Goes back, or forth, to a version of an agent. Raises: NotFound."""
        number = _parse_version(call.path("version"))
        async with self._db.tenant(call.caller.tenant_id) as conn:
            agent = await agents.lock_agent(conn, call.path("name"))
            await agents.activate_version(conn, AgentRef(agent.id, number))
            await _record(conn, call, AuditAction.AGENT_CHANGED, agent, version=number)
            return agent_answer(await _find(conn, agent.name))

    async def _check_policy(self, tenant_id: TenantId, policy: ModelPolicy) -> None:
        """Raises: InvalidInput that names the field."""
        brought: dict[str, str | None] = {}
        if policy.regions is not None:
            async with self._db.tenant(tenant_id) as conn:
                keys = await provider_keys.list_provider_keys(conn)
            brought = {key.provider: key.base_url for key in keys}
        await check_model_policy(policy, self._models_file, brought)


async def _find(conn: Connection, name: str) -> StoredAgent:
    found = await agents.find_agent(conn, name)
    if found is None:
        raise NotFound(f"no agent {name!r}")
    return found


def _parse_version(text: str) -> int:
    """Raises: NotFound for what can be no version."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise NotFound(f"this agent has no version {text!r}")
    return int(text)


def _parse_version_cursor(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    try:
        return _parse_version(cursor)
    except NotFound:
        raise InvalidInput(f"{cursor!r} is not a cursor that a page of this list gave", "cursor") from None


def _person(caller: Member | ApiKey) -> UserId | None:
    return caller.user_id if isinstance(caller, Member) else None


async def _record(
    conn: Connection,
    call: Call[Member | ApiKey, AgentBody]
    | Call[Member | ApiKey, AgentChange]
    | Call[Member | ApiKey, Nothing],
    action: AuditAction,
    agent: StoredAgent,
    **details: int,
) -> None:
    await record_call(conn, call, action, {"agent": format_id(AGENT_PREFIX, agent.id)}, details)

"""A tenant's tools, as its admins manage them. What is secret goes in, and never comes out again."""

from typing import Any, Final

from aiohttp import web

from agent.errors import Conflict
from agent.wire import TOOL_PREFIX, UserId, format_id
from control.audit.actions import AuditAction
from control.audit.calls import record_call
from control.auth import ApiKey, Member
from control.endpoints import Call, Nothing
from control.store import tools
from control.store.db import Connection, Database
from control.store.tools import StoredTool, ToolContent
from control.tools.bodies import ToolAnswer, ToolBody, ToolChange, ToolsListAnswer
from control.tools.contents import Contents, tool_answer

MAX_TOOLS: Final = 100


class Tools:
    def __init__(self, db: Database, contents: Contents) -> None:
        self._db = db
        self._contents = contents

    async def list(self, call: Call[Member | ApiKey, Nothing]) -> ToolsListAnswer:
        """Lists the tools by name, without their secrets."""
        async with self._db.tenant(call.caller.tenant_id) as conn:
            return ToolsListAnswer(data=[tool_answer(tool) for tool in await tools.list_tools(conn)])

    async def show(self, call: Call[Member | ApiKey, Nothing]) -> ToolAnswer:
        """Tells about a tool, without its secrets. Raises: NotFound."""
        async with self._db.tenant(call.caller.tenant_id) as conn:
            return tool_answer(await tools.find_tool(conn, call.path("name")))

    async def create(self, call: Call[Member | ApiKey, ToolBody]) -> ToolAnswer:
        """Makes a tool that agents can be given.

        Raises: InvalidInput, Conflict for a name that is taken, or when there are too many.
        """
        body, caller = call.input, call.caller
        content = self._contents.of(caller.tenant_id, body)
        async with self._db.tenant(caller.tenant_id) as conn:
            await tools.lock_tools(conn)
            if await tools.count_tools(conn) >= MAX_TOOLS:
                raise Conflict(f"there are {MAX_TOOLS} tools already: delete one first")
            await tools.create_tool(conn, body.name, content, _person(caller))
            made = await tools.find_tool(conn, body.name)
            await _record(conn, call, AuditAction.TOOL_MADE, made, has_secrets=_has_secrets(content))
            return tool_answer(made)

    async def change(self, call: Call[Member | ApiKey, ToolChange]) -> ToolAnswer:
        """Changes a tool, for every agent that has it, from the next job on.

        Raises: NotFound, InvalidInput.
        """
        name, caller = call.path("name"), call.caller
        async with self._db.tenant(caller.tenant_id) as conn:
            before = await tools.find_tool(conn, name, lock=True)
            content = self._contents.changed(caller.tenant_id, before, call.input)
            await tools.change_tool(conn, name, content, _person(caller))
            await _record(conn, call, AuditAction.TOOL_CHANGED, before, has_secrets=_has_secrets(content))
            return tool_answer(await tools.find_tool(conn, name))

    async def remove(self, call: Call[Member | ApiKey, Nothing]) -> web.Response:
        """Deletes a tool and its secrets; agents that had it go without. Raises: NotFound."""
        name = call.path("name")
        async with self._db.tenant(call.caller.tenant_id) as conn:
            gone = await tools.find_tool(conn, name, lock=True)
            await tools.delete_tool(conn, name)
            await _record(conn, call, AuditAction.TOOL_DELETED, gone)
        return web.Response(status=204)


def _person(caller: Member | ApiKey) -> UserId | None:
    return caller.user_id if isinstance(caller, Member) else None


def _has_secrets(content: ToolContent) -> bool:
    return content.sealed_secrets is not None


async def _record(
    conn: Connection,
    call: Call[Member | ApiKey, Any],
    action: AuditAction,
    tool: StoredTool,
    **details: bool,
) -> None:
    await record_call(conn, call, action, {"tool": format_id(TOOL_PREFIX, tool.id)}, details)

"""The claim before each call of a tool: may this be called for that person, and was it called already?

Control decides, not the job: it knows who somebody is in the tenant now, and what other jobs did before. A
call that changes something is given out once: not again for a turn that is retried, for a job that replaces
another, nor for the same words of the next turn while nobody was told of the result.
"""

import hashlib
import json
from typing import Final, Literal, cast
from uuid import UUID

from aiohttp import web

from agent.errors import InvalidInput, NotFound
from agent.wire import (
    Asker,
    CallState,
    ConversationId,
    ToolClaim,
    ToolClaimAnswer,
    ToolOutcome,
    ToolsAnswer,
    ToolsTold,
    UserId,
    Verdict,
)
from control.endpoints import Call, Nothing
from control.jobs import Job
from control.names import PERSON_IDENTITY, base_identity
from control.people.roles import MemberRole
from control.store import agents, conversations, members, tool_calls, tools
from control.store.db import Connection, Database
from control.store.tool_calls import Ending, NewCall, StoredCall
from control.store.tools import StoredTool
from control.tools.contents import Contents

NOT_TOLD: Final = "the job that made the call ended before it could tell"
STANDS: Final = "not made: the same call of an interrupted turn stands for it"

Role = Literal["owner", "admin", "member", "guest"]


class Claims:
    def __init__(self, db: Database, contents: Contents) -> None:
        self._db = db
        self._contents = contents

    async def tools(self, call: Call[Job, Nothing]) -> ToolsAnswer:
        """The only way in which the secrets of tools leave, and to the tenant's own job alone.

        Raises: StaleEpoch, NotFound.
        """
        job = call.caller
        async with self._db.tenant(job.tenant_id) as conn:
            names = await _tools_of_agent(conn, job)
            # The self-check must do nothing anywhere.
            found = [] if job.local_engines else await tools.list_tools(conn, names)
            specs = [await self._contents.hand_out(conn, job.tenant_id, tool) for tool in found]
        return ToolsAnswer(tools=[spec for spec in specs if spec is not None])

    async def claim(self, call: Call[Job, ToolClaim]) -> ToolClaimAnswer:
        """Raises: StaleEpoch, NotFound for a tool that this agent does not have, InvalidInput."""
        job, body = call.caller, call.input
        _check_epoch(job, body.epoch)
        _check_canonical(body.arguments)
        async with self._db.tenant(job.tenant_id) as conn:
            await tool_calls.serve_calls(conn, job.conversation_id, job.epoch)
            if body.tool not in await _tools_of_agent(conn, job):
                raise NotFound(f"this agent has no tool {body.tool!r}")
            tool = await tools.find_tool(conn, body.tool)
            asker = await _find_asker(conn, job.conversation_id, body.speaker)
            new = _new_call(job, body, tool)
            return await _decide(conn, job.conversation_id, tool, asker, new)

    async def settle(self, call: Call[Job, ToolOutcome]) -> web.Response:
        """Raises: StaleEpoch, NotFound, InvalidInput."""
        job, body = call.caller, call.input
        _check_epoch(job, body.epoch)
        ending = Ending(body.state, body.status, body.latency_ms, body.bytes, body.error, body.result)
        async with self._db.tenant(job.tenant_id) as conn:
            await conversations.require_epoch(conn, job.conversation_id, job.epoch)
            await tool_calls.settle(conn, job.conversation_id, body.key, body.claim, ending)
        return web.Response(status=204)

    async def told(self, call: Call[Job, ToolsTold]) -> web.Response:
        """Raises: StaleEpoch, NotFound, InvalidInput."""
        job, body = call.caller, call.input
        _check_epoch(job, body.epoch)
        async with self._db.tenant(job.tenant_id) as conn:
            await conversations.require_epoch(conn, job.conversation_id, job.epoch)
            await tool_calls.mark_told(conn, job.conversation_id, body.keys)
        return web.Response(status=204)


def call_key(conversation_id: ConversationId, body: ToolClaim) -> str:
    """The same for the same call, whoever makes it; what the tool's server gets as Idempotency-Key."""
    parts = [conversation_id.hex, body.turn, body.tool, body.function, str(body.place), body.arguments]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


async def _decide(
    conn: Connection, conversation_id: ConversationId, tool: StoredTool, asker: Asker, new: NewCall
) -> ToolClaimAnswer:
    refusal = _refusal(tool, asker)
    if refusal is not None:
        if await tool_calls.find_call(conn, conversation_id, new.key) is None:
            await tool_calls.add_call(conn, conversation_id, new, CallState.FAILED, error=refusal)
        return ToolClaimAnswer(verdict=Verdict.REFUSED, key=new.key, asker=asker, words=refusal)
    own = await tool_calls.find_call(conn, conversation_id, new.key)
    if own is not None:
        return await _decide_again(conn, conversation_id, own, asker, new)
    if not new.is_repeatable:
        standing = await tool_calls.find_standing(conn, conversation_id, new)
        if standing is not None:
            return await _stand_in(conn, conversation_id, standing, asker, new)
    await tool_calls.add_call(conn, conversation_id, new)
    return _answer(Verdict.RUN, asker, new)


async def _decide_again(
    conn: Connection, conversation_id: ConversationId, own: StoredCall, asker: Asker, new: NewCall
) -> ToolClaimAnswer:
    """Of a call that was claimed before."""
    if own.claim == new.claim:
        return _answer(Verdict.RUN, asker, new)  # the same try, sent twice
    state = await _state_now(conn, conversation_id, own, new)
    if state is CallState.DONE:
        return _answer(Verdict.DONE, asker, new, own.result or "")
    if state is CallState.CLAIMED and own.epoch == new.epoch:
        return _answer(Verdict.UNDER_WAY, asker, new)
    if state is CallState.FAILED or new.is_repeatable:
        await tool_calls.claim_again(conn, conversation_id, new)
        return _answer(Verdict.RUN, asker, new)
    return _answer(Verdict.UNKNOWN, asker, new)


async def _stand_in(
    conn: Connection, conversation_id: ConversationId, standing: StoredCall, asker: Asker, new: NewCall
) -> ToolClaimAnswer:
    """Another call stands for the new one, whose row says so and never becomes a run."""
    state = await _state_now(conn, conversation_id, standing, new)
    if state is CallState.CLAIMED:
        return _answer(Verdict.UNDER_WAY, asker, new)
    await tool_calls.add_call(conn, conversation_id, new, state, error=STANDS, result=standing.result)
    verdict = Verdict.DONE if state is CallState.DONE else Verdict.UNKNOWN
    return _answer(verdict, asker, new, standing.result or "", also_told=standing.key)


async def _state_now(
    conn: Connection, conversation_id: ConversationId, call: StoredCall, new: NewCall
) -> CallState:
    """A claim of a job that is gone is of unknown end from now on."""
    if call.state is not CallState.CLAIMED or call.epoch == new.epoch:
        return call.state
    if not call.is_repeatable:
        await tool_calls.give_up(conn, conversation_id, call.key, NOT_TOLD)
    return CallState.UNKNOWN


async def _tools_of_agent(conn: Connection, job: Job) -> list[str]:
    """The names in the version that serves. Raises: StaleEpoch, NotFound."""
    ref = await conversations.serving_agent(conn, job.conversation_id, job.epoch)
    found = None if ref is None else await agents.find_version(conn, ref)
    return [] if found is None else list(found[1].content.tools)


async def _find_asker(conn: Connection, conversation_id: ConversationId, identity: str) -> Asker:
    """A member only for who came into this conversation as one, and is one still."""
    name, is_here = await tool_calls.find_speaker(conn, conversation_id, identity)
    person = PERSON_IDENTITY.fullmatch(identity)
    role: str | None = None
    if is_here and person is not None and person[1] == "user":
        role = await members.role_of(conn, UserId(UUID(hex=person[2])))
    return Asker(identity=base_identity(identity), name=name, role=cast(Role, role or "guest"))


def _refusal(tool: StoredTool, asker: Asker) -> str | None:
    match tool.content.audience:
        case "admins" if asker.role not in (MemberRole.OWNER, MemberRole.ADMIN):
            return "only admins of the team may have this tool called, and the person who asked is none"
        case "members" if asker.role == "guest":
            return "only members of the team may have this tool called, and the person who asked is a guest"
    return None


def _new_call(job: Job, body: ToolClaim, tool: StoredTool) -> NewCall:
    return NewCall(
        key=call_key(job.conversation_id, body),
        claim=body.claim,
        epoch=job.epoch,
        turn=body.turn,
        tool=body.tool,
        function=body.function,
        place=body.place,
        speaker=body.speaker,
        arguments_hash=hashlib.sha256(body.arguments.encode()).digest(),
        arguments=body.arguments,
        is_repeatable=tool.content.is_repeatable,
    )


def _answer(
    verdict: Verdict, asker: Asker, new: NewCall, result: str = "", *, also_told: str | None = None
) -> ToolClaimAnswer:
    keys = [new.key] if also_told is None else [new.key, also_told]
    return ToolClaimAnswer(verdict=verdict, key=new.key, asker=asker, result=result, keys=keys)


def _check_epoch(job: Job, epoch: int) -> None:
    if epoch != job.epoch:
        raise InvalidInput(f"epoch {epoch} is not the job token's, which is {job.epoch}", "epoch")


def _check_canonical(arguments: str) -> None:
    """Raises: InvalidInput for what is no JSON object."""
    try:
        given = json.loads(arguments)
    except (ValueError, RecursionError):
        raise InvalidInput("arguments are a JSON object", "arguments") from None
    if not isinstance(given, dict) or "\\u0000" in arguments:
        raise InvalidInput("arguments are a JSON object without NUL", "arguments")

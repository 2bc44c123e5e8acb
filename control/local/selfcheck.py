"""One spoken turn through a real room, before anyone is told that the stack works.

It goes the way of a user: a token from the HTTP API, a participant with a microphone, a recorded question.
Rooms of its name are served by the local engines, so it never costs anything, and it removes what it made.
"""

import secrets
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from livekit import api

from agent.errors import AppError, StackError
from control.local.demo import Demo
from control.local.environment import LiveKitAccess
from control.local.stack import LocalStack
from control.local.steps import Steps
from control.local.waiting import until
from control.names import SELFCHECK_ROOM_PREFIX, livekit_room_name
from control.store.db import Database
from control.store.rooms import delete_room, find_room

QUESTION = Path(__file__).with_name("question.wav")
JOIN_TIMEOUT_S = 45.0
ANSWER_TIMEOUT_S = 15.0
LEAVE_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """`first_audio_ms`: end of speech → first audio of the answer. Both None: nothing was spoken."""

    first_audio_ms: int | None = None
    problem: str | None = None


async def run_selfcheck(stack: LocalStack, steps: Steps) -> CheckResult:
    """Never raises an AppError: a stack that fails its check is still up, and its banner says so."""
    if stack.demo is None:
        steps.note("no self-check: it speaks in the demo tenant, and there is none")
        return CheckResult()
    try:
        with steps.step("Self-check: one spoken turn"):
            return await _check(stack, stack.demo)
    except (AppError, aiohttp.ClientError, TimeoutError) as error:
        return CheckResult(problem=f"{error or type(error).__name__} (see {stack.folder.log('worker')})")


async def _check(stack: LocalStack, demo: Demo) -> CheckResult:
    name = f"{SELFCHECK_ROOM_PREFIX}{secrets.token_hex(4)}"
    try:
        url, token = await _ask_for_token(stack.control_url, demo.api_key, name)
        return CheckResult(first_audio_ms=await _speak(url, token))
    finally:
        await _close_room(stack.livekit.access, livekit_room_name(demo.tenant_id, name))
        await _remove(stack.database.url, demo, name)


async def _speak(url: str, token: str) -> int:
    # Here and not above: a second of imports that nobody waits for while the worker starts.
    from control.local.caller import Caller, read_speech

    question = read_speech(QUESTION)
    async with Caller(url, token) as caller:
        await caller.wait(lambda: caller.agent_is_here, JOIN_TIMEOUT_S, "the agent did not join")
        await caller.wait(lambda: caller.has_heard, ANSWER_TIMEOUT_S, "the agent did not greet")
        ended_s = await caller.say(question)
        answered_s = await caller.first_audio_after(ended_s, ANSWER_TIMEOUT_S)
        return round((answered_s - ended_s) * 1000)


async def _ask_for_token(control_url: str, api_key: str, room_name: str) -> tuple[str, str]:
    """(LiveKit's address, token). Raises: StackError when control refuses."""
    headers = {"Authorization": f"Bearer {api_key}"}
    body = {"room_name": room_name, "participant_name": "Self-check"}
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http,
        http.post(f"{control_url}/v1/token", json=body, headers=headers) as answer,
    ):
        if answer.status != 201:
            raise StackError(f"control answered {answer.status} to the request for a room token")
        granted = await answer.json()
        return granted["server_url"], granted["participant_token"]


async def _close_room(access: LiveKitAccess, livekit_name: str) -> None:
    """Ends the room for whoever is in it, and waits until the agent has gone."""
    async with api.LiveKitAPI(access.url, access.api_key, access.api_secret) as client:
        try:
            await client.room.delete_room(api.DeleteRoomRequest(room=livekit_name))
        except api.ServerError:
            return  # it was not made yet

        async def is_gone() -> bool:
            return not (await client.room.list_rooms(api.ListRoomsRequest(names=[livekit_name]))).rooms

        await until(is_gone, LEAVE_TIMEOUT_S)


async def _remove(database_url: str, demo: Demo, room_name: str) -> None:
    """The room and its conversation, with all turns and ledger rows."""
    db = await Database.open(database_url, max_connections=1)
    try:
        async with db.tenant(demo.tenant_id) as conn:
            room = await find_room(conn, room_name)
            if room is not None:
                await delete_room(conn, room.id)
    finally:
        await db.aclose()

"""The kinds of caller a test may be, and the credentials they hold."""

from uuid import UUID

from agent.wire import ConversationId, TenantId
from control.jobs import Job
from control.store import agents, conversations, rooms
from control.store.db import Database
from tests.fixtures.control import ControlUnderTest
from tests.fixtures.database import TenantSample

COOKIE = "parley_session"


async def sign_in(control: ControlUnderTest, team: TenantSample) -> str:
    """A member's session token."""
    reply = await control.post("/v1/sessions", body={"email": team.email, "password": team.password})
    assert reply.status == 201, reply.body
    return str(reply.body["session_token"])


async def page_of(control: ControlUnderTest, session: str) -> dict[str, str]:
    """The headers with which a page of ours sends what changes something."""
    cookie = {"Cookie": f"{COOKIE}={session}"}
    current = await control.get("/v1/sessions/current", headers=cookie)
    assert current.status == 200, current.body
    return {**cookie, "Origin": control.settings.public_url, "X-CSRF-Token": current.body["csrf_token"]}


async def invite(control: ControlUnderTest, team: TenantSample, room_name: str) -> str:
    """The code of an invitation to a room, which is made if need be."""
    await control.post("/v1/rooms", team.api_key, {"name": room_name})
    reply = await control.post(f"/v1/rooms/{room_name}/invites", team.api_key)
    assert reply.status == 201, reply.body
    return str(reply.body["code"])


async def come_as_guest(control: ControlUnderTest, team: TenantSample, room_name: str) -> str:
    """A guest's session token."""
    code = await invite(control, team, room_name)
    reply = await control.post("/v1/sessions", body={"invite": code, "name": "Grace"})
    assert reply.status == 201, reply.body
    return str(reply.body["session_token"])


async def begin_job(
    db: Database, team: TenantSample, room_name: str = "standup", *, serving: bool = False
) -> Job:
    """A job as a dispatch begins it: the room, its conversation and a new epoch.

    `serving`: of the tenant's own agent, in place of the deployment's.
    """
    async with db.tenant(team.id) as conn:
        room = await rooms.ensure_room(conn, room_name)
        conversation = await conversations.open_conversation(conn, room.id)
        agent = await agents.find_serving(conn, room.id) if serving else None
        epoch = await conversations.begin_epoch(conn, conversation.id, None if agent is None else agent.ref)
    return Job(team.id, conversation.id, epoch, room_name, local_engines=False)


def job_token(control: ControlUnderTest, job: Job) -> str:
    token, _ = control.parts.jobs.issue(job)
    return token


def someone_elses_job(epoch: int = 1) -> Job:
    """A job in a tenant that does not exist."""
    return Job(TenantId(UUID(int=1)), ConversationId(UUID(int=2)), epoch, "standup", local_engines=False)

"""A room whose agent has tools, as a job of it asks control about them."""

import secrets
from dataclasses import dataclass, replace
from typing import Any

from agent.wire import format_id
from control.jobs import Job
from tests.fixtures.control import ControlUnderTest, Reply
from tests.fixtures.database import TenantSample
from tests.http.callers import begin_job, job_token
from tests.http.keys import key_with
from tests.http.test_agents import job_in, made

BOOK: dict[str, Any] = {
    "name": "book",
    "description": "Books a table.",
    "url": "https://shop.example/book",
    "http": {"method": "POST"},
    "audience": "room",
}
LOOK = {**BOOK, "name": "look", "http": {"method": "GET"}}


@dataclass
class Room:
    """A room whose agent can book (which changes something) and look (which does not)."""

    control: ControlUnderTest
    team: TenantSample
    key: str
    token: str

    @property
    def job(self) -> Job:
        return self.control.parts.jobs.verify(self.token)

    async def claim(self, **changes: Any) -> Reply:
        """`speaker`: Gus, of whom nothing is known, unless somebody else is named."""
        body = {
            "epoch": self.job.epoch,
            "claim": secrets.token_hex(8),
            "turn": "turn-1",
            "tool": "book",
            "function": "book",
            "speaker": "gus",
            "arguments": '{"people":2}',
            **changes,
        }
        return await self.control.post("/internal/v1/tool-calls", self.token, body)

    async def granted(self, **changes: Any) -> dict[str, Any]:
        claim = changes.pop("claim", secrets.token_hex(8))
        reply = await self.claim(claim=claim, **changes)
        assert (reply.status, reply.body.get("verdict")) == (200, "run"), reply.body
        return {"key": reply.body["key"], "claim": claim}

    async def settle(self, held: dict[str, Any], state: str = "done", **changes: Any) -> Reply:
        body = {
            "epoch": self.job.epoch,
            "state": state,
            "latency_ms": 12,
            "status": 200,
            "result": "Table T-1.",
            **held,
            **changes,
        }
        return await self.control.post("/internal/v1/tool-calls/outcomes", self.token, body)

    async def tell(self, *keys: str) -> Reply:
        body = {"epoch": self.job.epoch, "keys": list(keys)}
        return await self.control.post("/internal/v1/tool-calls/told", self.token, body)

    async def replace_job(self) -> "Room":
        """Another job serves the conversation now, as after kill -9."""
        job = await begin_job(self.control.parts.db, self.team, serving=True)
        return replace(self, token=job_token(self.control, job))

    async def rows(self) -> list[dict[str, Any]]:
        conversation = format_id("conv", self.job.conversation_id)
        reply = await self.control.get(f"/v1/conversations/{conversation}/tool-calls", self.key)
        assert reply.status == 200, reply.body
        data: list[dict[str, Any]] = reply.body["data"]
        return data


async def open_room(control: ControlUnderTest, team: TenantSample) -> Room:
    key = await key_with(control, team)
    for tool in (BOOK, LOOK):
        assert (await control.post("/v1/tools", key, tool)).status == 201
    await made(control, key, tools=["book", "look"])
    return Room(control, team, key, await job_in(control, team))

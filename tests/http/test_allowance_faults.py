"""A cap holds while replies are lost, requests come twice or late, control restarts and jobs are replaced."""

import asyncio
import random
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime

from agent.cascade.money.allowance import Allowance
from agent.control_client import ControlClient
from agent.errors import BudgetSpent, ControlUnavailable
from agent.settings import ControlSettings
from agent.wire import AllowanceAnswer, AllowanceBody
from control.jobs import Job
from control.store.budgets import Cap, replace_caps, spent_by_tenant
from control.store.calls import append_calls
from control.store.db import Database
from tests.db.samples import a_call
from tests.fixtures.control import ControlUnderTest, running_control
from tests.fixtures.database import TenantSample
from tests.fixtures.providers import eventually
from tests.http.callers import begin_job, job_token

CAP = 300_000
ROOMS = 8


@dataclass
class BadLine:
    """The way to control: one request in ten never arrives, one loses its reply, two bring an old one."""

    client: ControlClient
    chance: random.Random
    sent: list[AllowanceBody] = field(default_factory=list)

    async def renew_allowance(self, body: AllowanceBody) -> AllowanceAnswer:
        if self.chance.random() < 0.1:
            raise ControlUnavailable("it never arrived")
        if not body.is_closing:
            self.sent.append(body)
        answer = await self.client.renew_allowance(body)
        if self.chance.random() < 0.2:
            await self.client.renew_allowance(self.chance.choice(self.sent[-20:]))
        if self.chance.random() < 0.1:
            raise ControlUnavailable("its reply was lost")
        return answer


class Bank:
    """Rooms that spend, and what they spent. A job may be replaced while its calls are under way."""

    def __init__(self, db: Database, team: TenantSample) -> None:
        self.db, self.team = db, team
        self.chance = random.Random(7)  # noqa: S311 - repeatable on purpose
        self.rooms: dict[int, tuple[Job, Allowance]] = {}
        self.opened: list[tuple[Allowance, ControlClient]] = []
        self.paid: dict[str, int] = {}
        self.under_way: dict[str, int] = {}
        self.most_at_once = 0

    async def open(self, control: ControlUnderTest, place: int) -> None:
        """The job of that room, in place of the one that is there."""
        job = await begin_job(self.db, self.team, f"room-{place}")
        client = ControlClient(f"http://127.0.0.1:{control.settings.port}", job_token(control, job))
        purse = Allowance(BadLine(client, self.chance), job.epoch, renew_s=0.5, usual_usd_micros=900)
        await purse.start()
        self.rooms[place] = job, purse
        self.opened.append((purse, client))

    async def turn(self, name: str, place: int) -> None:
        reserved = self.chance.randint(300, 900)
        await asyncio.sleep(self.chance.random())
        for _ in range(100):
            job, purse = self.rooms[place]
            try:
                hold = purse.reserve(reserved, speaker=None, turn=name)
            except BudgetSpent:
                await asyncio.sleep(self.chance.random() * 0.1)
                continue
            self.under_way[name] = reserved
            self.most_at_once = max(self.most_at_once, sum(self.paid.values()) + sum(self.under_way.values()))
            await asyncio.sleep(self.chance.random() * 0.05)
            del self.under_way[name]
            self.paid[name] = self.chance.randint(reserved // 2, reserved)
            purse.settle(hold, self.paid[name])
            await asyncio.sleep(self.chance.random() * 0.3)
            await self.report(job, name)
            return

    async def report(self, job: Job, name: str) -> None:
        """To the ledger, as late as it may be, and at times twice."""
        call = a_call(name, self.paid[name]).model_copy(update={"started_at": datetime.now(UTC)})
        for _ in range(self.chance.randint(1, 2)):
            await append_calls(self.db, job.tenant_id, job.conversation_id, job.epoch, [call])

    async def close(self) -> None:
        for purse, client in self.opened:
            await purse.aclose()
            await client.aclose()


async def test_1000_turns_stay_within_the_cap_on_a_bad_line_while_control_restarts_and_jobs_are_replaced(
    own_settings: ControlSettings, database: Database, own_team: TenantSample
) -> None:
    async with database.tenant(own_team.id) as conn:
        await replace_caps(conn, [Cap("tenant", CAP, 80)])
    bank = Bank(database, own_team)

    async with AsyncExitStack() as first:
        control = await first.enter_async_context(running_control(own_settings))
        await asyncio.gather(*(bank.open(control, place) for place in range(ROOMS)))
        turns = [asyncio.create_task(bank.turn(f"turn {n}", n % ROOMS)) for n in range(500)]
        await eventually(lambda: len(bank.paid) > 50, within_s=30)
        await asyncio.gather(*(bank.open(control, place) for place in range(3)))
        await eventually(lambda: len(bank.paid) > 200, within_s=30)
    async with running_control(own_settings) as control:
        turns += [asyncio.create_task(bank.turn(f"turn {n}", n % ROOMS)) for n in range(500, 1_000)]
        await bank.open(control, 0)
        await asyncio.gather(*turns)
        await bank.close()

    async with database.tenant(own_team.id) as conn:
        after = await spent_by_tenant(conn)
    assert bank.most_at_once <= CAP
    assert after.spent_usd_micros == sum(bank.paid.values())
    assert sum(bank.paid.values()) > CAP * 0.8

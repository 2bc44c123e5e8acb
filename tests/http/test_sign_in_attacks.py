"""Finding out who has an account, and flooding the server with sign-ins."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import aiohttp
import pytest
from argon2 import PasswordHasher, extract_parameters, profiles

from control.audit.actions import AuditAction
from control.people.passwords import MAX_WAITING, NOBODY, PROFILE, THREADS
from tests.fixtures.control import ControlUnderTest, Reply, assert_problem, eventually
from tests.fixtures.database import TenantSample
from tests.http.callers import sign_in

CROWD = 300


class CountedHasher:
    """Stands around the real one and counts."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher
        self.running = 0
        self.most = 0
        self.verified: list[str] = []

    def verify(self, password_hash: str, password: str) -> bool:
        self.verified.append(password_hash)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            return self._hasher.verify(password_hash, password)
        finally:
            self.running -= 1

    def hash(self, password: str) -> str:
        return self._hasher.hash(password)

    def check_needs_rehash(self, password_hash: str) -> bool:
        return self._hasher.check_needs_rehash(password_hash)


@pytest.fixture
def counted(control: ControlUnderTest, monkeypatch: pytest.MonkeyPatch) -> CountedHasher:
    counter = CountedHasher(PasswordHasher.from_parameters(PROFILE))
    monkeypatch.setattr(control.parts.passwords, "_hasher", counter)
    return counter


async def try_wrong_password(control: ControlUnderTest, email: str) -> Reply:
    return await control.post("/v1/sessions", body={"email": email, "password": "wrong"})


@pytest.fixture
async def without_password(control: ControlUnderTest, other_team: TenantSample) -> str:
    """The address of somebody who comes by a provider only."""
    async with control.parts.db.person(other_team.user_id) as conn:
        await conn.execute("update users set password_hash = null")
    return other_team.email


async def test_no_answer_tells_which_addresses_have_accounts(
    control: ControlUnderTest, team: TenantSample, without_password: str
) -> None:
    replies = [
        await try_wrong_password(control, email)
        for email in (team.email, "nobody@nowhere.example", without_password)
    ]

    for reply in replies:
        assert_problem(reply, 401, "not_authenticated")
        reply.body.pop("request_id")
    assert replies[0].body == replies[1].body == replies[2].body
    assert len({frozenset(reply.headers) for reply in replies}) == 1


async def test_no_time_tells_which_addresses_have_accounts(
    control: ControlUnderTest, team: TenantSample, without_password: str, counted: CountedHasher
) -> None:
    costs = []
    for email in (team.email, "nobody@nowhere.example", without_password):
        before = len(counted.verified)
        await try_wrong_password(control, email)
        costs.append([extract_parameters(stored) for stored in counted.verified[before:]])

    assert costs == [[PROFILE]] * 3
    assert counted.verified[1:] == [NOBODY, NOBODY]


async def test_the_trail_of_a_refusal_is_written_beside_the_answer_and_not_before_it(
    control: ControlUnderTest, team: TenantSample
) -> None:
    async with control.parts.db.tenant(team.id) as conn:
        # Whoever holds the end of the tenant's chain keeps its other writers waiting.
        await conn.execute("select pg_advisory_xact_lock(hashtextextended($1::text, 0))", str(team.id))
        reply = await asyncio.wait_for(try_wrong_password(control, team.email), 5)
        assert await conn.fetchval("select count(*) from audit_events") == 0

    async def is_written() -> bool:
        async with control.parts.db.tenant(team.id) as conn:
            action = await conn.fetchval("select action from audit_events")
        return bool(action == AuditAction.SIGN_IN_FAILED)

    assert_problem(reply, 401, "not_authenticated")
    await eventually(is_written, "the refusal in the trail")


async def test_a_sign_in_brings_a_hash_of_old_parameters_up_to_date(
    control: ControlUnderTest, team: TenantSample
) -> None:
    old = PasswordHasher.from_parameters(profiles.CHEAPEST).hash(team.password)
    async with control.parts.db.person(team.user_id) as conn:
        await conn.execute("update users set password_hash = $1", old)

    assert_problem(await try_wrong_password(control, team.email), 401, "not_authenticated")
    unchanged = await control.parts.db.system.find_user(team.email)
    await sign_in(control, team)
    renewed = await control.parts.db.system.find_user(team.email)

    assert unchanged is not None
    assert unchanged.password_hash == old
    assert renewed is not None
    assert renewed.password_hash is not None
    assert extract_parameters(renewed.password_hash) == PROFILE
    await sign_in(control, team)


@pytest.fixture
async def crowd(control: ControlUnderTest) -> AsyncIterator[list[aiohttp.ClientSession]]:
    """Clients at addresses of their own, so that no limit per address stops them before the pool does."""
    async with AsyncExitStack() as stack:
        sessions = []
        for number in range(CROWD):
            source = (f"127.{1 + number // 250}.0.{1 + number % 250}", 0)
            connector = aiohttp.TCPConnector(local_addr=source)
            sessions.append(
                await stack.enter_async_context(
                    aiohttp.ClientSession(
                        f"http://127.0.0.1:{control.settings.port}",
                        connector=connector,
                        timeout=aiohttp.ClientTimeout(total=60),
                    )
                )
            )
        yield sessions


async def test_a_flood_of_sign_ins_is_shed_while_everything_else_is_answered(
    control: ControlUnderTest,
    team: TenantSample,
    crowd: list[aiohttp.ClientSession],
    counted: CountedHasher,
) -> None:
    async def attempt(number: int, client: aiohttp.ClientSession) -> tuple[int, str | None]:
        body = {"email": f"nobody{number}@nowhere.example", "password": "wrong"}
        async with client.post("/v1/sessions", json=body) as answer:
            await answer.read()
            return answer.status, answer.headers.get("Retry-After")

    flood = [asyncio.create_task(attempt(number, client)) for number, client in enumerate(crowd)]
    alive = []
    while not all(task.done() for task in flood):
        alive.append((await asyncio.wait_for(control.get("/livez"), 5)).status)
        await asyncio.sleep(0.01)
    answers = await asyncio.gather(*flood)
    verified = len(counted.verified)

    statuses = [status for status, _ in answers]
    assert set(statuses) == {401, 429}
    assert statuses.count(401) == verified < CROWD
    assert statuses.count(401) >= MAX_WAITING
    assert all(int(after or 0) >= 1 for status, after in answers if status == 429)
    assert counted.most <= THREADS
    assert len(alive) > 5
    assert set(alive) == {200}
    await sign_in(control, team)  # and afterwards there is room again

"""People of a tenant in whichever role, already signed in."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from agent.wire import TenantId, UserId, format_id
from control.credentials import hash_token, new_token
from control.store.accounts import create_user
from tests.fixtures.control import ControlUnderTest
from tests.fixtures.database import TenantSample
from tests.fixtures.sessions import put_session


@dataclass(frozen=True, slots=True)
class Person:
    """`session`: of this tenant, recent enough for what is delicate."""

    tenant_id: TenantId
    user_id: UserId
    name: str
    email: str
    session: str = field(repr=False)

    @property
    def id(self) -> str:
        return format_id("user", self.user_id)


async def owner_of(control: ControlUnderTest, team: TenantSample) -> Person:
    """The owner that the sample came with."""
    session = await session_of(control, team.id, team.user_id)
    return Person(team.id, team.user_id, team.user_name, team.email, session)


async def join(control: ControlUnderTest, team: TenantSample, role: str, name: str = "Lin") -> Person:
    """Somebody new in the tenant."""
    email = an_address(name)
    user_id = await create_user(
        control.parts.db, team.id, email=email, name=name, password_hash=None, role=role
    )
    return Person(team.id, user_id, name, email, await session_of(control, team.id, user_id))


async def session_of(control: ControlUnderTest, tenant_id: TenantId, user_id: UserId) -> str:
    token, expires_at = new_token(), datetime.now(UTC) + timedelta(hours=1)
    await put_session(control.parts.db, hash_token(token), user_id, tenant_id, expires_at)
    return token


async def let_time_pass(control: ControlUnderTest, person: Person) -> None:
    """As if they had proved who they are so long ago that what is delicate asks again."""
    async with control.parts.db.person(person.user_id) as conn:
        await conn.execute(
            "update sessions set authenticated_at = now() - interval '1 day' where user_id is not null"
        )


async def role_of(control: ControlUnderTest, person: Person) -> str | None:
    async with control.parts.db.tenant(person.tenant_id) as conn:
        role: str | None = await conn.fetchval(
            "select role from memberships where user_id = $1", person.user_id
        )
    return role


async def actions_of(control: ControlUnderTest, tenant_id: TenantId) -> list[str]:
    """What the tenant's trail tells, in order."""
    async with control.parts.db.tenant(tenant_id) as conn:
        return [row["action"] for row in await conn.fetch("select action from audit_events order by seq")]


def an_address(name: str = "lin") -> str:
    """One that no other test has."""
    return f"{name.lower()}-{secrets.token_hex(8)}@harbor.example"

"""API keys with chosen scopes and lives, put into the store without the routes that make them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from control.credentials import new_api_key
from control.scopes import Scope
from control.store.api_keys import create_api_key
from tests.fixtures.control import ControlUnderTest
from tests.fixtures.database import PEPPERS, TenantSample

ALL_SCOPES = tuple(Scope)


async def key_with(
    control: ControlUnderTest,
    team: TenantSample,
    scopes: Sequence[str] = ALL_SCOPES,
    expires_at: datetime | None = None,
) -> str:
    key = new_api_key()
    async with control.parts.db.tenant(team.id) as conn:
        await create_api_key(conn, "program", PEPPERS.digest(key), expires_at, scopes=scopes)
    return key


async def hash_of(control: ControlUnderTest, team: TenantSample, key_id: UUID) -> bytes:
    """The digest that is stored for a key."""
    async with control.parts.db.tenant(team.id) as conn:
        digest: bytes = await conn.fetchval("select key_hash from api_keys where id = $1", key_id)
    return digest

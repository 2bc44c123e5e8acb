"""What the store's tests share: a transaction of one tenant, and a conversation in it."""

from collections.abc import AsyncIterator

import pytest

from control.store.conversations import Conversation, begin_epoch, find_conversation, open_conversation
from control.store.db import Connection, Database
from control.store.rooms import ensure_room
from tests.fixtures.database import TenantSample


@pytest.fixture
async def conn(database: Database, tenant: TenantSample) -> AsyncIterator[Connection]:
    """Kept when the test ends."""
    async with database.tenant(tenant.id) as connection:
        yield connection


@pytest.fixture
async def conversation(database: Database, tenant: TenantSample) -> Conversation:
    """In its first epoch, without turns."""
    async with database.tenant(tenant.id) as connection:
        room = await ensure_room(connection, "lounge")
        opened = await open_conversation(connection, room.id)
        await begin_epoch(connection, opened.id)
        found = await find_conversation(connection, opened.id)
    assert found is not None
    return found

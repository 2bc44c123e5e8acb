"""Caps, calls that cost something, and jobs that ask for an allowance: steps of the tests of budgets."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from agent.wire import AllowanceLine, ConversationId, ModelCall
from control.store.allowances import Granted, renew_allowance
from control.store.budgets import Cap, list_caps, replace_caps
from control.store.conversations import Conversation, begin_epoch, open_conversation
from control.store.db import Database
from control.store.rooms import ensure_room
from tests.db.samples import a_call
from tests.fixtures.database import TenantSample
from tests.fixtures.purse import this_month


def a_cap(usd_micros: int, scope: Any = "tenant") -> Cap:
    return Cap(scope, usd_micros, 80)


def a_line(**changes: Any) -> AllowanceLine:
    return AllowanceLine.model_validate({"scope": "tenant", "period_start": this_month(), **changes})


def spent(client_id: str, usd_micros: int | None, **changes: Any) -> ModelCall:
    return a_call(client_id, usd_micros).model_copy(
        update={"started_at": datetime.now(UTC), "speaker_identity": "user_ada", **changes}
    )


async def renew(
    db: Database,
    tenant: TenantSample,
    conversation: Conversation,
    *lines: AllowanceLine,
    epoch: int | None = None,
    is_closing: bool = False,
) -> Sequence[Granted]:
    async with db.tenant(tenant.id) as conn:
        return await renew_allowance(
            conn,
            conversation.id,
            conversation.epoch if epoch is None else epoch,
            lines,
            await list_caps(conn),
            is_closing=is_closing,
        )


async def granted(
    db: Database, tenant: TenantSample, conversation: Conversation, line: AllowanceLine, **options: Any
) -> int:
    (grant,) = await renew(db, tenant, conversation, line, **options)
    return grant.granted_usd_micros


async def set_caps(db: Database, tenant: TenantSample, *caps: Cap) -> None:
    async with db.tenant(tenant.id) as conn:
        await replace_caps(conn, caps)


async def counters(db: Database, tenant: TenantSample) -> dict[tuple[str, str, date], int]:
    async with db.tenant(tenant.id) as conn:
        rows = await conn.fetch("select scope, subject, period_start, spent_usd_micros from budget_counters")
    return {(row["scope"], row["subject"], row["period_start"]): row["spent_usd_micros"] for row in rows}


async def some_conversations(db: Database, tenant: TenantSample, count: int) -> list[Conversation]:
    found = []
    async with db.tenant(tenant.id) as conn:
        for number in range(count):
            opened = await open_conversation(conn, (await ensure_room(conn, f"room-{number}")).id)
            await begin_epoch(conn, opened.id)
            found.append(await open_conversation(conn, (await ensure_room(conn, f"room-{number}")).id))
    return found


async def expire(
    db: Database, tenant: TenantSample, conversation: Conversation, ago: timedelta = timedelta(seconds=1)
) -> None:
    async with db.tenant(tenant.id) as conn:
        await conn.execute(
            "update budget_holds set expires_at = now() - $2::interval where conversation_id = $1",
            ConversationId(conversation.id),
            ago,
        )

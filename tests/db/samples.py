"""A row in every table, and single values that a test varies one field of."""

from datetime import UTC, datetime, timedelta
from typing import Final

from agent.wire import CallOutcome, Channel, ModelCall, Role, Speaker, TurnState, TurnWrite
from control.store.calls import append_calls
from control.store.conversations import open_conversation
from control.store.db import Connection, Database
from control.store.documents import put_document
from control.store.rooms import create_invitation, ensure_room, record_participant
from control.store.turns import append_turns
from tests.fixtures.database import TenantSample

TABLES: Final = (
    "api_keys",
    "chunks",
    "conversations",
    "documents",
    "invitations",
    "memberships",
    "model_calls",
    "participants",
    "rooms",
    "sessions",
    "tenants",
    "turns",
    "users",
)
"""Every table but the runner's own record. A new one belongs here, with a row in `fill_every_table`."""


def a_turn(
    client_id: str = "turn-1",
    text: str = "What is the refund period?",
    state: TurnState = TurnState.COMPLETE,
    at: datetime = datetime(2026, 11, 24, 12, tzinfo=UTC),
) -> TurnWrite:
    return TurnWrite(
        client_id=client_id,
        role=Role.USER,
        channel=Channel.VOICE,
        speaker=Speaker(identity="user_ada", name="Ada"),
        text=text,
        state=state,
        at=at,
        metrics={"first_audio_ms": 420},
    )


def a_call(client_id: str = "call-1", cost_usd_micros: int | None = 120) -> ModelCall:
    return ModelCall(
        client_id=client_id,
        turn_client_id="turn-1",
        kind="talk",
        tier="small",
        provider="openai",
        model="gpt-4o-mini",
        outcome=CallOutcome.OK,
        reason="small first",
        started_at=datetime(2026, 11, 24, 12, tzinfo=UTC),
        first_token_ms=210,
        total_ms=800,
        input_tokens=300,
        output_tokens=40,
        price_date="2026-11-01",
        cost_usd_micros=cost_usd_micros,
        baseline_usd_micros=None if cost_usd_micros is None else 1_900,
    )


async def fill_every_table(db: Database, tenant: TenantSample) -> None:
    """Tenant, owner, membership and key are there already; this adds all that a tenant can have."""
    later = datetime.now(UTC) + timedelta(hours=1)
    async with db.tenant(tenant.id) as conn:
        room = await ensure_room(conn, "lounge")
        code_hash = b"code of " + tenant.id.bytes
        await create_invitation(conn, room.id, code_hash, tenant.user_id, later)
        conversation = await open_conversation(conn, room.id)
        await record_participant(conn, conversation.id, "user_ada", "Ada", "human")
        await append_turns(conn, conversation.id, 0, [a_turn()])
        await append_calls(conn, conversation.id, 0, [a_call()])
        await put_document(conn, "Refunds", "Refunds take five days.")
    await db.system.create_session(b"user of " + tenant.id.bytes, tenant.user_id, tenant.id, later)
    await db.system.create_guest_session(b"guest of " + tenant.id.bytes, code_hash, "Gus", later)


async def enter(conn: Connection, tenant: TenantSample) -> None:
    """Both contexts, so that all that anyone of the tenant can reach is there."""
    await conn.execute(
        "select set_config('app.tenant_id', $1, true), set_config('app.user_id', $2, true)",
        str(tenant.id),
        str(tenant.user_id),
    )

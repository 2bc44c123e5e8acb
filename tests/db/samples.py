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
from tests.fixtures.sessions import put_guest_session, put_session

TABLES: Final = (
    "agent_documents",
    "agent_versions",
    "agents",
    "allowed_origins",
    "api_keys",
    "audit_events",
    "audit_subjects",
    "budget_counters",
    "budget_holds",
    "budgets",
    "chunks",
    "conversations",
    "documents",
    "email_tokens",
    "frames",
    "idempotency_keys",
    "identities",
    "invitations",
    "labels",
    "leases",
    "member_invitations",
    "memberships",
    "mfa_factors",
    "model_calls",
    "outbox",
    "participants",
    "provider_keys",
    "recovery_codes",
    "removals",
    "rooms",
    "routers",
    "sessions",
    "tenants",
    "thresholds",
    "tool_calls",
    "tools",
    "turns",
    "users",
    "webhook_deliveries",
    "webhook_endpoints",
    "widgets",
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


async def fill_every_table(db: Database, tenant: TenantSample, mark: str = "lounge") -> None:
    """Tenant, owner, membership and key are there already; this adds all that a tenant can have.

    `mark`: lower-case letters and digits, the room's name, which stands in what the rows say.
    """
    later = datetime.now(UTC) + timedelta(hours=1)
    code_hash = b"code of " + tenant.id.bytes
    async with db.member(tenant.id, tenant.user_id) as conn:
        room = await ensure_room(conn, mark)
        await create_invitation(conn, room.id, code_hash, tenant.user_id, later)
        conversation = await open_conversation(conn, room.id)
        await record_participant(conn, conversation.id, "user_ada", f"Ada {mark}", "human")
        await append_turns(conn, conversation.id, 0, [a_turn(text=f"What is the refund period? {mark}")])
        await put_document(conn, f"Refunds {mark}", f"Refunds take five days. {mark}")
        for statement in _OF_THE_TENANT:
            await conn.execute(statement, mark)
        for statement in _OF_THE_PERSON:
            await conn.execute(statement, mark)
    await append_calls(db, tenant.id, conversation.id, 0, [a_call()])
    await put_session(db, b"user of " + tenant.id.bytes, tenant.user_id, tenant.id, later, user_agent=mark)
    await put_guest_session(db, b"guest of " + tenant.id.bytes, tenant.id, code_hash, f"Gus {mark}", later)


_OF_THE_TENANT: Final = (
    "insert into agents (name, is_default) values ($1, true)",
    """
    insert into tools (name, kind, description, url, definition, sealed_secrets, timeout_s, is_repeatable,
        audience, updated_by)
    select left($1, 32), 'http', $1, 'https://' || $1 || '.example', '{"method": "GET"}',
        convert_to($1, 'utf8'), 10, true, 'room', m.user_id
    from memberships m
    """,
    """
    insert into tool_calls (conversation_id, key, epoch, claim, turn_client_id, tool, function, place,
        speaker_identity, arguments_hash, arguments, is_repeatable, state, result)
    select id, encode(sha256(convert_to($1, 'utf8')), 'hex'), 1, 'claim-1', 'turn-1', left($1, 32),
        left($1, 32), 0, 'user_ada', sha256(convert_to($1, 'utf8')), to_jsonb($1::text)::text, true, 'done',
        $1
    from conversations
    """,
    """
    insert into agent_versions (agent_id, version, display_name, prompt, greeting, language, created_by)
    select a.id, 1, 'Agent', $1, '', 'en', m.user_id from agents a cross join memberships m
    """,
    """
    insert into agent_documents (agent_id, version, document_id)
    select a.id, 1, d.id from agents a cross join documents d where $1 <> ''
    """,
    "insert into allowed_origins (origin) values ('https://' || $1 || '.example')",
    "insert into provider_keys (provider, base_url) values ('openai', 'https://' || $1 || '.example')",
    "insert into budgets (scope, period, cap_usd_micros) select 'tenant', 'month', 1 where $1 <> ''",
    """
    insert into budget_holds (
        conversation_id, epoch, scope, speaker, subject, period_start, granted_usd_micros, expires_at
    )
    select id, 0, 'user', $1, $1, current_date, 5000, now() + interval '5 minutes' from conversations
    """,
    "insert into widgets (name, agent_id) select $1, id from agents",
    """
    insert into webhook_endpoints (url, sealed_secret, events)
    values ('https://' || $1 || '.example', convert_to($1, 'utf8'), '{room_ended}')
    """,
    """
    insert into webhook_deliveries (endpoint_id, event, state)
    select id, $1, 'waiting' from webhook_endpoints
    """,
    """
    insert into idempotency_keys (principal, key, request_hash, expires_at)
    values ($1, $1, convert_to($1, 'utf8'), now() + interval '1 hour')
    """,
    """
    insert into removals (room_id, identity, removed_by, expires_at)
    select r.id, $1, m.user_id, now() + interval '1 hour' from rooms r cross join memberships m
    """,
    """
    insert into leases (conversation_id, epoch, worker, expires_at)
    select id, 1, $1, now() + interval '1 hour' from conversations
    """,
    """
    insert into frames (
        conversation_id, speaker_identity, at, width_px, height_px, sent_px, sent_tokens, reason
    )
    select id, 'user_ada', now(), 800, 600, 480000, 900, $1 from conversations
    """,
    """
    insert into labels (
        conversation_id, client_id, turn_client_id, lane, features_version, features_before, features_after,
        quality_small, quality_large, at
    )
    select id, $1, 'turn-1', 'talk', '1', '{0.5,-1}', '{0.25}', 0.4, 1, now() from conversations
    """,
    """
    insert into routers (version, features_version, weights, labels, apgr, is_active)
    values (1, $1, '{"before": [0.5, -1]}', 100, 0.66, true)
    """,
    """
    insert into thresholds (
        agent_id, router_version, features_version, target, target_value, voice, text, after, turns
    )
    select id, 1, $1, 'share', 0.2, 0.7, 0.8, 0.6, 400 from agents
    """,
    "insert into audit_subjects (user_id) select user_id from memberships where $1 <> ''",
    """
    insert into audit_events (seq, id, at, action, line, previous_hash, hash)
    values (1, gen_random_uuid(), now(), 'signed_in', $1, decode(repeat('00', 32), 'hex'),
        sha256(convert_to($1, 'utf8')))
    """,
    """
    insert into member_invitations (email, role, code_hash, created_by, expires_at)
    select $1 || '@invited.example', 'member', convert_to('join ' || $1 || m.tenant_id, 'utf8'), m.user_id,
        now() + interval '1 hour'
    from memberships m
    """,
    """
    insert into outbox (tenant_id, kind, payload) select id, 'audit', convert_to($1, 'utf8') from tenants
    """,
)
"""Run in the tenant's context; `$1` is the mark."""

_OF_THE_PERSON: Final = (
    "insert into identities (issuer, subject, email) select 'https://idp.example', $1 || id, $1 from users",
    """
    insert into mfa_factors (kind, name, credential_id, public_key, confirmed_at)
    select 'passkey', $1, convert_to($1 || id, 'utf8'), convert_to($1, 'utf8'), now() from users
    """,
    "insert into recovery_codes (code_hash) values (convert_to($1, 'utf8'))",
    """
    insert into email_tokens (purpose, email, token_hash, expires_at)
    select 'reset_password', $1 || '@letter.example', convert_to('letter ' || $1 || id, 'utf8'),
        now() + interval '1 hour'
    from users
    """,
    "insert into outbox (user_id, kind, payload) select id, 'letter', convert_to($1, 'utf8') from users",
)
"""Run in the person's context; `$1` is the mark."""


async def enter(conn: Connection, tenant: TenantSample) -> None:
    """Both contexts, so that all that anyone of the tenant can reach is there."""
    await conn.execute(
        "select set_config('app.tenant_id', $1, true), set_config('app.user_id', $2, true)",
        str(tenant.id),
        str(tenant.user_id),
    )

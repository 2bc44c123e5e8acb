"""Every row that belongs to a tenant, read as JSON and written back, table by table.

Reading and writing go through the same contexts as everything else, so row level security keeps a copy from
holding another tenant's rows, and a file from writing any. Left out: the outbox, which the old house empties,
and the pseudonyms of people who are members no more, whose accounts do not come along. Of a person who is in
other tenants too, only the account comes along, without its password.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

from agent.wire import UserId
from control.store.db import Connection

READ_AT_ONCE: Final = 200

_PERSONS: Final[Mapping[str, str]] = {
    "users": """
        select case when exists (
                select from own_memberships() m
                where m.tenant_id <> nullif(current_setting('app.tenant_id', true), '')::uuid
            ) then to_jsonb(t) || '{"password_hash": null}' else to_jsonb(t) end
        from users t
        """,
    "identities": "select to_jsonb(t) from identities t",
    "mfa_factors": "select to_jsonb(t) from mfa_factors t",
    "recovery_codes": "select to_jsonb(t) from recovery_codes t",
    "email_tokens": "select to_jsonb(t) from email_tokens t",
    "memberships": """
        select to_jsonb(t) from memberships t
        where user_id = nullif(current_setting('app.user_id', true), '')::uuid
        """,
    "sessions": """
        select to_jsonb(t) from sessions t
        where user_id is not null and tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid
        """,
}
"""Of the person of the context, in an order in which they can be written."""

_OF_THE_ACCOUNT: Final = frozenset({"identities", "mfa_factors", "recovery_codes", "email_tokens"})

_TENANTS: Final[Mapping[str, str]] = {
    "documents": "select to_jsonb(t) from documents t",
    "chunks": "select to_jsonb(t) - 'search' from chunks t",
    "tools": "select to_jsonb(t) from tools t",
    "agents": "select to_jsonb(t) from agents t",
    "agent_versions": "select to_jsonb(t) from agent_versions t",
    "agent_documents": "select to_jsonb(t) from agent_documents t",
    "rooms": "select to_jsonb(t) from rooms t",
    "invitations": "select to_jsonb(t) from invitations t",
    "sessions": "select to_jsonb(t) from sessions t where user_id is null",
    "conversations": "select to_jsonb(t) from conversations t",
    "participants": "select to_jsonb(t) from participants t",
    "turns": "select to_jsonb(t) from turns t",
    "model_calls": "select to_jsonb(t) from model_calls t",
    "budget_counters": "select to_jsonb(t) from budget_counters t",
    "budget_holds": "select to_jsonb(t) from budget_holds t",
    "labels": "select to_jsonb(t) from labels t",
    "routers": "select to_jsonb(t) from routers t",
    "thresholds": "select to_jsonb(t) from thresholds t",
    "tool_calls": "select to_jsonb(t) from tool_calls t",
    "frames": "select to_jsonb(t) from frames t",
    "leases": "select to_jsonb(t) from leases t",
    # A key that was replaced names its successor, which is younger.
    "api_keys": "select to_jsonb(t) from api_keys t order by created_at desc",
    "provider_keys": "select to_jsonb(t) from provider_keys t",
    "allowed_origins": "select to_jsonb(t) from allowed_origins t",
    "member_invitations": "select to_jsonb(t) from member_invitations t",
    "budgets": "select to_jsonb(t) from budgets t",
    "widgets": "select to_jsonb(t) from widgets t",
    "webhook_endpoints": "select to_jsonb(t) from webhook_endpoints t",
    "webhook_deliveries": "select to_jsonb(t) from webhook_deliveries t",
    "idempotency_keys": "select to_jsonb(t) from idempotency_keys t",
    "removals": "select to_jsonb(t) from removals t",
    "audit_subjects": """
        select to_jsonb(t) from audit_subjects t
        where exists (select from memberships m where m.user_id = t.user_id)
        """,
    "audit_events": "select to_jsonb(t) from audit_events t order by seq",
}
"""Of the tenant of the context, in an order in which they can be written."""

_WRITES: Final[Mapping[str, str]] = {
    "tenants": "insert into tenants select r.* from jsonb_populate_recordset(null::tenants, $1) r",
    "users": "insert into users select r.* from jsonb_populate_recordset(null::users, $1) r",
    "identities": "insert into identities select r.* from jsonb_populate_recordset(null::identities, $1) r",
    "mfa_factors": """
        insert into mfa_factors select r.* from jsonb_populate_recordset(null::mfa_factors, $1) r
        """,
    "recovery_codes": """
        insert into recovery_codes select r.* from jsonb_populate_recordset(null::recovery_codes, $1) r
        """,
    "email_tokens": """
        insert into email_tokens select r.* from jsonb_populate_recordset(null::email_tokens, $1) r
        """,
    "memberships": """
        insert into memberships select r.* from jsonb_populate_recordset(null::memberships, $1) r
        """,
    "sessions": "insert into sessions select r.* from jsonb_populate_recordset(null::sessions, $1) r",
    "documents": "insert into documents select r.* from jsonb_populate_recordset(null::documents, $1) r",
    # What is searched is computed from the rest.
    "chunks": """
        insert into chunks (tenant_id, document_id, position, heading, text)
        select tenant_id, document_id, position, heading, text
        from jsonb_populate_recordset(null::chunks, $1)
        """,
    "tools": "insert into tools select r.* from jsonb_populate_recordset(null::tools, $1) r",
    "tool_calls": "insert into tool_calls select r.* from jsonb_populate_recordset(null::tool_calls, $1) r",
    "agents": "insert into agents select r.* from jsonb_populate_recordset(null::agents, $1) r",
    "agent_versions": """
        insert into agent_versions select r.* from jsonb_populate_recordset(null::agent_versions, $1) r
        """,
    "agent_documents": """
        insert into agent_documents select r.* from jsonb_populate_recordset(null::agent_documents, $1) r
        """,
    "rooms": "insert into rooms select r.* from jsonb_populate_recordset(null::rooms, $1) r",
    "invitations": """
        insert into invitations select r.* from jsonb_populate_recordset(null::invitations, $1) r
        """,
    "conversations": """
        insert into conversations select r.* from jsonb_populate_recordset(null::conversations, $1) r
        """,
    "participants": """
        insert into participants select r.* from jsonb_populate_recordset(null::participants, $1) r
        """,
    "turns": "insert into turns select r.* from jsonb_populate_recordset(null::turns, $1) r",
    "model_calls": """
        insert into model_calls select r.* from jsonb_populate_recordset(null::model_calls, $1) r
        """,
    "labels": "insert into labels select r.* from jsonb_populate_recordset(null::labels, $1) r",
    "routers": "insert into routers select r.* from jsonb_populate_recordset(null::routers, $1) r",
    "thresholds": "insert into thresholds select r.* from jsonb_populate_recordset(null::thresholds, $1) r",
    "budget_counters": """
        insert into budget_counters select r.* from jsonb_populate_recordset(null::budget_counters, $1) r
        """,
    "budget_holds": """
        insert into budget_holds select r.* from jsonb_populate_recordset(null::budget_holds, $1) r
        """,
    "frames": "insert into frames select r.* from jsonb_populate_recordset(null::frames, $1) r",
    "leases": "insert into leases select r.* from jsonb_populate_recordset(null::leases, $1) r",
    "api_keys": "insert into api_keys select r.* from jsonb_populate_recordset(null::api_keys, $1) r",
    "provider_keys": """
        insert into provider_keys select r.* from jsonb_populate_recordset(null::provider_keys, $1) r
        """,
    "allowed_origins": """
        insert into allowed_origins select r.* from jsonb_populate_recordset(null::allowed_origins, $1) r
        """,
    "member_invitations": """
        insert into member_invitations
        select r.* from jsonb_populate_recordset(null::member_invitations, $1) r
        """,
    "budgets": "insert into budgets select r.* from jsonb_populate_recordset(null::budgets, $1) r",
    "widgets": "insert into widgets select r.* from jsonb_populate_recordset(null::widgets, $1) r",
    "webhook_endpoints": """
        insert into webhook_endpoints select r.* from jsonb_populate_recordset(null::webhook_endpoints, $1) r
        """,
    "webhook_deliveries": """
        insert into webhook_deliveries
        select r.* from jsonb_populate_recordset(null::webhook_deliveries, $1) r
        """,
    "idempotency_keys": """
        insert into idempotency_keys select r.* from jsonb_populate_recordset(null::idempotency_keys, $1) r
        """,
    "removals": "insert into removals select r.* from jsonb_populate_recordset(null::removals, $1) r",
    "audit_subjects": """
        insert into audit_subjects select r.* from jsonb_populate_recordset(null::audit_subjects, $1) r
        """,
    "audit_events": """
        insert into audit_events select r.* from jsonb_populate_recordset(null::audit_events, $1) r
        """,
}

COPIED: Final = frozenset(_WRITES)
"""The tables that a copy has rows of."""


async def read_rows(conn: Connection) -> AsyncIterator[tuple[str, str]]:
    """Table and row as JSON, of the tenant of a snapshot, in an order in which they can be written."""
    async for row in _rows(conn, "tenants", "select to_jsonb(t) from tenants t"):
        yield row
    members = await conn.fetch("select user_id from memberships order by created_at, user_id")
    for member in members:
        await conn.execute("select set_config('app.user_id', $1, true)", str(member["user_id"]))
        is_elsewhere = await conn.fetchval(
            """
            select exists (
                select from own_memberships() m
                where m.tenant_id <> nullif(current_setting('app.tenant_id', true), '')::uuid
            )
            """
        )
        for table, statement in _PERSONS.items():
            if not (is_elsewhere and table in _OF_THE_ACCOUNT):
                async for row in _rows(conn, table, statement):
                    yield row
    for table, statement in _TENANTS.items():
        async for row in _rows(conn, table, statement):
            yield row


async def write_rows(conn: Connection, table: str, rows: Sequence[str]) -> None:
    """In the context of the tenant and, where the rows are a person's, of that person."""
    await conn.execute(_WRITES[table], f"[{','.join(rows)}]")


async def become_person(conn: Connection, user_id: UserId) -> None:
    """From here on the rows are that person's."""
    await conn.execute("select set_config('app.user_id', $1, true)", str(user_id))


async def _rows(conn: Connection, table: str, statement: str) -> AsyncIterator[tuple[str, str]]:
    async for row in conn.cursor(statement, prefetch=READ_AT_ONCE):
        yield table, row[0]

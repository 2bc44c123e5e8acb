"""A database in which every table that grows with use holds 200,000 rows, and the others 20,000.

Values come from the columns' types, so that a new table is filled as well; `VALUES` says what has to be as it
is in life for a plan to be the one of life. References meet, since an id is made from the table and a number.
"""

from typing import Final
from uuid import UUID

import asyncpg

SET_UP: Final = {
    "agent_documents",
    "agent_versions",
    "agents",
    "allowed_origins",
    "api_keys",
    "audit_subjects",
    "member_invitations",
    "memberships",
    "provider_keys",
    "routers",
    "tools",
    "widgets",
}
"""Tables that grow with what somebody sets up and with who belongs to a tenant. All others grow with use."""

ROWS: Final = 200_000
ROWS_SET_UP: Final = 20_000
TENANTS: Final = 20
TARGETS: Final = 500
"""How many rows of a tenant the references of its other rows are spread over."""

_TENANT: Final = f"md5('tenants' || g % {TENANTS})::uuid"


def _of(target: str, number: str = f"g / {TENANTS} % {TARGETS}") -> str:
    """The id of that row of `target` in the tenant of row `g`."""
    return f"md5('{target}' || g % {TENANTS} || '-' || {number})::uuid"


_PERSON: Final = f"md5('users' || g / {TENANTS} % 10000)::uuid"
_IDENTITY: Final = f"'user_' || md5('users' || g / {TENANTS} % 10000)"

VALUES: Final = {
    "memberships.user_id": _PERSON,
    "sessions.user_id": f"case when g / {TENANTS} % 10 > 0 then {_PERSON} end",
    "sessions.invitation_id": f"case when g / {TENANTS} % 10 = 0 then {_of('invitations')} end",
    "sessions.idle_s": "43200",
    "sessions.revoked_at": "null",
    "audit_subjects.user_id": _PERSON,
    "budget_counters.scope": "(array['user', 'conversation'])[g % 2 + 1]",
    # A few are of past days.
    "budget_counters.period_start": "current_date + (g - 100)",
    "budget_holds.scope": "'tenant'",
    "budget_holds.subject": "''",
    "budget_holds.period_start": f"current_date - g / {TENANTS} % 100",
    "budget_holds.expires_at": "now() + (g - 100) * interval '1 second' - interval '1 day'",
    "outbox.user_id": f"case when g % 2 = 0 then {_PERSON} end",
    "outbox.tenant_id": f"case when g % 2 = 1 then {_TENANT} end",
    "outbox.kind": "(array['letter', 'audit'])[g % 2 + 1]",
    # A few are due, the rest is postponed.
    "outbox.due_at": "now() + (g - 100) * interval '1 second'",
    "idempotency_keys.expires_at": "now() + (g - 100) * interval '1 second'",
    "agents.is_default": f"g < {TENANTS}",
    "rooms.name": f"'room-' || g / {TENANTS}",
    # One conversation of each room is open.
    "conversations.closed_at": f"case when g / {TENANTS} >= {TARGETS} then now() end",
    "conversations.agent_version": "1",
    "agent_versions.version": f"g / {TENANTS} / {TARGETS} + 1",
    "agent_documents.version": f"g / {TENANTS} / {TARGETS} + 1",
    "participants.identity": f"{_IDENTITY} || '-' || g",
    "participants.kind": "'human'",
    "turns.speaker_identity": _IDENTITY,
    "removals.identity": _IDENTITY,
    "audit_events.action": "(array['signed_in', 'signed_out', 'member_removed'])[g % 3 + 1]",
    "tool_calls.state": "'done'",
    "labels.features_version": "'1'",
    "routers.is_active": f"g < {TENANTS}",
    "model_calls.outcome": "'ok'",
    "model_calls.started_at": "now() - g * interval '5 minutes'",
    "email_tokens.used_at": "null",
    "member_invitations.accepted_at": "null",
    "api_keys.revoked_at": "null",
}
"""SQL for `table.column`; `g` is the number of the row."""

REFERENCES: Final = {
    "created_by": _PERSON,
    "updated_by": _PERSON,
    "removed_by": _PERSON,
    "replaced_by": _of("api_keys"),
    "room_id": _of("rooms"),
    "conversation_id": _of("conversations"),
    "agent_id": _of("agents"),
    "document_id": _of("documents"),
    "endpoint_id": _of("webhook_endpoints"),
    "invitation_id": _of("invitations"),
}

_BY_TYPE: Final = {
    "text": "'text ' || g",
    "bytea": "sha256(convert_to(g::text, 'utf8'))",
    "integer": f"g / {TENANTS} + 1",
    "bigint": f"g / {TENANTS} + 1",
    "boolean": "false",
    "jsonb": "'{}'",
    "text[]": "'{}'",
    "double precision": "0.5",
    "double precision[]": "'{0.5,-1}'",
}


async def fill(conn: asyncpg.Connection) -> None:
    """As a superuser. Constraints that hold words and shapes are dropped, since they change no plan."""
    # Table and column names come from the catalog.
    await conn.execute("set session_replication_role = replica; set synchronous_commit = off")
    tables = await conn.fetch(
        """
        select c.oid::regclass::text as name,
            array_agg(pg_get_indexdef(i.indexrelid)) as definitions,
            array_agg(i.indexrelid::regclass::text) as indexes
        from pg_class c join pg_index i on i.indrelid = c.oid
        where c.relnamespace = 'public'::regnamespace
            and not exists (select from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u'))
        group by 1 order by 1
        """
    )
    for table in tables:
        name = table["name"]
        checks = await conn.fetch(
            "select quote_ident(conname) as name from pg_constraint where conrelid = $1::text::regclass "
            "and contype = 'c'",
            name,
        )
        await conn.execute(
            f"drop index {', '.join(table['indexes'])}; "
            + "".join(f"alter table {name} drop constraint {check['name']}; " for check in checks)
        )
        await conn.execute(await _insert(conn, name))
        await conn.execute("; ".join(table["definitions"]))
    await conn.execute("analyze")


async def _insert(conn: asyncpg.Connection, table: str) -> str:
    columns = await conn.fetch(
        """
        select attname::text as name, format_type(atttypid, null) as type from pg_attribute
        where attrelid = $1::text::regclass and attnum > 0 and attgenerated = '' and not attisdropped
        order by attnum
        """,
        table,
    )
    names = ", ".join(f'"{column["name"]}"' for column in columns)
    values = ", ".join(_value(table, column["name"], column["type"]) for column in columns)
    last = (ROWS_SET_UP if table in SET_UP else ROWS) - 1
    return f"insert into {table} ({names}) select {values} from generate_series(0, {last}) g"  # noqa: S608


def _value(table: str, column: str, kind: str) -> str:
    given = VALUES.get(f"{table}.{column}") or REFERENCES.get(column)
    if given is not None:
        return given
    match column, kind:
        case "tenant_id", _:
            return _TENANT
        case "user_id", _:
            return _PERSON
        case "id", _:
            return _of(table, f"g / {TENANTS}")
        case "expires_at", _:
            return "now() + interval '1 day'"
        case _, "uuid":
            return f"md5('{column}' || g)::uuid"
        case _, "timestamp with time zone":
            return "now() - g * interval '1 second'"
    return _BY_TYPE[kind]


async def example_id(conn: asyncpg.Connection, target: str, tenant: int, number: int = 7) -> UUID:
    """The id of a row of the tenant."""
    found: UUID = await conn.fetchval(
        "select md5($1::text || $2::int || '-' || $3::int)::uuid", target, tenant, number
    )
    return found

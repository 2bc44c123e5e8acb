"""Every index earns its keep: the query it is named for uses it among 200,000 rows, under row level security.

An index without a query here fails by its name, and so does a query whose index is gone.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

import asyncpg
import pytest

from agent.wire import AgentId, ConversationId, RoomId
from control.store.agents import list_agents, make_default
from control.store.api_keys import list_api_keys
from control.store.audit import list_events
from control.store.budgets import spent_by_tenant
from control.store.calls import list_calls
from control.store.conversations import list_conversations, open_conversation
from control.store.db import Connection
from control.store.labels import newest_labels
from control.store.member_invitations import list_invitations
from control.store.removals import is_removed
from control.store.rooms import list_rooms
from control.store.routers import active_router
from control.store.sessions import list_sessions
from control.store.tool_calls import list_tool_calls
from control.store.usage import sum_calls
from tests.db import bulk
from tests.db.plans import Explaining, used_by, used_by_cascade, used_by_function
from tests.fixtures.database import Template, cloned, with_role


@dataclass(frozen=True, slots=True)
class Ids:
    """Of rows of one tenant, and of a person."""

    tenant: UUID
    person: UUID
    room: RoomId
    conversation: ConversationId
    agent: AgentId
    endpoint: UUID


@dataclass(frozen=True, slots=True)
class Store:
    """A function of the store, as the application runs it."""

    run: Callable[[Connection, Ids], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Definer:
    """A function that looks across tenants. `arguments`: SQL."""

    name: str
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cascade:
    """What is done to the rows that refer to one that is deleted, by the name of the foreign key."""

    constraint: str


Query: TypeAlias = Store | Definer | Cascade

DIGEST: Final = "sha256('7'::bytea)"
IDENTITY: Final = "'user_' || md5('users7')"

QUERIES: Final[dict[str, Query]] = {
    "agent_documents_of_document": Cascade("agent_documents_tenant_id_document_id_fkey"),
    "agent_versions_of_member": Cascade("agent_versions_tenant_id_created_by_fkey"),
    "agents_default": Store(lambda conn, ids: make_default(conn, ids.agent)),
    "agents_newest_first": Store(lambda conn, ids: list_agents(conn, 20, None)),
    "allowed_origins_by_origin": Definer("is_allowed_origin", ("'text 7'",)),
    "api_keys_by_hash": Definer("find_api_key", (f"array[{DIGEST}]",)),
    "api_keys_newest_first": Store(lambda conn, ids: list_api_keys(conn, 20, None)),
    "api_keys_of_member": Cascade("api_keys_creator"),
    "api_keys_of_successor": Cascade("api_keys_successor"),
    "audit_events_of_action": Store(lambda conn, ids: list_events(conn, 20, None, "member_removed")),
    "audit_subjects_of_person": Cascade("audit_subjects_user_id_fkey"),
    "budget_counters_of_conversation": Cascade("budget_counters_tenant_id_conversation_id_fkey"),
    "budget_counters_of_past_days": Definer("sweep_budgets"),
    "budget_holds_expired": Definer("sweep_budgets"),
    "budget_holds_of_counter": Store(lambda conn, ids: spent_by_tenant(conn)),
    "conversations_newest_first": Store(lambda conn, ids: list_conversations(conn, None, 20, None)),
    "conversations_of_agent": Cascade("conversations_agent"),
    "conversations_of_room_newest_first": Store(
        lambda conn, ids: list_conversations(conn, "room-7", 20, None)
    ),
    "conversations_open_in_room": Store(lambda conn, ids: open_conversation(conn, ids.room)),
    "email_tokens_by_token": Definer("find_email_token", (DIGEST, "'reset_password'")),
    "frames_in_order": Store(
        lambda conn, ids: conn.fetch(
            "select * from frames where conversation_id = $1 order by at, id", ids.conversation
        )
    ),
    "idempotency_keys_expired": Definer("sweep_expired"),
    "invitations_by_code": Definer("find_invitation", (DIGEST,)),
    "invitations_of_member": Cascade("invitations_tenant_id_created_by_fkey"),
    "invitations_of_room": Cascade("invitations_tenant_id_room_id_fkey"),
    "labels_to_learn_from": Store(lambda conn, ids: newest_labels(conn, "1", 1_000)),
    "member_invitations_by_code": Definer("find_member_invitation", (DIGEST,)),
    "member_invitations_newest_first": Store(lambda conn, ids: list_invitations(conn, 20, None)),
    "member_invitations_of_member": Cascade("member_invitations_tenant_id_created_by_fkey"),
    "memberships_of_person": Definer("own_memberships"),
    "model_calls_by_time": Store(
        lambda conn, ids: sum_calls(conn, datetime.now(UTC) - timedelta(days=30), datetime.now(UTC), "day")
    ),
    "model_calls_in_order": Store(lambda conn, ids: list_calls(conn, ids.conversation)),
    "outbox_due": Definer("take_outbox", ("'letter'", "10", "60")),
    "outbox_of_person": Cascade("outbox_user_id_fkey"),
    "outbox_of_tenant": Cascade("outbox_tenant_id_fkey"),
    "participants_by_identity": Definer("tenants_with_traces", (IDENTITY,)),
    "provider_keys_of_member": Cascade("provider_keys_tenant_id_updated_by_fkey"),
    "removals_of_identity": Store(lambda conn, ids: is_removed(conn, f"user_{ids.person.hex}", "room-7")),
    "removals_of_member": Cascade("removals_tenant_id_removed_by_fkey"),
    "removals_of_room": Cascade("removals_tenant_id_room_id_fkey"),
    "rooms_newest_first": Store(lambda conn, ids: list_rooms(conn, 20, None)),
    "rooms_of_agent": Cascade("rooms_agent"),
    "routers_active": Store(lambda conn, ids: active_router(conn)),
    "sessions_by_token": Definer("find_session", (DIGEST,)),
    "sessions_of_invitation": Cascade("sessions_tenant_id_invitation_id_fkey"),
    "sessions_of_member": Cascade("sessions_tenant_id_user_id_fkey"),
    "sessions_of_person_newest_first": Store(lambda conn, ids: list_sessions(conn, 20)),
    "tool_calls_newest_first": Store(lambda conn, ids: list_tool_calls(conn, ids.conversation, 20, None)),
    "tools_of_member": Cascade("tools_tenant_id_updated_by_fkey"),
    "turns_by_speaker": Definer("tenants_with_traces", (IDENTITY,)),
    "webhook_deliveries_newest_first": Cascade("webhook_deliveries_tenant_id_endpoint_id_fkey"),
    "widgets_of_agent": Cascade("widgets_tenant_id_agent_id_fkey"),
}
"""By index: the query that it is there for."""


@dataclass(frozen=True, slots=True)
class Large:
    owner: asyncpg.Connection
    app: asyncpg.Connection
    ids: Ids

    async def explain(self, query: Query) -> Explaining:
        match query:
            case Store():
                return await used_by(
                    self.app,
                    lambda conn: query.run(conn, self.ids),
                    tenant=self.ids.tenant,
                    person=self.ids.person,
                )
            case Definer():
                return await used_by_function(self.owner, query.name, *query.arguments)
            case Cascade():
                return await used_by_cascade(self.owner, query.constraint)


@pytest.fixture(scope="module")
async def large(database_server: str, database_template: Template) -> AsyncIterator[Large]:
    async with cloned(database_server, database_template) as url:
        owner = await asyncpg.connect(url)
        await bulk.fill(owner)
        app = await asyncpg.connect(with_role(url, "parley_app", database_template.app_password))
        tenant = await owner.fetchval("select md5('tenants7')::uuid")
        ids = Ids(
            tenant,
            await owner.fetchval("select md5('users7')::uuid"),
            RoomId(await bulk.example_id(owner, "rooms", 7)),
            ConversationId(await bulk.example_id(owner, "conversations", 7)),
            AgentId(await bulk.example_id(owner, "agents", 7)),
            await bulk.example_id(owner, "webhook_endpoints", 7),
        )
        yield Large(owner, app, ids)
        await app.close()
        await owner.close()


async def test_every_index_has_a_query_that_it_is_there_for(large: Large) -> None:
    rows = await large.owner.fetch(
        """
        select i.indexrelid::regclass::text as name
        from pg_index i join pg_class c on c.oid = i.indrelid
        where c.relnamespace = 'public'::regnamespace
            and not exists (select from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u'))
        """
    )

    assert {row["name"] for row in rows} == set(QUERIES)


async def test_every_table_that_grows_with_use_holds_200_000_rows(large: Large) -> None:
    rows = await large.owner.fetch(
        """
        select c.relname as name, c.reltuples::int as count
        from pg_index i join pg_class c on c.oid = i.indrelid
        where c.relnamespace = 'public'::regnamespace
            and not exists (select from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u'))
        """
    )

    assert {row["name"] for row in rows if row["count"] != bulk.ROWS} == bulk.SET_UP


@pytest.mark.parametrize("index", QUERIES)
async def test_the_query_of_an_index_uses_it(large: Large, index: str) -> None:
    explained = await large.explain(QUERIES[index])

    assert index in explained.indexes, "\n".join(explained.plans)


async def test_a_query_that_an_index_does_not_serve_is_told_from_one_that_it_does(large: Large) -> None:
    explained = await large.explain(Store(lambda conn, ids: conn.fetch("select * from rooms order by name")))

    assert "rooms_newest_first" not in explained.indexes

"""One tenant attacks another, as the application's own role, in every verb and on every table.

Each attack is a transaction that is rolled back. Before that, the same transaction looks through the other
tenant's eyes: what it sees is what the attack would have left.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest

from control.store.db import Connection, Database
from control.store.documents import search
from control.store.rooms import ensure_room
from tests.db.samples import TABLES, enter, fill_every_table
from tests.fixtures.database import Template, TenantSample, cloned, make_tenant, with_role

# Table and column names in the statements below come from TABLES and the catalog, never from input.

PERSONS = {"email_tokens", "identities", "mfa_factors", "recovery_codes"}
CHANGEABLE = [table for table in TABLES if table != "audit_events"]
KEYS = {"tenants": "id", "users": "id"} | dict.fromkeys(PERSONS, "user_id")
"""What says whose a row is, where it is not `tenant_id`."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two tenants, each with rows in every table. `theirs_whole`: the other's, before any attack."""

    url: str
    db: Database
    ours: TenantSample
    theirs: TenantSample
    theirs_whole: dict[str, str]


@pytest.fixture(scope="module")
async def pair(database_server: str, database_template: Template) -> AsyncIterator[Pair]:
    async with cloned(database_server, database_template) as owner_url:
        url = with_role(owner_url, "parley_app", database_template.app_password)
        db = await Database.open(url)
        ours = await make_tenant(db, "Harbor", "ada@harbor.example", "Ada")
        theirs = await make_tenant(db, "Lighthouse", "grace@lighthouse.example", "Grace")
        await fill_every_table(db, ours)
        await fill_every_table(db, theirs)
        async with db.tenant(theirs.id) as conn:
            whole = await rows_of(conn, theirs)
        yield Pair(url, db, ours, theirs, whole)
        await db.aclose()


@pytest.fixture
async def attacker(pair: Pair) -> AsyncIterator[Connection]:
    """Our tenant's transaction, with our person's context as well; rolled back."""
    async with pair.db.tenant(pair.ours.id) as conn:
        await enter(conn, pair.ours)
        attack = conn.transaction()
        await attack.start()
        yield conn
        await attack.rollback()


async def rows_of(conn: Connection, owner: TenantSample) -> dict[str, str]:
    """Every row of the tenant and its person, by table. Changes the context for good."""
    await enter(conn, owner)
    return {
        table: await conn.fetchval(
            f"select coalesce(jsonb_agg(to_jsonb(t) order by t::text), '[]')::text from {table} t"  # noqa: S608
        )
        for table in TABLES
    }


async def insertable(conn: Connection, owner: TenantSample, table: str) -> tuple[str, str]:
    """An insert of `$1`, and a row of the owner's for it. Restores nothing of the context."""
    await enter(conn, owner)
    columns = await conn.fetchval(
        """
        select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
        where attrelid = $1::text::regclass and attnum > 0 and attgenerated = '' and not attisdropped
        """,
        table,
    )
    row = await conn.fetchval(f"select to_jsonb(t)::text from {table} t limit 1")  # noqa: S608 - see above
    record = f"jsonb_populate_record(null::{table}, $1::jsonb)"
    return f"insert into {table} ({columns}) select {columns} from {record}", row  # noqa: S608 - see above


def key_of(table: str) -> str:
    return KEYS.get(table, "tenant_id")


def belongs(table: str) -> str:
    """That a row `t` belongs to one of `$1`, the ids of a tenant and its person."""
    owner = "coalesce(t.tenant_id, t.user_id)" if table == "outbox" else f"t.{key_of(table)}"
    return f"{owner} = any ($1::uuid[])"


def ids_of(owner: TenantSample) -> list[object]:
    return [owner.id, owner.user_id]


@pytest.mark.parametrize("table", TABLES)
async def test_select_finds_own_rows_and_none_of_another_tenant(
    pair: Pair, attacker: Connection, table: str
) -> None:
    counted = f"select count(*) from {table} t where {belongs(table)}"  # noqa: S608 - see above

    own = await attacker.fetchval(counted, ids_of(pair.ours))
    foreign = await attacker.fetchval(counted, ids_of(pair.theirs))
    everything = await attacker.fetchval(f"select count(*) from {table}")  # noqa: S608 - see above

    assert own > 0
    assert (foreign, everything) == (0, own)


@pytest.mark.parametrize("table", TABLES)
async def test_insert_of_a_row_of_another_tenant_is_refused(
    pair: Pair, attacker: Connection, table: str
) -> None:
    statement, their_row = await insertable(attacker, pair.theirs, table)
    await enter(attacker, pair.ours)

    for attack in (statement, f"{statement} on conflict do nothing"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            async with attacker.transaction():
                await attacker.execute(attack, their_row)

    assert await rows_of(attacker, pair.theirs) == pair.theirs_whole


@pytest.mark.parametrize("table", CHANGEABLE)
async def test_update_reaches_no_row_of_another_tenant(pair: Pair, attacker: Connection, table: str) -> None:
    key = {"memberships": "role", "outbox": "attempts"}.get(table, key_of(table))
    us = pair.ours.user_id if table in {"users", *PERSONS} else pair.ours.id
    value = {"memberships": "owner", "outbox": 0}.get(table, us)
    own = await attacker.fetchval(f"select count(*) from {table}")  # noqa: S608 - see above

    # It reads no column, so that the policy for select does not come to the aid of the one for update.
    blind = await attacker.execute(f"update {table} set {key} = $1", value)  # noqa: S608 - see above
    aimed = await attacker.execute(
        f"update {table} t set {key} = {key} where {belongs(table)}",  # noqa: S608 - see above
        ids_of(pair.theirs),
    )

    assert (blind, aimed) == (f"UPDATE {own}", "UPDATE 0")
    assert await rows_of(attacker, pair.theirs) == pair.theirs_whole


@pytest.mark.parametrize("table", CHANGEABLE)
async def test_no_row_can_be_handed_over_to_another_tenant(
    pair: Pair, attacker: Connection, table: str
) -> None:
    key = "user_id" if table in {"sessions", "outbox"} else key_of(table)
    receiver = pair.theirs.id if table == "tenants" or key == "tenant_id" else pair.theirs.user_id

    with pytest.raises(asyncpg.InsufficientPrivilegeError, match=r"row-level security|permission denied"):
        async with attacker.transaction():
            await attacker.execute(f"update {table} set {key} = $1", receiver)  # noqa: S608 - see above

    assert await rows_of(attacker, pair.theirs) == pair.theirs_whole


@pytest.mark.parametrize("change", ["update audit_events set line = ''", "delete from audit_events"])
async def test_not_even_an_own_event_of_the_trail_can_be_changed_or_removed(
    attacker: Connection, change: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
        async with attacker.transaction():
            await attacker.execute(change)

    assert await attacker.fetchval("select count(*) from audit_events") == 1


async def test_a_tenant_cannot_make_a_member_of_a_person_and_read_their_address(pair: Pair) -> None:
    """The person's id is known to whoever was in a room with them."""
    async with pair.db.member(pair.ours.id, pair.ours.user_id) as conn:
        for attack in (
            "insert into memberships (user_id, role) values ($1, 'member')",
            "insert into memberships (user_id, role) values ($1, 'member') on conflict do nothing",
            "update memberships set user_id = $1",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with conn.transaction():
                    await conn.execute(attack, pair.theirs.user_id)
        members = await conn.fetch("select email from tenant_members()")

    assert [row["email"] for row in members] == [pair.ours.email]


@pytest.mark.parametrize("table", CHANGEABLE)
async def test_delete_of_everything_leaves_another_tenant_whole(
    pair: Pair, attacker: Connection, table: str
) -> None:
    aimed = await attacker.execute(
        f"delete from {table} t where {belongs(table)}",  # noqa: S608 - see above
        ids_of(pair.theirs),
    )
    await attacker.execute(f"delete from {table}")  # noqa: S608 - see above
    left = await attacker.fetchval(f"select count(*) from {table}")  # noqa: S608 - see above

    assert (aimed, left) == ("DELETE 0", 0)
    assert await rows_of(attacker, pair.theirs) == pair.theirs_whole


@pytest.mark.parametrize("table", CHANGEABLE)
async def test_ctes_and_subselects_reach_no_further(pair: Pair, attacker: Connection, table: str) -> None:
    theirs = belongs(table)
    attacks = (
        f"with gone as (delete from {table} t where {theirs} returning 1) select count(*) from gone",  # noqa: S608
        f"with seen as materialized (select * from {table}) select count(*) from seen t where {theirs}",  # noqa: S608
        f"select count(*) from tenants where exists (select from {table} t where {theirs})",  # noqa: S608
        f"select sum(n) from (select (select count(*) from {table} t where {theirs}) n) x",  # noqa: S608
    )

    found = [await attacker.fetchval(attack, ids_of(pair.theirs)) for attack in attacks]

    assert found == [0, 0, 0, 0]
    assert await rows_of(attacker, pair.theirs) == pair.theirs_whole


@pytest.mark.parametrize("table", TABLES)
async def test_without_a_context_there_are_no_rows(pair: Pair, attacker: Connection, table: str) -> None:
    statement, row = await insertable(attacker, pair.ours, table)
    fresh = await asyncpg.connect(pair.url)
    try:
        seen = await fresh.fetchval(f"select count(*) from {table}")  # noqa: S608 - see above
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await fresh.execute(statement, row)
    finally:
        await fresh.close()

    assert seen == 0


async def test_without_a_context_nothing_is_deleted(pair: Pair) -> None:
    fresh = await asyncpg.connect(pair.url)
    try:
        deleted = {await fresh.execute(f"delete from {table}") for table in CHANGEABLE}  # noqa: S608 - see above
    finally:
        await fresh.close()

    assert deleted == {"DELETE 0"}


async def test_a_connection_that_served_a_tenant_keeps_nothing_of_it(pair: Pair) -> None:
    one_connection = await Database.open(pair.url, max_connections=1)
    try:
        async with one_connection.tenant(pair.ours.id) as conn:
            served_by = conn.get_server_pid()
            rooms_of_the_tenant = await conn.fetchval("select count(*) from rooms")
        async with one_connection.person(pair.ours.user_id) as conn:
            same_connection = conn.get_server_pid() == served_by
            rooms_afterwards = await conn.fetchval("select count(*) from rooms")
            context = await conn.fetchval("select current_setting('app.tenant_id', true)")
    finally:
        await one_connection.aclose()

    assert same_connection
    assert (rooms_of_the_tenant, rooms_afterwards, context) == (1, 0, "")


async def test_a_context_ends_with_a_transaction_that_failed(pair: Pair) -> None:
    one_connection = await Database.open(pair.url, max_connections=1)
    try:
        with pytest.raises(asyncpg.DivisionByZeroError):
            async with one_connection.tenant(pair.ours.id) as conn:
                await conn.execute("select 1 / 0")
        async with one_connection.tenant(pair.theirs.id) as conn:
            visible = await conn.fetch("select id from tenants")
    finally:
        await one_connection.aclose()

    assert [row["id"] for row in visible] == [pair.theirs.id]


async def test_a_reference_cannot_reach_into_another_tenant(pair: Pair) -> None:
    async with pair.db.tenant(pair.theirs.id) as conn:
        their_room = await ensure_room(conn, "lounge")

    async with pair.db.tenant(pair.ours.id) as conn:
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await conn.execute("insert into conversations (room_id) values ($1)", their_room.id)


async def test_two_tenants_may_give_the_same_names(pair: Pair) -> None:
    async with pair.db.tenant(pair.ours.id) as conn:
        ours = await ensure_room(conn, "war-room")
    async with pair.db.tenant(pair.theirs.id) as conn:
        theirs = await ensure_room(conn, "war-room")

    assert ours.id != theirs.id


async def test_a_search_quotes_own_documents_only(pair: Pair) -> None:
    async with pair.db.tenant(pair.theirs.id) as conn:
        theirs = await search(conn, "refunds", 20)
    async with pair.db.tenant(pair.ours.id) as conn:
        ours = await search(conn, "refunds", 20)

    assert len(ours) == len(theirs) == 1
    assert ours[0].document != theirs[0].document


async def test_the_application_cannot_become_the_lookup_role_or_switch_its_fence_off(pair: Pair) -> None:
    attacks = (
        "set local role parley_lookup",
        "alter table rooms disable row level security",
        "drop policy rooms_select on rooms",
        "create function f() returns int language sql as 'select 1'",
        "create table mine (a int)",
    )

    async with pair.db.tenant(pair.ours.id) as conn:
        for attack in attacks:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                async with conn.transaction():
                    await conn.execute(attack)


async def test_switching_row_security_off_is_an_error_instead_of_a_way_around(pair: Pair) -> None:
    async with pair.db.tenant(pair.ours.id) as conn:
        await conn.execute("set local row_security = off")
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await conn.fetchval("select count(*) from rooms")

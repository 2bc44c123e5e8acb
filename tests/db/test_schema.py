"""What the catalog says of every table and function, so that a new one without its fence fails by name."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.db.catalog import RULES, RUNNERS_RECORD, Walk, find_violations, list_tables
from tests.db.samples import TABLES
from tests.fixtures.database import Template, cloned

LOOKUP_FUNCTIONS = {
    "accept_member_invitation(bytea)",
    "create_tenant(text,text,text,text)",
    "delete_own_leftovers()",
    "find_api_key(bytea[])",
    "find_email_token(bytea,text)",
    "find_identity(text,text)",
    "find_invitation(bytea)",
    "find_member_invitation(bytea)",
    "find_passkey(bytea)",
    "find_session(bytea)",
    "find_user(text)",
    "found_tenant(text)",
    "is_allowed_origin(text)",
    "list_tenants()",
    "own_memberships()",
    "postpone_outbox(uuid,timestamp with time zone,text)",
    "put_letter(bytea)",
    "settle_outbox(uuid)",
    "sweep_budgets()",
    "sweep_expired()",
    "take_outbox(text,integer,integer)",
    "tenant_members()",
    "tenants_with_traces(text)",
}
LOOKUP_GRANTS = {
    "allowed_origins": {"SELECT"},
    "api_keys": {"SELECT", "UPDATE key_hash", "UPDATE last_used_at"},
    "budget_counters": {"SELECT period_start", "SELECT scope", "DELETE"},
    "budget_holds": {"SELECT expires_at", "DELETE"},
    "email_tokens": {"SELECT", "DELETE"},
    "idempotency_keys": {"SELECT expires_at", "SELECT principal", "DELETE"},
    "identities": {"SELECT", "UPDATE last_used_at"},
    "invitations": {"SELECT"},
    "member_invitations": {"SELECT", "UPDATE accepted_at", "DELETE"},
    "memberships": {"SELECT", "INSERT"},
    "mfa_factors": {"SELECT"},
    "outbox": {"SELECT", "INSERT", "UPDATE attempts", "UPDATE due_at", "UPDATE last_error", "DELETE"},
    "participants": {"SELECT identity", "SELECT tenant_id"},
    "removals": {"SELECT expires_at", "SELECT identity", "DELETE"},
    "rooms": {"SELECT"},
    "sessions": {"SELECT", "UPDATE last_seen_at", "DELETE"},
    "tenants": {"SELECT", "INSERT"},
    "turns": {"SELECT speaker_identity", "SELECT tenant_id"},
    "users": {"SELECT", "INSERT"},
}
"""What the functions of parley_lookup may read and write: whole tables, or single columns of them."""

FENCE = """
    alter table {t} enable row level security;
    alter table {t} force row level security;
    create policy {t}_select on {t} for select to parley_app
        using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
    create policy {t}_insert on {t} for insert to parley_app
        with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
    create policy {t}_update on {t} for update to parley_app
        using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)
        with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
    create policy {t}_delete on {t} for delete to parley_app
        using (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid);
    grant select, insert, update, delete on {t} to parley_app;
""".format(t="notes")
TABLE = """
    create table notes (
        tenant_id uuid not null references tenants (id), id uuid not null, room_id uuid, text text,
        primary key (tenant_id, id), foreign key (tenant_id, room_id) references rooms (tenant_id, id)
    );
    create index notes_of_room on notes (tenant_id, room_id);
"""
GOOD = TABLE + FENCE


@pytest.fixture(scope="module")
async def catalog(database_server: str, database_template: Template) -> AsyncIterator[asyncpg.Connection]:
    """The owner's, on a copy: these tests read, or spoil it in a transaction that is rolled back."""
    async with cloned(database_server, database_template) as url:
        conn = await asyncpg.connect(url)
        yield conn
        await conn.close()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
async def test_the_walk_finds_nothing(catalog: asyncpg.Connection, rule: Walk) -> None:
    assert await rule(catalog) == []


async def test_every_table_is_in_the_list_that_the_attacks_go_through(catalog: asyncpg.Connection) -> None:
    assert set(await list_tables(catalog)) == set(TABLES)


async def test_at_least_fifteen_tables_are_a_tenants(catalog: asyncpg.Connection) -> None:
    found = await catalog.fetchval(
        """
        select count(*) from pg_attribute a join pg_class c on c.oid = a.attrelid
        where a.attname = 'tenant_id' and c.relkind = 'r' and c.relforcerowsecurity
        """
    )

    assert found >= 15


@pytest.mark.parametrize(
    ("ddl", "complaint"),
    [
        pytest.param(
            GOOD + "alter table notes disable row level security",
            "notes: row level security is not enabled",
            id="unfenced",
        ),
        pytest.param(
            GOOD + "alter table notes no force row level security",
            "notes: row level security is not forced, so its owner passes by it",
            id="unforced",
        ),
        pytest.param(
            GOOD + "drop policy notes_update on notes",
            "notes: 0 policies for UPDATE instead of one",
            id="without_a_policy",
        ),
        pytest.param(
            GOOD + "create policy more on notes for select to parley_app using (true)",
            "notes: 2 policies for SELECT instead of one",
            id="with_one_policy_more",
        ),
        pytest.param(
            GOOD + "create policy more on notes for all to parley_app using (true)",
            "notes: policy more is for ALL",
            id="with_a_policy_for_everything",
        ),
        pytest.param(
            GOOD + "create policy more on notes for select using (true)",
            "notes: policy more is for public",
            id="with_a_policy_for_everybody",
        ),
        pytest.param(
            GOOD + "alter policy notes_update on notes with check (true)",
            "notes: policy notes_update has true as its condition",
            id="with_a_policy_that_lets_rows_be_handed_over",
        ),
        pytest.param(
            GOOD + "alter policy notes_select on notes using (tenant_id is not null)",
            "notes: policy notes_select has (tenant_id IS NOT NULL) as its condition",
            id="with_a_policy_that_asks_for_no_context",
        ),
        pytest.param(
            GOOD + "alter table notes add foreign key (room_id) references doors (id)",
            "notes: reference notes_room_id_fkey to doors does not carry tenant_id=tenant_id",
            id="with_a_reference_without_the_tenant",
        ),
        pytest.param(
            GOOD + "drop index notes_of_room",
            "notes: reference notes_tenant_id_room_id_fkey has no index",
            id="with_a_reference_without_an_index",
        ),
        pytest.param(
            GOOD + "create unique index notes_text on notes (text)",
            "notes: notes_text is unique across tenants",
            id="unique_across_tenants",
        ),
        pytest.param(
            GOOD + "alter table notes drop constraint notes_pkey, alter tenant_id drop not null",
            "notes: tenant_id may be null, which no policy gives to anybody",
            id="with_rows_of_nobody",
        ),
        pytest.param(
            GOOD + "grant create on schema public to parley_app; alter table notes owner to parley_app",
            "notes: belongs to the application's role",
            id="owned_by_the_application",
        ),
        pytest.param(
            GOOD + "grant truncate on notes to parley_app",
            "notes: the application is granted DELETE, INSERT, SELECT, TRUNCATE, UPDATE",
            id="that_the_application_may_empty",
        ),
        pytest.param(
            "create table notes (id uuid primary key)",
            "notes: says nowhere whose its rows are",
            id="of_nobody",
        ),
        pytest.param(
            "create view notes as select * from rooms",
            "notes: a view, which reads with its owner's rights",
            id="that_is_a_view",
        ),
    ],
)
async def test_the_walk_names_a_table(catalog: asyncpg.Connection, ddl: str, complaint: str) -> None:
    doors = "create table doors (tenant_id uuid not null, id uuid primary key);"

    assert complaint in await find_violations_after(catalog, doors + ddl)


async def test_the_walk_has_nothing_to_say_about_a_table_with_its_fence(catalog: asyncpg.Connection) -> None:
    assert await find_violations_after(catalog, GOOD) == []


async def find_violations_after(conn: asyncpg.Connection, ddl: str) -> list[str]:
    spoiling = conn.transaction()
    await spoiling.start()
    try:
        await conn.execute(ddl)
        return await find_violations(conn)
    finally:
        await spoiling.rollback()


async def test_the_lookup_role_may_do_just_what_its_functions_need(catalog: asyncpg.Connection) -> None:
    rows = await catalog.fetch(
        """
        select c.oid::regclass::text as "table", a.privilege_type as what
        from pg_class c cross join lateral aclexplode(c.relacl) a
        where a.grantee = 'parley_lookup'::regrole
        union all
        select c.attrelid::regclass::text, a.privilege_type || ' ' || c.attname
        from pg_attribute c cross join lateral aclexplode(c.attacl) a
        where a.grantee = 'parley_lookup'::regrole
        """
    )

    granted: dict[str, set[str]] = {}
    for row in rows:
        granted.setdefault(row["table"], set()).add(row["what"])
    assert granted == LOOKUP_GRANTS


async def test_the_lookup_role_has_a_policy_for_each_of_its_grants_and_for_nothing_else(
    catalog: asyncpg.Connection,
) -> None:
    rows = await catalog.fetch(
        "select tablename, cmd from pg_policies where roles && array['parley_lookup']::name[]"
    )

    verbs = {(table, what.split()[0]) for table, grants in LOOKUP_GRANTS.items() for what in grants}
    assert sorted((row["tablename"], row["cmd"]) for row in rows) == sorted(verbs)


async def test_the_functions_that_look_across_tenants_are_exactly_the_listed_ones(
    catalog: asyncpg.Connection,
) -> None:
    rows = await catalog.fetch(
        """
        select p.oid::regprocedure::text as signature,
            pg_get_userbyid(p.proowner) as owner, p.proconfig as settings,
            has_function_privilege('parley_app', p.oid, 'execute') as app_may,
            exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
                where a.grantee not in ('parley_app'::regrole, 'parley_lookup'::regrole)) as others_may
        from pg_proc p
        where p.prosecdef and p.pronamespace <> 'pg_catalog'::regnamespace
        """
    )

    assert {row["signature"] for row in rows} == LOOKUP_FUNCTIONS
    assert {row["owner"] for row in rows} == {"parley_lookup"}
    assert {tuple(row["settings"]) for row in rows} == {("search_path=pg_catalog, pg_temp",)}
    assert {(row["app_may"], row["others_may"]) for row in rows} == {(True, False)}


async def test_a_function_that_looks_across_tenants_names_every_table_in_full(
    catalog: asyncpg.Connection,
) -> None:
    """`from rooms` would take a temporary table of that name, which whoever calls it could have made."""
    rows = await catalog.fetch(
        r"""
        select p.proname as name, t.name as "table"
        from pg_proc p cross join unnest($1::text[]) as t (name)
        where p.prosecdef and p.prosrc ~ ('\m(from|join|into|update)\s+' || t.name || '\M')
        """,
        list(TABLES),
    )

    assert [tuple(row) for row in rows] == []


async def test_the_application_cannot_see_the_runners_record_or_make_anything(
    catalog: asyncpg.Connection,
) -> None:
    sees = await catalog.fetchval(
        "select has_table_privilege('parley_app', $1::text, 'select, insert, update, delete')", RUNNERS_RECORD
    )
    creates = await catalog.fetchval("select has_schema_privilege('parley_app', 'public', 'create')")

    assert (sees, creates) == (False, False)


async def test_roles_are_as_weak_as_they_should_be(catalog: asyncpg.Connection) -> None:
    rows = await catalog.fetch(
        """
        select rolname, rolcanlogin, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb as strong,
            exists (select from pg_auth_members where member = r.oid) as is_member,
            has_schema_privilege(r.oid, 'public', 'create') as creates
        from pg_roles r
        where rolname in ('parley_app', 'parley_lookup')
        order by rolname
        """
    )

    assert [tuple(row) for row in rows] == [
        ("parley_app", True, False, False, False),
        ("parley_lookup", False, False, False, False),
    ]

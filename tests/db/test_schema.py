"""What the catalog says of every table and function, so that a new one without its fence fails by name."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.db.samples import TABLES
from tests.fixtures.database import Template, with_database

RUNNERS_RECORD = "schema_migrations"
PERSONS_TABLES = {"users", "sessions"}
LOOKUP_FUNCTIONS = {
    "create_guest_session(bytea,bytea,text,timestamp with time zone)",
    "create_session(bytea,uuid,uuid,timestamp with time zone)",
    "create_tenant(text,text,text,text)",
    "end_session(bytea)",
    "find_api_key(bytea)",
    "find_invitation(bytea)",
    "find_session(bytea)",
    "find_user(text)",
}
LOOKUP_PRIVILEGES = {
    ("api_keys", "SELECT"),
    ("invitations", "SELECT"),
    ("memberships", "INSERT"),
    ("memberships", "SELECT"),
    ("rooms", "SELECT"),
    ("sessions", "INSERT"),
    ("sessions", "SELECT"),
    ("tenants", "INSERT"),
    ("tenants", "SELECT"),
    ("users", "INSERT"),
    ("users", "SELECT"),
}
GLOBAL_KEYS = {
    # Ids and digests of random bits: whoever hits one by chance learns nothing.
    "tenants_pkey",
    "users_pkey",
    "sessions_pkey",
    "sessions_by_token",
    "api_keys_by_hash",
    "invitations_by_code",
    # One account per person, in however many tenants.
    "users_email_key",
}


@pytest.fixture(scope="module")
async def catalog(database_server: str, database_template: Template) -> AsyncIterator[asyncpg.Connection]:
    """The owner's, on the migrated template itself: these tests only read."""
    conn = await asyncpg.connect(with_database(database_server, database_template.name))
    yield conn
    await conn.close()


async def test_every_table_is_in_the_list_that_these_tests_attack(
    catalog: asyncpg.Connection,
) -> None:
    rows = await catalog.fetch(
        """
        select relname from pg_class
        where relkind in ('r', 'p', 'f') and relnamespace::regnamespace::text !~ '^pg_|^information_schema$'
        """
    )

    assert {row["relname"] for row in rows} - {RUNNERS_RECORD} == set(TABLES)


async def test_there_is_no_view_that_could_read_with_its_owners_rights(
    catalog: asyncpg.Connection,
) -> None:
    rows = await catalog.fetch(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')"
    )

    assert rows == []


@pytest.mark.parametrize("table", TABLES)
async def test_row_level_security_is_enabled_and_binds_the_owner_too(
    catalog: asyncpg.Connection, table: str
) -> None:
    row = await catalog.fetchrow(
        "select relrowsecurity, relforcerowsecurity from pg_class where oid = $1::text::regclass", table
    )

    assert row is not None
    assert (row["relrowsecurity"], row["relforcerowsecurity"]) == (True, True)


@pytest.mark.parametrize("table", TABLES)
async def test_each_verb_has_one_policy_that_compares_with_the_context(
    catalog: asyncpg.Connection, table: str
) -> None:
    context = "app.user_id" if table in PERSONS_TABLES else "app.tenant_id"

    rows = await catalog.fetch(
        """
        select cmd, permissive, qual, with_check
        from pg_policies
        where tablename = $1 and roles && array['parley_app', 'public']::name[]
        order by cmd
        """,
        table,
    )

    assert [row["cmd"] for row in rows] == ["DELETE", "INSERT", "SELECT", "UPDATE"]
    conditions = {row["cmd"]: (row["qual"], row["with_check"]) for row in rows}
    (own, _), (_, given), (seen, _), (before, after) = (
        conditions[verb] for verb in ("DELETE", "INSERT", "SELECT", "UPDATE")
    )
    assert own == given == seen == before == after
    assert f"NULLIF(current_setting('{context}'::text, true), ''::text))::uuid" in own


async def test_only_the_lookup_role_has_policies_besides(catalog: asyncpg.Connection) -> None:
    rows = await catalog.fetch(
        "select distinct tablename, unnest(roles) as role from pg_policies where roles <> '{parley_app}'"
    )

    assert {row["role"] for row in rows} == {"parley_lookup"}
    assert {row["tablename"] for row in rows} == {table for table, _ in LOOKUP_PRIVILEGES}


async def test_the_lookup_role_may_do_just_what_its_functions_need(
    catalog: asyncpg.Connection,
) -> None:
    granted = await catalog.fetch(
        """
        select table_name, privilege_type from information_schema.role_table_grants
        where grantee = 'parley_lookup'
        """
    )
    columns = await catalog.fetch(
        """
        select table_name, column_name from information_schema.column_privileges
        where grantee = 'parley_lookup' and privilege_type = 'UPDATE'
        """
    )

    assert {(row["table_name"], row["privilege_type"]) for row in granted} == LOOKUP_PRIVILEGES
    assert [(row["table_name"], row["column_name"]) for row in columns] == [("sessions", "revoked_at")]


async def test_the_functions_that_look_across_tenants_are_exactly_the_listed_ones(
    catalog: asyncpg.Connection,
) -> None:
    rows = await catalog.fetch(
        """
        select p.oid::regprocedure::text as signature,
            pg_get_userbyid(p.proowner) as owner, p.proconfig as settings,
            has_function_privilege('parley_app', p.oid, 'execute') as app_may,
            exists (select from aclexplode(p.proacl) where grantee = 0) as everybody_may
        from pg_proc p
        where p.prosecdef and p.pronamespace <> 'pg_catalog'::regnamespace
        """
    )

    assert {row["signature"] for row in rows} == LOOKUP_FUNCTIONS
    assert {row["owner"] for row in rows} == {"parley_lookup"}
    assert {tuple(row["settings"]) for row in rows} == {("search_path=pg_catalog, pg_temp",)}
    assert {(row["app_may"], row["everybody_may"]) for row in rows} == {(True, False)}


async def test_a_reference_between_tenants_tables_carries_the_tenant_along(
    catalog: asyncpg.Connection,
) -> None:
    rows = await catalog.fetch(
        """
        with columns as (
            select c.conname, c.conrelid, c.confrelid,
                (select array_agg(attname order by attname) from pg_attribute
                 where attrelid = c.conrelid and attnum = any (c.conkey)) as from_columns,
                (select array_agg(attname order by attname) from pg_attribute
                 where attrelid = c.confrelid and attnum = any (c.confkey)) as to_columns
            from pg_constraint c
            where c.contype = 'f'
        )
        select conname
        from columns
        where exists (select from pg_attribute where attrelid = conrelid and attname = 'tenant_id')
            and exists (select from pg_attribute where attrelid = confrelid and attname = 'tenant_id')
            and not ('tenant_id' = any (from_columns) and 'tenant_id' = any (to_columns))
        """
    )

    assert [row["conname"] for row in rows] == []


async def test_what_is_unique_is_unique_in_a_tenant(catalog: asyncpg.Connection) -> None:
    rows = await catalog.fetch(
        """
        select i.indexrelid::regclass::text as name
        from pg_index i
        join pg_class c on c.oid = i.indrelid
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        where i.indisunique and c.relnamespace = 'public'::regnamespace and c.relname <> $1
            and a.attname <> 'tenant_id'
        """,
        RUNNERS_RECORD,
    )

    assert {row["name"] for row in rows} == GLOBAL_KEYS


async def test_the_application_owns_nothing_and_cannot_see_the_runners_record(
    catalog: asyncpg.Connection,
) -> None:
    owned = await catalog.fetchval("select count(*) from pg_class where relowner = 'parley_app'::regrole")
    sees = await catalog.fetchval(
        "select has_table_privilege('parley_app', $1::text, 'select, insert, update, delete')", RUNNERS_RECORD
    )
    creates = await catalog.fetchval("select has_schema_privilege('parley_app', 'public', 'create')")

    assert (owned, sees, creates) == (0, False, False)


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


async def test_no_extension_is_needed(catalog: asyncpg.Connection) -> None:
    rows = await catalog.fetch("select extname from pg_extension")

    assert [row["extname"] for row in rows] == ["plpgsql"]

"""Ten thousand generated statements of one tenant against nineteen others reach none of their rows."""

from collections.abc import AsyncIterator
from itertools import product

import asyncpg
import pytest

from tests.db.arena import Arena, filled_template, opened_arena
from tests.db.attacks import storm
from tests.db.statements import FORMS
from tests.fixtures.database import Template

REPEATS = 24


@pytest.fixture(scope="module")
async def filled(database_server: str, database_template: Template) -> AsyncIterator[Template]:
    async with filled_template(database_server, database_template) as template:
        yield template


async def test_ten_thousand_generated_statements_reach_no_row_of_another_tenant(
    database_server: str, filled: Template
) -> None:
    async with opened_arena(database_server, filled) as arena:
        tally = await storm(arena, REPEATS)
        left = await sums_of(arena)

    assert tally.statements >= 10_000
    assert tally.covered == set(product(FORMS, arena.tables))
    assert {context for context, _ in tally.contexts} == {"both", "tenant", "person", "unset", "malformed"}
    assert {before for _, before in tally.contexts} == {"nothing", "served", "failed", "cancelled"}
    # Neither are all of them refused, nor do they find nothing at all.
    assert tally.statements / 10 < tally.refused < tally.statements * 2 / 3
    assert tally.fruitful > tally.statements / 10
    assert left == arena.sums


async def sums_of(arena: Arena) -> dict[tuple[int, str], str]:
    conn = await asyncpg.connect(arena.owner_url)
    try:
        return await arena.read_sums(conn)
    finally:
        await conn.close()


@pytest.mark.parametrize(
    ("table", "hole"),
    [
        pytest.param(
            "turns",
            "alter table turns disable row level security",
            id="a_table_without_row_level_security",
        ),
        pytest.param(
            "rooms",
            "create policy hole on rooms for select to parley_app using (true)",
            id="a_policy_that_lets_everybody_read",
        ),
        pytest.param(
            "frames",
            "create policy see on frames for select to parley_app using (true);"
            "create policy hole on frames for update to parley_app using (true) with check (true)",
            id="a_policy_that_lets_everybody_change",
        ),
        pytest.param(
            "budgets",
            "create policy hole on budgets for delete to parley_app using (true)",
            id="a_policy_that_lets_everybody_delete_unseen",
        ),
        pytest.param(
            "documents",
            "alter policy documents_insert on documents with check (true)",
            id="a_policy_that_lets_rows_be_slipped_in",
        ),
        pytest.param(
            "memberships",
            "drop policy memberships_insert on memberships;"
            "create policy memberships_insert on memberships for insert to parley_app"
            "    with check (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)",
            id="members_who_were_not_asked",
        ),
        pytest.param(
            "widgets",
            "create function leak() returns text language sql security definer"
            "    as 'select string_agg(u.email, chr(32)) from public.users u';"
            "create policy hole on widgets for select to parley_app using (leak()::int = 0)",
            id="an_error_that_quotes_other_tenants",
        ),
        pytest.param(
            "leases",
            "alter policy leases_select on leases using (tenant_id = coalesce("
            "    nullif(current_setting('app.tenant_id', true), '')::uuid, tenant_id))",
            id="a_missing_context_that_means_everything",
        ),
    ],
)
async def test_the_attacks_find(database_server: str, filled: Template, table: str, hole: str) -> None:
    async with opened_arena(database_server, filled, hole) as arena:
        with pytest.raises(AssertionError) as breach:
            await storm(arena, REPEATS, [table, "tenants"])

    assert table in str(breach.value)

"""The operator's report of budgets: who has which, how much of it is spent, held and left."""

import json

from agent.settings import ControlSettings
from control.store.budgets import Cap, replace_caps
from control.store.calls import append_calls
from control.store.conversations import find_conversation
from control.store.db import Database
from tests.db.spending import a_line, granted, spent
from tests.fixtures.database import TenantSample
from tests.http.callers import begin_job
from tests.http.test_operator_commands import run


async def test_each_budget_has_a_row_and_who_has_none_is_named(
    own_settings: ControlSettings, database: Database, tenant: TenantSample, other_tenant: TenantSample
) -> None:
    async with database.tenant(tenant.id) as conn:
        await replace_caps(
            conn, [Cap("tenant", 1_000_000, 80), Cap("user", 500_000, 80), Cap("turn", 9_000, 80)]
        )
    job = await begin_job(database, tenant)
    await append_calls(database, tenant.id, job.conversation_id, job.epoch, [spent("a", 850_000)])
    async with database.tenant(tenant.id) as conn:
        conversation = await find_conversation(conn, job.conversation_id)
    assert conversation is not None
    await granted(database, tenant, conversation, a_line(need_usd_micros=50_000))

    ran = await run(own_settings, "budgets")

    rows = [line.split() for line in ran.said.splitlines()]
    assert ran.status == 0
    assert rows[3][:8] == ["Harbor", "each", "turn", "$0.009", "-", "-", "-", "-"]
    assert rows[2][:10] == ["Harbor", "each", "person", "and", "day", "$0.50", "-", "-", "-", "-"]
    assert rows[2][10] == "1"
    assert rows[1][:8] == ["Harbor", "the", "month", "$1.00", "$0.85", "$0.05", "$0.15", "thrift"]
    assert "Without a budget: Lighthouse." in ran.said


async def test_the_json_is_what_the_address_gives_the_tenant_that_was_asked_for(
    own_settings: ControlSettings, database: Database, tenant: TenantSample, other_tenant: TenantSample
) -> None:
    async with database.tenant(other_tenant.id) as conn:
        await replace_caps(conn, [Cap("conversation", 7, 50)])

    ran = await run(own_settings, "budgets", "--tenant", "Lighthouse", "--json")

    (only,) = json.loads(ran.out)["tenants"]
    assert only["name"] == "Lighthouse"
    assert [(each["scope"], each["cap_usd_micros"]) for each in only["data"]] == [("conversation", 7)]


async def test_an_unknown_tenant_is_one_sentence(own_settings: ControlSettings, tenant: TenantSample) -> None:
    ran = await run(own_settings, "budgets", "--tenant", "Nowhere")

    assert (ran.status, ran.said) == (1, "parley: no tenant 'Nowhere': give its name or its id\n")


async def test_without_a_tenant_there_is_nothing_to_say(
    own_settings: ControlSettings, database: Database
) -> None:
    ran = await run(own_settings, "budgets")

    assert (ran.status, ran.said) == (0, "There is no tenant yet.\n")

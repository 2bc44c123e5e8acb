"""The operator's report of savings: the same figures, across tenants, as a table or as JSON."""

import json

import asyncpg
from rich.cells import cell_len

from agent.settings import ControlSettings
from agent.wire import format_id
from control.store.calls import append_calls
from control.store.db import Database
from tests.fixtures.database import TenantSample
from tests.http.callers import begin_job
from tests.http.test_operator_commands import run
from tests.http.test_usage import LEDGER

SINCE = ("--since", "2026-11-01", "--until", "2026-12-01")


async def fill(db: Database, *tenants: TenantSample) -> None:
    for tenant in tenants:
        job = await begin_job(db, tenant)
        await append_calls(db, tenant.id, job.conversation_id, job.epoch, LEDGER)


async def test_a_table_has_each_tenant_and_lane_and_says_how_it_was_computed(
    own_settings: ControlSettings, database: Database, tenant: TenantSample, other_tenant: TenantSample
) -> None:
    await fill(database, tenant, other_tenant)

    ran = await run(own_settings, "savings", *SINCE)

    lines = ran.said.splitlines()
    assert ran.status == 0
    assert lines[0].startswith("What calls to models cost from 2026-11-01 00:00 to 2026-12-01 00:00 UTC")
    rows = [line.split() for line in lines[2:] if line][:10]
    assert [row[:2] for row in rows[1:]] == [
        *([name, key] for name in ("Harbor", "Lighthouse") for key in ("see", "talk", "tts", "all")),
        ["all", "all"],
    ]
    total = ["4", "6", "$0.00243", "$0.0035", "$0.00181", "51.7%", "$0.002", "$0.00027", "$0.00003"]
    assert rows[4][2:11] == total
    assert rows[9][2:6] == ["8", "12", "$0.00486", "$0.007"]
    assert any(line.startswith("always large: Over the same calls, the sum of") for line in lines)
    assert max(len(line) for line in lines[13:]) <= 110


async def test_the_json_has_every_figure_of_the_tenant_that_was_asked_for(
    own_settings: ControlSettings, database: Database, tenant: TenantSample, other_tenant: TenantSample
) -> None:
    await fill(database, tenant, other_tenant)

    by_name = await run(own_settings, "savings", *SINCE, "--tenant", "Harbor", "--by", "day", "--json")
    by_id = await run(own_settings, "savings", *SINCE, "--tenant", format_id("ten", tenant.id), "--json")

    report = json.loads(by_name.out)
    assert [each["name"] for each in report["tenants"]] == ["Harbor"]
    assert [group["key"] for group in report["tenants"][0]["data"]] == ["2026-11-24"]
    assert report["total"]["saved_usd_micros"] == 3_500 - 1_690
    assert report["total"] == json.loads(by_id.out)["total"]
    assert "saved_usd_micros" in report["computed"]


async def test_an_empty_ledger_says_so(own_settings: ControlSettings, tenant: TenantSample) -> None:
    ran = await run(own_settings, "savings", *SINCE)

    assert (ran.status, ran.said) == (
        0,
        "The ledger has no call from 2026-11-01 00:00 to 2026-12-01 00:00 UTC: nothing was spent, and "
        "nothing can be said of savings.\n",
    )


async def test_what_makes_no_sense_is_one_sentence(
    own_settings: ControlSettings, tenant: TenantSample
) -> None:
    unknown = await run(own_settings, "savings", "--tenant", "Nowhere")
    no_day = await run(own_settings, "savings", "--since", "November")
    no_year = await run(own_settings, "savings", "--until", "0001-01-01T00:00+10:00")
    no_group = await run(own_settings, "savings", "--by", "phase")
    reverse = await run(own_settings, "savings", "--since", "2026-11-02", "--until", "2026-11-01")

    assert (unknown.status, unknown.said) == (
        1,
        "parley: no tenant 'Nowhere': give its name or its id\n",
    )
    assert (no_day.status, no_day.said) == (
        1,
        "parley: --since is 'November': write a day like 2026-11-01, or a moment\n",
    )
    assert no_year.said == "parley: --until is beyond the years 1 to 9999 of UTC\n"
    assert "it can be lane, tier, agent, day, model, purpose, speaker" in no_group.said
    assert reverse.said == (
        "parley: since, 2026-11-02T00:00:00+00:00, is not before until, 2026-11-01T00:00:00+00:00\n"
    )


async def test_tenants_of_one_name_are_told_apart(
    own_settings: ControlSettings,
    database: Database,
    owner_connection: asyncpg.Connection,
    tenant: TenantSample,
    other_tenant: TenantSample,
) -> None:
    await owner_connection.execute("update tenants set name = '港湾 Harbor'")
    await fill(database, tenant, other_tenant)

    both = await run(own_settings, "savings", *SINCE)
    one = await run(own_settings, "savings", *SINCE, "--tenant", "港湾 Harbor")

    ids = {format_id("ten", each.id) for each in (tenant, other_tenant)}
    rows = [line for line in both.said.splitlines() if line.startswith("港湾 Harbor (")]
    assert {row.split("(")[1].split(")")[0] for row in rows} == ids
    assert len({cell_len(row) for row in rows}) == 1
    assert one.status == 1
    assert "2 tenants are called" in one.said
    assert all(each in one.said for each in ids)

"""What an operator runs on the server: the trail, erasure, the sweep, a tenant's copy."""

import asyncio
import dataclasses
import sys
from asyncio.subprocess import PIPE
from dataclasses import dataclass

import asyncpg
import pytest

from agent.settings import ControlSettings
from agent.wire import format_id
from control.keyring import KeyRing
from control.people.sign_up_codes import SignUpCodes
from control.store.db import Database
from tests.db.trail import unfence, write_trail
from tests.db.whole import places_of
from tests.fixtures.control import assert_problem, running_control
from tests.fixtures.database import PASSWORD, Template, TenantSample, cloned, with_role
from tests.http.test_serve import ROOT, environment_of


@dataclass(frozen=True, slots=True)
class Ran:
    status: int | None
    out: bytes
    said: str


async def run(settings: ControlSettings, *command: str, given: bytes = b"", **environment: str) -> Ran:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "control",
        *command,
        cwd=ROOT,
        env={**environment_of(settings), **environment},
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
    )
    out, err = await process.communicate(given)
    return Ran(process.returncode, out, (out + err).decode())


async def test_a_whole_trail_is_said_to_be_whole(
    own_settings: ControlSettings, database: Database, own_team: TenantSample
) -> None:
    await write_trail(database, own_team)

    ran = await run(own_settings, "audit", "verify")

    assert (ran.status, ran.said) == (0, "the trail is whole: 5 events of 1 tenants\n")


async def test_a_broken_trail_is_named_with_its_tenant_and_event_and_fails(
    own_settings: ControlSettings,
    database: Database,
    own_team: TenantSample,
    owner_connection: asyncpg.Connection,
) -> None:
    await write_trail(database, own_team)
    await unfence(owner_connection)
    await owner_connection.execute("update audit_events set hash = previous_hash where seq = 3")

    ran = await run(own_settings, "audit", "verify", "--tenant", format_id("ten", own_team.id))

    assert ran.status == 1
    assert f"tenant {format_id('ten', own_team.id)}, event 3: its line was changed" in ran.said


async def test_the_trail_is_shown_oldest_first(
    own_settings: ControlSettings, database: Database, own_team: TenantSample
) -> None:
    await write_trail(database, own_team)

    ran = await run(own_settings, "audit", "show", format_id("ten", own_team.id), "--limit", "2")

    assert ran.status == 0
    first, second = ran.said.splitlines()
    assert ('"sequence":4' in first, '"sequence":5' in second) == (True, True)


@pytest.mark.parametrize(
    "command",
    [
        ("audit", "verify", "--tenant", "ten_" + "1" * 32),
        ("audit", "verify", "--against", "/no/such/file"),
        ("export", "ten_" + "1" * 32),
        ("export", "harbor"),
        ("erase", "--email", "nobody@harbor.example"),
        ("restore",),
    ],
)
async def test_what_cannot_be_done_is_one_sentence_and_a_failure(
    own_settings: ControlSettings, own_team: TenantSample, command: tuple[str, ...]
) -> None:
    ran = await run(own_settings, *command)

    assert ran.status == 1
    assert "parley: " in ran.said
    assert "Traceback" not in ran.said


async def test_an_operator_erases_a_person_by_their_address(
    own_settings: ControlSettings, own_team: TenantSample, owner_connection: asyncpg.Connection
) -> None:
    ran = await run(own_settings, "erase", "--email", own_team.email.upper())

    assert ran.status == 0, ran.said
    assert "0 turns are tombstones, 1 tenants are deleted" in ran.said
    assert await places_of(owner_connection, own_team.email) == set()


async def test_the_sweep_deletes_what_is_due(
    own_settings: ControlSettings, database: Database, own_team: TenantSample
) -> None:
    async with database.tenant(own_team.id) as conn:
        await conn.execute("update tenants set retention_days = 1")
        await conn.execute("insert into rooms (name) values ('standup')")
        await conn.execute(
            "insert into conversations (room_id, closed_at) select id, now() - interval '2 days' from rooms"
        )

    ran = await run(own_settings, "sweep")

    assert (ran.status, ran.said) == (0, "deleted 1 conversations and 0 expired rows\n")


async def test_a_copy_goes_from_one_database_into_another(
    own_settings: ControlSettings,
    own_team: TenantSample,
    database_server: str,
    database_template: Template,
) -> None:
    tenant = format_id("ten", own_team.id)
    exported = await run(own_settings, "export", tenant)
    assert exported.status == 0, exported.said

    async with cloned(database_server, database_template) as owner_url:
        url = with_role(owner_url, "parley_app", database_template.app_password)
        cut = await run(own_settings, "restore", given=exported.out[:-80], DATABASE_URL=url)
        whole = await run(own_settings, "restore", given=exported.out, DATABASE_URL=url)
        again = await run(own_settings, "restore", given=exported.out, DATABASE_URL=url)

    assert (cut.status, whole.status, again.status) == (1, 0, 1)
    assert f"restored {tenant}: " in whole.said
    assert "empty database only" in again.said


async def test_an_operators_link_founds_a_tenant_where_sign_up_is_closed(
    own_settings: ControlSettings,
) -> None:
    ran = await run(own_settings, "invite", "--email", "grace@lighthouse.example", PARLEY_SIGN_UP="closed")
    code = ran.said.strip().rpartition("/sign-up/")[2]
    body = {"code": code, "name": "Grace", "tenant_name": "Lighthouse", "password": PASSWORD}

    async with running_control(dataclasses.replace(own_settings, is_sign_up_open=False)) as control:
        made = await control.post("/v1/accounts", body=body)
        again = await control.post("/v1/accounts", body=body)

    assert (ran.status, made.status) == (0, 201), ran.said
    assert made.body["user"]["email"] == "grace@lighthouse.example"
    assert_problem(again, 409, "conflict")


async def test_nobody_but_an_operator_makes_such_a_link(own_settings: ControlSettings) -> None:
    forged = SignUpCodes(KeyRing.from_settings(None, "another-secret-key-of-somebody-else-0123"))
    code = forged.make("grace@lighthouse.example", by_operator=True)
    body = {"code": code, "name": "Grace", "tenant_name": "Lighthouse", "password": PASSWORD}

    async with running_control(dataclasses.replace(own_settings, is_sign_up_open=False)) as control:
        made = await control.post("/v1/accounts", body=body)

    assert_problem(made, 404, "not_found")

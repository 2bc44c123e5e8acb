"""A tenant's copy: written by one deployment, read by another, and every way in which a file may lie."""

import hashlib
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from uuid import UUID

import asyncpg
import pytest

from agent.errors import Conflict, InvalidInput, NotFound
from control.audit.record import SYSTEM
from control.records.export import export_tenant, note_export
from control.records.restore import restore_tenant
from control.store.accounts import create_user
from control.store.copying import COPIED
from control.store.db import Database
from tests.db.samples import fill_every_table
from tests.db.trail import flaws, write_trail
from tests.db.whole import rows_of, see_everything, tables_of
from tests.fixtures.database import Template, TenantSample, cloned, with_role

LEFT_OUT = {"outbox"}
"""What waits to be sent is sent by the old house."""


@pytest.fixture
async def empty_url(database_server: str, database_template: Template) -> AsyncIterator[str]:
    """Another database, migrated and empty, as its owner."""
    async with cloned(database_server, database_template) as url:
        yield url


@pytest.fixture
async def empty(empty_url: str, database_template: Template) -> AsyncIterator[Database]:
    db = await Database.open(with_role(empty_url, "parley_app", database_template.app_password))
    yield db
    await db.aclose()


async def copy_of(database: Database, tenant: TenantSample) -> list[bytes]:
    return [line async for line in export_tenant(database, tenant.id)]


async def is_empty(url: str) -> bool:
    owner = await asyncpg.connect(url)
    try:
        await see_everything(owner)
        return not any([await rows_of(owner, table) for table in await tables_of(owner)])
    finally:
        await owner.close()


async def test_every_row_of_every_table_is_the_same_after_a_restore(
    database: Database,
    tenant: TenantSample,
    owner_connection: asyncpg.Connection,
    empty: Database,
    empty_url: str,
) -> None:
    await fill_every_table(database, tenant)
    await create_user(database, tenant.id, email="bo@harbor.example", name="Bo", password_hash="hash")

    restored = await restore_tenant(empty, await copy_of(database, tenant))

    other = await asyncpg.connect(empty_url)
    await see_everything(owner_connection)
    await see_everything(other)
    tables = set(await tables_of(owner_connection))
    assert tables - LEFT_OUT == COPIED
    for table in sorted(tables - LEFT_OUT):
        rows = await rows_of(owner_connection, table)
        assert rows, table
        assert await rows_of(other, table) == rows, table
        assert restored.counts[table] == len(rows), table
    await other.close()


async def test_the_trail_of_a_restored_tenant_is_whole_and_goes_on(
    database: Database, tenant: TenantSample, empty: Database
) -> None:
    await write_trail(database, tenant)
    await note_export(database, tenant.id, SYSTEM, None)

    await restore_tenant(empty, await copy_of(database, tenant))
    await write_trail(empty, tenant)

    assert await flaws(empty) == []
    async with empty.tenant(tenant.id) as conn:
        assert await conn.fetchval("select max(seq) from audit_events") == 11


async def test_more_rows_than_a_batch_come_along(
    database: Database, tenant: TenantSample, empty: Database
) -> None:
    async with database.tenant(tenant.id) as conn:
        await conn.execute("insert into rooms (name) select 'room-' || n from generate_series(1, 450) n")

    restored = await restore_tenant(empty, await copy_of(database, tenant))

    assert restored.counts["rooms"] == 450


async def test_nothing_of_another_tenant_is_in_a_copy(
    database: Database, tenant: TenantSample, other_tenant: TenantSample
) -> None:
    await fill_every_table(database, other_tenant, "beacon")

    text = b"".join(await copy_of(database, tenant)).decode()

    assert "beacon" not in text
    assert str(other_tenant.id) not in text
    assert "grace" not in text.lower()


async def test_of_somebody_who_is_elsewhere_too_only_the_account_comes_along(
    database: Database, tenant: TenantSample, other_tenant: TenantSample
) -> None:
    await fill_every_table(database, other_tenant, "beacon")
    async with database.member(tenant.id, other_tenant.user_id) as conn:
        await conn.execute(
            "insert into memberships (user_id, role) values ($1, 'member')", other_tenant.user_id
        )

    rows = [json.loads(line) for line in await copy_of(database, tenant)][1:-1]

    theirs = [
        (row["table"], row["row"])
        for row in rows
        if str(other_tenant.user_id) in (row["row"].get("id"), row["row"].get("user_id"))
    ]
    assert [table for table, _ in theirs] == ["users", "memberships"]
    assert theirs[0][1]["password_hash"] is None


async def test_a_copy_is_of_one_moment(database: Database, tenant: TenantSample) -> None:
    lines = export_tenant(database, tenant.id)
    header = json.loads(await anext(lines))
    async with database.tenant(tenant.id) as conn:
        await conn.execute("insert into rooms (name) values ('late')")

    rest = [json.loads(line) async for line in lines]

    assert "rooms" not in header["counts"]
    assert all(line.get("table") != "rooms" for line in rest)


async def test_an_unknown_tenant_has_no_copy(database: Database) -> None:
    with pytest.raises(NotFound):
        await note_export(database, UUID(int=1), SYSTEM, None)  # type: ignore[arg-type]  # of no tenant


async def test_a_database_that_has_a_tenant_is_left_alone(
    database: Database, tenant: TenantSample, other_tenant: TenantSample
) -> None:
    copy = await copy_of(database, tenant)

    with pytest.raises(Conflict, match="empty database"):
        await restore_tenant(database, copy)


async def test_an_account_that_is_there_already_is_not_overwritten(
    database: Database, tenant: TenantSample, empty: Database
) -> None:
    async with empty.person(tenant.user_id) as conn:
        await conn.execute(
            "insert into users (id, email, name) values ($1, 'ada@harbor.example', 'Other')", tenant.user_id
        )

    with pytest.raises(Conflict, match="'users' is there already"):
        await restore_tenant(empty, await copy_of(database, tenant))

    assert await empty.system.list_tenants() == []


def _change_header(lines: list[bytes], **changes: object) -> list[bytes]:
    return [json.dumps({**json.loads(lines[0]), **changes}).encode() + b"\n", *lines[1:]]


def _forge(lines: list[bytes], *more: bytes) -> list[bytes]:
    """As its writer would have made it: with the counts and the digest of what stands in it now."""
    rows = [*lines[1:-1], *more]
    counts = Counter(json.loads(row)["table"] for row in rows)
    header = _change_header(lines[:1], counts=dict(counts))
    digest = hashlib.sha256(b"".join([*header, *rows])).hexdigest()
    return [*header, *rows, json.dumps({"end": len(rows), "sha256": digest}).encode() + b"\n"]


LIES: dict[str, tuple[Callable[[list[bytes]], list[bytes]], str]] = {
    "cut in the middle": (lambda lines: lines[: len(lines) // 2], "cut short"),
    "cut within a line": (lambda lines: [*lines[:-2], lines[-2][:20]], "no JSON"),
    "without its end": (lambda lines: lines[:-1], "cut short"),
    "without a row": (lambda lines: [*lines[:-2], lines[-1]], "not what was written"),
    "with a row twice": (
        lambda lines: [*lines[:-1], lines[-2], lines[-1]],
        "not what was written|there already",
    ),
    "with a changed word": (
        lambda lines: [line.replace(b"Harbor", b"Harbar") for line in lines],
        "not what was written",
    ),
    "that goes on after its end": (lambda lines: [*lines, lines[1]], "goes on"),
    "of another version": (lambda lines: _change_header(lines, version=2), "version 2"),
    "of another schema": (lambda lines: _change_header(lines, schema="0099_x.sql"), "0099"),
    "of another kind": (lambda lines: _change_header(lines, format="zip"), "no copy"),
    "that is empty": (lambda _: [], "no JSON"),
    "with a table of ours that is none of a copy": (
        lambda lines: [lines[0], b'{"table":"outbox","row":{"kind":"letter"}}\n', *lines[1:]],
        "no table of a copy",
    ),
    "with a table that is an injection": (
        lambda lines: [lines[0], b'{"table":"rooms; drop table rooms","row":{}}\n', *lines[1:]],
        "no table of a copy",
    ),
    "with a row that lacks what it must have": (
        lambda lines: _forge(lines, b'{"table":"rooms","row":{}}\n'),
        "cannot be stored|another tenant",
    ),
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_file_that_lies_is_refused_and_leaves_nothing(
    database: Database, tenant: TenantSample, empty: Database, empty_url: str, lie: str
) -> None:
    change, words = LIES[lie]
    copy = change(await copy_of(database, tenant))

    with pytest.raises((InvalidInput, Conflict), match=words):
        await restore_tenant(empty, copy)

    assert await is_empty(empty_url)


@pytest.mark.parametrize(
    ("table", "column"),
    [("api_keys", "tenant_id"), ("tenants", "id"), ("memberships", "tenant_id"), ("memberships", "user_id")],
)
async def test_a_row_of_another_tenant_or_person_is_refused_by_the_database_itself(
    database: Database, tenant: TenantSample, empty: Database, empty_url: str, table: str, column: str
) -> None:
    copy = await copy_of(database, tenant)
    changed = []
    for line in copy:
        decoded = json.loads(line)
        if decoded.get("table") == table:
            decoded["row"][column] = str(UUID(int=1))
        changed.append(json.dumps(decoded).encode() + b"\n")

    with pytest.raises(InvalidInput, match=r"another tenant's or person's|cannot be stored"):
        await restore_tenant(empty, _forge(changed))

    assert await is_empty(empty_url)

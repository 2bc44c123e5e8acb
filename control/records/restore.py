"""Writing a tenant's copy into an empty database, all of it or nothing.

The file is believed in nothing: its rows go through row level security in the context of its one tenant, and
of one person at a time, so a row of another tenant's is refused by the database itself.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import asyncpg

from agent.errors import Conflict, InvalidInput
from agent.wire import TENANT_PREFIX, TenantId, UserId, parse_id
from control.records.export import FORMAT, VERSION, schema_version
from control.store.copying import COPIED, become_person, write_rows
from control.store.db import Connection, Database

BATCH_ROWS: Final = 200
BATCH_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Restored:
    tenant_id: TenantId
    counts: dict[str, int]


async def restore_tenant(db: Database, lines: Iterable[bytes]) -> Restored:
    """`lines`: of `export_tenant`, with their ends.

    Raises: Conflict when the database is not empty; InvalidInput for a file of another kind or version, one
    that is cut short or was changed, and for a row that does not belong; DatabaseUnavailable.
    """
    if await db.system.list_tenants():
        raise Conflict("a copy is restored into an empty database only, and this one has a tenant")
    rest = iter(lines)
    first = next(rest, b"")
    tenant_id, counts = _read_header(first)
    try:
        async with db.tenant(tenant_id) as conn:
            for batch in _batches(_read_rows(rest, first, counts)):
                await _write(conn, batch)
    except asyncpg.UniqueViolationError as error:
        raise Conflict(
            f"a row of {error.table_name!r} is there already: a copy is restored into an empty database only"
        ) from error
    except (asyncpg.IntegrityConstraintViolationError, asyncpg.DataError) as error:
        raise InvalidInput(f"a row of this copy cannot be stored: {type(error).__name__}") from error
    except asyncpg.InsufficientPrivilegeError as error:
        raise InvalidInput("a row of this copy is another tenant's or person's") from error
    return Restored(tenant_id, counts)


@dataclass(slots=True)
class _Batch:
    """Rows of one table. `person`: whose they are from here on, where that changes."""

    table: str
    rows: list[str] = field(default_factory=list)
    person: UserId | None = None


async def _write(conn: Connection, batch: _Batch) -> None:
    if batch.person is not None:
        await become_person(conn, batch.person)
    await write_rows(conn, batch.table, batch.rows)


def _read_header(line: bytes) -> tuple[TenantId, dict[str, int]]:
    """Raises: InvalidInput."""
    header = _decode(line)
    if header.get("format") != FORMAT:
        raise InvalidInput("this is no copy of a tenant of Parley's")
    if header.get("version") != VERSION or header.get("schema") != schema_version():
        raise InvalidInput(
            f"this copy is of version {header.get('version')!r} and schema {header.get('schema')!r}; "
            f"this program reads version {VERSION} and schema {schema_version()!r}"
        )
    counts = header.get("counts")
    if not isinstance(counts, dict) or not all(isinstance(count, int) for count in counts.values()):
        raise InvalidInput("the header of this copy does not say what is in it")
    return TenantId(parse_id(TENANT_PREFIX, str(header.get("tenant")))), counts


def _read_rows(lines: Iterator[bytes], header: bytes, counts: dict[str, int]) -> Iterator[tuple[str, Any]]:
    """Table and row. Raises: InvalidInput, at the end for what is missing."""
    digest, found = hashlib.sha256(header), Counter[str]()
    for line in lines:
        decoded = _decode(line)
        if "end" in decoded:
            if next(lines, None) is not None:
                raise InvalidInput("this copy goes on after its end")
            if decoded.get("sha256") != digest.hexdigest() or dict(found) != counts:
                raise InvalidInput("this copy is not what was written: rows are missing or were changed")
            return
        digest.update(line)
        table = decoded.get("table")
        if table not in COPIED or not isinstance(decoded.get("row"), dict):
            raise InvalidInput(f"this copy has a row of {table!r}, which is no table of a copy")
        found[table] += 1
        yield table, decoded["row"]
    raise InvalidInput("this copy is cut short: its end is missing")


def _batches(rows: Iterator[tuple[str, Any]]) -> Iterator[_Batch]:
    batch: _Batch | None = None
    size = 0
    for table, row in rows:
        text = json.dumps(row)
        is_full = batch is not None and (len(batch.rows) >= BATCH_ROWS or size + len(text) > BATCH_BYTES)
        if batch is None or batch.table != table or is_full or table == "users":
            if batch is not None:
                yield batch
            batch, size = _Batch(table, person=_person(row) if table == "users" else None), 0
        batch.rows.append(text)
        size += len(text)
    if batch is not None:
        yield batch


def _person(row: dict[str, Any]) -> UserId:
    """Raises: InvalidInput."""
    try:
        return UserId(UUID(str(row.get("id"))))
    except ValueError as error:
        raise InvalidInput("this copy has a person without an id") from error


def _decode(line: bytes) -> dict[str, Any]:
    """Raises: InvalidInput."""
    try:
        decoded = json.loads(line)
    except ValueError as error:
        raise InvalidInput("this copy has a line that is no JSON; it may be cut short") from error
    if not isinstance(decoded, dict):
        raise InvalidInput("this copy has a line that is no JSON object")
    return decoded

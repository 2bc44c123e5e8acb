"""Attacks on the trail by somebody who can write to its table, and by the application's own role."""

import json
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from agent.wire import TENANT_PREFIX, format_id
from control.audit.inspection import verify
from control.audit.ocsf import canonical, fingerprint, hash_event
from control.store.db import Database
from tests.db.trail import flaws, unfence, write_trail
from tests.fixtures.database import TenantSample


@pytest.fixture
async def owner(
    database: Database, tenant: TenantSample, owner_connection: asyncpg.Connection
) -> asyncpg.Connection:
    """The schema's owner, with the fence down, beside a tenant that has five events."""
    await write_trail(database, tenant)
    await unfence(owner_connection)
    return owner_connection


async def _lines(owner: asyncpg.Connection) -> list[str]:
    return [row["line"] for row in await owner.fetch("select line from audit_events order by seq")]


async def _rewrite(owner: asyncpg.Connection, seq: int, change: dict[str, Any]) -> bytes:
    """Changes a line and computes its hash anew, so that the event agrees with itself."""
    event = json.loads(await owner.fetchval("select line from audit_events where seq = $1", seq))
    event |= change
    digest = hash_event(event)
    event["attestation"]["fingerprint"] = fingerprint(digest)
    await owner.execute(
        "update audit_events set line = $2, hash = $3 where seq = $1", seq, canonical(event), digest
    )
    return digest


async def test_an_untouched_trail_is_whole(database: Database, owner: asyncpg.Connection) -> None:
    assert await flaws(database) == []


async def test_changing_a_line_is_found(
    database: Database, tenant: TenantSample, owner: asyncpg.Connection
) -> None:
    await owner.execute("update audit_events set line = replace(line, '\"status_id\":1', '\"status_id\":2')")
    await owner.execute("delete from audit_events where seq > 1")

    name = format_id(TENANT_PREFIX, tenant.id)
    assert await flaws(database) == [f"tenant {name}, event 1: its line was changed: the hash is another's"]


async def test_adding_a_blank_to_a_line_is_found(database: Database, owner: asyncpg.Connection) -> None:
    await owner.execute("update audit_events set line = line || ' ' where seq = 5")

    assert [line.partition(": ")[2] for line in await flaws(database)] == ["its line is not what was written"]


async def test_deleting_one_in_the_middle_is_found(database: Database, owner: asyncpg.Connection) -> None:
    await owner.execute("delete from audit_events where seq = 3")

    (said,) = await flaws(database)
    assert said.endswith("event 4: the events 3 to 3 before it are missing")


async def test_deleting_the_beginning_is_found(database: Database, owner: asyncpg.Connection) -> None:
    await owner.execute("delete from audit_events where seq < 3")

    (said,) = await flaws(database)
    assert said.endswith("event 3: the events 1 to 2 before it are missing")


async def test_deleting_one_and_moving_up_the_others_is_found(
    database: Database, owner: asyncpg.Connection
) -> None:
    await owner.execute("delete from audit_events where seq = 3")
    await owner.execute("update audit_events set seq = seq - 1 where seq = 4")
    await owner.execute("update audit_events set seq = seq - 1 where seq = 5")

    assert any("event 3: it does not follow the event before it" in said for said in await flaws(database))


async def test_swapping_two_is_found(database: Database, owner: asyncpg.Connection) -> None:
    for before, after in ((2, 99), (3, 2), (99, 3)):
        await owner.execute("update audit_events set seq = $2 where seq = $1", before, after)

    said = await flaws(database)
    assert any("event 2: it does not follow" in line for line in said)
    assert any("event 2: its line tells of another event, place or tenant" in line for line in said)


async def test_inserting_one_at_the_end_by_hand_is_found(
    database: Database, owner: asyncpg.Connection
) -> None:
    await owner.execute(
        """
        insert into audit_events (tenant_id, seq, id, at, action, line, previous_hash, hash)
        select tenant_id, 6, gen_random_uuid(), at, action, line, hash, hash
        from audit_events where seq = 5
        """
    )

    assert any("event 6: its line tells of another event" in said for said in await flaws(database))


async def test_changing_one_and_computing_its_hash_anew_is_found_at_the_next(
    database: Database, owner: asyncpg.Connection
) -> None:
    await _rewrite(owner, 2, {"status_id": 2})

    (said,) = await flaws(database)
    assert "event 3: it does not follow the event before it" in said


async def test_repairing_the_next_ones_link_in_the_row_alone_is_found(
    database: Database, owner: asyncpg.Connection
) -> None:
    digest = await _rewrite(owner, 2, {"status_id": 2})
    await owner.execute("update audit_events set previous_hash = $1 where seq = 3", digest)

    (said,) = await flaws(database)
    assert "event 3: its line tells of another event, place or tenant" in said


async def test_telling_another_action_or_time_in_the_row_than_in_the_line_is_found(
    database: Database, owner: asyncpg.Connection
) -> None:
    await owner.execute("update audit_events set action = 'room.made' where seq = 1")
    await owner.execute("update audit_events set at = at + interval '1 hour' where seq = 2")

    assert len(await flaws(database)) == 2


async def test_moving_a_trail_to_another_tenant_is_found(
    database: Database, tenant: TenantSample, other_tenant: TenantSample, owner: asyncpg.Connection
) -> None:
    await owner.execute("update audit_events set tenant_id = $1", other_tenant.id)

    said = await flaws(database)
    assert len(said) == 5
    assert all(format_id(TENANT_PREFIX, other_tenant.id) in line for line in said)


async def test_computing_the_whole_chain_anew_is_found_against_the_sink(
    database: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    copy = tmp_path / "audit.jsonl"
    copy.write_text("\n".join(await _lines(owner)) + "\n")
    previous = await _rewrite(owner, 2, {"status_id": 2})
    for seq in range(3, 6):
        event = json.loads(await owner.fetchval("select line from audit_events where seq = $1", seq))
        event["attestation"]["prev_event"]["fingerprint"] = fingerprint(previous)
        await owner.execute("update audit_events set previous_hash = $2 where seq = $1", seq, previous)
        previous = await _rewrite(owner, seq, event)

    assert await flaws(database) == []
    is_whole, said = await verify(database, None, copy)

    assert not is_whole
    assert [line.split(", ")[1] for line in said] == [
        f"event {seq}: it is not what was sent" for seq in range(2, 6)
    ]


async def test_cutting_the_end_is_found_against_the_sink(
    database: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    copy = tmp_path / "audit.jsonl"
    copy.write_text("\n".join(await _lines(owner)) + "\n")
    await owner.execute("delete from audit_events where seq > 3")

    assert await flaws(database) == []
    is_whole, said = await verify(database, None, copy)

    assert not is_whole
    assert said[0].endswith("event 4: the end was cut off: 5 was sent, 3 is the last")


async def test_taking_away_a_whole_trail_is_found_against_the_sink(
    database: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    copy = tmp_path / "audit.jsonl"
    copy.write_text("\n".join(await _lines(owner)) + "\n")
    await owner.execute("delete from audit_events")

    is_whole, said = await verify(database, None, copy)

    assert not is_whole
    assert said[0].endswith("the end was cut off: 5 was sent, 0 is the last")


async def test_changing_the_sinks_file_is_found_too(
    database: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    lines = await _lines(owner)
    copy = tmp_path / "audit.jsonl"
    copy.write_text("\n".join([lines[0], lines[1].replace('"status_id":1', '"status_id":2'), *lines[3:]]))

    is_whole, said = await verify(database, None, copy)

    assert not is_whole
    assert "event 2: its line in the file was changed" in said[0]
    assert "event 2: the file lacks 2 to 3" in said[1]


async def test_a_torn_line_and_one_that_came_twice_are_no_tampering(
    database: Database, owner: asyncpg.Connection, tmp_path: Path
) -> None:
    lines = await _lines(owner)
    copy = tmp_path / "audit.jsonl"
    copy.write_text("\n".join([lines[0], lines[1][:50], lines[1], *lines[2:], lines[4]]))

    is_whole, said = await verify(database, None, copy)

    assert is_whole
    assert said[0] == f"1 lines of {copy} are no events"


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_events set line = '{}'",
        "delete from audit_events",
        "truncate audit_events",
        "insert into audit_events table audit_events on conflict (tenant_id, seq) do update set seq = 9",
    ],
)
async def test_the_application_can_neither_change_nor_delete_what_it_wrote(
    database: Database, tenant: TenantSample, statement: str
) -> None:
    await write_trail(database, tenant)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.tenant(tenant.id) as conn:
            await conn.execute(statement)

    assert await flaws(database) == []

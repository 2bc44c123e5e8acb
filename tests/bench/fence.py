"""Single statements of the store under row level security, and the same on the same rows without it.

Two copies of one database with 200,000 rows in each table; in the second, row level security is off and the
statement is given its tenant as a plain parameter. `python -m tests.bench.fence [--rounds 15]`.
"""

import argparse
import asyncio
import itertools
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import asyncpg
from rich.console import Console
from rich.table import Table

from agent.wire import ConversationId, TenantId
from control.store.calls import append_calls
from control.store.db import Database
from control.store.joining import look_up
from control.store.migrate import migrate, set_app_password
from tests.db import bulk
from tests.db.samples import a_call
from tests.fixtures.database import running_postgres, with_database

BAR: Final = 0.9
CALLS: Final = 200
"""In a row of one subject, in each round."""

CONTEXT: Final = "as materialized (select set_config('app.tenant_id', $1, true) as tenant)"
PARAMETER: Final = "as (select $1::text as tenant)"

Operation = Callable[[Database], Awaitable[object]]


class Unfenced(Database):
    """On tables without row level security: nothing is set, the tenant is a parameter like any other."""

    async def fetch_row(self, statement: str, *arguments: object) -> asyncpg.Record:
        if CONTEXT not in statement:
            raise ValueError(f"a statement that begins in another way:\n{statement}")
        return await super().fetch_row(statement.replace(CONTEXT, PARAMETER), *arguments)


@dataclass(frozen=True, slots=True)
class Subjects:
    fenced: Database
    unfenced: Database
    tenant: TenantId
    conversation: ConversationId
    person: UUID


def operations(on: Subjects) -> dict[str, Operation]:
    """Those that the product makes most: a read of four tables, and a write with its check."""
    identity, numbers = f"user_{on.person.hex}", itertools.count()

    async def ask_to_join(db: Database) -> object:
        return await look_up(db, on.tenant, "room-7", f"{identity}-tab", identity, "Ada")

    async def add_a_call(db: Database) -> None:
        call = a_call(f"bench-{next(numbers)}")
        await append_calls(db, on.tenant, on.conversation, 1, [call])

    async def read_a_page(db: Database) -> object:
        return await db.fetch_row(
            """
            with context as materialized (select set_config('app.tenant_id', $1, true) as tenant)
            select array(
                select (t.seq, t.speaker_name, t.text)::text from turns t
                where t.tenant_id = context.tenant::uuid and t.conversation_id = $2
                order by t.seq desc limit 50
            ) as turns
            from context
            """,
            str(on.tenant),
            on.conversation,
        )

    return {
        "read: may they join": ask_to_join,
        "read: a page of turns": read_a_page,
        "write: a call for the ledger": add_a_call,
    }


async def measure_fence(rounds: int) -> dict[str, list[float]]:
    """Speed under row level security as a part of the speed without it, by operation and round."""
    ratios: dict[str, list[float]] = {}
    async with started_subjects() as subjects:
        for name, operation in operations(subjects).items():
            if await operation(subjects.fenced) != await operation(subjects.unfenced):
                raise AssertionError(f"{name}: the two give different answers")
            for database in (subjects.fenced, subjects.unfenced):
                await _seconds(operation, database)  # warm
            ratios[name] = []
            for number in range(rounds):
                order = (subjects.fenced, subjects.unfenced)
                times = {
                    database: await _seconds(operation, database)
                    for database in (order if number % 2 == 0 else reversed(order))
                }
                ratios[name].append(times[subjects.unfenced] / times[subjects.fenced])
            sys.stderr.write(f"{name}: {rounds} rounds\n")
    return ratios


async def _seconds(operation: Operation, database: Database) -> float:
    """The median of a call, so that what else the machine does counts less."""
    times = []
    for _ in range(CALLS):
        began = time.perf_counter()
        await operation(database)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


@asynccontextmanager
async def started_subjects() -> AsyncIterator[Subjects]:
    async with running_postgres() as server:
        owner = await asyncpg.connect(server.owner_url)
        await owner.execute("create database fenced")
        fenced = with_database(server.owner_url, "fenced")
        await migrate(fenced)
        app_url = await set_app_password(fenced, "bench-password")
        ids = await _fill(fenced)
        await owner.execute("create database unfenced template fenced")
        await _lift_the_fence(with_database(server.owner_url, "unfenced"))
        await owner.close()
        databases = [
            await Database.open(app_url, max_connections=1),
            await Unfenced.open(with_database(app_url, "unfenced"), max_connections=1),
        ]
        try:
            yield Subjects(databases[0], databases[1], *ids)
        finally:
            for database in databases:
                await database.aclose()


async def _fill(url: str) -> tuple[TenantId, ConversationId, UUID]:
    conn = await asyncpg.connect(url)
    await bulk.fill(conn)
    await conn.execute("insert into tenants (id, name) select distinct tenant_id, 'Harbor' from rooms")
    tenant = await conn.fetchval("select md5('tenants7')::uuid")
    person = await conn.fetchval("select md5('users7')::uuid")
    conversation = ConversationId(await bulk.example_id(conn, "conversations", 7))
    await conn.execute("update conversations set epoch = 1 where id = $1", conversation)
    await conn.execute("vacuum analyze")
    await conn.close()
    return TenantId(tenant), conversation, person


async def _lift_the_fence(url: str) -> None:
    conn = await asyncpg.connect(url)
    tables = await conn.fetch("select oid::regclass::text as name from pg_class where relrowsecurity")
    for table in tables:
        await conn.execute(f"alter table {table['name']} disable row level security")
    await conn.execute("vacuum analyze")
    await conn.close()


def report_fence(ratios: dict[str, list[float]]) -> None:
    table = Table("one statement", "speed of that without row level security (least, most)", "to reach")
    for name, samples in ratios.items():
        spread = f"{statistics.median(samples):.2f} ({min(samples):.2f}, {max(samples):.2f})"
        table.add_row(name, spread, f"≥ {BAR}")
    Console().print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description="What row level security costs a single statement.")
    parser.add_argument("--rounds", type=int, default=15)
    report_fence(asyncio.run(measure_fence(parser.parse_args().rounds)))


if __name__ == "__main__":
    main()

"""One tenant against nineteen: transactions that hypothesis makes up, and what came of them.

A plan is one transaction of one tenant, in a context that may be unset or malformed, on a connection that
served a victim before. Whatever it reads, changes or is told in an error is held against the canaries.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import product
from typing import Final, Literal
from zlib import crc32

import asyncpg
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from control.store.db import Connection, Database
from control.store.pool import connection, open_pool
from tests.db.arena import Arena
from tests.db.statements import FORMS, Attack, Scene, Statement

Context = Literal["both", "tenant", "person", "unset", "malformed"]
Before = Literal["nothing", "served", "failed", "cancelled"]

CANCEL: Final = "set local statement_timeout = 2"
"""Milliseconds. It ends with the savepoint that the cancelled query takes along."""
SIZE: Final = 60
"""Statements in one plan, at most: enough that what one leaves behind meets the next ones."""


@dataclass(frozen=True, slots=True)
class Plan:
    attacker: int
    context: Context
    garbage: str
    before: Before
    attacks: tuple[Attack, ...]


@dataclass(slots=True)
class Tally:
    """`fruitful`: statements that told of the attacker's own rows, so that the others are not just broken."""

    statements: int = 0
    refused: int = 0
    fruitful: int = 0
    covered: set[tuple[str, str]] = field(default_factory=set)
    contexts: set[tuple[Context, Before]] = field(default_factory=set)


async def storm(arena: Arena, repeats: int, tables: Sequence[str] | None = None) -> Tally:
    """Each form on each of the tables so many times, in transactions that are the same in every run.

    `tables`: None for all of them.

    Raises: AssertionError that names the breaches.
    """
    loop, tally = asyncio.get_running_loop(), Tally()

    def attack(plan: Plan) -> None:
        breaches = asyncio.run_coroutine_threadsafe(carry_out(arena, plan, tally), loop).result()
        assert not breaches, "\n".join(breaches)

    generated = settings(
        max_examples=repeats,
        database=None,
        deadline=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # a breach names its statement, which is small enough as it is
    )
    for number, pairs in enumerate(_groups(tables or sorted(arena.tables))):
        # hypothesis calls plain functions, so it runs beside the loop that has the connections.
        await asyncio.to_thread(seed(number)(generated(given(plans(pairs, arena))(attack))))
    return tally


def _groups(tables: Sequence[str]) -> list[list[tuple[str, str]]]:
    """Every form with every table, well mixed, in lists of a plan's size."""
    pairs = sorted(product(FORMS, tables), key=lambda pair: crc32(" ".join(pair).encode()))
    count = -(-len(pairs) // SIZE)
    return [pairs[number::count] for number in range(count)]


def plans(pairs: list[tuple[str, str]], arena: Arena) -> st.SearchStrategy[Plan]:
    """Transactions that make each of these pairs of form and table into a statement, in any order."""
    tenants = len(arena.tenants)
    values = st.tuples(
        st.sampled_from(sorted(arena.tables)),
        st.integers(1, tenants - 1),
        st.integers(0, 59),
        st.integers(1, 2**64),
    )
    words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
    return st.builds(
        Plan,
        attacker=st.integers(0, tenants - 1),
        context=st.sampled_from(["both", "both", "both", "both", "tenant", "person", "unset", "malformed"]),
        garbage=st.sampled_from([" ", "0", "null", "%", "' or true --", "{}", "0" * 31, "-" * 36]) | words,
        before=st.sampled_from(["nothing", "served", "served", "failed", "cancelled"]),
        attacks=st.tuples(
            st.permutations(pairs), st.lists(values, min_size=len(pairs), max_size=len(pairs))
        ).map(_attacks),
    )


def _attacks(drawn: tuple[list[tuple[str, str]], list[tuple[str, int, int, int]]]) -> tuple[Attack, ...]:
    pairs, values = drawn
    return tuple(
        Attack(form, table, other, victim, pick, salt)
        for (form, table), (other, victim, pick, salt) in zip(pairs, values, strict=True)
    )


class _RollBack(Exception):
    """Ends a plan's transaction."""


async def carry_out(arena: Arena, plan: Plan, tally: Tally) -> list[str]:
    """The breaches, each with the statement that made it; nothing that the plan did is left."""
    pool = await open_pool(arena.url, 1)
    db = Database(pool)
    breaches: list[str] = []
    tally.contexts.add((plan.context, plan.before))
    try:
        await _serve_a_victim(db, arena, plan)
        try:
            async with _context(db, pool, arena, plan) as conn:
                for attack in plan.attacks:
                    breaches += await _attack(conn, Scene(arena, plan.attacker, attack), plan, tally)
                breaches += await _changed(arena, conn, plan)
                raise _RollBack
        except _RollBack:
            pass
    finally:
        await pool.close()
    return breaches


async def _serve_a_victim(db: Database, arena: Arena, plan: Plan) -> None:
    """What the connection was used for before: another tenant's transaction, and how that ended."""
    victim = arena.tenants[(plan.attacker + 1) % len(arena.tenants)]
    match plan.before:
        case "served":
            async with db.member(victim.id, victim.user_id) as conn:
                await conn.fetch("select * from turns")
        case "failed":
            with _expected(asyncpg.DivisionByZeroError):
                async with db.member(victim.id, victim.user_id) as conn:
                    await conn.fetch("select 1 / 0 from turns")
        case "cancelled":
            async with db.member(victim.id, victim.user_id) as conn:
                with _expected(asyncpg.QueryCanceledError):
                    async with conn.transaction():
                        await conn.execute(CANCEL)
                        await conn.fetch("select * from pg_sleep(30), turns")
        case "nothing":
            pass


@contextmanager
def _expected(error: type[Exception]) -> Iterator[None]:
    try:
        yield
    except error:
        return
    raise AssertionError(f"no {error.__name__}")


@asynccontextmanager
async def _context(db: Database, pool: asyncpg.Pool, arena: Arena, plan: Plan) -> AsyncIterator[Connection]:
    own = arena.tenants[plan.attacker]
    match plan.context:
        case "both":
            async with db.member(own.id, own.user_id) as conn:
                yield conn
        case "tenant":
            async with db.tenant(own.id) as conn:
                yield conn
        case "person":
            async with db.person(own.user_id) as conn:
                yield conn
        case "unset" | "malformed":
            async with connection(pool) as conn, conn.transaction():
                if plan.context == "malformed":
                    await conn.execute(
                        "select set_config('app.tenant_id', $1, true), set_config('app.user_id', $1, true)",
                        plan.garbage,
                    )
                yield conn


async def _attack(conn: Connection, on: Scene, plan: Plan, tally: Tally) -> list[str]:
    variants = FORMS[on.attack.form](on)
    statement = variants[on.attack.pick % len(variants)]
    tally.statements += 1
    tally.covered.add((on.attack.form, on.attack.table))
    told = ""
    try:
        async with conn.transaction():
            status, rows = await _run(conn, statement)
            told = repr(rows)
    except asyncpg.PostgresError as error:
        tally.refused += 1
        status, rows, told = "", [], f"{type(error).__name__} {error} {error.as_dict()}"
        if statement.aimed and isinstance(error, asyncpg.DivisionByZeroError):
            return [f"{statement.sql}: a row of another tenant caused an error"]
    if statement.aimed and (rows or (status and not status.endswith(" 0"))):
        return [f"{statement.sql}: {status or len(rows)} rows of another tenant"]
    own = set() if plan.context in ("unset", "malformed") else {plan.attacker}
    owners = on.arena.owners_in(told)
    tally.fruitful += plan.attacker in owners
    strangers = owners - own
    return [f"{statement.sql}: tells of {len(strangers)} other tenants: {told[:500]}"] if strangers else []


async def _run(conn: Connection, statement: Statement) -> tuple[str, list[asyncpg.Record]]:
    """The command tag and the rows."""
    match statement.how:
        case "fetch":
            prepared = await conn.prepare(statement.sql)
            rows = await prepared.fetch(*statement.arguments)
            return prepared.get_statusmsg() or "", rows
        case "cursor":
            rows = [row async for row in conn.cursor(statement.sql, *statement.arguments, prefetch=7)]
            return "", rows
        case "cancel":
            await conn.execute(CANCEL)
            return "", await conn.fetch(statement.sql, *statement.arguments)


async def _changed(arena: Arena, conn: Connection, plan: Plan) -> list[str]:
    """What the transaction has done to others, as the superuser sees it from within."""
    own = -2 if plan.context in ("unset", "malformed") else plan.attacker
    before = {place: digest for place, digest in arena.sums.items() if place[0] != own}
    after = {place: digest for place, digest in (await arena.read_sums(conn)).items() if place[0] != own}
    changed = {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
    return [f"{table}: rows of tenant {number} were changed" for number, table in sorted(changed)]

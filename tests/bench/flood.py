"""A typed turn's way through control, alone and beside 200 sign-ins a second.

The turn is what an agent asks of control when somebody types: store the question, search the documents. The
sign-ins are attempts at accounts that do not exist, each from an address of its own, offered by a process
of its own at a steady rate whether or not they are answered: `python -m tests.bench.flood URL RATE SECONDS`.
"""

import asyncio
import itertools
import json
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import PIPE
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console
from rich.table import Table

from control.jobs import Job, JobTokens
from control.local.folder import StackFolder
from control.store import conversations, rooms
from control.store.db import Database
from tests.fixtures.stack import ROOT, Stack, start_stack

RATE = 200
SECONDS = 10.0
TURN_EVERY_S = 0.05
ADDRESSES = 2_000
"""Loopback has 16 million; each is one network address to the limits."""


@dataclass(slots=True)
class FloodTimes:
    """Milliseconds of each turn; `answers`: how often which status was given to a sign-in."""

    idle: list[float] = field(default_factory=list)
    flooded: list[float] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)


def p99(samples: list[float]) -> float:
    return statistics.quantiles(samples, n=100)[98]


async def measure_flood(rounds: int) -> FloodTimes:
    """Rounds of the one and the other, in turns, on one stack."""
    times = FloodTimes()
    with tempfile.TemporaryDirectory() as folder, start_stack(Path(folder), {}) as stack:
        token = await _begin_job(stack, Path(folder))
        async with aiohttp.ClientSession(stack.url, headers={"Authorization": f"Bearer {token}"}) as http:
            numbers = itertools.count()
            await _turns(http, numbers, SECONDS / 5)  # warm
            for number in range(rounds):
                times.idle += await _turns(http, numbers, SECONDS)
                flood = await asyncio.create_subprocess_exec(
                    sys.executable,
                    "-m",
                    "tests.bench.flood",
                    stack.url,
                    str(RATE),
                    str(SECONDS + 2),
                    cwd=ROOT,
                    stdout=PIPE,
                )
                await asyncio.sleep(1)
                times.flooded += await _turns(http, numbers, SECONDS)
                output, _ = await flood.communicate()
                times.answers.update(json.loads(output))
                sys.stderr.write(f"flood: round {number + 1} of {rounds}\n")
    return times


def report_flood(times: FloodTimes) -> None:
    table = Table("a typed turn in control", "median ms", "p99 ms", "most")
    for label, samples in (("alone", times.idle), (f"beside {RATE} sign-ins a second", times.flooded)):
        table.add_row(
            label, f"{statistics.median(samples):.1f}", f"{p99(samples):.1f}", f"{max(samples):.1f}"
        )
    table.add_row("ratio of p99, to reach ≤ 2", "", f"{p99(times.flooded) / p99(times.idle):.2f}", "")
    Console().print(table)
    Console().print("sign-ins answered:", dict(times.answers))


async def _begin_job(stack: Stack, folder: Path) -> str:
    db = await Database.open(stack.database_url, max_connections=1)
    try:
        known = await db.system.find_user(stack.email)
        assert known is not None
        assert known.tenant_id is not None
        async with db.tenant(known.tenant_id) as conn:
            room = await rooms.ensure_room(conn, "bench")
            conversation = await conversations.open_conversation(conn, room.id)
            epoch = await conversations.begin_epoch(conn, conversation.id)
        job = Job(known.tenant_id, conversation.id, epoch, "bench", local_engines=True)
        return JobTokens(StackFolder(folder).secrets().secret_key).issue(job)[0]
    finally:
        await db.aclose()


async def _turns(http: aiohttp.ClientSession, numbers: "itertools.count[int]", seconds: float) -> list[float]:
    """How long each took, one begun every TURN_EVERY_S, or later where the one before took longer."""
    taken = []
    end_s = time.monotonic() + seconds
    while time.monotonic() < end_s:
        started_s = time.monotonic()
        await asyncio.gather(_store(http, next(numbers)), _search(http))
        took_s = time.monotonic() - started_s
        taken.append(took_s * 1000)
        await asyncio.sleep(max(0.0, TURN_EVERY_S - took_s))
    return taken


async def _store(http: aiohttp.ClientSession, number: int) -> None:
    turn: dict[str, Any] = {
        "client_id": f"turn-{number}",
        "role": "user",
        "channel": "text",
        "speaker": {"identity": "user_1", "name": "Ada"},
        "text": "What is the refund period?",
        "state": "complete",
        "at": datetime.now(UTC).isoformat(),
        "metrics": {},
    }
    async with http.post("/internal/v1/turns", json={"epoch": 1, "turns": [turn]}) as answer:
        answer.raise_for_status()


async def _search(http: aiohttp.ClientSession) -> None:
    async with http.post("/internal/v1/search", json={"query": "What is the refund period?"}) as answer:
        answer.raise_for_status()


async def _offer(url: str, rate: int, seconds: float) -> Counter[str]:
    """Sign-ins at that rate, however many are unanswered."""
    answers: Counter[str] = Counter()
    sessions = [
        aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(local_addr=(f"127.1.{number // 250}.{number % 250 + 1}", 0))
        )
        for number in range(ADDRESSES)
    ]

    async def sign_in(number: int) -> None:
        body = {"email": f"nobody-{number}@harbor.example", "password": "a password that is wrong"}
        try:
            async with sessions[number % ADDRESSES].post(f"{url}/v1/sessions", json=body) as answer:
                answers[str(answer.status)] += 1
        except aiohttp.ClientError as error:
            answers[type(error).__name__] += 1

    try:
        async with asyncio.TaskGroup() as tasks:
            started_s = time.monotonic()
            for number in range(int(rate * seconds)):
                tasks.create_task(sign_in(number))
                await asyncio.sleep(max(0.0, started_s + (number + 1) / rate - time.monotonic()))
    finally:
        for session in sessions:
            await session.close()
    return answers


if __name__ == "__main__":
    counted = asyncio.run(
        _offer(sys.argv[1].replace("localhost", "127.0.0.1"), int(sys.argv[2]), float(sys.argv[3]))
    )
    sys.stdout.write(json.dumps(counted))

"""Ends of a running stack: wanted, violent, and of one part only."""

import asyncio
import signal
from pathlib import Path

import aiohttp
import psutil

from tests.fixtures.stack import Stack, runs, start_stack, wait_until


async def rooms(stack: Stack) -> list[str]:
    headers = {"Authorization": f"Bearer {stack.api_key}"}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.get(f"{stack.url}/v1/rooms") as answer,
    ):
        answer.raise_for_status()
        return [room["name"] for room in (await answer.json())["data"]]


async def make_room(stack: Stack, name: str) -> None:
    headers = {"Authorization": f"Bearer {stack.api_key}"}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.post(f"{stack.url}/v1/rooms", json={"name": name}) as answer,
    ):
        answer.raise_for_status()


def test_a_killed_stack_is_recovered_by_the_next_run_with_the_same_data(tmp_path: Path) -> None:
    with start_stack(tmp_path) as killed:
        asyncio.run(make_room(killed, "kept"))
        before = {name: psutil.Process(killed.pid(name)) for name in killed.facts["pids"] if name != "stack"}
        killed.process.send_signal(signal.SIGKILL)
        killed.process.wait()
        with start_stack(tmp_path) as again:
            assert [name for name, process in before.items() if runs(process)] == []
            assert again.api_key == killed.api_key
            assert again.password == killed.password
            assert asyncio.run(rooms(again)) == ["kept"]


def test_a_worker_or_a_control_that_dies_is_started_again(tmp_path: Path) -> None:
    with start_stack(tmp_path, arguments=("--no-demo",)) as stack:
        for name in ("worker", "control"):
            psutil.Process(stack.pid(name)).kill()

        def serves_again() -> bool:
            return (tmp_path / "stderr").read_text().count("starts again") >= 2 and answers(stack)

        wait_until(serves_again, "control with a worker", timeout_s=60)


def test_without_a_data_service_the_stack_ends_in_words(tmp_path: Path) -> None:
    with start_stack(tmp_path, arguments=("--no-demo",)) as stack:
        assert stack.facts["api_key"] is None
        assert stack.facts["email"] is None
        psutil.Process(stack.pid("redis")).kill()
        assert stack.process.wait(30) == 1
        said = (tmp_path / "stderr").read_text()
    assert "redis was ended by SIGKILL" in said
    assert "run it again" in said


def answers(stack: Stack) -> bool:
    async def ask() -> bool:
        try:
            async with (
                aiohttp.ClientSession() as http,
                http.get(f"{stack.url}/v1/deployment") as answer,
            ):
                return bool((await answer.json())["workers"])
        except aiohttp.ClientError:
            return False

    return asyncio.run(ask())

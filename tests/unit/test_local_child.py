import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from agent.errors import StackError
from control.local.child import Child, Program
from control.local.pids import PidFile

SLEEP = "import time; time.sleep(60)"
DEAF = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('deaf', flush=True); time.sleep(60)"
)
PARENT = (
    "import subprocess, sys, time;"
    f"child = subprocess.Popen([sys.executable, '-c', {SLEEP!r}], start_new_session=True);"
    "print(child.pid, flush=True); time.sleep(60)"
)


def a_child(folder: Path, code: str, grace_s: float = 5.0) -> Child:
    program = Program("part", [sys.executable, "-c", code], os.environ, folder / "part.log", grace_s)
    return Child(program, PidFile(folder / "pids.json"))


async def started(folder: Path, code: str, grace_s: float = 5.0) -> Child:
    """A child that has printed a line."""
    child = a_child(folder, code, grace_s)
    await child.start()

    async def has_spoken() -> bool:
        return (folder / "part.log").read_text() != ""

    await child.wait_ready(has_spoken, timeout_s=10)
    return child


async def never() -> bool:
    return False


async def test_a_child_that_ends_before_it_is_ready_is_reported_with_its_last_words(tmp_path: Path) -> None:
    child = a_child(tmp_path, "import sys; print('no such thing'); sys.exit(3)")
    await child.start()
    with pytest.raises(StackError, match=r"(?s)part ended with exit code 3 .*part\.log.*no such thing"):
        await child.wait_ready(never, timeout_s=10)


async def test_a_child_that_takes_too_long_is_reported(tmp_path: Path) -> None:
    child = a_child(tmp_path, SLEEP)
    await child.start()
    with pytest.raises(StackError, match="part was not ready after 0 s"):
        await child.wait_ready(never, timeout_s=0.1)
    await child.stop(asyncio.Event())


async def test_a_program_that_does_not_exist_is_reported(tmp_path: Path) -> None:
    program = Program("part", ["/nowhere/part"], {}, tmp_path / "part.log")
    with pytest.raises(StackError, match="part cannot be started: '/nowhere/part'"):
        await Child(program, PidFile(tmp_path / "pids.json")).start()


async def test_what_a_child_has_started_ends_with_it_even_in_another_session(tmp_path: Path) -> None:
    child = await started(tmp_path, PARENT)
    grandchild = psutil.Process(int((tmp_path / "part.log").read_text()))
    await child.stop(asyncio.Event())
    assert child.pid is None
    assert not grandchild.is_running()


async def test_a_child_that_ignores_the_request_to_end_is_killed_after_its_grace(tmp_path: Path) -> None:
    child = await started(tmp_path, DEAF, grace_s=0.2)
    await child.stop(asyncio.Event())
    assert await child.wait() == -9


async def test_in_a_hurry_there_is_no_grace(tmp_path: Path) -> None:
    child = await started(tmp_path, DEAF, grace_s=60)
    hurry = asyncio.Event()
    hurry.set()
    async with asyncio.timeout(10):
        await child.stop(hurry)
    assert child.pid is None


async def test_a_child_leads_a_session_of_its_own(tmp_path: Path) -> None:
    child = a_child(tmp_path, SLEEP)
    await child.start()
    assert child.pid is not None
    assert os.getsid(child.pid) == child.pid
    await child.stop(asyncio.Event())


async def test_the_pid_file_names_who_runs_and_forgets_who_was_stopped(tmp_path: Path) -> None:
    child = a_child(tmp_path, SLEEP)
    await child.start()
    assert json.loads((tmp_path / "pids.json").read_text())["part"]["pid"] == child.pid
    await child.stop(asyncio.Event())
    assert json.loads((tmp_path / "pids.json").read_text()) == {}


def test_what_a_killed_run_left_is_ended_by_the_next_one(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", SLEEP]) as left:
        PidFile(tmp_path / "pids.json").record("worker", left.pid)
        ended = PidFile(tmp_path / "pids.json").end_leftovers()
        assert ended == ["worker"]
        assert not psutil.pid_exists(left.pid)


def test_a_process_that_was_given_the_number_later_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", SLEEP]) as other:
        (tmp_path / "pids.json").write_text(json.dumps({"worker": {"pid": other.pid, "started": 1.0}}))
        assert PidFile(tmp_path / "pids.json").end_leftovers() == []
        assert other.poll() is None
        other.kill()


@pytest.mark.parametrize("content", ["", "{", '{"worker": {}}'])
def test_a_broken_pid_file_stops_nobody(tmp_path: Path, content: str) -> None:
    (tmp_path / "pids.json").write_text(content)
    assert PidFile(tmp_path / "pids.json").end_leftovers() == []

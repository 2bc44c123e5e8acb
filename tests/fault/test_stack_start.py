"""Starts that are refused: one sentence with the way out, exit code 1, nothing left running."""

import socket
import subprocess
from pathlib import Path

import aiohttp
import psutil

from tests.fixtures.stack import Stack, end, launch, runs, wait_until


def refused(process: subprocess.Popen[str], folder: Path) -> str:
    """What it said in the end. It must not have printed anything else, or left a process."""
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert output == ""
    return (folder / "stderr").read_text()


def test_a_port_in_use_is_named_with_the_way_to_choose_another(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused(launch(tmp_path, port=port), tmp_path)
    assert f"port {port} is in use by another program: choose one with --port" in said
    assert "Traceback" not in said


def test_a_second_run_on_the_same_data_is_refused(stack: Stack) -> None:
    second = launch(stack.folder)
    said = refused(second, stack.folder)
    assert "is in use by another run" in said
    assert f"process {stack.process.pid}" in said
    assert "--data-dir" in said
    assert psutil.pid_exists(stack.pid("control"))


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    said = refused(launch(tmp_path, {"PARLEY_PRESET": "no-such-preset"}), tmp_path)
    assert "no-such-preset" in said
    assert "Traceback" not in said


def test_an_unreachable_redis_is_named(tmp_path: Path) -> None:
    said = refused(launch(tmp_path, {"REDIS_URL": "redis://127.0.0.1:9/0"}), tmp_path)
    assert "nothing answers at REDIS_URL" in said


def test_a_ctrl_c_while_it_starts_leaves_nothing(tmp_path: Path) -> None:
    process = launch(tmp_path)
    wait_until(lambda: (tmp_path / "pids.json").exists(), "the first child")
    family = psutil.Process(process.pid).children(recursive=True)
    assert end(process) == 130
    assert [child for child in family if runs(child)] == []


async def test_the_self_check_leaves_no_room_and_no_conversation(stack: Stack) -> None:
    headers = {"Authorization": f"Bearer {stack.api_key}"}
    async with aiohttp.ClientSession(headers=headers) as http:
        async with http.get(f"{stack.url}/v1/rooms") as answer:
            rooms = [room["name"] for room in (await answer.json())["data"]]
        async with http.get(f"{stack.url}/v1/conversations") as answer:
            talks = [talk["room_name"] for talk in (await answer.json())["data"]]
    assert [name for name in rooms + talks if name.startswith("selfcheck-")] == []
    assert "SELF-CHECK FAILED" not in (stack.folder / "stderr").read_text()

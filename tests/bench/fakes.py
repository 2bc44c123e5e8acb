"""The fake providers as a program of their own, so that what they do costs the measured process nothing."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp

from tests.fakes.script import Script
from tests.fixtures.stack import ROOT


@contextmanager
def fake_program() -> Iterator[str]:
    """Gives its address."""
    command = [sys.executable, "-m", "tests.fakes.providers"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())["base_url"]
        finally:
            process.terminate()


async def set_script(base_url: str, script: Script) -> None:
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{base_url}/control/script", data=script.model_dump_json()) as answer,
    ):
        answer.raise_for_status()

"""The fake providers themselves, as a benchmark in another process uses them."""

import asyncio
import json
import os
import sys

import aiohttp

from tests.fakes.providers import FakeProviders
from tests.fakes.script import Latencies


async def _chat(session: aiohttp.ClientSession, base_url: str) -> str:
    body = {"model": "gpt-6-luna", "messages": [{"role": "user", "content": "Hello"}]}
    async with session.post(f"{base_url}/v1/chat/completions", json=body) as answer:
        return str((await answer.json())["choices"][0]["message"]["content"])


async def test_a_script_can_be_set_from_another_process() -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.providers", stdout=asyncio.subprocess.PIPE, cwd=os.getcwd()
    )
    assert program.stdout is not None
    base_url = json.loads(await program.stdout.readline())["base_url"]

    async with aiohttp.ClientSession() as session:
        changes = {"answers": ["Scripted."], "latencies": {"first_token_s": 0.0, "token_s": 0.0}}
        async with session.post(f"{base_url}/control/script", json=changes) as changed:
            assert changed.status == 200
        async with session.post(f"{base_url}/control/script", json={"answer": "?"}) as refused:
            assert refused.status == 422
        answer = await _chat(session, base_url)
        async with session.get(f"{base_url}/control/requests") as listed:
            [seen] = await listed.json()
        async with session.delete(f"{base_url}/control/requests") as forgotten:
            assert forgotten.status == 204
    program.terminate()
    await program.wait()

    assert answer == "Scripted."
    assert (seen["kind"], seen["question"], seen["cancelled"]) == ("chat", "Hello", False)


async def test_answers_keep_the_latency_that_was_set(fake_providers: FakeProviders) -> None:
    fake_providers.script.latencies = Latencies(first_token_s=0.2, token_s=0.0)

    async with aiohttp.ClientSession() as session:
        await _chat(session, fake_providers.base_url)

    [seen] = fake_providers.requests
    assert seen.first_s is not None
    assert seen.first_s - seen.at_s >= 0.2


async def test_answers_can_depend_on_the_question_and_come_in_order(fake_providers: FakeProviders) -> None:
    fake_providers.script.answers = ["First.", "Then."]

    async with aiohttp.ClientSession() as session:
        answers = [await _chat(session, fake_providers.base_url) for _ in range(3)]
        fake_providers.script.answers_to = {"hello": "Hello to you."}
        answers.append(await _chat(session, fake_providers.base_url))

    assert answers == ["First.", "Then.", "Then.", "Hello to you."]

"""Browsers for the tests: one that asks for the refund period, one that is silent."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ViewportSize
from redis.asyncio import Redis

from tests.browser.chromium import chromium, write_silence, write_speech
from tests.browser.visitor import Visitor
from tests.fixtures.stack import Stack

VIEWPORT: ViewportSize = {"width": 1280, "height": 800}
GREETING_S = 16.0
"""The question comes after the agent had time to join and greet."""

ANSWER_S = 16.0
"""A pause in which the agent can answer without being interrupted."""
QUESTION = "What is the refund period?"

Invite = Callable[..., Awaitable[Visitor]]


@pytest_asyncio.fixture(scope="session")
async def silent_browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    async with chromium(write_silence(tmp_path_factory.mktemp("speech") / "silence.wav")) as browser:
        yield browser


@pytest_asyncio.fixture(scope="session")
async def asking_browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Browser]:
    path = tmp_path_factory.mktemp("speech") / "question.wav"
    question = write_speech(path, QUESTION, before_s=GREETING_S, between_s=ANSWER_S)
    async with chromium(question) as browser:
        yield browser


async def forget_letters(redis_url: str) -> None:
    """All tests together ask for more letters than one network address may in an hour."""
    redis = Redis.from_url(redis_url)
    async with redis.client() as client:
        async for key in client.scan_iter("parley:letters:*"):
            await client.delete(key)
    await redis.aclose()


@pytest_asyncio.fixture
async def arrive(stack: Stack) -> AsyncIterator[Invite]:
    """Opens a page for a new person, who lets it have the microphone or has blocked it.

    At the end the browser must have had nothing against the page.
    """
    await forget_letters(stack.redis_url)
    async with AsyncExitStack() as contexts:
        visitors: list[Visitor] = []

        async def open_page(browser: Browser, *, microphone: bool = True) -> Visitor:
            context = await browser.new_context(
                viewport=VIEWPORT, permissions=["microphone"] if microphone else []
            )
            contexts.push_async_callback(context.close)
            visitors.append(Visitor(context, await context.new_page(), stack))
            return visitors[-1]

        yield open_page
        assert [complaint for visitor in visitors for complaint in visitor.complaints] == []

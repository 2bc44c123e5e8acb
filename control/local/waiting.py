"""Waiting for what happens in other processes, which no event of ours announces: asking again and again."""

import asyncio
from collections.abc import Awaitable, Callable

POLL_S = 0.03


async def until(
    holds: Callable[[], Awaitable[bool]], timeout_s: float | None, poll_s: float = POLL_S
) -> None:
    """Returns when `holds` says so. Raises: TimeoutError; whatever `holds` raises."""
    async with asyncio.timeout(timeout_s):
        while not await holds():  # noqa: ASYNC110 - the one place that polls
            await asyncio.sleep(poll_s)

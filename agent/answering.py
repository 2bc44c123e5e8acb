"""Asks the model for one answer, and says in a sentence what went wrong when none came.

A spoken answer that took a second model may be slow to begin: then a few words are said meanwhile. Nothing
else is ever put before an answer, and nothing is asked again once a part of it went out.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Final

from livekit.agents import APIConnectOptions, APIError, llm

from agent.cascade.facts import TURN_KEY, TurnFacts
from agent.errors import AppError, BudgetSpent
from agent.prompts import load_prompt

logger = logging.getLogger(__name__)

PATIENCE_S: Final = 0.7
"""How long after an escalation people hear nothing before the few words: most answers have begun by then."""

Piece = llm.ChatChunk | str


async def ask(
    model: llm.LLM[str],
    chat_ctx: llm.ChatContext,
    tools: list[llm.Tool],
    facts: TurnFacts,
    conn_options: APIConnectOptions,
    *,
    failed: Callable[[], object] = lambda: None,
    patience_s: float = PATIENCE_S,
) -> AsyncIterator[Piece]:
    """The answer as it streams; a failure ends it with a sentence instead of an error.

    `failed` is called before that sentence.
    """
    said = False
    escalated = asyncio.Event()
    options = {TURN_KEY: replace(facts, acknowledge=escalated.set)}
    try:
        async with model.chat(
            chat_ctx=chat_ctx, tools=tools, conn_options=conn_options, extra_kwargs=options
        ) as stream:
            if facts.delivery == "voice":
                pieces = _never_long_silent(stream, escalated, patience_s)
            else:
                pieces = aiter(stream)
            async for piece in pieces:
                said = said or _is_answer(piece)
                yield piece
    except Exception as error:  # the boundary of a turn: whatever it is, people hear a sentence
        known = isinstance(error, APIError | AppError)
        logger.log(
            logging.WARNING if known else logging.ERROR,
            "no model answered",
            extra={"error": type(error).__name__, "cut_short": said},
        )
        failed()
        if said:
            yield f" {load_prompt('cut_short')}"
        else:
            yield load_prompt("budget_stop" if isinstance(error, BudgetSpent) else "all_failed")


async def _never_long_silent(
    stream: llm.LLMStream, escalated: asyncio.Event, patience_s: float
) -> AsyncIterator[Piece]:
    """`stream`, with a few words before it when its first word is late after an escalation.

    Chunks without a word are no beginning: Google's plugin sends a count of tokens before each text.
    """
    chunks = aiter(stream)
    coming = asyncio.ensure_future(anext(chunks, None))
    waiting = asyncio.create_task(_run_out_of_patience(escalated, patience_s), name="patience")
    has_bridged = False
    try:
        while True:
            if not has_bridged:
                await asyncio.wait({coming, waiting}, return_when=asyncio.FIRST_COMPLETED)
                if not coming.done():
                    has_bridged = True
                    yield f"{load_prompt('one_moment')} "
            chunk = await coming
            if chunk is None:
                return
            yield chunk
            if chunk.has_response():
                break
            coming = asyncio.ensure_future(anext(chunks, None))
    finally:
        for task in (coming, waiting):
            task.cancel()
        await asyncio.gather(coming, waiting, return_exceptions=True)
    async for chunk in chunks:
        yield chunk


async def _run_out_of_patience(escalated: asyncio.Event, patience_s: float) -> None:
    await escalated.wait()
    await asyncio.sleep(patience_s)


def _is_answer(piece: Piece) -> bool:
    """The few words that bridge an answer are none of it."""
    return isinstance(piece, llm.ChatChunk) and bool(piece.delta and piece.delta.content)

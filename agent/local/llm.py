"""Answers without a model: it quotes documents, reads the shared screen, and says when it can do neither.

It does not reason, and says so whenever that matters. Evidence comes in the chat context as it does for any
model: passages as data on a user message, the screen as an image on the last one. What it says is made of
their words and of the fixed sentences here and in `smalltalk`, so nothing is ever made up.

It knows no context: "and on Sunday?" is a question of its own.

Measured with the demo's help centre, PostgreSQL's search and moonshine: of forty questions typed, 39 got the
right sentence; of the same spoken by three flite voices (half of them misheard), 34 in the mean, 3 something
beside the point, 3 a refusal; of ten questions that no document answers, ten typed and 29 of 30 spoken were
refused. Finding a quotation takes 1 ms; reading a screen, see `ocr_engine`.
"""

import asyncio
import base64
import binascii
import logging
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from livekit import rtc
from livekit.agents import APIConnectOptions, llm, utils
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, NOT_GIVEN, NotGivenOr

from agent.errors import AppError, InvalidInput
from agent.evidence import PASSAGES_KEY
from agent.local.quoting import Excerpt, find_quote
from agent.local.screen_lines import Line
from agent.local.screen_quoting import (
    find_on_screen,
    is_surely_about_screen,
    may_be_about_screen,
    quote_screen,
)
from agent.local.smalltalk import find_reply, strip_address, strip_speaker

logger = logging.getLogger(__name__)

JPEG_QUALITY = 90

LOOKING = "Let me look."
NO_TEXT = "I see the shared screen, but no text that I can read on it."
NO_SCREEN = "No screen is shared right now, so there is nothing I can read. Share your screen and ask again."
NO_READER = "I cannot read the screen: text recognition does not run here."
UNREADABLE = "I could not read the screen this time. Please ask again."
NOTHING_FOUND = "I found nothing about that in the documents."
ONLY_QUOTES = "In this local profile I only quote documents and read the screen; I do not reason."


class Reader(Protocol):
    async def read(self, jpeg: bytes) -> list[Line]:
        """Lines of text in reading order. Raises: AppError."""


class LocalLLM(llm.LLM[str]):
    """`ocr`: None when no text recognition runs. `name` is what people call the agent."""

    def __init__(self, ocr: Reader | None, name: str = "Parley") -> None:
        super().__init__()
        self.ocr = ocr
        self.name = name

    @property
    def model(self) -> str:
        return "quote"

    @property
    def provider(self) -> str:
        return "local"

    def chat(
        self,
        *,
        chat_ctx: llm.ChatContext,
        tools: list[llm.Tool] | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
        parallel_tool_calls: NotGivenOr[bool] = NOT_GIVEN,
        tool_choice: NotGivenOr[llm.ToolChoice] = NOT_GIVEN,
        extra_kwargs: NotGivenOr[dict[str, Any]] = NOT_GIVEN,
    ) -> llm.LLMStream:
        """Tools are not called and extra arguments mean nothing here."""
        return LocalStream(self, chat_ctx=chat_ctx, tools=tools or [], conn_options=conn_options)


class LocalStream(llm.LLMStream):
    """Sends one chunk a sentence, the usage (in words) last."""

    def __init__(
        self,
        engine: LocalLLM,
        *,
        chat_ctx: llm.ChatContext,
        tools: list[llm.Tool],
        conn_options: APIConnectOptions,
    ) -> None:
        self._engine = engine  # before the base class, which starts `_run`
        super().__init__(engine, chat_ctx=chat_ctx, tools=tools, conn_options=conn_options)

    async def _run(self) -> None:
        answer_id = uuid.uuid4().hex
        turn = read_turn(self._chat_ctx)
        said: list[str] = []
        async for sentence in answer(turn, self._engine.ocr, self._engine.name):
            content = sentence if not said else f" {sentence}"
            said.append(sentence)
            delta = llm.ChoiceDelta(role="assistant", content=content)
            self._event_ch.send_nowait(llm.ChatChunk(id=answer_id, delta=delta))
        asked = len(turn.question.split()) + sum(len(excerpt.text.split()) for excerpt in turn.excerpts)
        spoken = sum(len(sentence.split()) for sentence in said)
        usage = llm.CompletionUsage(
            prompt_tokens=asked, completion_tokens=spoken, total_tokens=asked + spoken
        )
        self._event_ch.send_nowait(llm.ChatChunk(id=answer_id, usage=usage))


@dataclass(frozen=True, slots=True)
class Turn:
    """What is known when an answer is due. `last_said`: the agent's own previous answer."""

    question: str
    excerpts: Sequence[Excerpt]
    image: llm.ImageContent | None
    last_said: str | None


def read_turn(chat_ctx: llm.ChatContext) -> Turn:
    """The last thing a user said, with the evidence that stands in the context since the answer before."""
    question, image, last_said = "", None, None
    excerpts: list[Excerpt] = []
    asked = False
    for item in reversed(chat_ctx.items):
        if item.type != "message":
            continue
        if PASSAGES_KEY in item.extra:
            excerpts = excerpts or _excerpts(item.extra[PASSAGES_KEY])
        elif item.role == "user" and not asked:
            asked = True
            question = item.text_content or ""
            image = next((part for part in item.content if isinstance(part, llm.ImageContent)), None)
        elif item.role == "assistant" and asked:
            last_said = item.text_content
            break
    return Turn(question, excerpts, image, last_said)


async def answer(turn: Turn, ocr: Reader | None, name: str) -> AsyncIterator[str]:
    """Sentence by sentence."""
    question = strip_address(strip_speaker(turn.question), name)
    small_talk = find_reply(question, name, turn.last_said)
    if small_talk is not None:
        yield small_talk
    elif turn.image is not None and may_be_about_screen(question):
        async for sentence in _answer_from_screen(question, turn.image, ocr):
            yield sentence
    elif is_surely_about_screen(question):
        yield NO_SCREEN
    else:
        async for sentence in _answer_from_documents(question, turn, ocr):
            yield sentence


async def _answer_from_documents(question: str, turn: Turn, ocr: Reader | None) -> AsyncIterator[str]:
    # With the prefix as the second try: in "Refunds: how long?" it was no speaker's name.
    quote = find_quote(question, turn.excerpts) or find_quote(turn.question, turn.excerpts)
    if quote is not None:
        first, *others = quote.sentences
        yield f"From “{quote.document}”: {first}"
        for sentence in others:
            yield sentence
        return
    if turn.image is not None and ocr is not None:
        yield LOOKING
        found = find_on_screen(question, await _read_quietly(turn.image, ocr))
        if found is not None:
            yield f"The screen says: “{found}”"
            return
    if may_be_about_screen(question):
        yield NO_SCREEN
        return
    yield NOTHING_FOUND
    yield ONLY_QUOTES
    if turn.excerpts:
        yield f"You could ask me about “{turn.excerpts[0].heading}”, for example."


async def _answer_from_screen(
    question: str, image: llm.ImageContent, ocr: Reader | None
) -> AsyncIterator[str]:
    if ocr is None:
        yield NO_READER
        return
    yield LOOKING  # is spoken while the text is being recognised
    try:
        lines = await ocr.read(await to_picture(image))
    except AppError as error:
        logger.warning("the screen could not be read", extra={"error": error.code})
        yield UNREADABLE
        return
    yield quote_screen(question, lines) if lines else NO_TEXT


async def _read_quietly(image: llm.ImageContent, ocr: Reader) -> list[Line]:
    try:
        return await ocr.read(await to_picture(image))
    except AppError as error:
        logger.warning("the screen could not be read", extra={"error": error.code})
        return []


async def to_picture(image: llm.ImageContent) -> bytes:
    """The encoded picture: a data URL's as it is, a video frame's as JPEG. Addresses are never fetched.

    Raises: InvalidInput.
    """
    if isinstance(image.image, rtc.VideoFrame):
        options = utils.images.EncodeOptions(format="JPEG", quality=JPEG_QUALITY)
        return await asyncio.to_thread(utils.images.encode, image.image, options)
    head, _, data = image.image.partition(",")
    if not (head.startswith("data:image/") and head.endswith(";base64")):
        raise InvalidInput("the picture of the screen is no data URL")
    try:
        return base64.b64decode(data, validate=True)
    except binascii.Error as error:
        raise InvalidInput("the picture of the screen is no base64") from error


def _excerpts(passages: Sequence[Mapping[str, str]]) -> list[Excerpt]:
    return [Excerpt(passage["title"], passage["text"]) for passage in passages]

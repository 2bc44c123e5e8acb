"""The agent in the session: what it hears, what it is asked, what it answers with, what is remembered.

Storing a turn and asking the model run side by side; the first text shown and the first audio frame wait
until the question has been acknowledged. A reply that was started on a guess asks the model too, but if
the guess proves wrong nothing of it is heard, and it leaves only rows in the ledger.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Protocol

from livekit import rtc
from livekit.agents import (
    Agent,
    ConversationItemAddedEvent,
    ModelSettings,
    StopResponse,
    llm,
    stt,
)
from livekit.agents.voice import SpeechHandle, io
from pydantic import JsonValue

from agent.answering import ask
from agent.cascade import TURN_KEY, TurnFacts
from agent.company import Company
from agent.errors import AppError
from agent.evidence import last_question, with_evidence
from agent.manners import Manners
from agent.screen import Look
from agent.tools.toolbox import Toolbox
from agent.turns import TurnLog, new_turn_id
from agent.voice.hearing import Hearing
from agent.voice.pace import Pace
from agent.wire import Channel, Passage, TurnState

logger = logging.getLogger(__name__)

HISTORY_ITEMS = 40
PASSAGES = 4
ROOM = "room"
"""To the cascade, which serves one room, all that is said in it is one conversation."""


class Library(Protocol):
    async def search(self, query: str, limit: int) -> list[Passage]: ...


class Eyes(Protocol):
    async def look(self, question: str) -> Look | None:
        """The shared screen if this question needs it, else None."""

    def mark_seen(self) -> None:
        """The last picture was answered, so it is no news any more."""


class Teammate(Agent):
    def __init__(
        self,
        *,
        instructions: str,
        history: llm.ChatContext,
        model: llm.LLM[str],
        hearing: Hearing,
        manners: Manners,
        company: Company,
        turns: TurnLog,
        library: Library,
        eyes: Eyes,
        tools: Toolbox,
    ) -> None:
        super().__init__(instructions=instructions, chat_ctx=history, tools=tools.functions)
        self._model = model
        self._hearing = hearing
        self._manners = manners
        self._company = company
        self._turns = turns
        self._library = library
        self._eyes = eyes
        self._toolbox = tools
        self._askers = tools.askers
        self._voice_turn = new_turn_id()
        self._typed_replies: set[str] = set()
        self._asides: set[str] = set()
        self._searches: dict[str, asyncio.Task[list[Passage]]] = {}
        self._pace = Pace()
        self._played_s = 0.0

    async def on_enter(self) -> None:
        if self.session.output.audio is not None:
            self.session.output.audio.on("playback_finished", self._note_playback)

    # What comes in

    async def stt_node(
        self, audio: AsyncIterable[rtc.AudioFrame], model_settings: ModelSettings
    ) -> AsyncIterator[stt.SpeechEvent]:
        """The mixed audio is for voice activity alone; words come from each microphone by itself."""
        async for event in self._hearing.events():
            yield event

    async def on_user_turn_completed(self, turn_ctx: llm.ChatContext, new_message: llm.ChatMessage) -> None:
        turn_id = self._record_heard(_numbers(new_message.metrics))
        self._askers.note_question(new_message.id, turn_id)
        if not self._should_answer(new_message.text_content or ""):
            await self._remember(new_message)
            raise StopResponse

    async def take_typed(self, identity: str, text: str) -> None:
        """A person typed `text`: it is stored, and answered by text and voice as the manners say."""
        turn_id = new_turn_id()
        speaker = self._company.speaker(identity)
        self._turns.record_user(turn_id, speaker, Channel.TEXT, text, datetime.now(UTC), {})
        self._askers.note_turn(turn_id, identity)
        name = self._company.prefix(identity)
        message = llm.ChatMessage(
            role="user", content=[f"{name}: {text}" if name else text], extra={TURN_KEY: turn_id}
        )
        if not self._should_answer(text):
            await self._remember(message)
            return
        # The documents are searched while the session gets ready to answer.
        self._searches[message.id] = asyncio.create_task(self._search(text), name="search")
        if self.session.current_speech is not None:
            await self.session.interrupt()
        reply = self.session.generate_reply(user_input=message)
        self._typed_replies.add(reply.id)
        reply.add_done_callback(lambda done: self._forget_typed(done.id, message.id))

    def keep_last_words(self) -> None:
        """When the job ends: stores what was heard but not yet a turn, and closes what was being said."""
        self._record_heard({})
        self._turns.end_all()

    def _record_heard(self, metrics: dict[str, JsonValue]) -> str:
        """A turn for each speaker; the last is what an answer answers, and has the metrics. Its id."""
        heard = self._hearing.take()
        turn_id, self._voice_turn = self._voice_turn, new_turn_id()
        if heard:
            self._askers.note_turn(turn_id, *(piece.identity for piece in heard))
        for piece in heard:
            is_last = piece is heard[-1]
            self._turns.record_user(
                turn_id if is_last else new_turn_id(),
                self._company.speaker(piece.identity),
                Channel.VOICE,
                piece.text,
                piece.at_utc,
                metrics if is_last else {},
            )
        return turn_id

    # What goes out

    def say_aside(self, text: str) -> None:
        """Says what answers nobody: it stands in the transcript, and no model is told of it."""
        speech = self.session.say(text, add_to_chat_ctx=False)
        self._asides.add(speech.id)
        speech.add_done_callback(self._close_reply)

    async def llm_node(
        self, chat_ctx: llm.ChatContext, tools: list[llm.Tool], model_settings: ModelSettings
    ) -> AsyncIterator[llm.ChatChunk | str]:
        question = last_question(chat_ctx)
        if question is None:
            return
        typed_turn = question.extra.get(TURN_KEY)
        is_new = chat_ctx.items[-1].type != "function_call_output"
        if is_new and typed_turn is None and not self._should_answer(question.text_content or ""):
            return
        turn = typed_turn or self._askers.turn_of(question.id, self._voice_turn)
        passages = await self._find_passages(question)
        look = await self._look(question.text_content or "")
        recent = chat_ctx.copy().truncate(max_items=HISTORY_ITEMS)
        grounded = with_evidence(recent, question, passages, look.image if look is not None else None)
        facts = TurnFacts(
            turn=turn,
            delivery="voice" if typed_turn is None else "text",
            conversation=ROOM,
            question=question.text_content,
            speaker=self._askers.speaker_of(turn) or self._hearing.last_speaker,
            passages=tuple(f"{passage.title}: {passage.text}" for passage in passages),
            crop=look.crop if look is not None else None,
        )
        async for piece in ask(
            self._model,
            grounded,
            tools,
            facts,
            self.session.conn_options.llm_conn_options,
            failed=lambda: self._toolbox.forget_told(turn),
        ):
            if isinstance(piece, llm.ChatChunk):
                self._askers.note_calls(piece, turn)
            yield piece

    async def tts_node(
        self, text: AsyncIterable[str], model_settings: ModelSettings
    ) -> AsyncIterator[rtc.AudioFrame]:
        acknowledged = False
        async for frame in Agent.default.tts_node(self, text, model_settings):
            if not acknowledged:
                await self._turns.acknowledged()
                acknowledged = True
            yield frame

    async def show(self, text: str) -> None:
        """Called with each piece of the agent's text right before it is shown."""
        await self._turns.acknowledged()
        speech = self.session.current_speech
        if speech is not None:
            channel = Channel.TEXT if speech.id in self._typed_replies else Channel.VOICE
            if self._turns.extend_reply(speech.id, channel, text):
                speech.add_done_callback(self._close_reply)

    def note_item(self, event: ConversationItemAddedEvent) -> None:
        """The session's `conversation_item_added`: an agent's message ends the turn that streamed it."""
        # Speech is serial, so what ends is what began first; the session itself may be closing already.
        item, reply_id = event.item, self._turns.oldest_reply
        if not isinstance(item, llm.ChatMessage) or item.role != "assistant" or reply_id is None:
            return
        self._manners.answered(time.monotonic())
        self._eyes.mark_seen()
        text = item.text_content or ""
        if item.interrupted:
            text = self._pace.heard(text, self._played_s)
            item.content = [text]  # the model, too, should know how far it got
            self._turns.end_reply(reply_id, TurnState.INTERRUPTED, _numbers(item.metrics), text)
        else:
            self._pace.learn(text, self._played_s)
            self._turns.end_reply(reply_id, TurnState.COMPLETE, _numbers(item.metrics))

    def _note_playback(self, event: io.PlaybackFinishedEvent) -> None:
        self._played_s = event.playback_position

    def _close_reply(self, speech: SpeechHandle) -> None:
        """A speech that ended without a message in the history was an aside, or broke down on its way."""
        is_aside = speech.id in self._asides
        self._asides.discard(speech.id)
        if speech.interrupted:
            state = TurnState.INTERRUPTED
        elif is_aside and speech.exception() is None:
            state = TurnState.COMPLETE
        else:
            state = TurnState.FAILED
        self._turns.end_reply(speech.id, state, {})

    def _forget_typed(self, reply_id: str, message_id: str) -> None:
        self._typed_replies.discard(reply_id)
        search = self._searches.pop(message_id, None)
        if search is not None:
            search.cancel()

    def _should_answer(self, text: str) -> bool:
        return self._manners.should_answer(text, humans=self._company.count, now_s=time.monotonic())

    async def _remember(self, message: llm.ChatMessage) -> None:
        """Keeps a turn that is not answered, so that a later answer knows of it."""
        history = self.chat_ctx.copy()
        history.items.append(message)
        await self.update_chat_ctx(history)

    async def _find_passages(self, question: llm.ChatMessage) -> list[Passage]:
        search = self._searches.pop(question.id, None)
        return await (search or self._search(question.text_content or ""))

    async def _look(self, question: str) -> Look | None:
        try:
            return await self._eyes.look(question)
        except Exception as error:  # the boundary to decoders: a picture that breaks costs no answer
            logger.error("answering without the screen", extra={"error": type(error).__name__})
            return None

    async def _search(self, text: str) -> list[Passage]:
        try:
            return await self._library.search(text, PASSAGES)
        except AppError as error:
            logger.warning("answering without documents", extra={"error": error.code})
            return []


def _numbers(metrics: Mapping[str, object]) -> dict[str, JsonValue]:
    """The timings of a message (seconds, or Unix times) without its free-form parts."""
    return {name: round(value, 4) for name, value in metrics.items() if isinstance(value, float)}

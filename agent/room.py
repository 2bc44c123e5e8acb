"""One room's life, from the dispatch to the last goodbye.

Reads as it happens: join, listen, greet, take what is typed, look at what is shared,
leave when nobody is there. It owns every task of the job; `run` lays down what has to be closed as it
starts each part, and `aclose` closes them the other way round: the session first, so that its last words
are complete, then the senses, then the recorder, so that those words are stored.
"""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import AsyncExitStack

from livekit import rtc
from livekit.agents import AgentSession, JobContext, TurnHandlingOptions, inference, llm, room_io, stt

from agent.cascade.money.budget import BudgetState
from agent.company import Company
from agent.control_client import ControlClient
from agent.engines import Engines
from agent.manners import Manners
from agent.prompts import load_prompt, write_instructions
from agent.recorder import Recorder
from agent.screen import Screens
from agent.settings import AgentSettings
from agent.spool import Spool
from agent.tailoring import Tailoring
from agent.teammate import Teammate
from agent.tools.toolbox import Toolbox, open_toolbox
from agent.turns import TurnLog
from agent.voice.captions import AgentCaptions, HumanCaptions
from agent.voice.hearing import Hearing
from agent.voice.mixing import MixedInput
from agent.voice.speculation import SpeculativeSTT
from agent.wire import ContextAnswer, DispatchMetadata, Role, Speaker

logger = logging.getLogger(__name__)

AGENT_LABEL = "Parley"
CHAT_TOPIC = "lk.chat"
CONTROL_TOPIC = "parley.control"
MUTED_ATTRIBUTE = "parley.muted"
SEES_ATTRIBUTE = "parley.sees_screen"
BUDGET_ATTRIBUTE = "parley.budget"
MAX_TYPED_CHARS = 8_000

TURN_HANDLING = TurnHandlingOptions(
    turn_detection=inference.TurnDetector(version="v1-mini"),
    # max_delay: on synthetic speech the model rates a third of plain questions as unfinished, and each
    # of those waits for the whole of it.
    endpointing={"min_delay": 0.3, "max_delay": 1.4},
    # A sound too short to be meant is forgiven: the agent pauses, and goes on when no words follow.
    interruption={"mode": "vad", "min_duration": 0.06},
    preemptive_generation={"enabled": True, "preemptive_tts": False},
)


class RoomLife:
    def __init__(
        self,
        ctx: JobContext,
        settings: AgentSettings,
        engines: Engines,
        dispatch: DispatchMetadata,
        client: ControlClient,
        context: ContextAnswer,
    ) -> None:
        """`context`: what `client` gave for this job; both belong to this life from now on."""
        self._ctx = ctx
        self._context = context
        self._name = context.agent.display_name if context.agent is not None else AGENT_LABEL
        self._settings = settings
        self._engines = engines
        self._room = ctx.room
        self._dispatch = dispatch
        self._log_fields = {"conversation": dispatch.conversation, "tenant": dispatch.tenant}
        self._tasks: set[asyncio.Task[None]] = set()
        self._empty_timer: asyncio.TimerHandle | None = None
        self._closing = AsyncExitStack()
        self._company = Company(self._company_changed)
        self._manners = Manners(self._name)
        self._client = client
        self._recorder = Recorder(
            self._client,
            epoch=dispatch.epoch,
            spool=Spool(settings.spool_dir, dispatch.conversation),
            on_stale=self._step_down,
        )
        self._human_captions = HumanCaptions(self._room)
        self._screens = Screens(
            engines.picture_side_px, formula=engines.picture_formula, visible=self._show_what_is_seen
        )
        self._hearing = Hearing(
            self._recognizer(),
            self._company.prefix,
            self._caption,
        )
        self._microphones = MixedInput(self._hearing.push)
        self._has_greeted = False
        self._budget_said = BudgetState.OPEN
        self._tailoring = Tailoring(engines.llm, engines.scorer, context, client, self._budget_changed)

    async def run(self) -> None:
        """Returns once the agent is in the room and has greeted; the job lives on until `aclose`.

        Raises: ControlUnavailable, StaleEpoch or NotFound when control does not let it go on.
        """
        self._follow_room()
        self._closing.push_async_callback(self._engines.aclose)
        await self._client.start()
        self._closing.push_async_callback(self._client.aclose)
        await self._ctx.connect()
        await self._tailoring.start()
        self._closing.push_async_callback(self._tailoring.give_back)
        await self._recorder.start()
        self._closing.push_async_callback(self._recorder.aclose)
        self._closing.push_async_callback(self._tailoring.aclose)
        for participant in self._room.remote_participants.values():
            self._arrived(participant)
        self._company_changed()
        await self._start_session()
        self._greet()
        logger.info("joined", extra={**self._log_fields, "humans": self._company.count})

    async def aclose(self) -> None:
        """Ends what `run` started, also when it failed half-way."""
        if self._empty_timer is not None:
            self._empty_timer.cancel()
        await self._closing.aclose()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        logger.info("left", extra=self._log_fields)

    # The session

    def _recognizer(self) -> stt.STT[str]:
        """A recogniser that streams guesses by itself; a batch one is made to."""
        if self._engines.stt.capabilities.streaming:
            return self._engines.stt
        return SpeculativeSTT(self._engines.stt, self._engines.detector, self._apologise_for_hearing)

    async def _open_toolbox(self) -> Toolbox:
        toolbox = await open_toolbox(
            self._client, epoch=self._dispatch.epoch, conversation=self._dispatch.conversation
        )
        self._closing.push_async_callback(toolbox.aclose)
        return toolbox

    async def _start_session(self) -> None:
        identity = self._room.local_participant.identity
        agent = self._context.agent
        self._turns = TurnLog(self._recorder, Speaker(identity=identity, name=self._name))
        toolbox = await self._open_toolbox()
        self._teammate = Teammate(
            instructions=write_instructions(self._name)
            if agent is None
            else write_instructions(self._name, agent.prompt, agent.language),
            history=recall(self._context),
            model=self._engines.llm,
            hearing=self._hearing,
            manners=self._manners,
            company=self._company,
            turns=self._turns,
            library=self._client,
            eyes=self._screens,
            tools=toolbox,
        )
        self._session: AgentSession[None] = AgentSession(
            stt=self._engines.stt,
            vad=self._engines.detector,
            llm=self._engines.llm,
            tts=self._engines.tts,
            turn_handling=TURN_HANDLING,
            aec_warmup_duration=None,
            user_away_timeout=None,
        )
        self._session.on("conversation_item_added", self._teammate.note_item)
        captions = AgentCaptions(self._room, self._teammate.show)
        self._session.input.audio = self._microphones
        self._session.output.transcription = captions
        self._engines.record_calls(self._recorder.write_call)
        self._closing.callback(self._teammate.keep_last_words)
        for sense in (self._screens, self._hearing, self._microphones, captions, self._session):
            self._closing.push_async_callback(sense.aclose)
        await self._session.start(
            agent=self._teammate,
            room=self._room,
            record=False,
            room_options=room_io.RoomOptions(
                audio_input=False, text_input=False, text_output=False, close_on_disconnect=False
            ),
        )
        toolbox.connect(self._teammate)
        self._room.register_text_stream_handler(CHAT_TOPIC, self._on_typed)
        self._room.register_text_stream_handler(CONTROL_TOPIC, self._on_control)

    def _greet(self) -> None:
        agent = self._context.agent
        if self._context.turns:
            self._session.say(load_prompt("greeting_again"))
        elif agent is not None and agent.greeting.strip():
            self._session.say(agent.greeting.strip())
        else:
            self._session.say(load_prompt(self._engines.greeting, agent_name=self._name))
        self._has_greeted = True
        if self._tailoring.state is not BudgetState.OPEN:
            self._budget_changed(self._tailoring.state)

    def _budget_changed(self, state: BudgetState) -> None:
        """People are told why the answers get simpler, or stop."""
        if not self._has_greeted:
            return
        logger.info("the budget's state changed", extra={**self._log_fields, "state": state})
        self._own(self._set_attribute(BUDGET_ATTRIBUTE, state))
        if self._tailoring.is_state_news:
            self._say_budget()
        else:
            self._budget_said = state

    def _say_budget(self) -> None:
        state = self._tailoring.state
        if self._manners.muted or state is self._budget_said:
            return
        self._budget_said = state
        self._teammate.say_aside(load_prompt(f"budget_{state}"))

    def _apologise_for_hearing(self) -> None:
        if not self._manners.muted:
            self._teammate.say_aside(load_prompt("not_heard"))

    # People and their tracks

    def _follow_room(self) -> None:
        room = self._room
        room.on("participant_connected", self._arrived)
        room.on("participant_disconnected", self._departed)
        room.on("track_published", self._track_published)
        room.on("track_subscribed", self._track_subscribed)
        room.on("track_unsubscribed", self._track_unsubscribed)
        room.on("track_muted", self._track_muted)
        room.on("track_unmuted", self._track_unmuted)

    def _arrived(self, participant: rtc.RemoteParticipant) -> None:
        if self._company.arrive(participant):
            self._tailoring.expect(participant.identity)

    def _departed(self, participant: rtc.RemoteParticipant) -> None:
        identity = participant.identity
        self._company.leave(identity)
        self._microphones.remove(identity)
        self._screens.remove(identity)
        self._own(self._hearing.forget(identity))

    def _track_published(
        self, publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant
    ) -> None:
        if publication.source == rtc.TrackSource.SOURCE_SCREENSHARE and not publication.muted:
            self._screens.expect(participant.identity)

    def _track_subscribed(
        self, track: rtc.Track, publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant
    ) -> None:
        if not self._company.has(participant.identity) and not self._company.arrive(participant):
            return
        if publication.source == rtc.TrackSource.SOURCE_SCREENSHARE:
            self._screens.add(participant.identity, track)
        elif track.kind == rtc.TrackKind.KIND_AUDIO:
            self._microphones.add(participant.identity, track)

    def _track_unsubscribed(
        self, track: rtc.Track, publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant
    ) -> None:
        if publication.source == rtc.TrackSource.SOURCE_SCREENSHARE:
            self._screens.remove(participant.identity)
        elif track.kind == rtc.TrackKind.KIND_AUDIO:
            self._microphones.remove(participant.identity)

    def _track_muted(self, participant: rtc.Participant, publication: rtc.TrackPublication) -> None:
        if publication.source == rtc.TrackSource.SOURCE_SCREENSHARE:
            self._screens.pause(participant.identity, paused=True)
        elif self._company.has(participant.identity):
            self._microphones.hush(participant.identity)

    def _track_unmuted(self, participant: rtc.Participant, publication: rtc.TrackPublication) -> None:
        if publication.source == rtc.TrackSource.SOURCE_SCREENSHARE:
            self._screens.pause(participant.identity, paused=False)

    def _company_changed(self) -> None:
        if self._empty_timer is not None:
            self._empty_timer.cancel()
            self._empty_timer = None
        if self._company.count == 0:
            loop = asyncio.get_running_loop()
            self._empty_timer = loop.call_later(self._settings.empty_room_s, self._leave, "room empty")

    def _leave(self, reason: str) -> None:
        logger.info("leaving", extra={**self._log_fields, "reason": reason})
        self._ctx.shutdown(reason=reason)

    def _step_down(self) -> None:
        """A newer job serves this conversation."""
        self._leave("replaced by a newer job")

    # Text from the room

    def _on_typed(self, reader: rtc.TextStreamReader, identity: str) -> None:
        self._own(self._read_typed(reader, identity))

    async def _read_typed(self, reader: rtc.TextStreamReader, identity: str) -> None:
        text = (await reader.read_all()).strip()
        if text and await self._company.awaits(identity):
            await self._teammate.take_typed(identity, text[:MAX_TYPED_CHARS])

    def _on_control(self, reader: rtc.TextStreamReader, identity: str) -> None:
        self._own(self._read_control(reader, identity))

    async def _read_control(self, reader: rtc.TextStreamReader, identity: str) -> None:
        command = await reader.read_all()
        if not await self._company.awaits(identity):
            return
        if command not in {"mute", "unmute"}:
            logger.info("an unknown room command was ignored", extra=self._log_fields)
            return
        self._manners.muted = command == "mute"
        if self._manners.muted and self._session.current_speech is not None:
            await self._session.interrupt()
        self._say_budget()
        await self._set_attribute(MUTED_ATTRIBUTE, _flag(self._manners.muted))

    def _show_what_is_seen(self) -> None:
        self._own(self._set_attribute(SEES_ATTRIBUTE, _flag(self._screens.view() is not None)))

    async def _set_attribute(self, name: str, value: str) -> None:
        """Tells the room's pages; they show what the agent does with their microphones and screens."""
        if self._room.isconnected():
            await self._room.local_participant.set_attributes({name: value})

    def _caption(self, identity: str, text: str, final: bool) -> None:
        self._own(self._human_captions.publish(identity, text, final=final))

    def _own(self, work: Coroutine[None, None, None]) -> None:
        """Runs `work` as a task of this job; a failure is logged here and ends nothing else."""
        task = asyncio.create_task(self._guard(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guard(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except Exception as error:  # the boundary of a task: whatever it is, the room lives on
            logger.warning("a room task failed", extra={**self._log_fields, "error": type(error).__name__})


def _flag(is_set: bool) -> str:
    return "true" if is_set else "false"


def recall(context: ContextAnswer) -> llm.ChatContext:
    """The conversation so far, as the model reads it."""
    history = llm.ChatContext.empty()
    for turn in context.turns:
        if not turn.text:
            continue
        if turn.role is Role.AGENT:
            history.add_message(role="assistant", content=turn.text, created_at=turn.at.timestamp())
        else:
            history.add_message(
                role="user", content=f"{turn.speaker.name}: {turn.text}", created_at=turn.at.timestamp()
            )
    return history

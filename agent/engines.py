"""Builds what a job hears, thinks and speaks with, from what was resolved.

The one place that knows local engines and plugins alike. A plugin is imported only where it is chosen,
here, on the main thread of an idle job process (.6 to 1.6 s each), and so are the local engines, whose
packages a worker with remote models does without. Above this nothing knows which runs.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args

from livekit.agents import inference, llm, stt, tts, vad
from livekit.agents.metrics import STTMetrics, TTSMetrics

from agent.cascade import Cascade, Resolved, Speech, discover, resolve, speech_call
from agent.cascade.calls.providers import OPENAI_URL
from agent.cascade.calls.straight import keep_straight
from agent.cascade.models.catalog import ImageFormula
from agent.cascade.score.scorer import Scorer
from agent.errors import ConfigError
from agent.screen import READING_SIDE_PX
from agent.settings import AgentSettings, ProviderSettings
from agent.wire import ModelCall

MIN_SILENCE_S = 0.25
"""How long a pause ends speech for voice activity: the least that the end-of-turn model takes."""


@dataclass(frozen=True, slots=True)
class Engines:
    """What one job uses; `aclose` ends them with it. `scorer`: as it ships."""

    resolved: Resolved
    stt: stt.STT[str]
    llm: Cascade
    tts: tts.TTS[str]
    detector: vad.VAD
    scorer: Scorer

    @property
    def greeting(self) -> str:
        """The prompt that says what this profile can do."""
        return "greeting_local" if self.resolved.is_local else "greeting"

    @property
    def picture_side_px(self) -> int | None:
        """How large a picture text recognition wants; None leaves it to what is on the screen."""
        reads_locally = any(candidate.model.provider == "local" for candidate in self.resolved.lanes["see"])
        return READING_SIDE_PX if reads_locally else None

    @property
    def picture_formula(self) -> ImageFormula:
        """How the model that sees the screen first counts a picture."""
        known = [c.model.image_tokens for c in self.resolved.lanes["see"] if c.model.image_tokens is not None]
        return known[0] if known else "anthropic-patches"

    def record_calls(self, record: Callable[[ModelCall], None]) -> None:
        """Every call from here on, speech included, goes to `record` as a ledger row."""

        def heard(metrics: STTMetrics) -> None:
            record(speech_call(metrics, self.resolved.stt))

        def spoke(metrics: TTSMetrics) -> None:
            record(speech_call(metrics, self.resolved.tts))

        self.llm.record = record
        self.stt.on("metrics_collected", heard)
        self.tts.on("metrics_collected", spoke)

    async def aclose(self) -> None:
        await asyncio.gather(self.stt.aclose(), self.llm.aclose(), self.tts.aclose())


async def resolve_engines(providers: ProviderSettings) -> Resolved:
    """Raises: ConfigError that names the setting or the model."""
    return resolve(providers, today=datetime.now(UTC).date(), found=await discover(providers))


def resolve_local() -> Resolved:
    """The keyless engines, whatever the environment says."""
    return resolve(ProviderSettings(preset="local"), today=datetime.now(UTC).date())


def build_engines(resolved: Resolved, settings: AgentSettings) -> Engines:
    """Raises: ConfigError when a local engine was chosen that this machine cannot run."""
    return Engines(
        resolved=resolved,
        stt=_build_stt(resolved.stt),
        llm=_build_llm(resolved, settings),
        tts=_build_tts(resolved.tts),
        detector=inference.VAD(model="silero", min_silence_duration=MIN_SILENCE_S),
        scorer=Scorer.load(),
    )


async def rebuild_engines(prepared: Engines, resolved: Resolved, settings: AgentSettings) -> Engines:
    """What `resolved` says, with the parts of `prepared` that are the same; the others are closed.

    Raises: ConfigError, as `build_engines`; `prepared` is whole then.
    """
    before = prepared.resolved
    same_models = (before.lanes, before.endpoints) == (resolved.lanes, resolved.endpoints)
    rebuilt = Engines(
        resolved=resolved,
        stt=prepared.stt if resolved.stt == before.stt else _build_stt(resolved.stt),
        llm=prepared.llm if same_models else _build_llm(resolved, settings),
        tts=prepared.tts if resolved.tts == before.tts else _build_tts(resolved.tts),
        detector=prepared.detector,
        scorer=prepared.scorer,
    )
    replaced = [
        old
        for old, new in (
            (prepared.stt, rebuilt.stt),
            (prepared.llm, rebuilt.llm),
            (prepared.tts, rebuilt.tts),
        )
        if old is not new
    ]
    await asyncio.gather(*(engine.aclose() for engine in replaced))
    return rebuilt


def _build_llm(resolved: Resolved, settings: AgentSettings) -> Cascade:
    needs_local = any(model.provider == "local" for model in resolved.models)
    local = _build_local_llm(settings) if needs_local else None
    return Cascade(resolved, _no_record, local=local)


def _build_local_llm(settings: AgentSettings) -> llm.LLM[str]:
    from agent.local.llm import LocalLLM
    from agent.local.ocr import ScreenReader

    reader = ScreenReader(settings.ocr_socket) if settings.ocr_socket is not None else None
    return LocalLLM(reader)


def _build_stt(speech: Speech) -> stt.STT[str]:
    match speech.provider:
        case "local":
            from agent.local.stt import LocalSTT, load_recognizer

            return LocalSTT(load_recognizer())
        case "openai":
            from livekit.plugins import openai

            model, key, base_url = _remote(speech)
            hearing = openai.STT(
                model=model,
                api_key=key,
                base_url=base_url or OPENAI_URL,
                use_realtime=False,
                language=speech.language.partition("-")[0],
            )
            keep_straight(hearing._client)
            return hearing
        case "google":
            from livekit.plugins.google.beta import gemini_stt

            model, key, _ = _remote(speech)
            language = "en-US" if speech.language == "en" else speech.language
            return gemini_stt.STT(model=model, api_key=key, language=language)


def _build_tts(speech: Speech) -> tts.TTS[str]:
    match speech.provider:
        case "local":
            from agent.local.tts import EspeakTTS

            return EspeakTTS()
        case "openai":
            from livekit.plugins import openai

            model, key, base_url = _remote(speech)
            speaking = openai.TTS(
                model=model,
                voice=_known_voice(speech, get_args(openai.models.TTSVoices)) or "ash",
                api_key=key,
                base_url=base_url or OPENAI_URL,
                response_format="pcm",
            )
            keep_straight(speaking._client)
            return speaking
        case "google":
            from livekit.plugins.google.beta import gemini_tts

            model, key, _ = _remote(speech)
            voice = _known_voice(speech, get_args(gemini_tts.GEMINI_VOICES)) or gemini_tts.DEFAULT_VOICE
            return gemini_tts.TTS(model=model, voice_name=voice, api_key=key)


def _known_voice(speech: Speech, voices: tuple[str, ...]) -> str | None:
    """The voice by the engine's own spelling; None when it has no such voice, so that it still speaks.

    A server of one's own may have any.
    """
    wanted = speech.voice
    if wanted is None or (speech.endpoint is not None and speech.endpoint.base_url is not None):
        return wanted
    return next((voice for voice in voices if voice.lower() == wanted.lower()), None)


def _remote(speech: Speech) -> tuple[str, str, str | None]:
    """(model, key, base URL). Raises: ConfigError when a remote engine was resolved without an endpoint."""
    if speech.model is None or speech.endpoint is None:
        raise ConfigError(f"{speech.name} was chosen for speech, but no key for it is set")
    return speech.model, speech.endpoint.api_key, speech.endpoint.base_url


def _no_record(_: ModelCall) -> None:
    """Before a job begins there is no ledger to write to."""

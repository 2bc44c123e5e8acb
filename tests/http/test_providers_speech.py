"""Speech of the real OpenAI plugin against the fakes: heard, spoken, and written into the ledger."""

import numpy as np
import openai as sdk
import pytest
from livekit import rtc
from livekit.agents import APIConnectOptions, APIError
from livekit.agents.metrics import STTMetrics, TTSMetrics
from livekit.plugins import openai

from agent.cascade import resolve, speech_call
from agent.wire import CallOutcome
from tests.fakes.providers import FakeProviders
from tests.fakes.script import Fault
from tests.fixtures.providers import TODAY

TEXT = "The refund period is thirty days."
RATE_HZ = 24_000


def _silence(seconds: float) -> rtc.AudioFrame:
    samples = round(seconds * RATE_HZ)
    return rtc.AudioFrame(bytes(samples * 2), RATE_HZ, 1, samples)


async def _heard(fake: FakeProviders, seconds: float) -> tuple[str, list[STTMetrics]]:
    """The transcript of `seconds` of audio and the metrics that the engine emitted."""
    metrics: list[STTMetrics] = []
    # The plugin leaves its own client open.
    async with sdk.AsyncClient(api_key="key", base_url=f"{fake.base_url}/v1", max_retries=0) as client:
        engine = openai.STT(model="gpt-transcribe", client=client)
        engine.on("metrics_collected", metrics.append)
        event = await engine.recognize(_silence(seconds), conn_options=APIConnectOptions(max_retry=0))
        await engine.aclose()
    return event.alternatives[0].text, metrics


async def _spoken(fake: FakeProviders, model: str, text: str) -> tuple[np.ndarray, list[TTSMetrics]]:
    """The samples of `text` and the metrics that the engine emitted."""
    engine = openai.TTS(
        model=model, voice="ash", api_key="key", base_url=f"{fake.base_url}/v1", response_format="pcm"
    )
    metrics: list[TTSMetrics] = []
    engine.on("metrics_collected", metrics.append)
    stream = engine.synthesize(text, conn_options=APIConnectOptions(max_retry=0))
    try:
        frame = await stream.collect()
    finally:
        await stream.aclose()
        await engine.aclose()
    return np.frombuffer(frame.data, np.int16), metrics


async def test_what_is_said_is_heard_and_priced(fake_providers: FakeProviders) -> None:
    fake_providers.script.transcripts = ["What is the refund period?"]

    text, metrics = await _heard(fake_providers, 2.0)

    resolved = resolve(fake_providers.settings_of("openai"), today=TODAY)
    row = speech_call(metrics[0], resolved.stt)
    assert text == "What is the refund period?"
    assert fake_providers.requests[0].audio_s == pytest.approx(2.0)
    assert (row.kind, row.model, row.audio_ms) == ("stt", "gpt-transcribe", 2_000)
    assert row.cost_usd_micros == 150


@pytest.mark.parametrize("model", ["gpt-4o-mini-tts", "tts-1"])
async def test_speech_has_its_length_and_can_be_heard(fake_providers: FakeProviders, model: str) -> None:
    samples, _ = await _spoken(fake_providers, model, TEXT)

    assert len(samples) / RATE_HZ == pytest.approx(len(TEXT) * 0.06, rel=0.02)
    assert samples.max() > 800
    assert fake_providers.requests[0].question == TEXT


async def test_spoken_words_are_priced_by_what_the_provider_counted(fake_providers: FakeProviders) -> None:
    _, by_tokens = await _spoken(fake_providers, "gpt-4o-mini-tts", TEXT)
    _, by_characters = await _spoken(fake_providers, "tts-1", TEXT)

    speech = resolve(fake_providers.settings_of("openai"), today=TODAY).tts
    row = speech_call(by_tokens[0], speech)
    assert (row.kind, row.characters, row.provider) == ("tts", len(TEXT), "openai")
    assert row.output_tokens > 0
    assert row.cost_usd_micros == round(row.input_tokens * 0.6 + row.output_tokens * 12)
    assert speech_call(by_characters[0], type(speech)("openai", "tts-1")).cost_usd_micros == len(TEXT) * 15


async def test_a_failing_recogniser_says_so(fake_providers: FakeProviders) -> None:
    fake_providers.script.faults = [Fault(fault="server_error", kind="stt")]

    with pytest.raises(APIError):
        await _heard(fake_providers, 0.5)


async def test_speech_that_breaks_off_is_an_error(fake_providers: FakeProviders) -> None:
    fake_providers.script.faults = [Fault(fault="cut", kind="tts")]

    with pytest.raises(APIError):
        await _spoken(fake_providers, "gpt-4o-mini-tts", TEXT)


async def test_an_interrupted_reading_is_marked_as_cancelled(fake_providers: FakeProviders) -> None:
    metrics = TTSMetrics(
        label="openai.TTS",
        request_id="1",
        timestamp=1_790_000_000.0,
        ttfb=-1.0,
        duration=0.3,
        audio_duration=0.0,
        cancelled=True,
        characters_count=12,
        streamed=False,
    )

    row = speech_call(metrics, resolve(fake_providers.settings_of("openai"), today=TODAY).tts)

    assert (row.outcome, row.first_token_ms, row.cost_usd_micros) == (CallOutcome.CANCELLED, None, None)

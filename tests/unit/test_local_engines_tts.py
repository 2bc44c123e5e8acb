"""The local voice is audible, leaves nothing of a cut-off sentence behind, and survives its child process."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
from livekit import rtc
from livekit.agents import APIConnectionError, APIConnectOptions
from livekit.agents.metrics import TTSMetrics

from agent.local.spoken import to_spoken
from agent.local.stt import LocalSTT, load_recognizer
from agent.local.tts import EspeakTTS

ROOT = Path(__file__).resolve().parents[2]
AUDIBLE_PEAK = 800
ONE_TRY = APIConnectOptions(max_retry=0)
SAME_S = 0.1
"""espeak renders the same text a little differently each time."""
LONG = "The quick brown fox jumps over the lazy dog, and then it does so again. " * 20


@pytest.fixture
async def engine() -> AsyncIterator[EspeakTTS]:
    engine = EspeakTTS()
    yield engine
    await engine.aclose()


async def test_a_sentence_becomes_audible_speech_without_clipping(engine: EspeakTTS) -> None:
    speech = await engine.synthesize("You can ask for a refund within 30 days.").collect()

    samples = np.frombuffer(speech.data, np.int16)
    assert (speech.sample_rate, speech.num_channels) == (22_050, 1)
    assert 1.5 < speech.duration < 6
    assert AUDIBLE_PEAK * 10 < np.abs(samples.astype(np.int32)).max() < 32_767


async def test_speech_is_understood_by_the_local_recogniser(engine: EspeakTTS) -> None:
    speech = await engine.synthesize("Please delete my account.").collect()
    recognizer = LocalSTT(load_recognizer())

    event = await recognizer.recognize(speech)

    assert "account" in event.alternatives[0].text.lower()
    await recognizer.aclose()


async def test_texts_asked_for_together_come_out_whole_and_apart(engine: EspeakTTS) -> None:
    together = await asyncio.gather(
        engine.synthesize("One.").collect(), engine.synthesize("A longer second sentence.").collect()
    )
    alone = [
        await engine.synthesize("One.").collect(),
        await engine.synthesize("A longer second sentence.").collect(),
    ]

    assert [frame.duration for frame in together] == pytest.approx(
        [frame.duration for frame in alone], abs=SAME_S
    )


async def test_after_a_barge_in_the_next_sentence_is_clean(engine: EspeakTTS) -> None:
    expected_s = (await engine.synthesize("All right.").collect()).duration
    async with engine.synthesize(LONG) as cut_off:
        await anext(cut_off)

    after = await engine.synthesize("All right.").collect()

    assert after.duration == pytest.approx(expected_s, abs=SAME_S)


async def test_a_barge_in_before_the_first_audio_leaves_a_working_voice(engine: EspeakTTS) -> None:
    expected_s = (await engine.synthesize("All right.").collect()).duration
    for patience_s in (0.0, 0.001, 0.002, 0.005, 0.01, 0.02):
        stream = engine.synthesize(LONG)
        await asyncio.sleep(patience_s)
        await stream.aclose()

    after = await engine.synthesize("All right.").collect()

    assert after.duration == pytest.approx(expected_s, abs=SAME_S)


async def test_a_child_that_died_between_texts_is_replaced(engine: EspeakTTS) -> None:
    async with engine.borrow_child() as child:
        pid = child.pid
    os.kill(pid, signal.SIGKILL)

    speech = await engine.synthesize("Still here.").collect()

    assert speech.duration > 0.5


async def test_a_child_that_dies_while_speaking_is_a_connection_error_and_then_replaced(
    engine: EspeakTTS,
) -> None:
    async with engine.borrow_child() as child:
        os.kill(child.pid, signal.SIGSTOP)
    stream = engine.synthesize(LONG, conn_options=ONE_TRY)
    reading = asyncio.create_task(stream.collect())
    await asyncio.sleep(0)
    os.kill(child.pid, signal.SIGKILL)

    with pytest.raises(APIConnectionError):
        await reading
    await stream.aclose()
    assert (await engine.synthesize("Still here.").collect()).duration > 0.5


async def test_a_child_that_hangs_is_given_up_and_replaced(engine: EspeakTTS) -> None:
    async with engine.borrow_child() as child:
        os.kill(child.pid, signal.SIGSTOP)

    speech = await engine.synthesize(
        "Still here.", conn_options=APIConnectOptions(max_retry=1, timeout=2)
    ).collect()

    assert speech.duration > 0.5


async def test_a_text_without_words_is_silence_rather_than_a_failure(engine: EspeakTTS) -> None:
    speech = await engine.synthesize("**", conn_options=ONE_TRY).collect()

    assert not any(bytes(speech.data))


async def test_characters_are_counted(engine: EspeakTTS) -> None:
    collected: list[TTSMetrics] = []
    engine.on("metrics_collected", collected.append)

    async with engine.synthesize("Hello.") as stream:
        _ = [event async for event in stream]

    assert collected[0].characters_count == len("Hello.")
    assert collected[0].metadata is not None
    assert collected[0].metadata.model_provider == "local"


async def test_closing_ends_the_child() -> None:
    engine = EspeakTTS()
    engine.prewarm()
    async with engine.borrow_child() as child:
        pid = child.pid

    await engine.aclose()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_the_child_ends_with_its_job_even_while_it_speaks() -> None:
    program = (
        "import asyncio\n"
        "from agent.local.tts import EspeakTTS\n"
        "async def main():\n"
        "    async with EspeakTTS().borrow_child() as child:\n"
        f"        await child.ask({LONG!r})\n"
        "        print(child.pid, flush=True)\n"
        "        await asyncio.sleep(60)\n"
        "asyncio.run(main())"
    )
    job = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert job.stdout is not None
    pid = int(await job.stdout.readline())

    job.kill()
    await job.communicate()

    await until_gone(pid)


def test_an_engine_built_and_warmed_outside_a_loop_works_in_a_later_one() -> None:
    engine = EspeakTTS()
    engine.prewarm()

    async def speak() -> rtc.AudioFrame:
        speech = await engine.synthesize("Hello.").collect()
        await engine.aclose()
        return speech

    assert asyncio.run(speak()).duration > 0.3


async def test_a_ready_child_answers_at_once(engine: EspeakTTS) -> None:
    await engine.synthesize("Warm.").collect()
    started = time.perf_counter()

    async with engine.synthesize(LONG) as stream:
        await anext(stream)

    assert time.perf_counter() - started < 5  # a few ms when the machine has a core to spare


async def until_gone(pid: int) -> None:
    """Waits for the process to end, for 20 s at most; init collects it some time after."""
    async with asyncio.timeout(20):
        while True:
            listing = await asyncio.create_subprocess_exec(
                "ps", "-o", "stat=", "-p", str(pid), stdout=asyncio.subprocess.PIPE
            )
            state, _ = await listing.communicate()
            if not state.strip() or state.startswith(b"Z"):
                return


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("**Refunds** take _five_ days.", "Refunds take five days."),
        ("From “Refunds”: You can.", "From Refunds: You can."),
        ("See [the page](https://example.com/a).", "See the page."),
        ("See https://www.example.com/help?id=1.", "See example.com."),
        ("Is it at https://example.com/x, or not?", "Is it at example.com, or not?"),
        ("# Plans\n- Team\n- Solo", "Plans Team Solo"),
        ("Run `pip install`.\n```sh\nls\n```", "Run pip install. ls"),
        ("It costs $12 a month.", "It costs 12 dollars a month."),
        ("It costs €9.50, or £8.", "It costs 9.50 euros, or 8 pounds."),
        ("From 9:00 to 17:30, Monday–Friday", "From 9 to 17:30, Monday to Friday"),
        ("Support is 24/7 ✅ 🎉", "Support is 24 7"),
        ("Error 0x80070005", "Error 0 x 8 0 0 7 0 0 0 5"),
        ("ERR_CONNECTION_REFUSED", "ERR CONNECTION REFUSED"),
        ("Don’t stop - go", "Don't stop - go"),
        ("a line\nand another", "a line and another"),
        ("👍", ""),
        ("", ""),
    ],
)
def test_text_is_cleaned_for_speech(written: str, spoken: str) -> None:
    assert to_spoken(written) == spoken

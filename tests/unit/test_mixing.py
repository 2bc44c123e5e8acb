import asyncio

import numpy as np
from livekit import rtc

from agent.voice.mixing import FRAME_SAMPLES, HUSH_FRAMES, SAMPLE_RATE_HZ, MixedInput, mix


def frame(level: int) -> rtc.AudioFrame:
    samples = np.full(FRAME_SAMPLES, level, np.int16)
    return rtc.AudioFrame(samples.tobytes(), SAMPLE_RATE_HZ, 1, FRAME_SAMPLES)


def level(mixed: rtc.AudioFrame) -> int:
    return int(np.frombuffer(mixed.data, np.int16)[0])


def test_voices_add_up() -> None:
    assert level(mix([frame(1000), frame(-300)])) == 700


def test_a_sum_beyond_sixteen_bits_is_clipped() -> None:
    assert level(mix([frame(30_000), frame(30_000)])) == 32_767


async def test_a_voice_that_ends_is_followed_by_silence_so_that_the_turn_can_end() -> None:
    tapped: list[str] = []
    microphones = MixedInput(lambda identity, _: tapped.append(identity))
    microphones.hush("ann")
    levels = {level(await asyncio.wait_for(anext(microphones), 1)) for _ in range(HUSH_FRAMES)}
    assert levels == {0}
    assert tapped == ["ann"] * HUSH_FRAMES

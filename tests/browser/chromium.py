"""A real Chromium whose microphone speaks a WAV. It grants nothing by itself: each visitor says what it may.

Without `--use-fake-ui-for-media-stream`, which would replace the shared screen by a test pattern, a tab is
shared for real: the one whose title is `SHARED_TITLE`.
"""

import shutil
import wave
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
from playwright.async_api import Browser, async_playwright

from tests.fixtures.speech import Samples, silence, spoken

INSECURE_HOST = "parley.test"
"""Leads to this machine, but is not one of the names that browsers trust without https."""
RATE_HZ = 48_000
SHARED_TITLE = "Shared with the meeting"
VOICES = ("awb", "rms", "awb")
"""Of flite's voices those that the small recogniser understands best after Chromium's clean-up."""


def write_speech(path: Path, text: str, *, before_s: float, between_s: float) -> Path:
    """Silence, then `text` three times with silence after each.

    Three times, because a synthetic voice is not understood at every first go. Chromium begins the file
    when a microphone opens, and loops it.
    """
    said = [np.concatenate([spoken(text, RATE_HZ, voice), quiet(between_s)]) for voice in VOICES]
    return write_wav(path, np.concatenate([quiet(before_s), *said]))


def write_silence(path: Path) -> Path:
    return write_wav(path, quiet(2))


def quiet(seconds: float) -> Samples:
    return silence(seconds, RATE_HZ)


def write_wav(path: Path, samples: Samples) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())
    return path


@asynccontextmanager
async def chromium(microphone: Path) -> AsyncIterator[Browser]:
    program = shutil.which("chromium")
    assert program is not None, "install chromium: `apt-get install chromium`"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program,
            headless=True,
            args=[
                "--use-fake-device-for-media-stream",
                f"--use-file-for-fake-audio-capture={microphone}",
                f"--auto-select-tab-capture-source-by-title={SHARED_TITLE}",
                f"--host-resolver-rules=MAP {INSECURE_HOST} 127.0.0.1",
                "--no-sandbox",
                "--disable-dev-shm-usage",
            ],
        )
        try:
            yield browser
        finally:
            await browser.close()

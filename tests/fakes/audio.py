"""Audio that stands for speech: a steady tone, loud enough for every voice measure (peak 9,000)."""

from functools import cache

import numpy as np

SAMPLE_RATE_HZ = 24_000
PEAK = 9_000
TONE_HZ = 300


@cache
def _second() -> bytes:
    times = np.arange(SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    return (PEAK * np.sin(2 * np.pi * TONE_HZ * times)).astype("<i2").tobytes()


def tone_pcm(duration_s: float) -> bytes:
    """At most one second of 16-bit mono samples, whole periods from the start."""
    return _second()[: round(duration_s * SAMPLE_RATE_HZ) * 2]

"""The program that speaks: espeak-ng behind a pipe, in a process of its own.

espeak-ng is GPL-3 software, so Parley runs it as a separate program and imports none of it. A request is
one JSON line `{"text": …}` on standard input. The answer on standard output is a run of blocks, each a
little-endian uint32 byte count and that much mono 16-bit audio at RATE_HZ, ended by a count of 0. The
program ends when its input does, hence with its parent.
"""

import ctypes
import json
import os
import signal
import struct
import sys
from collections.abc import Callable
from typing import Any

RATE_HZ = 22_050

# Source: espeak-ng 1.52, src/include/espeak-ng/speak_lib.h
AUDIO_OUTPUT_RETRIEVAL = 1
CHARACTERS_UTF8 = 1
END_PAUSE = 0x1000
"""A third of a second after each text, so that sentences do not run into each other."""
POSITION_CHARACTER = 1
PARAMETER_RATE = 1
OK = 0

VOICE = b"en-us+m7"
"""The warmest of the variants that a recogniser still understands as well as the plain voice."""

WORDS_PER_MINUTE = 165
BUFFER_MS = 60

Sink = Callable[[bytes], None]


class Espeak:
    """Raises: OSError when the library or the voice is missing."""

    def __init__(self, sink: Sink) -> None:
        import espeakng_loader

        self._library: Any = ctypes.CDLL(espeakng_loader.get_library_path())
        data = os.fsencode(espeakng_loader.get_data_path())
        rate_hz = self._library.espeak_Initialize(AUDIO_OUTPUT_RETRIEVAL, BUFFER_MS, data, 0)
        if rate_hz != RATE_HZ or self._library.espeak_SetVoiceByName(VOICE) != OK:
            raise OSError(f"espeak-ng has no voice {VOICE.decode()!r} at {RATE_HZ} Hz")
        self._library.espeak_SetParameter(PARAMETER_RATE, WORDS_PER_MINUTE, 0)
        self._callback = _callback(sink)  # espeak keeps the bare pointer: it must not be collected
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, text: str) -> None:
        """Calls the sink with pieces of audio, in order, and returns after the last."""
        data = text.encode()
        self._library.espeak_Synth(
            data, len(data) + 1, 0, POSITION_CHARACTER, 0, CHARACTERS_UTF8 | END_PAUSE, None, None
        )
        self._library.espeak_Synchronize()


def main() -> None:
    # Ctrl-C reaches the whole process group; the parent decides when speaking ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    output = sys.stdout.buffer

    def write_block(data: bytes) -> None:
        output.write(struct.pack("<I", len(data)) + data)
        output.flush()

    espeak = Espeak(write_block)
    for line in sys.stdin.buffer:
        espeak.speak(json.loads(line)["text"])
        write_block(b"")


def _callback(sink: Sink) -> Any:
    prototype = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

    def receive(samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            try:
                sink(ctypes.string_at(samples, count * 2))
            except OSError:
                os._exit(0)  # nobody listens any more; an exception could not cross the C frames
        return 0

    return prototype(receive)


if __name__ == "__main__":
    main()

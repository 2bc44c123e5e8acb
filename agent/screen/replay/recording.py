"""A folder of PNG frames, one a second in the order of their names, and the events that were labelled in it.

Frames are read one at a time. A picture is looked at by its header first: what claims to be larger than any
screen is refused before it is unpacked.
"""

import json
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import numpy as np
from livekit import rtc
from PIL import Image, UnidentifiedImageError
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from agent.errors import InvalidInput
from agent.screen.frame import LEAST_SIDE_PX, MOST_PX, MOST_SIDE_PX

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
HEADER_BYTES: Final = 24
MOST_EVENT_BYTES: Final = 10_000_000

UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
"""What Pillow raises over a damaged file."""


class Event(BaseModel):
    """`t`: seconds since the first frame, from which on the change shows. Other fields are ignored."""

    model_config = ConfigDict(frozen=True, strict=True)

    t: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    name: Annotated[str, Field(min_length=1, max_length=200)]


EVENTS: Final = TypeAdapter(list[Event])


@dataclass(frozen=True, slots=True)
class Recording:
    """`frames`: paths, a second apart. `events`: in the order of their times."""

    folder: Path
    frames: tuple[Path, ...]
    events: tuple[Event, ...]

    def videos(self) -> Iterator[rtc.VideoFrame]:
        """Each frame as a room delivers it. Raises: InvalidInput that names the file."""
        for path in self.frames:
            yield _read(path)


def open_recording(folder: Path, events: Path | None) -> Recording:
    """Raises: InvalidInput that names the folder or the file."""
    if not folder.is_dir():
        raise InvalidInput(f"{str(folder)!r} is not a folder; give one that holds PNG frames")
    frames = [path for path in folder.iterdir() if _is_frame(path)]
    if not frames:
        raise InvalidInput(f"{str(folder)!r} holds no PNG file; one for each second is expected")
    frames.sort(key=lambda path: _natural(path.name))
    labelled = _read_events(events, len(frames)) if events is not None else ()
    return Recording(folder, tuple(frames), labelled)


def _is_frame(path: Path) -> bool:
    """What a system hides beside a picture, such as macOS's `._frame1.png`, is none."""
    return path.suffix.lower() == ".png" and not path.name.startswith(".") and path.is_file()


def _natural(name: str) -> list[tuple[int, str]]:
    """frame-2 comes before frame-10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"([0-9]+)", name)]


def _read_events(path: Path, frames: int) -> tuple[Event, ...]:
    try:
        if path.stat().st_size > MOST_EVENT_BYTES:
            raise InvalidInput(f"{str(path)!r} is too large for a list of events")
        events = EVENTS.validate_python(json.loads(path.read_bytes()))
    except OSError as error:
        raise InvalidInput(f"{str(path)!r} cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise InvalidInput(
            f'{str(path)!r} is not a list of events like {{"t": 12, "name": "a dialog opens"}}: '
            f"{place}: {first['msg']}"
        ) from None
    except (ValueError, RecursionError):
        raise InvalidInput(f"{str(path)!r} is not JSON") from None
    for event in events:
        if event.t > frames - 1:
            raise InvalidInput(
                f"{str(path)!r} has an event at {event.t:g} s, {event.name!r}, but the last of the {frames} "
                f"frames is at {frames - 1} s"
            )
    return tuple(sorted(events, key=lambda event: event.t))


def _read(path: Path) -> rtc.VideoFrame:
    _check_header(path)
    try:
        with (
            warnings.catch_warnings(action="error", category=Image.DecompressionBombWarning),
            Image.open(path, formats=["PNG"]) as image,
        ):
            pixels = _eight_bits(image).convert("RGBA")
    except UNREADABLE as error:
        raise InvalidInput(f"{str(path)!r} is damaged or cut off: {type(error).__name__}") from None
    video = rtc.VideoFrame(*pixels.size, rtc.VideoBufferType.RGBA, pixels.tobytes())
    return video.convert(rtc.VideoBufferType.I420)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 bits by its upper byte; converting it would cut off whatever is brighter than 255."""
    if not image.mode.startswith("I"):
        return image
    return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))


def _check_header(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(HEADER_BYTES)
    except OSError as error:
        raise InvalidInput(f"{str(path)!r} cannot be read: {error.strerror}") from None
    if len(header) < HEADER_BYTES or not header.startswith(SIGNATURE) or header[12:16] != b"IHDR":
        raise InvalidInput(f"{str(path)!r} is not a PNG file, whatever its name says")
    width, height = struct.unpack(">II", header[16:])
    if min(width, height) < LEAST_SIDE_PX or max(width, height) > MOST_SIDE_PX or width * height > MOST_PX:
        raise InvalidInput(
            f"{str(path)!r} is {width} by {height} pixels; a screen has {LEAST_SIDE_PX} to "
            f"{MOST_SIDE_PX:,} a side and at most {MOST_PX:,} in all"
        )

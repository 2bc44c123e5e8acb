"""Text recognition by rapidocr's bundled ONNX models. Blocks for seconds; lives in `ocr_process` only.

The wheel carries its models, and their paths are given so that its downloader is never reached. Lines are
read one by one in reading order, which costs no more than batches do, so that reading can stop when its
time is over or nobody waits for it any more. Orientation of lines is not checked: screens stand upright.

Measured on a screen of 1600 × 900 with 24 lines of 40 letters, one thread: 2.6 s of CPU, .7 of them to find
the lines and .08 a line to read them (a dialog of six lines: 1.2 s); 300 MB at rest, 520 at its peak. ONNX
Runtime's memory arena would save a tenth of the time and double the memory. Letters of 10 px on a full HD
screen, sent at 1600 px as JPEG, are read without a mistake; of 9 px lines get lost.
"""

import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, UnidentifiedImageError

from agent.errors import InvalidInput
from agent.local.screen_lines import Box, Line, in_reading_order

MAX_PIXELS = 40_000_000
MAX_SIDE_PX = 1600
LEAST_CONFIDENCE = 0.5
THREADS = 1
"""Voice has the other cores: speech that stutters is worse than text that comes a second later."""

Pixels = npt.NDArray[np.uint8]
"""Blue, green, red: uint8 [height, width, 3]."""


class OcrEngine:
    """Loads its models (1 to 2 s) when made."""

    def __init__(self) -> None:
        import rapidocr

        models = Path(rapidocr.__file__).parent / "models"
        self._engine: Any = rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.max_side_len": MAX_SIDE_PX,
                "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
                "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
                "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
                "EngineConfig.onnxruntime.enable_cpu_mem_arena": False,
            }
        )

    def read(self, image: bytes, deadline_s: float, is_abandoned: Callable[[], bool]) -> list[Line]:
        """The lines of text in reading order; those that were reached by `deadline_s` (monotonic).

        Raises: InvalidInput when `image` is no picture or too large to be one of a screen.
        """
        pixels, shrink = decode(image)
        found = self._engine._load_det_model()(pixels)
        if found.boxes is None:
            return []
        crops = self._engine.crop_text_regions(pixels, found.boxes)
        boxes = [_to_box(corners, shrink) for corners in found.boxes]
        lines: list[Line] = []
        for index in in_reading_order(boxes):
            if is_abandoned() or time.monotonic() > deadline_s:
                break
            result = self._engine.recognize_txt([crops[index]])
            text, confidence = result.txts[0].strip(), float(result.scores[0])
            if text and confidence >= LEAST_CONFIDENCE:
                lines.append(Line(text, boxes[index], confidence))
        return lines


def decode(image: bytes) -> tuple[Pixels, float]:
    """(pixels, by how much they were shrunk: 1 or less). The size is judged before a pixel is decoded.

    Raises: InvalidInput.
    """
    try:
        with Image.open(io.BytesIO(image), formats=("JPEG", "PNG", "WEBP")) as picture:
            width, height = picture.size
            if width * height > MAX_PIXELS:
                raise InvalidInput(
                    f"a picture of {width} × {height} is too large: {MAX_PIXELS} pixels at most"
                )
            picture.draft("RGB", (MAX_SIDE_PX, MAX_SIDE_PX))
            rgb = picture.convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise InvalidInput("this is no JPEG, PNG or WebP picture") from error
    if max(rgb.size) > MAX_SIDE_PX:
        rgb.thumbnail((MAX_SIDE_PX, MAX_SIDE_PX), Image.Resampling.BICUBIC, reducing_gap=2)
    return np.ascontiguousarray(np.asarray(rgb)[:, :, ::-1]), rgb.width / width


def _to_box(corners: npt.NDArray[np.float32], shrink: float) -> Box:
    """corners: float32 [4, 2], x and y."""
    (left, top), (right, bottom) = corners.min(axis=0) / shrink, corners.max(axis=0) / shrink
    return Box(round(left), round(top), round(right - left), round(bottom - top))

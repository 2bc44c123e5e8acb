"""What scenes draw with: a screen, fonts, words, and labels for what happens."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

Box = tuple[int, int, int, int]
"""left, top, right, bottom in pixels"""

FULL_HD: Final = (1920, 1080)
FONTS: Final = Path("/usr/share/fonts/truetype/dejavu")
LIGHT: Final = ("#ffffff", "#1f2328")
DARK: Final = ("#1e1e1e", "#d4d4d4")
VOCABULARY: Final = """
    account agreement annual approve balance before branch budget button cancel change client cluster
    column commit contract customer deadline delivery deploy design discount document draft editor
    engine error estimate export failure feature figure filter forecast invoice license limit margin
    market meeting merge message metric model network notice option order partner payment period
    pipeline policy process profit project quality quarter query queue record refund region release
    report request result retry review rollout route sample schedule schema section server service
    session shipment status storage summary supplier table target team thread ticket timeout total trace
    update upload value vendor version volume warning window
"""
WORDS: Final = tuple(VOCABULARY.split())


@dataclass(frozen=True, slots=True)
class Label:
    """From second `t` on, `box` shows something new; it may still be moving for a while."""

    t: int
    name: str
    box: Box


@dataclass(slots=True)
class Stage:
    """One screen under a seed. `second` counts the frames that were drawn."""

    seed: int
    size: tuple[int, int] = FULL_HD
    random: Random = field(init=False)
    labels: list[Label] = field(default_factory=list)
    second: int = 0

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311  # scenes, not secrets

    def label(self, name: str, box: Box) -> None:
        """Something happens with the frame that comes next."""
        self.labels.append(Label(self.second, name, box))

    def words(self, count: int) -> str:
        return " ".join(self.random.choice(WORDS) for _ in range(count))

    def number(self) -> str:
        return f"{self.random.randint(100, 9_999_999):,}"

    def blank(self, colour: str = "#ffffff") -> Image.Image:
        return Image.new("RGB", self.size, colour)

    def page(self, px: int = 16, theme: tuple[str, str] = LIGHT, seed: int | None = None) -> Image.Image:
        """A screen full of lines of text; the same for the same `seed`."""
        writer = Stage(self.random.randrange(10**6) if seed is None else seed, self.size)
        image = self.blank(theme[0])
        for top in range(3 * px, self.size[1] - 3 * px, int(1.6 * px)):
            if writer.random.random() < 0.85:
                write(image, (3 * px, top), writer.words(self.size[0] // (px * 5)), px, theme[1])
        return image

    def photo(self, size: tuple[int, int]) -> Image.Image:
        """Smooth random colours."""
        pixels = np.random.default_rng(self.random.randrange(10**6)).integers(
            0, 255, (9, 16, 3), dtype=np.uint8
        )
        return Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC)


Script = Callable[[Stage], Iterator[Image.Image]]
"""Yields a frame for each second and labels what happens before the frame that shows it."""


def font(px: int, face: str = "DejaVuSans") -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / f"{face}.ttf", px)


def write(
    image: Image.Image,
    place: tuple[int, int],
    text: str,
    px: int = 16,
    colour: str = "#1f2328",
    face: str = "DejaVuSans",
) -> Box:
    """Draws `text` and returns its box."""
    draw = ImageDraw.Draw(image)
    draw.text(place, text, font=font(px, face), fill=colour)
    left, top, right, bottom = draw.textbbox(place, text, font=font(px, face))
    return int(left), int(top), int(right) + 1, int(bottom) + 1


def panel(image: Image.Image, box: Box, colour: str = "#f6f8fa", outline: str = "#8c959f") -> None:
    ImageDraw.Draw(image).rectangle(box, fill=colour, outline=outline, width=2)


def pointer(image: Image.Image, place: tuple[int, int]) -> None:
    """The arrow of a mouse."""
    x, y = place
    shape = [(0, 0), (0, 17), (4, 13), (7, 19), (10, 18), (7, 12), (12, 12)]
    ImageDraw.Draw(image).polygon([(x + dx, y + dy) for dx, dy in shape], fill="#000000", outline="#ffffff")


def caret(
    image: Image.Image, place: tuple[int, int], second: int, px: int = 16, colour: str = "#1f2328"
) -> None:
    """Blinks every 530 ms, which at one sample a second shows as long spells of either state."""
    if int(second / 0.53) % 2 == 0:
        x, y = place
        ImageDraw.Draw(image).rectangle((x, y, x + 1, y + int(1.2 * px)), fill=colour)

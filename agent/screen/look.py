"""A look at the screen as a model gets it: the picture for the question, and a closer one of what changed."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from livekit.agents import llm

from agent.cascade.models.catalog import ImageFormula
from agent.cascade.models.image_tokens import FORMULAS, image_tokens, media_resolution, sent_size
from agent.screen.cut import Cut
from agent.screen.frame import ScreenFrame

Reason = Literal["pointed", "news"]
"""The question points at the screen, or the screen changed since the model saw it."""

MOST_SIDE_PX = 1568
"""No picture is larger: what Claude's older models look at, and more than the others need for small print."""


@dataclass(frozen=True, slots=True)
class Look:
    """`image` goes with the question. `crop` is the part that changed, in full detail, for a large model in
    place of the whole; None when all of the screen matters or `image` is that part already. `tokens`: of
    `image`, by each provider's formula.
    """

    image: llm.ImageContent
    crop: llm.ImageContent | None
    size: tuple[int, int]
    tokens: Mapping[ImageFormula, int]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Optics:
    """In which size pictures are made. `side_px`: of whole screens, for text recognition, which finds its way
    by itself; None lets the screen choose by how small its text is. `formula`: of the model that will see it.
    """

    side_px: int | None = None
    formula: ImageFormula = "anthropic-patches"

    def size(self, frame: ScreenFrame, cut: Cut) -> tuple[int, int]:
        if self.side_px is not None:
            return frame.within(self.side_px)
        wanted = frame.fitted(cut.size(frame.gray()), cut.area)
        return sent_size(self.formula, *wanted, MOST_SIDE_PX)

    def picture(self, frame: ScreenFrame, cut: Cut) -> tuple[bytes, tuple[int, int]]:
        """A JPEG and its size. Blocks; made once for each frame."""
        size = self.size(frame, cut)
        return frame.jpeg(size, None if self.side_px is not None else cut.area), size


def content_of(jpeg: bytes, size: tuple[int, int]) -> llm.ImageContent:
    """Says its size as well, for those who count its tokens without reading it."""
    return llm.ImageContent(
        image=f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}",
        inference_width=size[0],
        inference_height=size[1],
    )


def tokens_of(size: tuple[int, int]) -> dict[ImageFormula, int]:
    return {formula: image_tokens(formula, *size, media_resolution(*size)) for formula in FORMULAS}

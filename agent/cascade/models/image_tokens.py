"""How many tokens a provider counts for one image, and how large an image is worth sending.

Computed before a call, for budgets and for the screen's share; what a call really cost stands in its usage.
OpenAI's newer models bill the full resolution unless told otherwise, so images are made smaller here. What
words surround an image is not counted.
"""

import math
from collections.abc import Callable
from typing import Final, Literal, get_args

from agent.cascade.models.catalog import ImageFormula, Model

FORMULAS: Final[tuple[ImageFormula, ...]] = get_args(ImageFormula)

MediaResolution = Literal["low", "medium", "high"]
"""Gemini's word for how many tokens an image may take; `high` is what it takes unasked."""

MEDIA_TOKENS: Final[dict[MediaResolution, int]] = {"low": 280, "medium": 560, "high": 1120}
"""Source: ai.google.dev/gemini-api/docs/media-resolution, token counts for Gemini 3 (read 2026-11-28). The
most that is taken; a wide picture measured 1,100 and a square one 1,089 of the 1,120."""

GEMINI_PATCH_PX: Final = 32
"""A token a patch of this side is as fine as OpenAI sees; `media_resolution` asks for no more."""

SIDE_PX: Final = 1024
"""The longer side of a picture unless the caller knows better."""

TILES_OF_MINI: Final = {"gpt-4o-mini": 2833 / 85}
"""Models that count more tokens than their formula: 2,833 and 5,667 a tile in place of 85 and 170.
Source: developers.openai.com/api/docs/guides/images-vision (read 2026-11-28)."""


def image_tokens(
    formula: ImageFormula, width_px: int, height_px: int, resolution: MediaResolution = "high"
) -> int:
    """Tokens of an image of this size, after the provider's own resizing.

    `resolution` matters to `gemini-resolution` only. Raises: ValueError when a side is below 1.

    Sources, all read 2026-11-28:
    - developers.openai.com/api/docs/guides/images-vision: patches of 32 px times 1.2, and since GPT-5.6 no
      resizing unless `detail` asks for it; tiles of 512 px after fitting 2,048 px and a shorter side of 768.
    - ai.google.dev/gemini-api/docs/image-understanding: 258 a tile.
    - platform.claude.com/docs/en/build-with-claude/vision: a token a patch of 28 px; before Claude 4.7's
      limits, width × height / 750.
    """
    _check(width_px, height_px)
    width, height = _seen(formula, width_px, height_px)
    match formula:
        case "openai-patches":
            return -(-12 * _patches(width, height, 32) // 10)
        case "openai-tiles":
            return 85 + 170 * _patches(width, height, 512)
        case "gemini-resolution":
            return MEDIA_TOKENS[resolution]
        case "gemini-tiles":
            return 258 * _gemini_tiles(width, height)
        case "anthropic-patches":
            return _patches(width, height, 28)
        case "anthropic-area":
            return math.ceil(width * height / 750)


def image_tokens_of(
    model: Model, width_px: int, height_px: int, resolution: MediaResolution = "high"
) -> int | None:
    """As `image_tokens`, for a model of the catalog; None without vision or a known formula."""
    if not model.vision or model.image_tokens is None:
        return None
    tokens = image_tokens(model.image_tokens, width_px, height_px, resolution)
    return math.ceil(tokens * TILES_OF_MINI.get(model.id, 1))


def sent_size(
    formula: ImageFormula, width_px: int, height_px: int, side_px: int = SIDE_PX
) -> tuple[int, int]:
    """The size in which to send an image: its longer side at most `side_px`, and never more than the provider
    would look at, so that nothing is resized twice. Never larger than the image.

    Raises: ValueError when a side is below 1.
    """
    _check(width_px, height_px)
    width, height = _shrink(width_px, height_px, side_px / max(width_px, height_px))
    if formula == "openai-patches":
        # At `detail: high` OpenAI looks at 2,500 patches; unasked it would bill all there are.
        return _largest(width, height, lambda w, h: _patches(w, h, 32) <= 2500)
    return _seen(formula, width, height)


def media_resolution(width_px: int, height_px: int) -> MediaResolution:
    """What to ask of Gemini for an image of this size: a small crop need not take a frame's tokens."""
    patches = _patches(width_px, height_px, GEMINI_PATCH_PX)
    if patches <= MEDIA_TOKENS["low"]:
        return "low"
    return "medium" if patches <= MEDIA_TOKENS["medium"] else "high"


def _seen(formula: ImageFormula, width: int, height: int) -> tuple[int, int]:
    """What the provider makes of an image before it counts."""
    match formula:
        case "anthropic-patches":
            # Claude 4.7 and later. Before, both limits were 1,568.
            return _largest(width, height, lambda w, h: _fits_claude(w, h, 2576, 4784))
        case "anthropic-area":
            return _largest(width, height, lambda w, h: max(w, h) <= 1568 and w * h <= 1600 * 750)
        case "openai-tiles":
            inside = _shrink(width, height, 2048 / max(width, height))
            return _shrink(*inside, 768 / min(inside))
        case "openai-patches" | "gemini-resolution" | "gemini-tiles":
            return width, height


def _fits_claude(width: int, height: int, edge_px: int, tokens: int) -> bool:
    padded = 28 * math.ceil(max(width, height) / 28)
    return padded <= edge_px and _patches(width, height, 28) <= tokens


def _gemini_tiles(width: int, height: int) -> int:
    if max(width, height) <= 384:
        return 1
    unit = min(max(int(min(width, height) / 1.5), 256), 768)
    return _patches(width, height, unit)


def _patches(width: int, height: int, side: int) -> int:
    return math.ceil(width / side) * math.ceil(height / side)


def _shrink(width: int, height: int, scale: float) -> tuple[int, int]:
    if scale >= 1:
        return width, height
    return max(1, round(width * scale)), max(1, round(height * scale))


def _largest(width: int, height: int, fits: Callable[[int, int], bool]) -> tuple[int, int]:
    """The largest size of the same shape that fits, found along the longer side."""
    if fits(width, height):
        return width, height
    longer = max(width, height)
    low, high = 1, longer  # `high` never fits
    while low + 1 < high:
        middle = (low + high) // 2
        if fits(*_shrink(width, height, middle / longer)):
            low = middle
        else:
            high = middle
    return _shrink(width, height, low / longer)


def _check(width_px: int, height_px: int) -> None:
    if min(width_px, height_px) < 1:
        raise ValueError(f"an image of {width_px} by {height_px} pixels has no tokens")

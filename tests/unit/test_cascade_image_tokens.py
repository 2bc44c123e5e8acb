"""Image tokens against the examples that the providers publish, and against calls that were measured."""

import pytest

from agent.cascade.models.catalog import ImageFormula, Model
from agent.cascade.models.image_tokens import (
    FORMULAS,
    image_tokens,
    image_tokens_of,
    media_resolution,
    sent_size,
)


@pytest.mark.parametrize(
    ("width", "height", "tokens"),
    [
        (200, 200, 64),
        (1000, 1000, 1296),
        (1092, 1092, 1521),
        (1920, 1080, 2691),
        (2000, 1500, 3888),
        (3840, 2160, 4784),
    ],
)
def test_claude_counts_what_its_vision_page_says(width: int, height: int, tokens: int) -> None:
    assert image_tokens("anthropic-patches", width, height) == tokens


def test_claude_makes_4k_as_small_as_its_vision_page_says() -> None:
    assert sent_size("anthropic-patches", 3840, 2160, 9999) == (2576, 1449)


@pytest.mark.parametrize(("side", "tokens"), [(200, 54), (1000, 1334), (1092, 1590)])
def test_older_claude_models_count_by_area(side: int, tokens: int) -> None:
    assert image_tokens("anthropic-area", side, side) == tokens


def test_older_claude_models_stop_at_1600() -> None:
    assert 1590 <= image_tokens("anthropic-area", 3840, 2160) <= 1600


@pytest.mark.parametrize(
    ("width", "height", "tokens"),
    [
        (256, 256, 77),
        (512, 512, 308),
        (768, 768, 692),
        (1024, 1024, 1229),
        (1280, 720, 1104),
        (1920, 1080, 2448),
        (2560, 1440, 4320),
        (3840, 2160, 9792),
        (4032, 3024, 14364),
    ],
)
def test_gpt_6_bills_the_full_resolution_as_measured(width: int, height: int, tokens: int) -> None:
    """Source: huggingface.co/datasets/JOHNISKING/image-token-cost, gpt6_auto_tokens (2026-11-28)."""
    assert image_tokens("openai-patches", width, height) == tokens


@pytest.mark.parametrize(("width", "height", "tokens"), [(1024, 1024, 765), (2048, 4096, 1105)])
def test_gpt_4o_counts_what_its_vision_page_says(width: int, height: int, tokens: int) -> None:
    assert image_tokens("openai-tiles", width, height) == tokens


@pytest.mark.parametrize(("width", "height", "tokens"), [(384, 384, 258), (960, 540, 6 * 258)])
def test_gemini_2_5_counts_what_its_page_says(width: int, height: int, tokens: int) -> None:
    assert image_tokens("gemini-tiles", width, height) == tokens


def test_gemini_3_takes_the_same_for_any_size_by_the_resolution_asked_for() -> None:
    assert {image_tokens("gemini-resolution", side, side) for side in (100, 900, 4000)} == {1120}
    assert image_tokens("gemini-resolution", 900, 900, "medium") == 560
    assert image_tokens("gemini-resolution", 900, 900, "low") == 280


def test_a_small_crop_asks_gemini_for_fewer_tokens_than_a_frame() -> None:
    assert media_resolution(480, 270) == "low"
    assert media_resolution(768, 432) == "medium"
    assert media_resolution(1024, 576) == "high"


def test_gpt_4o_mini_counts_33_times_as_many() -> None:
    mini = Model("openai", "gpt-4o-mini", image_tokens="openai-tiles")
    assert image_tokens_of(mini, 1024, 1024) == pytest.approx(2833 + 4 * 5667, rel=0.001)


def test_a_model_without_images_or_without_a_known_formula_has_no_count() -> None:
    assert image_tokens_of(Model("custom", "llama"), 100, 100) is None
    assert image_tokens_of(Model("custom", "llama", vision=False, image_tokens="openai-tiles"), 9, 9) is None


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("size", [(1, 1), (64, 4000), (1366, 768), (3840, 2160), (16000, 16000)])
def test_what_is_sent_is_never_larger_nor_dearer_and_is_not_resized_again(
    formula: ImageFormula, size: tuple[int, int]
) -> None:
    sent = sent_size(formula, *size)
    assert max(sent) <= min(1024, max(size))
    assert sent_size(formula, *sent) == sent
    assert 0 < image_tokens(formula, *sent) <= image_tokens(formula, *size)


def test_the_shape_of_the_picture_is_kept() -> None:
    width, height = sent_size("openai-patches", 1080, 1920, 1600)
    assert height == 1600
    assert width / height == pytest.approx(1080 / 1920, abs=0.001)


def test_gpt_6_is_sent_no_more_than_it_looks_at_by_itself() -> None:
    width, height = sent_size("openai-patches", 3840, 2160, 9999)
    assert image_tokens("openai-patches", width, height) <= 3000


@pytest.mark.parametrize("formula", FORMULAS)
def test_an_image_without_pixels_is_refused_by_name(formula: ImageFormula) -> None:
    with pytest.raises(ValueError, match="0 by 20"):
        image_tokens(formula, 0, 20)
    with pytest.raises(ValueError, match="0 by 20"):
        sent_size(formula, 0, 20)

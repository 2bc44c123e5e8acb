"""Which part of a screen is shown, in how many pixels, and what a room may spend on it."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from agent.screen.budget import PictureBudget
from agent.screen.cut import CROPS, Detail, cut_out, detail_of, whole_screen
from agent.screen.tiles import Area, Gray

GRAY = (540, 960)


def text_of(px: int, size: tuple[int, int] = (1920, 1080)) -> Gray:
    """A screen full of text of this size, as the gate sees it."""
    image = Image.new("L", size, 250)
    draw = ImageDraw.Draw(image)
    for top in range(20, size[1] - px, int(px * 1.5)):
        draw.text(
            (40, top), "The quick brown fox jumps over 13 dogs " * 6, font=ImageFont.load_default(px), fill=20
        )
    return np.asarray(image.reduce(2))


def photo() -> Gray:
    pixels = np.random.default_rng(1).integers(0, 255, (9, 16), dtype=np.uint8)
    return np.asarray(Image.fromarray(pixels).resize((960, 540), Image.Resampling.BICUBIC))


@pytest.mark.parametrize(("px", "detail"), [(12, Detail.FINE), (15, Detail.FINE), (48, Detail.PLAIN)])
def test_small_text_gets_more_pixels_than_large(px: int, detail: Detail) -> None:
    assert detail_of(text_of(px)) is detail


def test_a_photo_and_a_blank_screen_get_few_pixels() -> None:
    assert detail_of(photo()) is Detail.COARSE
    assert detail_of(np.full(GRAY, 200, dtype=np.uint8)) is Detail.COARSE


def test_small_text_of_a_full_hd_screen_is_shrunk_by_a_quarter_at_most() -> None:
    assert whole_screen(text_of(14)).size(text_of(14)) == (1440, 810)


def test_a_small_change_is_shown_with_what_is_around_it() -> None:
    due = Area(480, 256, 512, 272)
    cut = cut_out(text_of(14), due, 0)
    assert cut.area is not None
    assert cut.area.left <= due.left - 48
    assert cut.area.right >= due.right + 48
    assert cut.area.size < 0.1 * 540 * 960


@pytest.mark.parametrize(
    "due", [Area(0, 0, 16, 16), Area(944, 528, 960, 540), Area(0, 528, 16, 540), Area(944, 0, 960, 16)]
)
def test_a_change_in_a_corner_is_shown_within_the_screen(due: Area) -> None:
    area = cut_out(text_of(14), due, 0).area
    assert area is not None
    assert 0 <= area.left <= due.left
    assert 0 <= area.top <= due.top
    assert due.right <= area.right <= 960
    assert due.bottom <= area.bottom <= 540


def test_a_crop_of_small_text_is_shown_in_its_own_pixels() -> None:
    assert cut_out(text_of(13), Area(480, 256, 512, 272), 0).scale == 2


def test_a_change_of_half_the_screen_shows_all_of_it() -> None:
    assert cut_out(text_of(14), Area(0, 0, 960, 288), 0).area is None


def test_the_first_look_and_one_after_many_crops_show_all_of_it() -> None:
    due = Area(480, 256, 512, 272)
    assert cut_out(text_of(14), due, None).area is None
    assert cut_out(text_of(14), due, CROPS - 1).area is not None
    assert cut_out(text_of(14), due, CROPS).area is None


def test_a_screen_smaller_than_a_crop_is_shown_whole() -> None:
    tiny = np.full((70, 100), 90, dtype=np.uint8)
    assert cut_out(tiny, Area(0, 0, 16, 16), 0).area is None


def test_a_thrifty_look_has_fewer_pixels() -> None:
    gray = text_of(14)
    assert whole_screen(gray, thrifty=True).scale < whole_screen(gray).scale
    due = Area(480, 256, 512, 272)
    assert cut_out(gray, due, 0, thrifty=True).scale < cut_out(gray, due, 0).scale


def test_a_budget_is_low_then_spent_and_fills_up_with_time() -> None:
    budget = PictureBudget(6_000)
    budget.spend(4_000, 0.0)
    assert budget.is_low(0.0)
    assert not budget.is_spent(0.0)
    budget.spend(3_000, 0.0)
    assert budget.is_spent(9.0)
    assert not budget.is_spent(11.0)
    assert not budget.is_low(60.0)


def test_a_budget_never_holds_more_than_a_minute() -> None:
    budget = PictureBudget(6_000)
    assert not budget.is_low(0.0)
    assert not budget.is_spent(100_000.0)
    budget.spend(6_000, 100_000.0)
    assert budget.is_spent(100_000.0)


def test_over_an_hour_no_more_is_spent_than_the_hour_has_and_one_picture() -> None:
    budget, spent = PictureBudget(6_000), 0
    for second in range(3_600):
        if not budget.is_spent(second):
            budget.spend(1_500, second)
            spent += 1_500
    assert spent <= 6_000 * 61 + 1_500

"""The gate on scripted screens: documents, typing, scrolling, dialogs, video, codec noise."""

from collections.abc import Iterable

import numpy as np
import pytest
from livekit import rtc
from PIL import Image, ImageDraw, ImageFont

from agent.screen.frame import ScreenFrame
from agent.screen.gate import Decision, Gate
from agent.screen.tiles import Area, Gray
from tests.unit.test_recorder import NOW

WIDTH, HEIGHT = 1920, 1080
FONT = ImageFont.load_default(18)


def document(first_line: int = 1, typed: str = "") -> Image.Image:
    """A page of numbered lines; `typed` stands in the last one."""
    image = Image.new("L", (WIDTH, HEIGHT), 250)
    draw = ImageDraw.Draw(image)
    for row in range(32):
        line = (
            f"{first_line + row}. Paragraph {(first_line + row) * 7919 % 1000} of the handbook, which is long"
        )
        draw.text((60, 20 + row * 30), line, font=FONT, fill=20)
    draw.text((60, 20 + 32 * 30), typed, font=FONT, fill=20)
    return image


def with_caret(image: Image.Image, *, shown: bool) -> Image.Image:
    copy = image.copy()
    if shown:
        ImageDraw.Draw(copy).rectangle((700, 978, 702, 1000), fill=0)
    return copy


def with_dialog(image: Image.Image, text: str) -> Image.Image:
    copy = image.copy()
    draw = ImageDraw.Draw(copy)
    draw.rectangle((600, 400, 1300, 650), fill=200, outline=0, width=3)
    draw.text((640, 480), text, font=FONT, fill=0)
    return copy


def with_video(image: Image.Image, number: int) -> Image.Image:
    pixels = np.random.default_rng(number).integers(0, 255, (300, 400), dtype=np.uint8)
    copy = image.copy()
    copy.paste(Image.fromarray(pixels).resize((800, 600)), (1000, 200))
    return copy


def noisy(image: Image.Image, seed: int) -> Image.Image:
    noise = np.random.default_rng(seed).normal(0, 6, (HEIGHT, WIDTH))
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))


def shrunk(image: Image.Image) -> Gray:
    luma = np.asarray(image).tobytes()
    chroma = b"\x80" * (WIDTH * HEIGHT // 2)
    video = rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.I420, luma + chroma)
    return ScreenFrame(video, NOW).gray()


def watch(gate: Gate, images: Iterable[Image.Image]) -> list[Decision]:
    return [gate.offer(shrunk(image)) for image in images]


def gate_that_showed(image: Image.Image) -> Gate:
    """The model has seen `image`, and it is still on the screen."""
    gate = Gate()
    gate.mark_shown(shrunk(image))
    watch(gate, [image, image])
    return gate


def test_a_screen_is_news_once_it_stood_still_for_one_sample() -> None:
    first, second = watch(Gate(), [document(), document()])
    assert (first.news, first.moving) == (0, 1)
    assert (second.news, second.moving) == (1, 0)


def test_a_screen_that_was_sent_and_did_not_change_is_no_news() -> None:
    gate = gate_that_showed(document())
    assert watch(gate, [document()] * 3) == [Decision(0, 0, 0)] * 3


def test_noise_of_a_codec_is_no_news() -> None:
    gate = gate_that_showed(document())
    assert {decision.changed for decision in watch(gate, [noisy(document(), seed) for seed in range(4)])} == {
        0
    }


def test_a_dialog_is_news_one_sample_after_it_appeared() -> None:
    gate = gate_that_showed(document())
    dialog = with_dialog(document(), "The file could not be saved.")
    appeared, settled = watch(gate, [dialog, dialog])
    assert appeared.news == 0
    assert appeared.moving > 0
    assert settled.news == pytest.approx(0.13, abs=0.05)


def test_a_dialog_that_closed_is_news_too() -> None:
    dialog = with_dialog(document(), "The file could not be saved.")
    gate = gate_that_showed(document())
    gate.mark_shown(shrunk(dialog))
    watch(gate, [dialog])
    assert watch(gate, [document(), document()])[-1].news > 0


def test_a_dialog_that_came_and_went_unseen_is_no_news() -> None:
    gate = gate_that_showed(document())
    dialog = with_dialog(document(), "Saved.")
    assert watch(gate, [dialog, document(), document()])[-1] == Decision(0, 0, 0)


def test_another_text_in_the_same_dialog_is_news() -> None:
    gate = gate_that_showed(with_dialog(document(), "Error 404: the page was not found"))
    other = with_dialog(document(), "Error 403: the page is forbidden")
    assert watch(gate, [other, other])[-1].news > 0


def test_one_changed_digit_is_news() -> None:
    gate = gate_that_showed(document(typed="Total: 38 euros"))
    changed = document(typed="Total: 83 euros")
    assert watch(gate, [changed, changed])[-1].news > 0


def test_text_that_scrolls_is_news_only_once_it_stands_still() -> None:
    gate = gate_that_showed(document())
    *scrolling, settled = watch(gate, [document(7), document(15), document(22), document(22)])
    assert [decision.due for decision in scrolling] == [None] * 3
    assert settled.news == settled.changed > 0.1
    assert settled.due is not None


def test_typing_is_news_once_the_typist_pauses() -> None:
    gate = gate_that_showed(document())
    *typed, paused = watch(gate, [document(typed="H"), document(typed="Hello"), document(typed="Hello")])
    assert [decision.due for decision in typed] == [None, None]
    assert paused.due is not None


def test_a_caret_that_blinks_between_states_the_model_saw_is_no_news() -> None:
    off, on = with_caret(document(), shown=False), with_caret(document(), shown=True)
    gate = gate_that_showed(off)
    gate.mark_shown(shrunk(on))
    assert [decision.news for decision in watch(gate, [on, off, off, on, on, off, off])] == [0] * 7


def test_a_video_is_never_news_but_what_happens_beside_it_is() -> None:
    gate = gate_that_showed(document())
    playing = watch(gate, [with_video(document(), number) for number in range(4)])
    assert [decision.news for decision in playing] == [0] * 4
    beside = [with_video(document(typed="Hello"), number) for number in range(4, 6)]
    assert watch(gate, beside)[-1].news > 0


def test_long_typing_is_shown_every_few_seconds_and_whole_once_it_ends() -> None:
    gate, text = gate_that_showed(document()), "The quick brown fox jumps over the lazy dog and on it goes"
    due = 0
    for length in range(5, len(text), 5):
        gray = shrunk(document(typed=text[:length]))
        if gate.offer(gray).due is not None:
            due += 1
            gate.mark_shown(gray)
    last = document(typed=text)
    assert 1 <= due <= 4
    assert watch(gate, [last, last, last])[-1].due is not None


def test_a_spinner_is_no_news_and_what_takes_its_place_is() -> None:
    def spinning(turn: int) -> Image.Image:
        image = document()
        ImageDraw.Draw(image).pieslice((900, 500, 990, 590), turn * 100, turn * 100 + 200, fill=0)
        return image

    gate = gate_that_showed(document())
    assert {decision.due for decision in watch(gate, [spinning(turn) for turn in range(12)])} == {None}
    done = with_dialog(document(), "12 files were copied.")
    assert watch(gate, [done] * 3)[-1].due is not None


def test_the_seconds_of_a_clock_are_no_news_and_a_line_elsewhere_is() -> None:
    def at(second: int, typed: str = "") -> Image.Image:
        image = document(typed=typed)
        ImageDraw.Draw(image).rectangle((1600, 20, 1800, 50), fill=250)
        ImageDraw.Draw(image).text((1620, 24), f"12:00:{second:02}", font=FONT, fill=0)
        return image

    gate = gate_that_showed(at(0))
    assert {decision.due for decision in watch(gate, [at(second) for second in range(1, 9)])} == {None}
    news = watch(gate, [at(second, "Hello") for second in range(9, 12)])[-1].due
    assert news is not None
    assert news.top > 400


def test_a_clock_that_stops_is_news() -> None:
    images = [document(typed=f"12:00:{second:02}") for second in range(10)]
    gate = gate_that_showed(images[0])
    watch(gate, images[1:])
    assert watch(gate, [images[-1]] * 2)[-1].due is not None


def test_a_caret_is_no_news_even_where_it_was_never_seen() -> None:
    off, on = with_caret(document(), shown=False), with_caret(document(), shown=True)
    gate = gate_that_showed(off)
    assert {decision.due for decision in watch(gate, [on, on, off, off, on, on, on, off])} == {None}


def test_a_bar_that_stays_is_news_in_the_end() -> None:
    gate = gate_that_showed(document())
    assert watch(gate, [with_caret(document(), shown=True)] * 14)[-1].due is not None


def with_pointer(image: Image.Image, x: int, y: int) -> Image.Image:
    copy = image.copy()
    shape = [(0, 0), (0, 17), (4, 13), (7, 19), (10, 18), (7, 12), (12, 12)]
    ImageDraw.Draw(copy).polygon([(x + dx, y + dy) for dx, dy in shape], fill=0, outline=255)
    return copy


def test_the_pointer_is_no_news_wherever_it_rests() -> None:
    places = [(1500, 300), (1500, 300), (1700, 851), (1700, 851), (1401, 602), (1401, 602), (1640, 121)]
    gate = gate_that_showed(with_pointer(document(), 1300, 500))
    moves = watch(gate, [with_pointer(document(), x, y) for x, y in places])
    assert {decision.due for decision in moves} == {None}


def test_a_letter_that_appears_while_the_pointer_moves_is_news() -> None:
    gate = gate_that_showed(with_pointer(document(), 1300, 500))
    gate.offer(shrunk(with_pointer(document(), 1500, 300)))
    typed = watch(gate, [with_pointer(document(typed="x"), 1500, 300)] * 2)[-1].due
    assert typed is not None
    assert typed.top > 400


def test_two_figures_that_change_places_are_news() -> None:
    """They look like the pointer, which is here and no longer there, but neither place is empty."""

    def figures(one: str, other: str) -> Image.Image:
        image = Image.new("L", (WIDTH, HEIGHT), 250)
        large = ImageFont.load_default(24)
        ImageDraw.Draw(image).text((300, 300), one, font=large, fill=0)
        ImageDraw.Draw(image).text((900, 700), other, font=large, fill=0)
        return image

    gate = gate_that_showed(figures("3", "8"))
    swapped = figures("8", "3")
    assert watch(gate, [swapped, swapped])[-1].due is not None


def test_a_pale_highlight_is_news() -> None:
    gate = gate_that_showed(document())
    marked = document()
    pixels = np.array(marked)
    pixels[500:540, 40:900] -= np.where(pixels[500:540, 40:900] > 200, 16, 0).astype(np.uint8)
    highlighted = Image.fromarray(pixels)
    assert watch(gate, [highlighted, highlighted])[-1].due is not None


def test_a_video_is_shown_now_and_then_and_less_often_as_it_goes_on() -> None:
    gate = gate_that_showed(document())
    shown = []
    for second in range(40):
        gray = shrunk(with_video(document(), second))
        decision = gate.offer(gray)
        if decision.due is not None:
            assert decision.endless
            shown.append(second)
            gate.mark_shown(gray)
    assert len(shown) == 2
    assert shown[1] - shown[0] > shown[0]


def test_what_was_not_in_the_part_that_was_shown_is_still_news() -> None:
    gate = gate_that_showed(document())
    both = with_dialog(document(typed="Hello"), "Saved.")
    watch(gate, [both, both])
    gate.mark_shown(shrunk(both), Area(0, 160, 960, 352))
    left = watch(gate, [both])[-1].due
    assert left is not None
    assert left.top > 400


def test_a_light_that_turns_from_green_to_a_red_of_the_same_brightness_is_news() -> None:
    def lamp(colour: str) -> Gray:
        image = Image.new("RGB", (WIDTH, HEIGHT), "white")
        ImageDraw.Draw(image).ellipse((300, 300, 330, 330), fill=colour)
        rgba = rtc.VideoFrame(WIDTH, HEIGHT, rtc.VideoBufferType.RGBA, image.convert("RGBA").tobytes())
        return ScreenFrame(rgba, NOW).gray()

    gate = Gate()
    green, red = lamp("#2f9a3f"), lamp("#d64a3a")
    gate.mark_shown(green)
    gate.offer(green)
    gate.offer(red)
    assert gate.offer(red).due is not None


def test_a_screen_of_another_size_begins_anew() -> None:
    gate = gate_that_showed(document())
    small = shrunk(document())[:100, :200]
    assert gate.offer(small) == Decision(changed=1, moving=1, news=0)
    settled = gate.offer(small)
    assert (settled.changed, settled.moving, settled.news) == (1, 0, 1)
    assert settled.due == Area(0, 0, 200, 100)

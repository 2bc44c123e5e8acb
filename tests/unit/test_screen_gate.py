"""The gate on scripted screens: documents, typing, scrolling, dialogs, video, codec noise."""

from collections.abc import Iterable

import numpy as np
import pytest
from livekit import rtc
from PIL import Image, ImageDraw, ImageFont

from agent.screen.frame import ScreenFrame
from agent.screen.gate import Decision, Gate, Gray
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


def gate_that_sent(image: Image.Image) -> Gate:
    """The model has seen `image`, and it is still on the screen."""
    gate = Gate()
    gate.mark_sent(shrunk(image))
    watch(gate, [image, image])
    return gate


def test_a_screen_is_news_once_it_stood_still_for_one_sample() -> None:
    first, second = watch(Gate(), [document(), document()])
    assert (first.news, first.moving) == (0, 1)
    assert (second.news, second.moving) == (1, 0)


def test_a_screen_that_was_sent_and_did_not_change_is_no_news() -> None:
    gate = gate_that_sent(document())
    assert watch(gate, [document()] * 3) == [Decision(0, 0, 0)] * 3


def test_noise_of_a_codec_is_no_news() -> None:
    gate = gate_that_sent(document())
    assert {decision.changed for decision in watch(gate, [noisy(document(), seed) for seed in range(4)])} == {
        0
    }


def test_a_dialog_is_news_one_sample_after_it_appeared() -> None:
    gate = gate_that_sent(document())
    dialog = with_dialog(document(), "The file could not be saved.")
    appeared, settled = watch(gate, [dialog, dialog])
    assert appeared.news == 0
    assert appeared.moving > 0
    assert settled.news == pytest.approx(0.13, abs=0.05)


def test_a_dialog_that_closed_is_news_too() -> None:
    dialog = with_dialog(document(), "The file could not be saved.")
    gate = gate_that_sent(document())
    gate.mark_sent(shrunk(dialog))
    watch(gate, [dialog])
    assert watch(gate, [document(), document()])[-1].news > 0


def test_a_dialog_that_came_and_went_unseen_is_no_news() -> None:
    gate = gate_that_sent(document())
    dialog = with_dialog(document(), "Saved.")
    assert watch(gate, [dialog, document(), document()])[-1] == Decision(0, 0, 0)


def test_another_text_in_the_same_dialog_is_news() -> None:
    gate = gate_that_sent(with_dialog(document(), "Error 404: the page was not found"))
    other = with_dialog(document(), "Error 403: the page is forbidden")
    assert watch(gate, [other, other])[-1].news > 0


def test_one_changed_digit_is_news() -> None:
    gate = gate_that_sent(document(typed="Total: 38 euros"))
    changed = document(typed="Total: 83 euros")
    assert watch(gate, [changed, changed])[-1].news > 0


def test_text_that_scrolls_is_news_only_once_it_stands_still() -> None:
    gate = gate_that_sent(document())
    *scrolling, settled = watch(gate, [document(7), document(15), document(22), document(22)])
    assert max(decision.news for decision in scrolling) < 0.1
    assert settled.news == settled.changed > 0.15


def test_typing_is_news_once_the_typist_pauses() -> None:
    gate = gate_that_sent(document())
    typed, paused = watch(gate, [document(typed="H"), document(typed="Hello"), document(typed="Hello")])[1:]
    assert typed.news == 0
    assert paused.news > 0


def test_a_caret_that_blinks_between_states_the_model_saw_is_no_news() -> None:
    off, on = with_caret(document(), shown=False), with_caret(document(), shown=True)
    gate = gate_that_sent(off)
    gate.mark_sent(shrunk(on))
    assert [decision.news for decision in watch(gate, [on, off, off, on, on, off, off])] == [0] * 7


def test_a_video_is_never_news_but_what_happens_beside_it_is() -> None:
    gate = gate_that_sent(document())
    playing = watch(gate, [with_video(document(), number) for number in range(4)])
    assert [decision.news for decision in playing] == [0] * 4
    beside = [with_video(document(typed="Hello"), number) for number in range(4, 6)]
    assert watch(gate, beside)[-1].news > 0


def test_a_screen_of_another_size_begins_anew() -> None:
    gate = gate_that_sent(document())
    small = shrunk(document())[:100, :200]
    assert gate.offer(small) == Decision(changed=1, moving=1, news=0)
    assert gate.offer(small) == Decision(changed=1, moving=0, news=1)

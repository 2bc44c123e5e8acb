"""`python -m agent.screen replay`: recordings of frames, their events, and what is wrong with either."""

import json
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from livekit import rtc
from PIL import Image, ImageChops, ImageFilter
from typer.testing import CliRunner, Result

from agent.errors import AppError
from agent.screen.command import app
from agent.screen.replay.recording import Event, open_recording
from agent.screen.replay.run import Report, replay
from tests.unit.test_screen_gate import document, with_caret, with_dialog, with_video
from tests.unit.test_screen_sampler import video_of

SMALL = (640, 360)


def small(image: Image.Image) -> Image.Image:
    return image.convert("RGB").resize(SMALL)


def record(folder: Path, images: list[Image.Image]) -> Path:
    for number, image in enumerate(images):
        image.save(folder / f"frame{number}.png")
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["replay", *(str(argument) for argument in arguments)])


def refusal(*arguments: object) -> str:
    """What the command says about input that it refuses."""
    result = run(*arguments)
    assert isinstance(result.exception, AppError)
    return str(result.exception)


def dialogs(seconds: int = 24) -> list[Image.Image]:
    """A document; a dialog stands on it from 6 to 11 and another from 16 on."""
    page = document()
    first, second = with_dialog(page, "The file could not be saved."), with_dialog(page, "Try again later.")
    return [first if 6 <= at < 11 else second if at >= 16 else page for at in range(seconds)]


DIALOG_EVENTS = (
    Event(t=6.0, name="opens"),
    Event(t=11.0, name="closes"),
    Event(t=16.0, name="another opens"),
)


def of(images: list[Image.Image], events: tuple[Event, ...] = (), tokens_per_minute: int = 8_000) -> Report:
    return replay((video_of(image) for image in images), events, tokens_per_minute=tokens_per_minute)


def test_a_still_screen_is_sent_once() -> None:
    report = of([document()] * 10)
    assert [look.second for look in report.looks] == [1]
    assert report.bills["anthropic-patches"].share < 0.1


def test_each_change_is_sent_and_no_event_is_missed() -> None:
    report = of(dialogs(), DIALOG_EVENTS)
    assert len(report.looks) == 4
    assert report.crops == 3
    assert [outcome.delay_s for outcome in report.outcomes] == [1, 1, 1]


def test_an_event_that_was_gone_before_it_stood_still_is_missed_and_named() -> None:
    images = [document()] * 12
    images[6] = with_dialog(document(), "Saved.")
    report = of(images, (Event(t=6.0, name="a flash"),))
    assert [outcome.event.name for outcome in report.missed] == ["a flash"]


def test_a_dialog_that_goes_before_the_codec_has_sharpened_it_is_seen() -> None:
    page = document()
    sharp = with_dialog(page, "The file could not be saved.")
    box = ImageChops.difference(page, sharp).getbbox()
    images = [page] * 12
    for second, radius in ((6, 4), (7, 2), (8, 1)):
        images[second] = page.copy()
        images[second].paste(sharp.filter(ImageFilter.GaussianBlur(radius)).crop(box), box)
    report = of(images, (Event(t=6.0, name="opens"), Event(t=9.0, name="closes")))
    assert not report.missed


def test_an_event_in_which_nothing_happens_is_missed() -> None:
    report = of([document()] * 30, (Event(t=6.0, name="nothing"),))
    assert [outcome.why for outcome in report.missed] == ["nothing that settled changed on the screen"]


def test_a_look_elsewhere_does_not_count_for_an_event() -> None:
    """With a budget for one picture the first takes it all, and the dialogs are never sent."""
    report = of(dialogs(), DIALOG_EVENTS, tokens_per_minute=1)
    assert len(report.looks) == 1
    assert len(report.missed) == 3
    assert report.put_off > 0


def test_what_the_budget_put_off_is_sent_once_there_is_one_and_is_the_newest() -> None:
    report = of(dialogs(60), (), tokens_per_minute=1_000)
    first, last = report.looks
    assert report.put_off > 0
    assert first.second == 1
    assert last.second > 16
    assert last.box is not None


def test_a_video_beside_an_event_does_not_belong_to_it() -> None:
    page, noted = document(), document(typed="A note")
    images = [with_video(noted if at >= 12 else page, at) for at in range(20)]
    report = of(images, (Event(t=12.0, name="note"),))
    assert not report.missed


def test_a_caret_costs_nothing() -> None:
    images = [with_caret(document(), shown=at % 3 == 0) for at in range(30)]
    assert len(of(images).looks) == 1


def test_a_screen_that_changes_its_size_is_shown_whole_again() -> None:
    report = of([document()] * 4 + [document().resize((1280, 720))] * 4)
    assert [look.box for look in report.looks] == [None, None]


def test_frames_are_read_one_at_a_time() -> None:
    read: list[int] = []

    def videos() -> Iterator[rtc.VideoFrame]:
        for second in range(300):
            read.append(second)
            yield page

    page = video_of(small(document()))
    frames = videos()
    next(frames)
    assert read == [0]
    assert replay(frames).frames == 299


def test_frames_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("frame10.png", "frame9.png", "frame1.png", "frame2.PNG"):
        small(document()).save(tmp_path / name, "PNG")
    (tmp_path / "notes.txt").write_text("not a frame")
    (tmp_path / "._frame1.png").write_bytes(b"what macOS keeps beside a file")
    names = [path.name for path in open_recording(tmp_path, None).frames]
    assert names == ["frame1.png", "frame2.PNG", "frame9.png", "frame10.png"]


def test_an_event_in_grey_of_sixteen_bits_is_seen(tmp_path: Path) -> None:
    for number, image in enumerate(dialogs(10)):
        grey = np.asarray(small(image).convert("L")).astype(np.uint16) * 257
        Image.fromarray(grey).save(tmp_path / f"{number}.png")
    report = replay(open_recording(tmp_path, None).videos(), DIALOG_EVENTS[:1])
    assert not report.missed


def test_the_command_prints_tokens_by_provider_and_what_was_missed(tmp_path: Path) -> None:
    images = [small(document())] * 8
    events = tmp_path / "events.json"
    events.write_text(json.dumps([{"t": 4, "name": "nothing happens", "box": [1, 2]}]))
    (tmp_path / "frames").mkdir()
    result = run(record(tmp_path / "frames", images), "--events", events)
    assert result.exit_code == 0
    assert "8 frames, 1 sent" in result.output
    assert "Claude" in result.output
    assert "missed: 4 s, nothing happens" in result.output


def test_the_command_prints_json_of_one_provider(tmp_path: Path) -> None:
    result = run(record(tmp_path, [small(document())] * 5), "--json", "--provider", "gemini")
    printed = json.loads(result.output)
    assert set(printed["tokens"]) == {"gemini-resolution", "gemini-tiles"}
    assert printed["tokens"]["gemini-resolution"]["full"] == 5 * 1120
    assert printed["missed"] == []


def test_input_that_is_wrong_ends_with_a_sentence_and_exit_code_2(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "agent.screen", "replay", str(tmp_path)], capture_output=True, text=True
    )
    assert ended.returncode == 2
    assert ended.stderr.strip() == f"{str(tmp_path)!r} holds no PNG file; one for each second is expected"


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    assert "'nowhere' is not a folder" in refusal("nowhere")


@pytest.mark.parametrize("kept", [0, 10, 30, 400])
def test_a_frame_that_is_cut_off_is_named(tmp_path: Path, kept: int) -> None:
    record(tmp_path, [small(document())] * 3)
    whole = (tmp_path / "frame1.png").read_bytes()
    (tmp_path / "frame1.png").write_bytes(whole[:kept])
    assert "frame1.png" in refusal(tmp_path)


def test_a_damaged_frame_is_named(tmp_path: Path) -> None:
    record(tmp_path, [small(document())] * 2)
    broken = bytearray((tmp_path / "frame1.png").read_bytes())
    broken[60:200] = bytes(140)
    (tmp_path / "frame1.png").write_bytes(broken)
    assert "frame1.png" in refusal(tmp_path)


def test_a_picture_of_another_kind_under_the_name_of_a_png_is_refused(tmp_path: Path) -> None:
    small(document()).save(tmp_path / "frame0.png", "JPEG")
    assert "frame0.png' is not a PNG file" in refusal(tmp_path)


def png(width: int, height: int, packed: bytes) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("width", "height"), [(60_000, 60_000), (16_384, 16_384), (2, 2), (0, 0), (100_000, 70)]
)
def test_a_bomb_is_refused_by_its_header(tmp_path: Path, width: int, height: int) -> None:
    """A few hundred bytes that unpack to gigabytes, and pictures that are no screens."""
    (tmp_path / "bomb.png").write_bytes(png(width, height, zlib.compress(bytes(100_000))))
    said = refusal(tmp_path)
    assert "bomb.png" in said
    assert f"{width} by {height} pixels" in said


def test_a_text_chunk_that_unpacks_to_a_lot_is_refused(tmp_path: Path) -> None:
    whole = png(100, 100, zlib.compress(bytes(101 * 100)))
    text = b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9)
    chunk = struct.pack(">I", len(text)) + b"zTXt" + text + struct.pack(">I", zlib.crc32(b"zTXt" + text))
    (tmp_path / "bomb.png").write_bytes(whole[:33] + chunk + whole[33:])
    assert "bomb.png" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("{}", "is not a list of events"),
        ('[{"t": "soon", "name": "x"}]', "0.t"),
        ('[{"t": -1, "name": "x"}]', "0.t"),
        ('[{"t": NaN, "name": "x"}]', "0.t"),
        ('[{"t": 1}]', "0.name"),
        ('[{"t": 1, "name": ""}]', "0.name"),
        (
            '[{"t": 1, "name": "x"}, {"t": 99, "name": "too late"}]',
            "'too late', but the last of the 3 frames",
        ),
        ("\xff\xfe", "is not JSON"),
    ],
)
def test_events_that_are_wrong_are_named(tmp_path: Path, text: str, said: str) -> None:
    record(tmp_path, [small(document())] * 3)
    events = tmp_path / "events.json"
    events.write_bytes(text.encode("latin-1"))
    message = refusal(tmp_path, "--events", events)
    assert "events.json" in message
    assert said in message


def test_events_that_do_not_exist_are_named(tmp_path: Path) -> None:
    record(tmp_path, [small(document())] * 3)
    assert "missing.json" in refusal(tmp_path, "--events", tmp_path / "missing.json")

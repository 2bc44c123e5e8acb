"""Scenes in which something moves by itself: video, spinners, scrolling, fades, the mouse, adverts."""

import math
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw

from tests.bench.scenes.stage import LIGHT, Stage, caret, panel, pointer, write

SECONDS = 60


def _video(stage: Stage, size: tuple[int, int], kept: list[Image.Image]) -> Image.Image:
    """The next picture of a film: smooth shapes that drift, with a cut now and then."""
    if not kept or stage.random.random() < 0.1:
        kept[:] = [stage.photo((size[0] * 2, size[1] * 2))]
    x, y = (
        int(span * (0.5 + 0.45 * math.sin(stage.second * speed)))
        for span, speed in zip(size, (1.3, 0.9), strict=True)
    )
    return kept[0].crop((x, y, x + size[0], y + size[1]))


def video(stage: Stage) -> Iterator[Image.Image]:
    """A film in a corner while notes are taken elsewhere."""
    page, film, row = stage.page(17), list[Image.Image](), 0
    ImageDraw.Draw(page).rectangle((80, 500, 1100, 1060), fill="#ffffff")
    while stage.second < SECONDS:
        for _ in range(stage.random.randint(6, 10)):
            shot = page.copy()
            shot.paste(_video(stage, (640, 360), film), (1240, 40))
            yield shot
        box = write(page, (100, 520 + row % 16 * 32), stage.words(6), 18)
        row += 1
        stage.label("note", box)
    for _ in range(2):
        shot = page.copy()
        shot.paste(_video(stage, (640, 360), film), (1240, 40))
        yield shot


def spinner(stage: Stage) -> Iterator[Image.Image]:
    """A spinner turns, then the result stands in its place."""
    page = stage.page(16)
    panel(page, (500, 300, 1400, 800), "#ffffff")
    while stage.second < SECONDS:
        for turn in range(stage.random.randint(5, 8)):
            shot = page.copy()
            start = turn * 97 + stage.seed
            ImageDraw.Draw(shot).arc((900, 500, 980, 580), start, start + 270, fill="#0969da", width=8)
            yield shot
        shot = page.copy()
        box = write(shot, (560, 520), stage.words(7), 24)
        stage.label("result", box)
        for _ in range(stage.random.randint(4, 7)):
            yield shot


def mouse(stage: Stage) -> Iterator[Image.Image]:
    """The mouse wanders, rests, wanders on; boxes are ticked."""
    page = stage.blank("#fbfbfb")
    ticked = [False] * 10
    for row in range(10):
        write(page, (160, 80 + row * 90), stage.words(5), 18)
    x, y = 900, 500
    while stage.second < SECONDS:
        for _ in range(stage.random.randint(2, 4)):
            x, y = stage.random.randint(600, 1800), stage.random.randint(50, 1000)
            for _ in range(stage.random.randint(1, 3)):
                yield _ticks(stage, page, ticked, (x, y))
        row = stage.random.randrange(10)
        ticked[row] = not ticked[row]
        stage.label("box ticked", (100, 80 + row * 90, 124, 104 + row * 90))
        for _ in range(2):
            yield _ticks(stage, page, ticked, (x, y))


def _ticks(stage: Stage, page: Image.Image, ticked: list[bool], place: tuple[int, int]) -> Image.Image:
    shot = page.copy()
    for row, on in enumerate(ticked):
        top = 80 + row * 90
        ImageDraw.Draw(shot).rectangle((100, top, 124, top + 24), outline="#1f2328", width=2)
        if on:
            tick = [(104, top + 12), (111, top + 19), (121, top + 4)]
            ImageDraw.Draw(shot).line(tick, fill="#1f2328", width=3)
    pointer(shot, place)
    return shot


def progress(stage: Stage) -> Iterator[Image.Image]:
    """A bar that fills, then a line that says so."""
    page = stage.page(16)
    panel(page, (500, 420, 1420, 660), "#ffffff")
    while stage.second < SECONDS:
        length = stage.random.randint(6, 10)
        for step in range(1, length + 1):
            shot = page.copy()
            write(shot, (540, 450), "Copying files", 18)
            ImageDraw.Draw(shot).rectangle((540, 520, 540 + 820 * step // length, 550), fill="#1f883d")
            yield shot
        shot = page.copy()
        box = write(shot, (540, 520), f"Done: {stage.number()} files. {stage.words(3)}", 20)
        stage.label("done", box)
        for _ in range(stage.random.randint(4, 7)):
            yield shot


def mapped(stage: Stage) -> Iterator[Image.Image]:
    """A map that is dragged about and then stays."""
    land = stage.photo((5760, 3240))
    draw = ImageDraw.Draw(land)
    for _ in range(260):
        x, y = stage.random.randrange(5600), stage.random.randrange(3200)
        draw.line(
            (x, y, x + stage.random.randint(-300, 300), y + stage.random.randint(-300, 300)),
            fill="#ffffff",
            width=5,
        )
        write(land, (x, y), stage.random.choice("ABCDEFGH") + stage.words(1), 18)
    x, y = 1900, 1000
    while stage.second < SECONDS:
        for _ in range(stage.random.randint(2, 5)):
            x = min(max(x + stage.random.randint(-400, 400), 0), 3840)
            y = min(max(y + stage.random.randint(-300, 300), 0), 2160)
            yield land.crop((x, y, x + 1920, y + 1080))
        x = min(x + 90, 3840) if x < 3700 else x - 90
        stage.label("map rests", (0, 0, *stage.size))
        for _ in range(stage.random.randint(5, 9)):
            yield land.crop((x, y, x + 1920, y + 1080))


def fades(stage: Stage) -> Iterator[Image.Image]:
    """Slides that fade into each other for two seconds."""
    last = stage.blank("#101418")
    while stage.second < SECONDS:
        slide = stage.blank("#101418")
        write(slide, (140, 120), stage.words(3).title(), 80, "#ffffff")
        write(slide, (140, 420), stage.words(6), 40, "#c9d1d9")
        stage.label("fades in", (0, 100, 1600, 500))
        for part in (0.33, 0.67):
            yield Image.blend(last, slide, part)
        for _ in range(stage.random.randint(6, 9)):
            yield slide
        last = slide


def blinking(stage: Stage) -> Iterator[Image.Image]:
    """A caret that blinks in a document; a paragraph is pasted twice."""
    page = stage.page(16)
    ImageDraw.Draw(page).rectangle((100, 400, 1800, 1040), fill="#ffffff")
    top = 420
    while stage.second < SECONDS:
        for _ in range(stage.random.randint(14, 20)):
            shot = page.copy()
            caret(shot, (120, top), stage.second)
            yield shot
        for _ in range(3):
            write(page, (120, top), stage.words(12), 16)
            top += 28
        stage.label("pasted", (120, top - 84, 900, top))
    for _ in range(2):
        shot = page.copy()
        caret(shot, (120, top), stage.second)
        yield shot


def clock(stage: Stage) -> Iterator[Image.Image]:
    """A large clock with seconds above a status that changes."""
    status = stage.words(3)
    while stage.second < SECONDS:
        for _ in range(stage.random.randint(7, 11)):
            image = stage.blank("#0d1117")
            write(image, (640, 300), f"14:{stage.second // 60:02}:{stage.second % 60:02}", 140, "#e6edf3")
            write(image, (640, 760), status, 36, "#7d8590")
            yield image
        status = stage.words(3)
        if stage.second < SECONDS:
            stage.label("status", (640, 760, 1200, 800))


def webcam(stage: Stage) -> Iterator[Image.Image]:
    """A person's camera beside a shared document whose page is turned."""
    film: list[Image.Image] = []
    generator = np.random.default_rng(stage.seed)
    while stage.second < SECONDS:
        page = stage.page(18)
        stage.label("page turned", (60, 60, 1300, 900))
        for _ in range(stage.random.randint(7, 11)):
            shot = page.copy()
            face = np.asarray(_video(stage, (400, 300), film)) + generator.normal(0, 8, (300, 400, 1))
            shot.paste(Image.fromarray(np.clip(face, 0, 255).astype(np.uint8)), (1480, 740))
            yield shot


def scrolling(stage: Stage) -> Iterator[Image.Image]:
    """A long page that is scrolled for some seconds and then read."""
    tall = Stage(stage.seed + 5, (1920, 12000)).page(17)
    top = 0
    while stage.second < SECONDS:
        for _ in range(stage.random.randint(2, 5)):
            top = (top + stage.random.randint(150, 500)) % 10800
            yield tall.crop((0, top, 1920, top + 1080))
        top = (top + 200) % 10800
        stage.label("stops", (0, 0, *stage.size))
        for _ in range(stage.random.randint(5, 8)):
            yield tall.crop((0, top, 1920, top + 1080))


def zoom(stage: Stage) -> Iterator[Image.Image]:
    """A drawing that is zoomed into and out of."""
    page = stage.page(20)
    page.paste(stage.photo((700, 500)), (900, 300))
    while stage.second < SECONDS:
        x, y, last = stage.random.randint(0, 900), stage.random.randint(0, 500), page
        for part in (1.3, 1.7):
            yield page.crop((x, y, x + int(1920 / part), y + int(1080 / part))).resize(stage.size)
        last = page.crop((x, y, x + 960, y + 540)).resize(stage.size)
        stage.label("zoomed in", (0, 0, *stage.size))
        for _ in range(stage.random.randint(5, 8)):
            yield last
        stage.label("zoomed out", (0, 0, *stage.size))
        for _ in range(stage.random.randint(5, 8)):
            yield page


def split(stage: Stage) -> Iterator[Image.Image]:
    """Half the screen is a film, the other a list to which lines are added."""
    film: list[Image.Image] = []
    page = stage.blank("#fffdf8")
    row = 0
    while stage.second < SECONDS:
        box = write(page, (1000, 60 + row * 44), f"{row + 1}. {stage.words(5)}", 20)
        row += 1
        stage.label("line added", box)
        for _ in range(stage.random.randint(5, 9)):
            shot = page.copy()
            shot.paste(_video(stage, (960, 1080), film), (0, 0))
            yield shot


def phone(stage: Stage) -> Iterator[Image.Image]:
    """A phone held upright: apps change, a notice slides in."""
    stage.size = (1080, 1920)
    while stage.second < SECONDS:
        app = stage.page(30)
        stage.label("app opens", (0, 0, *stage.size))
        for _ in range(stage.random.randint(4, 7)):
            yield app
        if stage.random.random() < 0.6:
            shot = app.copy()
            box = (40, 60, 1040, 240)
            panel(shot, box, "#e7ebf0")
            write(shot, (80, 110), stage.words(4), 34)
            stage.label("notice", box)
            for _ in range(stage.random.randint(3, 5)):
                yield shot


def lights(stage: Stage) -> Iterator[Image.Image]:
    """Lamps that turn from green to a red of the same brightness and back."""
    on = [False] * 12
    while stage.second < SECONDS:
        for _ in range(stage.random.randint(6, 9)):
            image = stage.blank("#ffffff")
            for lamp, red in enumerate(on):
                top = 60 + lamp * 80
                ImageDraw.Draw(image).ellipse((120, top, 150, top + 30), fill="#d64a3a" if red else "#2f9a3f")
                write(image, (190, top), f"Service {lamp + 1}", 22)
            yield image
        lamp = stage.random.randrange(12)
        on[lamp] = not on[lamp]
        if stage.second < SECONDS:
            stage.label("lamp", (120, 60 + lamp * 80, 150, 90 + lamp * 80))


def advert(stage: Stage) -> Iterator[Image.Image]:
    """A banner of three pictures that take turns every two seconds beside an article that is paged."""
    banners = [stage.photo((320, 600)) for _ in range(3)]
    for banner in banners:
        write(banner, (30, 280), stage.words(2), 28, "#ffffff")
    while stage.second < SECONDS:
        page = stage.page(19, LIGHT)
        stage.label("next page", (60, 60, 1400, 900))
        for _ in range(stage.random.randint(8, 12)):
            shot = page.copy()
            shot.paste(banners[stage.second // 2 % 3], (1540, 200))
            yield shot


def whiteboard(stage: Stage) -> Iterator[Image.Image]:
    """Strokes drawn by hand for some seconds, then a pause."""
    board = stage.blank("#fefefe")
    while stage.second < SECONDS:
        x, y = stage.random.randint(200, 1600), stage.random.randint(200, 800)
        left, top, right, bottom = x, y, x, y
        for _ in range(stage.random.randint(2, 4)):
            end = (x + stage.random.randint(-150, 150), y + stage.random.randint(-120, 120))
            board = board.copy()
            ImageDraw.Draw(board).line((x, y, *end), fill="#cf222e", width=5)
            x, y = end
            left, top, right, bottom = min(left, x), min(top, y), max(right, x), max(bottom, y)
            yield board
        board = board.copy()
        box = write(board, (min(x + 10, 1700), y), stage.words(1), 30)
        stage.label(
            "drawing done", (min(left, box[0]), min(top, box[1]), max(right, box[2]), max(bottom, box[3]))
        )
        for _ in range(stage.random.randint(5, 8)):
            yield board


MOTION = (
    video, spinner, mouse, progress, mapped, fades, blinking, clock, webcam, scrolling, zoom, split, phone,
    lights, advert, whiteboard,
)  # fmt: skip

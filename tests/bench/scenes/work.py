"""Scenes of work with text: writing, reading, filling in, running commands."""

from collections.abc import Iterator

from PIL import Image, ImageDraw

from tests.bench.scenes.stage import DARK, LIGHT, Stage, caret, font, panel, pointer, write

SECONDS = 60


def slides(stage: Stage) -> Iterator[Image.Image]:
    """Slides that change at once, every six to ten seconds."""
    while stage.second < SECONDS:
        slide = stage.blank("#fdfdfd")
        write(slide, (120, 90), stage.words(4).title(), 72)
        for row in range(stage.random.randint(2, 5)):
            write(slide, (160, 260 + row * 110), "• " + stage.words(5), 44)
        slide.paste(stage.photo((600, 420)), (1250, 560))
        stage.label("next slide", (0, 0, *stage.size))
        for _ in range(stage.random.randint(6, 10)):
            yield slide


def editor(stage: Stage) -> Iterator[Image.Image]:
    """Lines of code typed in a dark editor, with pauses; a label for each finished line."""
    page, row = stage.page(15, DARK), 0
    ImageDraw.Draw(page).rectangle((200, 300, 1700, 900), fill=DARK[0])
    while stage.second < SECONDS:
        line, top = stage.words(7), 320 + 28 * (row % 20)
        row += 1
        width = len(line)
        for typed in (width // 4, width // 2, 3 * width // 4):
            shot = page.copy()
            box = write(shot, (220, top), line[:typed], 15, DARK[1], "DejaVuSansMono")
            caret(shot, (box[2] + 2, top), 0, 15, DARK[1])
            yield shot
        box = write(page, (220, top), line, 15, DARK[1], "DejaVuSansMono")
        stage.label("line typed", box)
        for _ in range(stage.random.randint(4, 7)):
            shot = page.copy()
            caret(shot, (box[2] + 2, top), stage.second, 15, DARK[1])
            yield shot


def terminal(stage: Stage) -> Iterator[Image.Image]:
    """Output that scrolls for some seconds and then rests at its last line."""
    lines = [stage.words(8) for _ in range(48)]
    while stage.second < SECONDS:
        for _ in range(stage.random.randint(2, 4)):
            lines = [*lines[17:], *(f"[{stage.number()}] {stage.words(6)}" for _ in range(17))]
            yield _terminal(stage, lines)
        lines = [*lines[3:], f"$ exit code {stage.random.randint(0, 255)}", stage.words(5), "$"]
        stage.label("output ended", (20, 1000, 900, 1070))
        for _ in range(stage.random.randint(5, 9)):
            yield _terminal(stage, lines)


def _terminal(stage: Stage, lines: list[str]) -> Image.Image:
    image = stage.blank("#0c0c0c")
    for row, line in enumerate(lines):
        write(image, (20, 12 + 22 * row), line, 15, "#cccccc", "DejaVuSansMono")
    return image


def dashboard(stage: Stage) -> Iterator[Image.Image]:
    """Twelve figures of which one changes now and then, beside a clock that ticks."""
    values = [stage.number() for _ in range(12)]
    place = 0
    while stage.second < SECONDS:
        for _ in range(stage.random.randint(6, 10)):
            image = stage.blank("#f3f4f6")
            for cell, value in enumerate(values):
                left, top = 60 + cell % 4 * 460, 140 + cell // 4 * 300
                panel(image, (left, top, left + 420, top + 260), "#ffffff", "#d0d7de")
                write(image, (left + 30, top + 30), f"Metric {cell + 1}", 18, "#57606a")
                write(image, (left + 30, top + 90), value, 48)
            write(image, (1700, 40), f"12:{stage.second // 60:02}:{stage.second % 60:02}", 24)
            yield image
        place = stage.random.randrange(12)
        values[place] = stage.number()
        left, top = 60 + place % 4 * 460, 140 + place // 4 * 300
        if stage.second < SECONDS:
            stage.label(f"metric {place + 1} changed", (left + 30, top + 90, left + 330, top + 145))


def dialog(stage: Stage) -> Iterator[Image.Image]:
    """Error dialogs that open and close over a document."""
    page = stage.page(16)
    while stage.second < SECONDS:
        for _ in range(stage.random.randint(4, 7)):
            yield page
        left, top = stage.random.randint(300, 1000), stage.random.randint(200, 600)
        box = (left, top, left + 620, top + 240)
        shot = page.copy()
        panel(shot, box)
        write(shot, (left + 30, top + 40), f"Error {stage.random.randint(1000, 9999)}", 26)
        write(shot, (left + 30, top + 100), stage.words(6), 18)
        stage.label("dialog opens", box)
        for _ in range(stage.random.randint(4, 7)):
            yield shot
        stage.label("dialog closes", box)
    yield page
    yield page


def toast(stage: Stage) -> Iterator[Image.Image]:
    """Small notices in a corner that stay for three or four seconds."""
    page = stage.page(18)
    while stage.second < SECONDS:
        for _ in range(stage.random.randint(6, 9)):
            yield page
        shot = page.copy()
        box = (1560, 960, 1880, 1030)
        panel(shot, box, "#24292f", "#24292f")
        write(shot, (1580, 982), stage.words(3), 18, "#ffffff")
        stage.label("toast", box)
        for _ in range(stage.random.randint(3, 4)):
            yield shot


def typo(stage: Stage) -> Iterator[Image.Image]:
    """One letter or digit of a dense page changes."""
    page = stage.page(13)
    while stage.second < SECONDS:
        left, top = stage.random.randint(100, 1700), stage.random.randint(100, 900)
        ImageDraw.Draw(page).rectangle((left - 8, top - 4, left + 24, top + 18), fill="#ffffff")
        before, after = stage.random.sample("23456789aebdkmnsx", 2)
        write(page, (left, top), before, 13)
        if stage.second:
            stage.label("text appears", (left - 8, top - 4, left + 24, top + 18))
        for _ in range(stage.random.randint(6, 9)):
            yield page.copy()
        ImageDraw.Draw(page).rectangle((left - 8, top - 4, left + 24, top + 18), fill="#ffffff")
        box = write(page, (left, top), after, 13)
        stage.label(f"{before} becomes {after}", box)
        for _ in range(stage.random.randint(6, 9)):
            yield page.copy()


def table(stage: Stage) -> Iterator[Image.Image]:
    """A cell of a sheet is edited and the total follows."""
    cells = [[stage.random.randint(10, 9999) for _ in range(8)] for _ in range(24)]
    while stage.second < SECONDS:
        row, column = stage.random.randrange(24), stage.random.randrange(8)
        for _ in range(stage.random.randint(5, 8)):
            yield _sheet(stage, cells)
        cells[row][column] = stage.random.randint(10, 9999)
        stage.label("cell edited", (60 + column * 220, 40 + row * 38, 60 + column * 220 + 90, 62 + row * 38))
        stage.label("total follows", (60 + column * 220, 40 + 25 * 38, 60 + column * 220 + 110, 62 + 25 * 38))
    yield _sheet(stage, cells)
    yield _sheet(stage, cells)


def _sheet(stage: Stage, cells: list[list[int]]) -> Image.Image:
    image = stage.blank()
    draw = ImageDraw.Draw(image)
    for row, values in enumerate([*cells, [], [sum(column) for column in zip(*cells, strict=True)]]):
        draw.line((40, 32 + row * 38, 1880, 32 + row * 38), fill="#d0d7de")
        for column, value in enumerate(values):
            draw.text((60 + column * 220, 40 + row * 38), str(value), font=font(16), fill="#1f2328")
    return image


def chat(stage: Stage) -> Iterator[Image.Image]:
    """Messages that push the older ones up."""
    said = [stage.words(6) for _ in range(14)]
    while stage.second < SECONDS:
        image = stage.blank("#f9fafb")
        panel(image, (0, 0, 420, 1080), "#eef1f4")
        for row, text in enumerate(said[-14:]):
            write(image, (480, 60 + row * 70), text, 20)
        stage.label("message", (480, 60 + 13 * 70, 1100, 84 + 13 * 70))
        for _ in range(stage.random.randint(5, 12)):
            yield image
        said.append(stage.words(stage.random.randint(2, 8)))


def windows(stage: Stage) -> Iterator[Image.Image]:
    """Three windows that come to the front in turn, each as it was left."""
    fronts = [stage.page(15, DARK), stage.page(17), stage.page(22)]
    front = 0
    while stage.second < SECONDS:
        front = (front + stage.random.randint(1, 2)) % 3
        stage.label(f"window {front}", (0, 0, *stage.size))
        for _ in range(stage.random.randint(6, 11)):
            yield fronts[front]


def form(stage: Stage) -> Iterator[Image.Image]:
    """A form on a 720p screen: fields are filled in, one complains."""
    stage.size = (1280, 720)
    page = stage.blank("#fafafa")
    row = 0
    for place in range(8):
        write(page, (100, 60 + place * 76), stage.words(2).title(), 14)
        panel(page, (100, 82 + place * 76, 700, 116 + place * 76), "#ffffff", "#afb8c1")
    while stage.second < SECONDS:
        for _ in range(stage.random.randint(5, 8)):
            shot = page.copy()
            caret(shot, (108, 90 + row % 8 * 76), stage.second, 14)
            yield shot
        top = 82 + row % 8 * 76
        panel(page, (100, top, 700, top + 34), "#ffffff", "#afb8c1")
        box = write(page, (112, top + 8), stage.words(3), 14)
        if stage.random.random() < 0.4:
            box = write(page, (720, top + 10), stage.words(3), 13, "#cf222e")
        row += 1
        stage.label("field filled", box)
    yield page
    yield page


def code_4k(stage: Stage) -> Iterator[Image.Image]:
    """A 4K screen of code in which a line changes."""
    stage.size = (3840, 2160)
    page = stage.page(28, DARK)
    while stage.second < SECONDS:
        for _ in range(stage.random.randint(6, 9)):
            yield page
        top = stage.random.randint(200, 1900)
        page = page.copy()
        ImageDraw.Draw(page).rectangle((300, top, 1500, top + 44), fill=DARK[0])
        box = write(page, (300, top + 4), stage.words(4), 28, "#4ec9b0", "DejaVuSansMono")
        stage.label("line changed", box)
    yield page
    yield page


def tooltip(stage: Stage) -> Iterator[Image.Image]:
    """The mouse rests and a tip opens beside it."""
    page = stage.page(15)
    x, y = 300, 300
    while stage.second < SECONDS:
        for _ in range(stage.random.randint(3, 5)):
            x, y = stage.random.randint(100, 1500), stage.random.randint(100, 900)
            shot = page.copy()
            pointer(shot, (x, y))
            yield shot
        shot = page.copy()
        box = (x + 14, y + 20, x + 354, y + 66)
        panel(shot, box, "#fffbe6", "#8c6d1f")
        write(shot, (x + 24, y + 32), stage.words(4), 15)
        pointer(shot, (x, y))
        stage.label("tip", box)
        for _ in range(stage.random.randint(3, 5)):
            yield shot


def recalculated(stage: Stage) -> Iterator[Image.Image]:
    """Many cells of a sheet change at once."""
    cells = [[stage.random.randint(10, 9999) for _ in range(8)] for _ in range(24)]
    while stage.second < SECONDS:
        for _ in range(stage.random.randint(7, 11)):
            yield _sheet(stage, cells)
        rows = sorted(stage.random.sample(range(24), 2))
        for row in range(*rows):
            cells[row] = [stage.random.randint(10, 9999) for _ in range(8)]
        stage.label("recalculated", (60, 40 + rows[0] * 38, 1700, 62 + (rows[1] - 1) * 38))
    yield _sheet(stage, cells)
    yield _sheet(stage, cells)


WORK = (
    slides, editor, terminal, dashboard, dialog, toast, typo, table, chat, windows, form, code_4k, tooltip,
    recalculated,
)  # fmt: skip
THEMES = (LIGHT, DARK)

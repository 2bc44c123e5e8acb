"""The screen gate on scripted scenes: share of tokens, events missed, delay, time a frame; dHash beside it.

Two judges say what was missed: one that knows where each scene draws, and the one of the replay, which tells
it from the frames. Everything that is due counts as sent.
"""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from livekit import rtc
from PIL import Image
from rich.console import Console
from rich.table import Table

from agent.cascade.models.catalog import ImageFormula
from agent.cascade.models.image_tokens import image_tokens
from agent.screen.frame import ScreenFrame
from agent.screen.replay.judge import WITHIN_S, shows
from agent.screen.replay.recording import Event
from agent.screen.replay.run import STANDS_STILL_S, START, Report, replay, spread
from agent.screen.tiles import TILE_PX, Gray, Mask, differing
from tests.bench.scenes.catalogue import GROUPS, Group, Scene, scenes
from tests.bench.scenes.stage import Box, Label

TO_REACH: Final[dict[ImageFormula, str]] = {
    "anthropic-patches": "≤ 5 %",
    "openai-patches": "≤ 5 %",
    "gemini-resolution": "≤ 10 %",
}
DHASH_BITS: Final = 5
"""Of 64: from this distance on the reference sends the frame."""


@dataclass(slots=True)
class Sends:
    """What one method sent of a scene: (second, box or None for all)."""

    looks: list[tuple[int, Box | None]] = field(default_factory=list)
    tokens: dict[ImageFormula, int] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    delays_s: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Played:
    """One scene. `report` is the replay's, with its own judge."""

    scene: str
    labels: int
    report: Report
    gate: Sends
    dhash: Sends


def measure_screen(groups: tuple[Group, ...] = GROUPS) -> dict[Group, list[Played]]:
    return {group: [play(scene) for scene in scenes(group)] for group in groups}


def play(scene: Scene) -> Played:
    stage, frames = scene.play()
    sketch, sketched = scene.play_clean()
    for _ in sketched:
        pass
    grays: list[Gray] = []
    dhash, hashes = Sends(tokens=dict.fromkeys(TO_REACH, 0)), list[int]()

    def videos() -> Iterator[rtc.VideoFrame]:
        for second, image in enumerate(frames):
            video = video_of(image)
            grays.append(ScreenFrame(video, START).gray())
            value = _dhash(image)
            if not hashes or (value ^ hashes[-1]).bit_count() >= DHASH_BITS:
                hashes.append(value)
                dhash.looks.append((second, None))
                for formula in TO_REACH:
                    dhash.tokens[formula] += image_tokens(formula, image.width, image.height)
            yield video

    events = tuple(Event(t=float(label.t), name=f"{label.name} at {label.t}") for label in sketch.labels)
    report = replay(videos(), events)
    assert [label.t for label in stage.labels] == [label.t for label in sketch.labels]
    gate = Sends(
        [(look.second, look.box) for look in report.looks],
        {formula: report.bills[formula].sent for formula in TO_REACH},
    )
    for sends in (gate, dhash):
        _judge(sends, stage.labels, grays, stage.size)
    return Played(scene.name, len(stage.labels), report, gate, dhash)


def video_of(image: Image.Image) -> rtc.VideoFrame:
    rgba = rtc.VideoFrame(*image.size, rtc.VideoBufferType.RGBA, image.convert("RGBA").tobytes())
    return rgba.convert(rtc.VideoBufferType.I420)


def _judge(sends: Sends, labels: list[Label], grays: list[Gray], size: tuple[int, int]) -> None:
    """A label is seen by looks that cover what changed in its box, as it settled and before it goes."""
    grays = [*grays, *([grays[-1]] * STANDS_STILL_S)]
    for place, label in enumerate(labels):
        tiles = _tiles(label.box, grays[0], size)
        later = [
            other.t for other in labels[place + 1 :] if other.t > label.t and _overlap(other.box, label.box)
        ]
        until = min([*later, len(grays) - 1])
        settled = next(
            (s for s in range(label.t, until - 1) if not (differing(grays[s], grays[s + 1]) & tiles).any()),
            max(label.t, until - 1),
        )
        before = grays[label.t - 1] if label.t else None
        if before is not None:
            tiles &= differing(before, grays[settled])
        seen = None
        for second, box in sends.looks:
            if label.t <= second < max(until, label.t + 1) and second <= settled + 1 + WITHIN_S:
                shown = tiles if box is None else tiles & _tiles(box, grays[0], size)
                tiles &= ~(shown & shows(grays[second], grays[settled], before))
                if seen is None and not tiles.any():
                    seen = second
        if seen is None:
            sends.missed.append(f"{label.name} at {label.t}")
        else:
            sends.delays_s.append(seen - label.t)


def _tiles(box: Box, gray: Gray, size: tuple[int, int]) -> Mask:
    scale = size[0] / gray.shape[1] * TILE_PX
    left, top, right, bottom = (int(edge / scale) for edge in box)
    mask = np.zeros((-(-gray.shape[0] // TILE_PX), -(-gray.shape[1] // TILE_PX)), dtype=np.bool_)
    mask[top : bottom + 1, left : right + 1] = True
    return mask


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _dhash(image: Image.Image) -> int:
    small = np.asarray(image.convert("L").resize((9, 8), Image.Resampling.LANCZOS)).astype(np.int16)
    value = 0
    for bit in (small[:, 1:] > small[:, :-1]).flatten():
        value = value << 1 | int(bit)
    return value


def samples_of(results: dict[Group, list[Played]]) -> dict[Group, list[dict[str, Any]]]:
    return {
        group: [
            {
                "scene": one.scene,
                "labels": one.labels,
                "frames": one.report.frames,
                "looks": len(one.gate.looks),
                "tokens": {
                    f: [one.gate.tokens[f], one.dhash.tokens[f], one.report.bills[f].full] for f in TO_REACH
                },
                "missed": one.gate.missed,
                "missed_by_replay": len(one.report.missed),
                "missed_by_dhash": len(one.dhash.missed),
                "delays_s": one.gate.delays_s,
                "frame_ms": spread(one.report.frame_ms),
                "frame_cpu_ms": spread(one.report.frame_cpu_ms),
            }
            for one in played
        ]
        for group, played in results.items()
    }


def report_screen(results: dict[Group, list[Played]]) -> None:
    table = Table("scenes", "method", *TO_REACH, "missed", "by the replay's judge", "delay s (median, most)")
    for group, played in results.items():
        full = {f: sum(one.report.bills[f].full for one in played) for f in TO_REACH}
        labels = sum(one.labels for one in played)
        for method in ("gate", "dhash"):
            sends: list[Sends] = [getattr(one, method) for one in played]
            shares = [_share([s.tokens[f] for s in sends], full[f], played, f) for f in TO_REACH]
            delays = [delay for s in sends for delay in s.delays_s]
            judged = sum(len(one.report.missed) for one in played)
            table.add_row(
                f"{group} ({len(played)})",
                "the gate" if method == "gate" else f"dHash, {DHASH_BITS} bits",
                *shares,
                f"{sum(len(s.missed) for s in sends)} of {labels}",
                str(judged) if method == "gate" else "",
                f"{statistics.median(delays):g}, {max(delays)}" if delays else "",
            )
    table.add_row("to reach", "", *TO_REACH.values(), "0", "0", "")
    console = Console()
    console.print(table)
    frame_ms = [ms for played in results.values() for one in played for ms in one.report.frame_ms]
    cpu_ms = [ms for played in results.values() for one in played for ms in one.report.frame_cpu_ms]
    encode_ms = [ms for played in results.values() for one in played for ms in one.report.encode_ms]
    frame, cpu, encode = spread(frame_ms), spread(cpu_ms), spread(encode_ms)
    console.print(
        f"a frame: median {frame['p50']:.2f} ms, p99 {frame['p99']:.2f} ms; on the processor "
        f"{cpu['p50']:.2f} and {cpu['p99']:.2f} ms (to reach: ≤ 3 ms)"
    )
    console.print(f"a JPEG, when one is sent: median {encode['p50']:.1f} ms, p99 {encode['p99']:.1f} ms")


def _share(tokens: list[int], full: int, played: list[Played], formula: ImageFormula) -> str:
    """Over all scenes, and the range of the single ones."""
    each = [sent / one.report.bills[formula].full for sent, one in zip(tokens, played, strict=True)]
    return f"{sum(tokens) / full:.1%} ({min(each):.1%}, {max(each):.1%})"

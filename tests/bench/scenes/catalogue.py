"""All scenes, what each goes through, and which of them the gate was tuned on.

Half of the kinds are for tuning, under one seed. The other half was not looked at while tuning, nor were
other seeds of the first; but its figures chose between three forms of one later rule, that of what a codec
still sharpens.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from PIL import Image

from tests.bench.scenes.codec import CODECS, Codec
from tests.bench.scenes.motion import MOTION
from tests.bench.scenes.stage import Label, Script, Stage
from tests.bench.scenes.work import WORK

Group = Literal["tuning", "other seeds", "held out"]
GROUPS: Final[tuple[Group, ...]] = ("tuning", "other seeds", "held out")

SCRIPTS: Final[tuple[Script, ...]] = (*WORK, *MOTION)
TUNED: Final = frozenset(
    {
        "slides",
        "editor",
        "terminal",
        "dashboard",
        "dialog",
        "toast",
        "typo",
        "windows",
        "video",
        "spinner",
        "mouse",
        "progress",
        "blinking",
        "scrolling",
        "lights",
    }
)
SEEDS: Final[dict[Group, tuple[int, ...]]] = {"tuning": (1,), "other seeds": (41,), "held out": (31, 32)}


@dataclass(frozen=True, slots=True)
class Scene:
    script: Script
    seed: int
    codec: Codec

    @property
    def name(self) -> str:
        return f"{self.script.__name__} {self.seed} {self.codec.__name__}"

    def play(self) -> tuple[Stage, Iterator[Image.Image]]:
        """The stage, whose labels are complete once the frames have run out."""
        stage = Stage(self.seed)
        return stage, self.codec(_counted(stage, self.script(stage)), self.seed)

    def play_clean(self) -> tuple[Stage, Iterator[Image.Image]]:
        """The same without the codec, for its labels."""
        stage = Stage(self.seed)
        return stage, _counted(stage, self.script(stage))


def scenes(group: Group) -> list[Scene]:
    chosen = [script for script in SCRIPTS if (script.__name__ in TUNED) == (group != "held out")]
    return [
        Scene(script, seed, CODECS[(place + seed) % len(CODECS)])
        for seed in SEEDS[group]
        for place, script in enumerate(chosen)
    ]


def _counted(stage: Stage, frames: Iterator[Image.Image]) -> Iterator[Image.Image]:
    for frame in frames:
        yield frame
        stage.second += 1


__all__ = ["GROUPS", "SCRIPTS", "Group", "Label", "Scene", "scenes"]

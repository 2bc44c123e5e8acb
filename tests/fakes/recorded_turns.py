"""Recorded turns for replays: rows whose answer is known, and a replay of them as the command runs it."""

import json
import random
from datetime import date
from pathlib import Path
from typing import TypedDict, Unpack

from typer.testing import CliRunner, Result

from agent.cascade.replay.command import app
from agent.cascade.replay.outcome import Outcome
from agent.cascade.replay.session import run

TODAY = date(2026, 11, 24)


def rows(count: int = 40) -> list[dict[str, object]]:
    """Long prompts are harder: the large model is right where the small one fails."""
    chosen = random.Random(7)  # noqa: S311 - data of a test
    made: list[dict[str, object]] = []
    for number in range(count):
        words = chosen.randint(3, 60)
        made.append(
            {
                "id": f"row-{number}",
                "prompt": f"Question {number}: " + "what about this " * words,
                "weak": int(chosen.random() > words / 60),
                "strong": 1,
            }
        )
    return made


def write(path: Path, written: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in written), encoding="utf-8")
    return path


def labelled(count: int, start: int = 1_000) -> list[dict[str, object]]:
    """A tenant of its own kind: what it asks about invoices is hard, the rest is not."""
    chosen = random.Random(start)  # noqa: S311 - data of a test
    made: list[dict[str, object]] = []
    for number in range(start, start + count):
        is_hard = chosen.random() < 0.4
        ask = "Compute the late fee of invoice" if is_hard else "Say hello to guest"
        fee = "if 3 % a month is due on 1,200 dollars after 7 months? " if is_hard else "kindly, please. "
        made.append(
            {
                "id": f"label-{number}",
                "prompt": f"{ask} {number} {fee * chosen.randint(1, 4)}",
                "weak": int(not is_hard or chosen.random() < 0.2),
                "strong": 1,
            }
        )
    return made


class Options(TypedDict, total=False):
    preset: str
    labels: Path
    seed: int
    today: date
    models_file: Path


def replayed(file: Path, policy: str = "length", **options: Unpack[Options]) -> Outcome:
    return run(
        file,
        options.get("preset", "default"),
        policy,
        options.get("labels"),
        seed=options.get("seed", 0),
        today=options.get("today", TODAY),
        models_file=options.get("models_file"),
    )


def command(*words: str | Path) -> Result:
    return CliRunner().invoke(app, ["replay", *map(str, words)])

"""One replay from its arguments: the preset is checked, the policy built, the file read and measured."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from agent.cascade.models.models_file import load_catalog
from agent.cascade.replay.columns import score_rows
from agent.cascade.replay.lane import NotingScorer, preset_lane
from agent.cascade.replay.outcome import Outcome, measure
from agent.cascade.replay.recorded import STDIN, Recorded, read_recorded
from agent.cascade.replay.scoring import (
    Policy,
    before_policy,
    default_policy,
    length_policy,
    random_policy,
    unknown_policy,
    verified_policy,
)
from agent.cascade.replay.tenant import read_policy
from agent.cascade.score.scorer import Scorer
from agent.errors import InvalidInput

if TYPE_CHECKING:
    from agent.cascade.replay.labels import Learnt

TOLD_EVERY = 200
"""Rows: about half a second of reading answers."""
FITTED = ("default", "before")


def run(
    file: Path,
    preset: str,
    policy: str,
    labels: Path | None,
    *,
    seed: int,
    today: date,
    models_file: Path | None = None,
    tell: Callable[[int], None] = lambda rows: None,
) -> Outcome:
    """`models_file`: the operator's own. `tell` hears now and then how many rows are done.

    Raises: InvalidInput, ConfigError: one sentence on what is wrong."""
    if file == STDIN == labels:
        raise InvalidInput("FILE and --labels are both -: only one can be standard input")
    lane = preset_lane(load_catalog(own=models_file), preset, today)
    learnt = _learn(labels, policy)
    chosen = _policy(policy, learnt)
    notes = [*lane.notes, *(learnt.notes if learnt else ())]
    left_out: list[str] = []
    rows = _without(read_recorded(file), learnt, left_out)
    reader = None if chosen.scorer is None else NotingScorer(chosen.scorer)
    decider = lane.decider(reader, chosen.thresholds)
    columns = score_rows(_counted(rows, tell), chosen, decider)
    if reader is not None and reader.seen:
        notes.append(
            f"{reader.seen} rows are among the questions that the shipped score was trained on: it looks too "
            "good on them."
        )
    if left_out:
        notes.append(f"{len(left_out)} rows are among the labels, by their question, and are left out.")
    if columns.too_long:
        notes.append(f"{columns.too_long} rows are longer than any model of the preset takes: left out.")
    if columns.score.size < 2 and (left_out or columns.too_long):
        raise InvalidInput(f"{file}: fewer than two rows are left to measure. {' '.join(notes)}")
    return measure(columns, chosen, labels=learnt.count if learnt else 0, seed=seed, notes=notes)


def _without(rows: Iterable[Recorded], learnt: "Learnt | None", left_out: list[str]) -> Iterator[Recorded]:
    """The rows that nothing was learnt from; the ids of the others go to `left_out`."""
    for row in rows:
        if learnt is not None and learnt.knows(row):
            left_out.append(row.id)
        else:
            yield row


def _counted(rows: Iterable[Recorded], tell: Callable[[int], None]) -> Iterator[Recorded]:
    for number, row in enumerate(rows):
        if number % TOLD_EVERY == 0:
            tell(number)
        yield row


def _learn(labels: Path | None, policy: str) -> "Learnt | None":
    if labels is None:
        return None
    if policy not in FITTED:
        raise InvalidInput(f"--labels: policy {policy!r} learns nothing; use {' or '.join(FITTED)}")
    # Fitting is imported where something is fitted.
    from agent.cascade.replay.labels import learn

    return learn(read_recorded(labels), Scorer.load(), labels)


def _policy(name: str, learnt: "Learnt | None") -> Policy:
    match name:
        case "length":
            return length_policy()
        case "random":
            return random_policy()
        case "verified":
            return verified_policy()
        case "default" | "before":
            scorer = learnt.scorer if learnt is not None else Scorer.load()
            build = default_policy if name == "default" else before_policy
            return build(scorer, scorer.thresholds_for())
        case _:
            path = Path(name)
            if path.suffix != ".json" and not path.is_file():
                raise unknown_policy(name)
            return read_policy(path, Scorer.load())

"""Recorded turns, read line by line from JSONL: what both models were worth on a prompt.

A line that is wrong is named by its number and by what is wrong in it; its words are never repeated. The
file is read as a stream: nothing of a row is kept here but its id.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import BinaryIO

from agent.errors import InvalidInput

MAX_LINE_BYTES = 16_000_000
MOST = 100.0
"""The highest quality that is read: judges give up to 1, 10 or 100."""
STDIN = Path("-")


@dataclass(frozen=True, slots=True)
class Recorded:
    """`weak` and `strong`: quality, 0 to 1 or on a judge's scale to 10 or 100, the same in all rows.
    `passages`: of the context, where it came as a list.

    The costs stand there both or neither, in any unit that is the same for all rows.
    """

    id: str
    prompt: str
    weak: float
    strong: float
    weak_response: str | None = None
    strong_response: str | None = None
    context: str = ""
    passages: tuple[str, ...] = ()
    cost_weak: float | None = None
    cost_strong: float | None = None


def read_recorded(path: Path) -> Iterator[Recorded]:
    """The rows of `path` in their order, of standard input for "-"; blank lines are passed over.

    Raises: InvalidInput for a file that cannot be read, is empty, or has a line that is wrong.
    """
    seen: dict[str, int] = {}
    try:
        with _opened(path) as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                row = _parse(line, f"{path}, line {number}")
                if row.id in seen:
                    raise InvalidInput(
                        f"{path}, line {number}: the id is that of line {seen[row.id]}; ids may not repeat"
                    )
                seen[row.id] = number
                yield row
    except OSError as error:
        raise InvalidInput(f"cannot read {path}: {error.strerror}") from error
    if not seen:
        raise InvalidInput(
            f"{path} is empty: it should hold a JSON object a line, with id, prompt, weak, strong"
        )


def _opened(path: Path) -> AbstractContextManager[BinaryIO]:
    return nullcontext(sys.stdin.buffer) if path == STDIN else path.open("rb")


def _parse(line: bytes, place: str) -> Recorded:
    if len(line) > MAX_LINE_BYTES:
        raise InvalidInput(f"{place}: longer than {MAX_LINE_BYTES // 1_000_000} MB")
    try:
        row = json.loads(line.decode("utf-8-sig").rstrip())
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{place}: not UTF-8") from error
    except json.JSONDecodeError as error:
        raise InvalidInput(f"{place}: not JSON ({error.msg.lower()} at character {error.pos + 1})") from error
    except (RecursionError, ValueError) as error:
        raise InvalidInput(f"{place}: not JSON that can be read") from error
    if not isinstance(row, dict):
        raise InvalidInput(f"{place}: should be a JSON object with id, prompt, weak and strong")
    costs = _number(row, "cost_weak", place), _number(row, "cost_strong", place)
    if (costs[0] is None) != (costs[1] is None):
        raise InvalidInput(f"{place}: has one of cost_weak and cost_strong; give both or neither")
    context, passages = _context(row, place)
    return Recorded(
        id=_id(row, place),
        prompt=_required(_text(row, "prompt", place), "prompt", place),
        weak=_quality(row, "weak", place),
        strong=_quality(row, "strong", place),
        weak_response=_text(row, "weak_response", place),
        strong_response=_text(row, "strong_response", place),
        context=context,
        passages=passages,
        cost_weak=costs[0],
        cost_strong=costs[1],
    )


Row = Mapping[str, object]


def _id(row: Row, place: str) -> str:
    """A number as text; 3.0 is 3, as tables write it whose column had gaps."""
    value = row.get("id")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return _required(_text(row, "id", place), "id", place)


def _required(value: str | None, field: str, place: str) -> str:
    if value is None:
        raise InvalidInput(f"{place}: {field} is missing")
    return value


def _text(row: Row, field: str, place: str) -> str | None:
    value = row.get(field)
    if value is None or isinstance(value, str):
        return value
    raise InvalidInput(f"{place}: {field} should be text")


def _context(row: Row, place: str) -> tuple[str, tuple[str, ...]]:
    value = row.get("context")
    if not isinstance(value, list):
        return _text(row, "context", place) or "", ()
    passages = [passage for passage in value if isinstance(passage, str)]
    if len(passages) != len(value):
        raise InvalidInput(f"{place}: context should be text, or a list of texts")
    return "\n\n".join(passages), tuple(passages)


def _quality(row: Row, field: str, place: str) -> float:
    """true and false are 1 and 0."""
    if isinstance(row.get(field), bool):
        return float(bool(row[field]))
    value = _number(row, field, place)
    if value is None:
        raise InvalidInput(f"{place}: {field} is missing")
    if value > MOST:
        raise InvalidInput(f"{place}: {field} is {value:g}; it should be from 0 to 1, to 10 or to {MOST:g}")
    return value


def _number(row: Row, field: str, place: str) -> float | None:
    """At least 0; None where the row has none."""
    value = row.get(field)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidInput(f"{place}: {field} should be a number")
    try:
        number = float(value)
    except OverflowError:
        number = float("inf")
    if not isfinite(number):
        raise InvalidInput(f"{place}: {field} is not a finite number")
    if number < 0:
        raise InvalidInput(f"{place}: {field} is {number:g}; it should not be below 0")
    return number

"""Reads the labelled questions that the shipped weights are made of, and refuses any others.

The data is not part of the repository; where it comes from stands in its own README. Weights are only as
good as their data, so a file that differs by one byte is an error here and not a slightly different
router.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from agent.errors import ConfigError

GSM8K = "gsm8k_200.jsonl"
MMLU = "mmlu_1500.jsonl"
ULAB = "ulab.jsonl"
DIGESTS: Mapping[str, str] = {
    GSM8K: "ae1cdf71e203bf4466d3a39bd3c0a3e4858db477eacae2d090711998c67924ea",
    MMLU: "7f9138f45bf0af847710a9aa0f0bf8e51a2f81b14b2874ed5dac0db672412314",
    ULAB: "e2f64623ab6226b48b1f2a50275b2c4a6e62533ff8bb654926761feeafd3da54",
}
"""File to the SHA-256 of its bytes."""

LARGE = ("llama-3.1-nemotron-51b-instruct", "llama-3.3-nemotron-super-49b-v1")
SMALL = ("qwen2.5-7b-instruct", "mistral-7b-instruct-v0.3", "gemma-2-9b-it", "llama-3.1-8b-instruct")
"""Of ulab's nine models those that stand for today's tiers; the others are older or fail at format."""


@dataclass(frozen=True, slots=True)
class Row:
    """`group`: subject or task. `gap`: strong - weak, -1 to 1. `better`: how likely the strong one was
    better, 0 to 1. `weak_response`: the small model's answer, where it is recorded."""

    prompt: str
    group: str
    weak: float
    strong: float
    better: float
    weak_response: str | None = None

    @property
    def gap(self) -> float:
        return self.strong - self.weak


@dataclass(frozen=True, slots=True)
class Corpus:
    gsm8k: tuple[Row, ...]
    mmlu: tuple[Row, ...]
    ulab: tuple[Row, ...]
    digests: Mapping[str, str]


def read_corpus(folder: Path, digests: Mapping[str, str] = DIGESTS) -> Corpus:
    """Raises: ConfigError that names the file which is missing, changed or not as described."""
    texts = {name: _checked(folder / name, digest) for name, digest in digests.items()}
    return Corpus(
        gsm8k=_rows(folder / GSM8K, texts[GSM8K], _pair),
        mmlu=_rows(folder / MMLU, texts[MMLU], _pair),
        ulab=_rows(folder / ULAB, texts[ULAB], _nine),
        digests=digests,
    )


def _checked(path: Path, digest: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"cannot read {path}: {error.strerror}; make train DATA=… names the folder with the routing data"
        ) from error
    found = hashlib.sha256(content).hexdigest()
    if found != digest:
        raise ConfigError(
            f"{path} has the SHA-256 {found} and not {digest}: it is not the file that the weights "
            "were made of. Restore it, or write its digest into agent/cascade/score/corpus.py to train on it"
        )
    return content


def _rows(path: Path, content: bytes, reader: Callable[[Mapping[str, Any]], Row]) -> tuple[Row, ...]:
    rows = []
    for number, line in enumerate(content.decode("utf-8").splitlines(), start=1):
        try:
            rows.append(reader(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigError(f"{path}:{number} is not a row as its README describes: {error!r}") from error
    return tuple(rows)


def _pair(row: Mapping[str, Any]) -> Row:
    weak, strong = float(row["weak"]), float(row["strong"])
    return Row(row["prompt"], row["group"], weak, strong, float(strong > weak), row.get("weak_response"))


def _nine(row: Mapping[str, Any]) -> Row:
    scores: Mapping[str, float] = row["scores"]
    small, large = [scores[name] for name in SMALL], [scores[name] for name in LARGE]
    better = fmean(float(strong > weak) for strong in large for weak in small)
    return Row(row["prompt"], row["task"], fmean(small), fmean(large), better)

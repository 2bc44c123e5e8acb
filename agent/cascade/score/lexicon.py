"""Weights of words: what a question's words say about its topic, and about whether a large model helps.

A question is the vector of its words' TF-IDF of length 1, as in any text classifier; each column of
weights is one linear reading of it. Weights are whole numbers of -45 to 45 in units of their column's
scale, and most are 0; in JSON a word carries its columns as pairs of printable characters, so that
thousands of words by 57 topics fit into some 200 kB of text that a diff can show.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from agent.cascade.score.ridge import Floats
from agent.errors import ConfigError

LARGEST = 45
FIRST_CHARACTER = 33
_SKIPPED = '"\\'
_ALPHABET = [chr(code) for code in range(FIRST_CHARACTER, 127) if chr(code) not in _SKIPPED]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`places`: word to row. `rarity`: float64 [words], the inverse document frequency. `weights`: float64
    [words, columns], whole numbers in units of `scale`, float64 [columns]."""

    places: Mapping[str, int]
    rarity: Floats
    weights: Floats
    scale: Floats

    def read(self, counts: Mapping[str, int]) -> Floats:
        """float64 [columns]; zeros where no word is known. counts: how often each word stands in it."""
        vector, rows = self.vector(counts)
        if not rows:
            return np.zeros(self.weights.shape[1])
        read: Floats = vector @ self.weights[rows] * self.scale
        return read

    def vector(self, counts: Mapping[str, int]) -> tuple[Floats, list[int]]:
        """The TF-IDF of the words that are known, of length 1, and their rows."""
        places = self.places
        found = [(places[word], count) for word, count in counts.items() if word in places]
        rows = [row for row, _ in found]
        vector = self.rarity[rows] * [1.0 + math.log(count) for _, count in found]
        return vector / max(float(np.sqrt((vector * vector).sum())), 1e-9), rows

    def to_json(self) -> dict[str, Any]:
        rows = zip(self.places, self.rarity.tolist(), self.weights.tolist(), strict=True)
        words = {word: f"{rarity} {_encoded(row)}" for word, rarity, row in rows}
        return {"scale": self.scale.tolist(), "words": words}

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> "Lexicon":
        words: Mapping[str, str] = held["words"]
        weights, rarity = np.zeros((len(words), len(held["scale"]))), np.zeros(len(words))
        for row, text in enumerate(words.values()):
            number, _, pairs = text.partition(" ")
            rarity[row] = float(number)
            _decode(pairs, weights[row])
        places = {word: row for row, word in enumerate(words)}
        return cls(places, rarity, weights, np.array(held["scale"], dtype=np.float64))


def whole(weights: Floats, least: float) -> tuple[Floats, float]:
    """Weights as whole numbers of -45 to 45 with their scale; below `least` in size they become 0."""
    scale = float(f"{float(np.abs(weights).max(initial=1e-9)) / LARGEST:.4g}")
    kept = np.where(np.abs(weights) < least, 0.0, weights)
    return np.clip(np.rint(kept / scale), -LARGEST, LARGEST), scale


def _encoded(row: Sequence[float]) -> str:
    pairs = [_ALPHABET[column] + _ALPHABET[int(value) + LARGEST] for column, value in enumerate(row) if value]
    return "".join(pairs)


def _decode(text: str, row: Floats) -> None:
    for column, value in zip(text[::2], text[1::2], strict=True):
        place = _PLACES.get(column, len(row))
        if place >= len(row) or value not in _PLACES:
            raise ConfigError(f"the weights of words hold {column + value!r}: run `make train` again")
        row[place] = _PLACES[value] - LARGEST


_PLACES = {character: place for place, character in enumerate(_ALPHABET)}

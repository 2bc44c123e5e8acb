"""Four readings of a question with lettered options, each on the scale of its own training scores.

`by_length`: the prior that is never bad. `by_words`: what each model gets right, regressed on the words
and the form, large less small. `by_topic`: which of the training set's subjects it looks like, and how
much more often the large model was right in that subject, shrunken towards the mean of all. `by_signs`:
how like its words, digits and punctuation are to the questions where the large model was better, weighed
by what is rare elsewhere; nothing is fitted but a mean. The first three share one half of the average, this
has the other: what each is worth beyond that cannot be told from 1,500 labels (see `fitting`).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from agent.cascade.score import choice
from agent.cascade.score.lexicon import Lexicon
from agent.cascade.score.question import Question, signs
from agent.cascade.score.ridge import Floats

FEATURES = ("by_length", "by_words", "by_topic", "by_signs")
SHARES = (1 / 6, 1 / 6, 1 / 6, 1 / 2)
"""The three that know English, and the one that takes a text as it stands: half each."""
SHARPNESS = 30.0
"""Of the softmax over topics: they are regressed on 0 and 1, so .1 apart is a lot."""


@dataclass(frozen=True, slots=True)
class Experts:
    """`signs`: one column, of likeness. `form`: float64 [choice features, 1 + topics], weights of the
    standardised form. Columns are as the lexicon's: the first reads what the large model adds, the others a
    topic each. `topics`: their names.
    `table`: float64 [topics, 2], intercept and gap. `mean`, `deviation`: float64 [4], of the training
    scores, where they were not trained on."""

    lexicon: Lexicon
    signs: Lexicon
    form: Floats
    topics: tuple[str, ...]
    table: Floats
    mean: Floats
    deviation: Floats

    def read(self, question: Question, form: Floats) -> Floats:
        """float64 [4], standardised. form: float64 [choice features], standardised."""
        return (self.raw(question, form) - self.mean) / self.deviation

    def raw(self, question: Question, form: Floats) -> Floats:
        readings = self.lexicon.read(question.roots) + form @ self.form
        gap = expected_gap(readings[None, 1:] + self.table[:, 0], self.table[:, 1])
        likeness = self.signs.read(signs(question.text))
        return np.array([math.log1p(question.length), readings[0], float(gap[0]), likeness[0]])

    def to_json(self) -> dict[str, Any]:
        return {
            "topics": dict(zip(self.topics, self.table.tolist(), strict=True)),
            "form": dict(zip(choice.FEATURES, self.form.tolist(), strict=True)),
            "mean": self.mean.tolist(),
            "deviation": self.deviation.tolist(),
            "lexicon": self.lexicon.to_json(),
            "signs": self.signs.to_json(),
        }

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> "Experts":
        return cls(
            Lexicon.from_json(held["lexicon"]),
            Lexicon.from_json(held["signs"]),
            np.array(list(held["form"].values()), dtype=np.float64),
            tuple(held["topics"]),
            np.array(list(held["topics"].values()), dtype=np.float64),
            np.array(held["mean"], dtype=np.float64),
            np.array(held["deviation"], dtype=np.float64),
        )


def expected_gap(topics: Floats, gaps: Floats) -> Floats:
    """float64 [n]: the gaps by the topics' likelihood. topics: float64 [n, topics]."""
    raised = np.exp((topics - topics.max(axis=1, keepdims=True)) * SHARPNESS)
    expected: Floats = (raised @ gaps) / raised.sum(axis=1)
    return expected

"""The shipped weights as a file: what is in it, and that it fits the code that reads it.

Features and weights are of one making. A file that was trained on other features than the code computes
would give numbers without a meaning, so their names are compared when it is loaded.
"""

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agent.cascade.score import after, before
from agent.cascade.score.after import AfterModel
from agent.cascade.score.before import BeforeModel
from agent.cascade.score.ridge import Floats
from agent.errors import ConfigError

WEIGHTS_FILE = Path(__file__).with_name("weights.json")
FEATURES_VERSION = "2"
"""Of how features are computed: a change that keeps their names needs another."""


@dataclass(frozen=True, slots=True)
class Weights:
    """`after_scale`: float64 [2, k], mean and deviation of each feature after the answer, over the training
    rows. `quantiles`: of training scores, "before" and "after", ascending. `seen`: fingerprints of the
    questions it was trained on. `trained_on`: file to its SHA-256 and number of labels."""

    before: BeforeModel
    after: AfterModel
    after_scale: Floats
    quantiles: Mapping[str, tuple[float, ...]]
    seen: frozenset[str]
    trained_on: Mapping[str, Mapping[str, Any]]

    @property
    def version(self) -> str:
        """Of the features, and of what was learnt: two that differ give different scores."""
        learnt = json.dumps([self.before.to_json(), self.after.to_json(), self.after_scale.tolist()])
        return f"{FEATURES_VERSION}-{hashlib.sha256(learnt.encode()).hexdigest()[:12]}"

    def to_text(self) -> str:
        document = {
            "version": self.version,
            "features": {"before": list(before.FEATURES), "after": list(after.FEATURES)},
            "trained_on": {name: dict(facts) for name, facts in self.trained_on.items()},
            "quantiles": {name: list(values) for name, values in self.quantiles.items()},
            "seen": " ".join(sorted(self.seen)),
            "after": self.after.to_json(),
            "after_scale": self.after_scale.tolist(),
            "before": self.before.to_json(),
        }
        return json.dumps(document, indent=0, ensure_ascii=False) + "\n"


def fingerprint(features: Sequence[float]) -> str:
    """Of a question, by its features before the call: tells whether the weights were trained on it."""
    return f"{zlib.crc32(' '.join(f'{value:.2f}' for value in features).encode()):08x}"


def load_weights(path: Path = WEIGHTS_FILE) -> Weights:
    """Raises: ConfigError that names the file and, where features differ, both versions."""
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        _check_features(path, held)
        return Weights(
            before=BeforeModel.from_json(held["before"]),
            after=AfterModel.from_json(held["after"]),
            after_scale=np.array(held["after_scale"], dtype=np.float64),
            quantiles={name: tuple(values) for name, values in held["quantiles"].items()},
            seen=frozenset(held["seen"].split()),
            trained_on=held["trained_on"],
        )
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}; make train writes it") from error
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise ConfigError(f"{path} does not hold weights: {error!r}; make train writes it anew") from error


def _check_features(path: Path, held: Mapping[str, Any]) -> None:
    version = str(held["version"]).partition("-")[0]
    if version != FEATURES_VERSION:
        raise ConfigError(
            f"{path} is of features version {version!r}, the code of {FEATURES_VERSION!r}: run make train"
        )
    for name, known in (("before", before.FEATURES), ("after", after.FEATURES)):
        found = tuple(held["features"][name])
        if found != known:
            odd = sorted(set(found) ^ set(known)) or ["the order"]
            raise ConfigError(
                f"{path} (version {held['version']}) was trained on other features {name} the answer than "
                f"version {FEATURES_VERSION} of the code computes; they differ in {', '.join(odd)}: "
                "run make train"
            )

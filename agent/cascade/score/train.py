"""Rebuilds `weights.json` bit for bit from the routing data, and says how good it is: `make train
DATA=DIR`.

The weights are a function of the data and of this code alone. What is printed about them comes from
cross-validation, which fits everything anew in every fold, the words included.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from agent.cascade.score import after, ridge
from agent.cascade.score.before import probability
from agent.cascade.score.corpus import DIGESTS, GSM8K, MMLU, ULAB, Corpus, Row, read_corpus
from agent.cascade.score.fitting import fit_before, folds, unseen_sums
from agent.cascade.score.ridge import Floats
from agent.cascade.score.threshold import quantiles
from agent.cascade.score.validation import FOLDS, REPETITIONS, validate
from agent.cascade.score.weights import WEIGHTS_FILE, Weights, fingerprint
from agent.cascade.verify import Answer, Basis, verify
from agent.errors import AppError


def train(folder: Path, digests: Mapping[str, str] = DIGESTS) -> Weights:
    """Raises: ConfigError that names a file which is missing or not the one described."""
    corpus = read_corpus(folder, digests)
    before, unseen = fit_before(corpus)
    x = rows_after(corpus.gsm8k, [probability(value) for value in unseen["gsm8k"].tolist()])
    y = np.array([row.better for row in corpus.gsm8k])
    scores_after = np.zeros(len(x))
    for part in folds(len(x)):
        others = np.setdiff1d(np.arange(len(x)), part)
        scores_after[part] = after.fit(x[others], y[others]).predict(x[part])
    spreads = ridge.moments(x)
    return Weights(
        before=before,
        after=after.fit(x, y),
        after_scale=np.array(spreads),
        quantiles={"before": _of_all_kinds(unseen), "after": quantiles(scores_after.tolist())},
        seen=frozenset(fingerprint(before.features(row.prompt)) for row in (*corpus.gsm8k, *corpus.mmlu)),
        trained_on=_described(corpus),
    )


def rows_after(rows: Sequence[Row], before: Sequence[float]) -> Floats:
    """float64 [n, k]: the features of the recorded small answers."""
    return np.array([_row_after(row, score) for row, score in zip(rows, before, strict=True)])


def _row_after(row: Row, before: float) -> tuple[float, ...]:
    answer = row.weak_response or ""
    verdict = verify(Answer(answer), Basis(row.prompt))
    return after.features(row.prompt, answer, verdict, before)


def _of_all_kinds(unseen: Mapping[str, Floats]) -> tuple[float, ...]:
    """Each kind of question counts alike, however many rows it has."""
    parts = [quantiles([probability(value) for value in values.tolist()]) for values in unseen.values()]
    return quantiles([score for part in parts for score in part])


def _described(corpus: Corpus) -> dict[str, dict[str, object]]:
    counts = {GSM8K: len(corpus.gsm8k), MMLU: len(corpus.mmlu), ULAB: len(corpus.ulab)}
    return {name: {"sha256": corpus.digests[name], "labels": count} for name, count in counts.items()}


def main(arguments: Sequence[str]) -> int:
    if len(arguments) != 1:
        print("usage: python -m agent.cascade.score.train DIR (the routing data)", file=sys.stderr)  # noqa: T201
        return 2
    folder = Path(arguments[0])
    try:
        weights = train(folder)
    except AppError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    _write(weights)
    _report(folder)
    return 0


def _write(weights: Weights) -> None:
    text = weights.to_text()
    WEIGHTS_FILE.write_text(text, encoding="utf-8")
    print(f"wrote {WEIGHTS_FILE} ({len(text.encode()) / 1000:.0f} kB, version {weights.version})")  # noqa: T201


def _report(folder: Path) -> None:
    print(f"APGR, cross-validated ({REPETITIONS} times {FOLDS} folds), spread over folds, 95 % over rows:")  # noqa: T201
    corpus = read_corpus(folder)
    unseen = [probability(value) for value in unseen_sums(corpus.gsm8k).tolist()]
    for found in validate(corpus, rows_after(corpus.gsm8k, unseen)):
        print(  # noqa: T201
            f"  {found.name:24} {found.mean:.3f} ± {found.spread:.3f}   {found.low:.3f} to {found.high:.3f}"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

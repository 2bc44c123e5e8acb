"""Fits the score before a call: the experts on lettered options, the weights of each kind, and
calibration.

What is fitted is a function of the rows alone, bit for bit (see `ridge`). Labels decide few numbers by
themselves: penalties and the averaging of experts are set from what such numbers mean, and were checked
by cross-validation, not searched by it.

APGR measured in 10 times 5 folds, ± over folds, 95 % over rows in brackets. MMLU .664 ± .007 (.61 to
.73), signs alone .653, the other three .655, length alone .597; choosing the three's penalties inside the
folds costs .003. GSM8K before the call .747 ± .025
(.64 to 1.0), length alone .616. Both are likely to be less on other questions: the words of 1,500 are
few, 200 stories are fewer, and all variants were compared on the same rows.

Tried on MMLU and left out, each against .645 at its time, where differences below .007 are noise: form
alone .613; one ridge on large - small instead of two, .645 against .654; length and words without topics
.638, length and topics without words .631; subjects as the labels give them, which no question does,
.644; character n-grams for topics +.005 (17,500 columns); pairs of words, as signs too (22,000 of them for
+.002), LSA and second-order similarity
over all 6,463 prompts +.002; GloVe vectors (50 dimensions, a package of 76 MB; sentence encoders on PyPI
take milliseconds) +.003; difficulty learnt from ulab .44 to .51 by itself, so it does not transfer;
penalties halved and doubled, softer and sharper topics ±.002. Of the signs: counting what is rare in the
lettered questions alone .631 instead of .655, a ridge instead of the plain mean .653.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from agent.cascade.score import free, ridge
from agent.cascade.score.before import FARTHEST, FEATURES, BeforeModel, columns_of, raw_features
from agent.cascade.score.corpus import Corpus, Row
from agent.cascade.score.experts import SHARES, Experts
from agent.cascade.score.lexicon import Lexicon, whole
from agent.cascade.score.question import KINDS, Kind, Question, read, signs
from agent.cascade.score.ridge import Floats, Solve

SMALL_PENALTY = 10.0
LARGE_PENALTY = 20.0
"""What the large model gets right is pulled to its mean twice as hard: it fails half as often."""
FORM_IN_WORDS = 0.1
TOPIC_PENALTY = 0.5
FORM_IN_TOPICS = 0.2
"""How much the form counts beside the words, whose vectors have length 1."""
TOPIC_ROWS = 10.0
"""A topic's gap counts as if that many rows of the mean gap stood beside its own."""
LEAST_TOPIC_WEIGHT = 0.04
LEAST_ROWS = 2
LEAST_SIGN_ROWS = 3
SUMS_PENALTY = 100.0
FREE_PENALTY = 5_000.0
FOLDS = 5
WORD_GRID = 8192.0
DUAL_GRID = 2.0**20

FREE_PRIOR: Mapping[str, float] = {
    "length": 0.03, "sentences": 0.01, "code": 0.04, "mathematics": 0.04, "reasons": 0.03, "writes": -0.02,
    "looks_up": -0.02, "chats": -0.03, "conditions": 0.01, "constraints": 0.01,
}  # fmt: skip
"""What one deviation adds to the gap where nothing is known: ulab has neither letters nor small talk."""


@dataclass(frozen=True, slots=True)
class Background:
    """In how many of `rows` other questions each sign stands."""

    counts: Counter[str]
    rows: int


def fit_before(corpus: Corpus) -> tuple[BeforeModel, dict[str, Floats]]:
    """The model, and by file the log odds of its rows where the model was not fitted on them."""
    mean, deviation, weights = np.zeros(len(FEATURES)), np.ones(len(FEATURES)), np.zeros(len(FEATURES))
    unseen = {}
    experts, unseen["mmlu"] = _fit_choice(corpus.mmlu, background(corpus), mean, deviation, weights)
    unseen["gsm8k"] = _fit_sums(corpus.gsm8k, mean, deviation, weights)
    unseen["ulab"] = _fit_free(corpus.ulab, mean, deviation, weights)
    return BeforeModel(mean, deviation, ridge.rounded(weights), experts), unseen


def folds(rows: int, count: int = FOLDS) -> list[NDArray[np.intp]]:
    """Every `count`th row: the files are shuffled already."""
    return [np.arange(start, rows, count) for start in range(count)]


def background(corpus: Corpus) -> Background:
    """Of the questions that are not of the lettered kind: what is rare there is telling here."""
    counts = Counter(sign for row in corpus.ulab for sign in signs(read(row.prompt).text))
    return Background(counts, len(corpus.ulab))


def _fit_choice(
    rows: Sequence[Row], others: Background, mean: Floats, deviation: Floats, weights: Floats
) -> tuple[Experts, Floats]:
    questions = [read(row.prompt) for row in rows]
    own = columns_of("choice")
    experts, mean[own], deviation[own] = fit_experts(rows, questions, others)
    raw = np.zeros((len(rows), len(SHARES)))
    for part in folds(len(rows)):
        raw[part] = read_unseen(rows, questions, others, part)
    centre, spread = ridge.moments(raw)
    scores = np.clip((raw - centre) / spread, -FARTHEST, FARTHEST) @ np.array(SHARES)
    slope, intercept = calibrated(scores, np.array([row.better for row in rows]))
    weights[own.stop : own.stop + len(SHARES)] = slope * np.array(SHARES)
    weights[KINDS.index("choice")] = intercept
    experts = replace(experts, mean=centre, deviation=spread)
    return experts, slope * scores + intercept


def read_unseen(
    rows: Sequence[Row],
    questions: Sequence[Question],
    background: Background,
    part: NDArray[np.intp],
    solve: Solve = ridge.solve,
) -> Floats:
    """float64 [part, 4]: what experts say that were fitted on all rows but `part`."""
    others = np.setdiff1d(np.arange(len(rows)), part)
    fitted_on = [rows[i] for i in others], [questions[i] for i in others]
    experts, mean, deviation = fit_experts(*fitted_on, background, solve)
    forms = [standardised(raw_features(questions[i], "choice"), mean, deviation) for i in part]
    return np.array([experts.raw(questions[i], form) for i, form in zip(part, forms, strict=True)])


def fit_experts(
    rows: Sequence[Row], questions: Sequence[Question], background: Background, solve: Solve = ridge.solve
) -> tuple[Experts, Floats, Floats]:
    """The experts, not yet on a common scale, and mean and deviation of the form's features."""
    raw = np.array([raw_features(question, "choice") for question in questions])
    mean, deviation = ridge.moments(raw)
    form = ridge.on_grid(standardised(raw, mean, deviation))
    lexicon = words_of(questions)
    words = np.zeros((len(rows), len(lexicon.places)))
    for i, question in enumerate(questions):
        vector, places = lexicon.vector(question.roots)
        words[i, places] = ridge.on_grid(vector, WORD_GRID)
    alike = (words @ words.T) / WORD_GRID**2, (form @ form.T) / ridge.GRID**2 / form.shape[1]
    names, table, member = _topics(rows)
    helps = _helps(alike, rows, solve)
    topics = _dual(alike, FORM_IN_TOPICS, TOPIC_PENALTY, member, solve)
    word_weights = np.hstack([words.T @ helps, words.T @ topics]) / (WORD_GRID * DUAL_GRID)
    form_weights = np.hstack([FORM_IN_WORDS * (form.T @ helps), FORM_IN_TOPICS * (form.T @ topics)])
    form_weights = ridge.rounded(form_weights / (ridge.GRID * DUAL_GRID * form.shape[1]), 4)
    scale = np.zeros(len(SHARES)), np.ones(len(SHARES))
    of_signs = _signs_of(rows, questions, background)
    experts = Experts(_weighed(lexicon, word_weights), of_signs, form_weights, names, table, *scale)
    return experts, mean, deviation


def _helps(alike: tuple[Floats, Floats], rows: Sequence[Row], solve: Solve) -> Floats:
    """Both models' qualities, each regressed by itself: dual weights of large - small, float64 [rows, 1]."""
    small, large = np.array([[row.weak] for row in rows]), np.array([[row.strong] for row in rows])
    of_small = _dual(alike, FORM_IN_WORDS, SMALL_PENALTY, small - small.sum() / len(rows), solve)
    of_large = _dual(alike, FORM_IN_WORDS, LARGE_PENALTY, large - large.sum() / len(rows), solve)
    helps: Floats = of_large - of_small
    return helps


def _topics(rows: Sequence[Row]) -> tuple[tuple[str, ...], Floats, Floats]:
    """Names, float64 [topics, 2] share and gap, and float64 [rows, topics]: 1 for its own, less shares."""
    gap = np.array([row.gap for row in rows])
    names = sorted({row.group for row in rows})
    member = np.array([[float(row.group == name) for name in names] for row in rows])
    share = ridge.rounded(member.sum(axis=0) / len(rows))
    gaps = (member.T @ gap + TOPIC_ROWS * gap.sum() / len(rows)) / (member.sum(axis=0) + TOPIC_ROWS)
    return tuple(names), np.column_stack([share, ridge.rounded(gaps, 4)]), member - share


def words_of(questions: Sequence[Question]) -> Lexicon:
    """Every word that stands in at least two questions, in alphabetical order, without weights."""
    counts = Counter(word for question in questions for word in question.roots)
    kept = sorted(word for word, count in counts.items() if count >= LEAST_ROWS)
    rarity = np.array([round(math.log(len(questions) / counts[word]), 3) for word in kept])
    return Lexicon(
        {word: row for row, word in enumerate(kept)}, rarity, np.zeros((len(kept), 0)), np.zeros(0)
    )


def _signs_of(rows: Sequence[Row], questions: Sequence[Question], background: Background) -> Lexicon:
    """Each sign's weight: how much more the large model was right where it stands, from the mean of all."""
    found = [signs(question.text) for question in questions]
    counts = Counter(sign for each in found for sign in each)
    total = {sign: count + background.counts[sign] for sign, count in counts.items()}
    kept = sorted(sign for sign, count in total.items() if count >= LEAST_SIGN_ROWS)
    among = len(rows) + background.rows
    rarity = np.array([round(math.log(among / total[sign]), 3) for sign in kept])
    plain = Lexicon(
        {sign: row for row, sign in enumerate(kept)}, rarity, np.zeros((len(kept), 0)), np.zeros(0)
    )
    gaps = [row.gap for row in rows]
    mean, sums = sum(gaps) / len(rows), np.zeros(len(kept))
    for each, gap in zip(found, gaps, strict=True):
        vector, places = plain.vector(each)
        sums[places] += ridge.on_grid(vector, WORD_GRID) * ridge.on_grid(np.array([gap - mean]))[0]
    weights, scale = whole(sums[:, None] / (WORD_GRID * ridge.GRID), 0.0)
    return Lexicon(plain.places, rarity, weights, np.array([scale]))


def _weighed(lexicon: Lexicon, weights: Floats) -> Lexicon:
    first, first_scale = whole(weights[:, :1], 0.0)
    others, others_scale = whole(weights[:, 1:], LEAST_TOPIC_WEIGHT)
    scale = np.array([first_scale] + [others_scale] * others.shape[1])
    return Lexicon(lexicon.places, lexicon.rarity, np.hstack([first, others]), scale)


def _dual(
    alike: tuple[Floats, Floats], form_share: float, penalty: float, targets: Floats, solve: Solve
) -> Floats:
    """Kernel ridge: float64 [rows, targets], whole numbers in units of 1 / DUAL_GRID."""
    kernel = alike[0] + form_share * alike[1]
    kernel[np.arange(len(kernel)), np.arange(len(kernel))] += penalty
    whole_numbers: Floats = np.rint(solve(kernel, targets) * DUAL_GRID)
    return whole_numbers


def _fit_sums(rows: Sequence[Row], mean: Floats, deviation: Floats, weights: Floats) -> Floats:
    x = _of_kind("sums", rows, mean, deviation)
    linear = ridge.fit(x, np.array([row.gap for row in rows]), SUMS_PENALTY)
    unseen, slope, intercept = _unseen_sums(x, rows)
    weights[columns_of("sums")] = slope * linear.weights
    weights[KINDS.index("sums")] = intercept + slope * linear.intercept
    return slope * unseen + intercept


def unseen_sums(rows: Sequence[Row]) -> Floats:
    """float64 [rows]: log odds of rows by fits on the others."""
    width = len(FEATURES)
    unseen, slope, intercept = _unseen_sums(_of_kind("sums", rows, np.zeros(width), np.ones(width)), rows)
    return slope * unseen + intercept


def _unseen_sums(x: Floats, rows: Sequence[Row]) -> tuple[Floats, float, float]:
    gap = np.array([row.gap for row in rows])
    unseen = np.zeros(len(rows))
    for part in folds(len(rows)):
        others = np.setdiff1d(np.arange(len(rows)), part)
        unseen[part] = ridge.fit(x[others], gap[others], SUMS_PENALTY).predict(x[part])
    return unseen, *calibrated(unseen, np.array([row.better for row in rows]))


def _fit_free(rows: Sequence[Row], mean: Floats, deviation: Floats, weights: Floats) -> Floats:
    """Only rows that are read as free questions are used; they are many, so no folds are needed."""
    rows = [row for row in rows if read(row.prompt).kind == "free"]
    x = _of_kind("free", rows, mean, deviation)
    expected = np.array([FREE_PRIOR.get(name, 0.0) for name in free.FEATURES])
    gap, better = np.array([row.gap for row in rows]), np.array([row.better for row in rows])
    linear = ridge.fit(x, gap - x @ expected, FREE_PENALTY)
    scores = x @ (linear.weights + expected)
    slope, intercept = calibrated(scores, better)
    weights[columns_of("free")] = slope * (linear.weights + expected)
    weights[KINDS.index("free")] = intercept
    log_odds: Floats = slope * scores + intercept
    return log_odds


def _of_kind(kind: Kind, rows: Sequence[Row], mean: Floats, deviation: Floats) -> Floats:
    """Features as of that kind, standardised; sets their mean and deviation."""
    raw = np.array([raw_features(read(row.prompt), kind) for row in rows])
    own = columns_of(kind)
    mean[own], deviation[own] = ridge.moments(raw)
    return standardised(raw, mean[own], deviation[own])


def standardised(raw: Floats, mean: Floats, deviation: Floats) -> Floats:
    scaled: Floats = np.clip((raw - mean) / deviation, -FARTHEST, FARTHEST)
    return scaled


def calibrated(scores: Floats, better: Floats) -> tuple[float, float]:
    """Slope and intercept of the log odds of `better`, float64 [n] of 0 to 1 (Platt), to three digits.

    The slope is never negative: calibration does not turn an order around.
    """
    x = np.column_stack([scores, np.ones(len(scores))])
    found = np.zeros(2)
    for _ in range(25):
        likely = 1 / (1 + np.exp(-(x @ found)))
        curvature = (x * (likely * (1 - likely))[:, None]).T @ x + 1e-6 * np.eye(2)
        found += np.linalg.solve(curvature, x.T @ (better - likely))
    slope, intercept = ridge.rounded(found, 3).tolist()
    return max(slope, 0.0), intercept

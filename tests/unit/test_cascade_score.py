"""The shipped score: sane for any text, in a sensible order, and refused where it does not fit the code."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.cascade.score import Scorer
from agent.cascade.score import after as after_answer
from agent.cascade.score import before as before_call
from agent.cascade.score.question import HEAD_CHARS, TAIL_CHARS, read
from agent.cascade.score.scorer import TENANT_WIDTHS
from agent.cascade.score.weights import FEATURES_VERSION, WEIGHTS_FILE, load_weights
from agent.cascade.verify import Answer, Basis, Verdict, verify
from agent.errors import ConfigError, InvalidInput

SCORER = Scorer.load()
CHOICE = "Which gland makes insulin?\nA. The pancreas\nB. The liver\nC. The spleen\nD. The thyroid\nAnswer:"
SUMS = "Ada buys 3 boxes of 12 pens. She gives away half of them. How many pens are left?"


def checked(question: str, answer: str) -> Verdict:
    return verify(Answer(answer), Basis(question))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (CHOICE, "choice"),
        (SUMS, "sums"),
        ("What did we decide about the launch?", "free"),
        ("", "free"),
        ("A. one thing\nB. another", "free"),
        ("Fix this:\n```\nfor i in range(10): total = total + 3\n```\nHow often does it run?", "free"),
    ],
)
def test_a_question_is_told_by_what_it_is_made_of(text: str, kind: str) -> None:
    assert read(text).kind == kind


def test_options_are_the_last_that_start_at_a() -> None:
    asked = read("Read:\nA. is a note\nB. too\nWhich is it?\nA. one\nB. two\nC. three\nAnswer:")
    assert asked.options == ("one", "two", "three")
    assert asked.stem.endswith("Which is it?")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t ",
        "😀" * 50,
        "Wie lange kann ich etwas zurückgeben?",
        "今日の会議の要点は何ですか?",
        "ما هي سياسة الاسترداد؟",
        "\x00\u202e\ufeff",
        "9" * 5_000,
        "A. " * 2_000,
        "\nA. \nB. \nC. ",
        "$" * 5_000,
        "word " * 200_000,
        "\ud800",
    ],
)
def test_any_text_has_a_score_away_from_certainty(text: str) -> None:
    assert 0.02 < SCORER.before(text) < 0.98
    assert all(math.isfinite(value) and abs(value) <= 4 for value in SCORER.features_before(text))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=600))
def test_whatever_is_asked_features_are_finite_and_as_many_as_their_names(text: str) -> None:
    features = SCORER.features_before(text)
    assert len(features) == len(before_call.FEATURES)
    assert all(math.isfinite(value) for value in features)
    assert 0 < SCORER.before(text) < 1


def test_what_is_read_of_a_long_text_is_bounded() -> None:
    long = "Please compare both plans. " * 40_000
    assert len(read(long).text) <= HEAD_CHARS + TAIL_CHARS + 1
    assert read(long).length == len(long)


def test_a_question_shares_no_feature_with_another_kind() -> None:
    features = dict(zip(before_call.FEATURES, SCORER.features_before(SUMS), strict=True))
    others = {name for name, value in features.items() if value and not name.startswith(("sums_", "is_sums"))}
    assert others == set()
    assert features["is_sums"] == 1


@pytest.mark.parametrize(
    ("easier", "harder"),
    [
        ("hi there", "Prove that the square root of 2 is irrational."),
        ("Thanks, that was great", "Given that f(x) = 4x^3 - 9x - 14, find the value of f(2)."),
        (
            "Write a haiku about autumn.",
            "Implement a function in Python that finds the median of two sorted arrays in O(log n).",
        ),
        (
            "Who is the CEO?",
            "Compare both contracts, explain the risks of each, and recommend one with reasons.",
        ),
    ],
)
def test_what_takes_reasoning_scores_above_what_takes_a_sentence(easier: str, harder: str) -> None:
    assert SCORER.before(easier) < SCORER.before(harder)


def test_the_answer_is_read_by_the_score_after_it() -> None:
    right = "She buys 3 * 12 = 36 pens. Half of 36 is 36 / 2 = 18.\n#### 18"
    wrong = "She buys 3 * 12 = 46 pens. Half of 46 is 46 / 2 = 23.\n#### 23"
    scores = [SCORER.after(SUMS, answer, checked(SUMS, answer)) for answer in (right, wrong)]
    assert 0 <= scores[0] < scores[1] <= 1


def test_features_after_the_answer_hold_the_shipped_score_before_it() -> None:
    tenant = SCORER.with_tenant({"before": [1.0, 0.0, *[0.0] * len(before_call.FEATURES)]})
    features = tenant.features_after(SUMS, "18", checked(SUMS, "18"))
    found = dict(zip(after_answer.FEATURES, features, strict=True))
    assert found["before"] == pytest.approx(SCORER.before(SUMS))
    assert tenant.before(SUMS) != pytest.approx(SCORER.before(SUMS))


def test_a_tenant_with_the_shipped_weights_alone_keeps_the_order() -> None:
    same = SCORER.with_tenant(
        {name: [0.0, 1.0, *[0.0] * (width - 2)] for name, width in TENANT_WIDTHS.items()}
    )
    questions = ["hi there", CHOICE, SUMS, "Prove that the square root of 2 is irrational."]
    assert sorted(questions, key=same.before) == sorted(questions, key=SCORER.before)
    assert 0 < same.after(SUMS, "18", checked(SUMS, "18")) < 1


def test_a_tenants_fit_replaces_an_earlier_one() -> None:
    weights = [1.0, 0.5, *[0.0] * len(before_call.FEATURES)]
    once, twice = SCORER.with_tenant({"before": weights}), SCORER.with_tenant({"before": weights})
    assert once.with_tenant({}).before(SUMS) == SCORER.before(SUMS)
    assert once.before(SUMS) == twice.before(SUMS)


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        ({"during": [1.0]}, "'during'"),
        ({"before": [1.0, 2.0]}, f"{TENANT_WIDTHS['before']} finite numbers, not 2"),
        ({"before": [math.nan] * TENANT_WIDTHS["before"]}, "finite"),
        ({"after": []}, "not 0 as given"),
    ],
)
def test_a_tenants_weights_that_cannot_be_are_refused(weights: dict[str, list[float]], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        SCORER.with_tenant(weights)


def test_a_greater_share_never_raises_a_threshold() -> None:
    drawn = [SCORER.thresholds_for(step / 50) for step in range(51)]
    for name in ("voice", "text", "after"):
        values = [getattr(thresholds, name) for thresholds in drawn]
        assert values == sorted(values, reverse=True)
        assert values[0] > 1
        assert values[-1] == 0


def test_a_written_turn_is_sent_up_before_its_call_less_often_than_a_spoken_one() -> None:
    thresholds = SCORER.thresholds_for(0.3)
    assert thresholds.text > thresholds.voice


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_a_share_that_cannot_be_is_refused(share: float) -> None:
    with pytest.raises(InvalidInput, match="0 to 1"):
        SCORER.thresholds_for(share)


def test_the_file_gives_the_version_that_it_names_and_the_text_that_it_has() -> None:
    weights = load_weights()
    text = WEIGHTS_FILE.read_text(encoding="utf-8")
    assert json.loads(text)["version"] == weights.version == SCORER.version
    assert weights.to_text() == text
    assert len(text.encode()) < 350_000
    assert len(weights.version) <= 64


def test_weights_of_other_features_are_refused_by_name(tmp_path: Path) -> None:
    held = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    held["features"]["before"][0] = "is_poetry"
    path = tmp_path / "weights.json"
    path.write_text(json.dumps(held), encoding="utf-8")
    with pytest.raises(ConfigError, match=f"{held['version']}.*is_choice, is_poetry"):
        load_weights(path)


def test_weights_of_another_version_are_refused_with_both(tmp_path: Path) -> None:
    held = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    path = tmp_path / "weights.json"
    path.write_text(json.dumps({**held, "version": "0-abc"}), encoding="utf-8")
    with pytest.raises(ConfigError, match=f"'0', the code of {FEATURES_VERSION!r}"):
        load_weights(path)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"version": "2-a", "features": {}}'])
def test_a_file_without_weights_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "weights.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"weights\.json"):
        load_weights(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.json.*make train"):
        load_weights(tmp_path / "none.json")


def test_other_weights_have_another_version() -> None:
    weights = SCORER.weights
    changed = replace(weights, before=replace(weights.before, weights=weights.before.weights * 2))
    assert changed.version != weights.version

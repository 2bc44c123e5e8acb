"""The score after the small model's answer: findings with a meaning, a prior that ranks, a fit near it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.cascade.score import after
from agent.cascade.verify import ANSWER_FEATURES, Answer, Basis, verify
from agent.errors import ConfigError

QUESTION = "Ann has 12 boxes of 8 pens. She gives 30 pens away. How many pens are left?"
RIGHT = "She has 12 * 8 = 96 pens. After giving 30 away, 96 - 30 = 66 pens are left."


def row_of(answer: str, question: str = QUESTION, before: float = 0.3) -> tuple[float, ...]:
    return after.features(question, answer, verify(Answer(answer), Basis(question)), before)


def feature(name: str, answer: str, question: str = QUESTION) -> float:
    return row_of(answer, question)[after.FEATURES.index(name)]


def score(answer: str, question: str = QUESTION) -> float:
    return float(after.prior().predict(np.array([row_of(answer, question)]))[0])


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("arithmetic_wrong", "She has 12 * 8 = 86 pens. Then 86 - 30 = 56 pens are left."),
        ("algebra_wrong", "x + 30 = 12 * 8\nx = 70"),
        ("cut_off", "She has 12 * 8 = 96 pens. After giving 30 away, 96 - 30 = <<96-3"),
        ("result_not_whole", "She has 12 / 8 = 1.5 pens left."),
        ("result_not_positive", "30 - 12 * 8 = -66 pens are left."),
        ("result_given", "She has 12 pens left."),
        ("result_not_last", "12 * 8 = 96 and 96 - 30 = 66. The answer is 60."),
        ("left_out", "She has 12 * 8 = 96 pens left."),
        ("from_nowhere", "She has 12 * 8 = 96 pens, and 96 - 30 = 66, of which 66 - 11 = 55 are left."),
        ("doubled", "She has 12 * 12 * 8 = 1152 pens, and 1152 - 30 = 1122 are left."),
        ("dead_ends", "12 * 8 = 96. 30 + 8 = 38. 96 - 30 = 66 pens are left."),
        ("broken_steps", "30 / 8 = 3.75 boxes, so 12 - 3.75 = 8.25, that is 8.25 * 8 = 66 pens."),
        ("negative_steps", "30 - 96 = -66, so 66 pens are left."),
        ("too_few_operations", "She has 12 * 8 = 96 pens left."),
        ("misses_operation", "12 * 8 = 96 and 96 + 30 = 126 pens are left."),
        ("assumes", "Assuming that the boxes are full, 12 * 8 = 96 and 96 - 30 = 66."),
        ("corrects_itself", "12 * 8 = 96. Wait, that is not it. 96 - 30 = 66."),
        ("unknowns", "Let x be the pens that are left. x = 12 * 8 - 30 = 66."),
        ("no_steps", "There are 66 pens left."),
        ("no_result", "She has some pens left."),
        ("failed_checks", "I'm sorry, but I can't help with that."),
    ],
)
def test_finding_shows_where_it_applies_and_not_in_a_right_answer(name: str, answer: str) -> None:
    assert feature(name, answer) > 0
    assert feature(name, RIGHT) == 0


@pytest.mark.parametrize(
    "answer",
    [
        "Hello! How can I help?",
        "Use a list. It keeps its order, and you can add to it at the end.",
        "The meeting is at 10:30 in room 4-12.",
    ],
)
def test_findings_about_reckoning_are_0_where_nothing_is_reckoned(answer: str) -> None:
    row = dict(zip(after.FEATURES, row_of(answer, "Hi, what's up?"), strict=True))

    assert {name: value for name, value in row.items() if value and name != "before"} == {}


def test_long_page_with_a_short_answer_is_no_hard_sum() -> None:
    page = "The harbour was built in 1880 and renewed in 1921. " * 40

    assert score("In 1880.", page + "Who built it?") == score("In 1880.", "Who built it?")
    assert score("There are 66 pens left.", page + QUESTION) <= score("There are 66 pens left.")


def test_result_is_found_wherever_it_is_put() -> None:
    working = "12 * 8 = 96 and 96 - 30 = 66."

    for end in (
        "So 66 pens are left.",
        "#### 66",
        r"\boxed{66}",
        "**Answer:** 66 pens",
        "The final answer is 66.",
    ):
        assert feature("result_not_last", f"{working}\n{end}") == 0
    for end in (
        "So 60 pens are left.",
        "#### 60",
        r"\boxed{60}",
        "**Answer:** 60 pens",
        "The final answer is 60.",
    ):
        assert feature("result_not_last", f"{working}\n{end}") == 1


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("He sells 40 pens at 25% off $2. How much is it?", "2 * 0.75 = 1.5 and 40 * 1.5 = 60."),
        ("A third of 12 pens and half of 8 pens: how many?", "12 / 3 = 4, 8 / 2 = 4 and 4 + 4 = 8."),
        ("Of 12 pens 5 are red and cost $2, 7 are blue and cost $3. How much?", "5 * 2 + 7 * 3 = 31."),
        ("At 10:30 and at 5 pm he takes 2 pills of 5 mg. How many mg?", "2 * 5 = 10 mg, 2 * 10 = 20 mg."),
        ("Two dozen eggs cost $6. How much is one egg?", "2 * 12 = 24 eggs and 6 / 24 = 0.25 dollars."),
        ("Ann and the two of them share 9 pens in 3 equal parts. How many each?", "9 / 3 = 3 pens each."),
    ],
)
def test_quantity_counts_as_used_in_any_of_its_forms(question: str, answer: str) -> None:
    assert feature("left_out", answer, question) == 0
    assert feature("from_nowhere", answer, question) == 0


def test_prior_ranks_a_wrong_answer_above_a_right_one() -> None:
    right = score(RIGHT)

    assert right < 0.4
    assert score("12 * 8 = 86, and 86 - 30 = 56 pens are left.") > right + 0.1
    assert score("She has 12 * 8 = 96 pens left.") > right + 0.1
    assert score("She has 12 * 8 = 96 pens. Then 96 - 30 = <<96-3") > right + 0.1
    assert score("I'm sorry, but I can't help with that.") > right + 0.1


def noisy(n: int, seed: int = 7) -> tuple[after.Floats, after.Floats]:
    """Rows where the first two findings tell the label, most of the time."""
    random = np.random.default_rng(seed)
    x = (random.random((n, len(after.FEATURES))) < 0.2).astype(np.float64)
    wrong = after.FEATURES.index("arithmetic_wrong")
    y = (random.random(n) < 0.15 + 0.7 * x[:, wrong]).astype(np.float64)
    return x, y


def test_fit_is_calibrated_on_what_it_saw() -> None:
    x, y = noisy(400)
    predicted = after.fit(x, y).predict(x)

    assert abs(predicted.mean() - y.mean()) < 0.05
    assert ((predicted > 0) & (predicted < 1)).all()


def test_more_labels_move_the_fit_further_from_the_prior() -> None:
    wrong = after.FEATURES.index("arithmetic_wrong")
    few, many = (after.fit(*noisy(n)).weights[wrong] for n in (100, 8_000))

    assert abs(many - 0.7) < abs(few - 0.7)
    assert abs(many - 0.7) < 0.2


def test_finding_that_no_label_shows_keeps_its_prior() -> None:
    x, y = noisy(200)
    column = after.FEATURES.index("failed_checks")
    x[:, column] = 0

    assert after.fit(x, y).weights[column] == after.PRIOR["failed_checks"]


def test_labels_that_are_all_the_same_give_a_model() -> None:
    x, _ = noisy(100)

    assert np.isfinite(after.fit(x, np.ones(100)).predict(x)).all()
    assert np.isfinite(after.fit(np.zeros_like(x), np.ones(100)).predict(x)).all()


def test_same_labels_give_the_same_bytes() -> None:
    assert after.fit(*noisy(200)).to_json() == after.fit(*noisy(200)).to_json()


def test_model_comes_back_from_json() -> None:
    x, y = noisy(200)
    model = after.fit(x, y)

    again = after.AfterModel.from_json(model.to_json())

    assert (again.predict(x) == model.predict(x)).all()


def test_weights_of_other_features_are_refused() -> None:
    held = after.fit(*noisy(200)).to_json()
    held["features"].pop("cut_off")

    with pytest.raises(ConfigError, match="make train"):
        after.AfterModel.from_json(held)


@given(st.lists(st.floats(0, 3), min_size=len(after.FEATURES), max_size=len(after.FEATURES)))
def test_score_is_a_probability(row: list[float]) -> None:
    predicted = after.prior().predict(np.array([row]))

    assert 0 <= predicted[0] <= 1


def test_every_prior_is_of_a_feature() -> None:
    assert set(after.PRIOR) | set(after.TYPICAL) <= set(after.FEATURES)
    assert (*ANSWER_FEATURES, "before") == after.FEATURES

"""The verifier recomputes what an answer reckons, and lets a right equation be written loosely."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.cascade.verify import Answer, Basis, Check, verify
from agent.cascade.verify.equations import equations


def check_of(text: str, name: str = "arithmetic") -> Check | None:
    verdict = verify(Answer(text), Basis("How much is it?"))
    return next((check for check in verdict.checks if check.name == name), None)


def passes(text: str, name: str = "arithmetic") -> bool | None:
    check = check_of(text, name)
    return None if check is None else check.passed


@pytest.mark.parametrize(
    "text",
    [
        "4 x 12 + 5 = 53",
        "7 * (3 + 5) = 56 dollars",
        "(4 inches + 2 inches) / 2 = 6 inches / 2 = 3 inches",
        "He pays $1,500 + $250.50 = $1,750.50.",
        "40% of 250 = 100",
        "240 / 480 * 100% = 50%",
        "100 - 25% = 75",
        "2/3 of 60 = 40",
        "1 1/2 + 1/4 = 1 3/4",
        "12 ÷ 4 = 3 and 3 × 4 = 12",
        "He pays 3 x $4 = $<<3*4=12>>12.",
        "2 * 2 * 2 = 2^3 = 8",
        "5 plus 6 equals 11, and 10 divided by 4 equals 2.5",
        "3(4 + 5) = 27",
        "10 / 3 = 3.33",
        "2 / 3 = 0.67 (rounded)",
        "1.234,50 + 0,50 = 1.235",
        "400 000 - 350 000 = 50 000",
        "3 hours * 60 minutes/hour = 180 minutes",
        "20 * 45 cents = $9",
        "-3 + 5 = 2",
        "3 + 5 = 8 * 2 = 16",
        "Silvia's 14 slices = 10 + 7 + 14 = 31 slices",
        "3² + 4² = 25",
        "0.1 + 0.2 = 0.30000000000000004",
    ],
)
def test_right_equation_passes(text: str) -> None:
    assert passes(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "4 x 12 + 5 = 49",
        "7 * (3 + 5) = 63 dollars",
        "(4 inches + 2 inches) / 2 = 6 inches / 2 = 4 inches",
        "He pays $1,500 + $250.50 = $1,850.50.",
        "40% of 250 = 80",
        "2/3 of 60 = 45",
        "1 1/2 + 1/4 = 2",
        "12 ÷ 4 = 4",
        "He pays 3 x $4 = $<<3*4=14>>14.",
        "2^3 = 9",
        "5 plus 6 equals 12",
        "10 / 3 = 3.43",
        "400 000 - 350 000 = 5 000",
        "3 hours * 60 minutes/hour = 200 minutes",
        "17 / 2 = 8",
        "3 + 5 = 9 * 2 = 18",
        "3² + 4² = 24",
        "The total is 20 - 5 = 10 apples. Then 10 + 1 = 11.",
    ],
)
def test_wrong_equation_fails(text: str) -> None:
    assert passes(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "There is no number here.",
        "3x = 30",
        "x + 4 = 10",
        "8 + x = 38",
        "S + A + F = 85",
        "6 ft 2 in = 74 in",
        "1 hour 30 minutes + 15 minutes = 1 hour 45 minutes",
        "1 / 0 = 5",
        "9^9^9^9 = 1",
        "The ratio 3:4 = 0.75",
        "x += 1",
        "a == 1 + 1 != 3",
        "```\n1 + 1 = 3\n```",
        "https://example.org/?q=1+1=3",
        "1 + 1 = 10 in binary",
        "sqrt(9 + 16) = 5",
        "√16 + 1 = 5",
        "f(2) + 1 = 7",
        "2 * sin(30) = 1",
        "4! / 2 = 12",
        "3e5 * 2 = 6e5",
        "|3 - 5| = 2",
    ],
)
def test_what_cannot_be_recomputed_says_nothing(text: str) -> None:
    assert passes(text) is None


def test_detail_counts_what_does_not_hold() -> None:
    check = check_of("1 + 1 = 2. 2 + 2 = 5. 3 + 3 = 7.")

    assert check is not None
    assert check.detail == "2 of 3 equations do not hold"


def test_each_side_of_a_chain_is_held_to_the_next() -> None:
    assert passes("2 + 3 = 5 = 10 / 2 = 5") is True
    assert passes("2 + 3 = 5 = 12 / 2 = 6") is False


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from("+-*"))
def test_any_right_sum_passes_and_any_other_result_fails(a: int, b: int, op: str) -> None:
    result = {"+": a + b, "-": a - b, "*": a * b}[op]

    assert passes(f"So {a:,} {op} {b:,} = {result:,} in all.") is True
    assert passes(f"So {a:,} {op} {b:,} = {result + 1:,} in all.") is False


@given(st.integers(1, 9999), st.integers(1, 9999), st.integers(0, 4))
def test_a_quotient_may_be_rounded_to_the_digits_it_shows(a: int, b: int, places: int) -> None:
    assert passes(f"{a} / {b} ≈ {a / b:.{places}f}") is True


@given(
    st.recursive(
        st.integers(0, 99).map(str),
        lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(
            lambda p: f"({p[0]} {p[1]} {p[2]})"
        ),
        max_leaves=12,
    )
)
def test_nested_expressions_agree_with_themselves(expression: str) -> None:
    found = equations(f"{expression} + 1 = {expression} + 1")

    assert all(one.holds is not False for one in found)


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("x + 4 + x + x/2 = 19\n3x = 30\nx = 10", False),
        ("x + 4 + x + x/2 = 19\n2.5x = 15\nx = 6", True),
        ("Q + 2Q + 2(2Q) = 700, so Q = 100.", True),
        ("Q + 2Q + 2(2Q) = 700, so Q = 140.", False),
        ("F = 88 / 3 ≈ 29.33\n3F + 1 = 85", False),
        ("2x + 3 = 11, so x = 4. And y = 2.", True),
        ("3x + 4 = 24, so x = 20/3. That is no whole number. Again: 3x + 12 = 24, so x = 4.", True),
        ("2x = 10, so x = 5. The second: 3x = 9, so x = 2.", False),
        ("x + 60 = 3,060, so x = 3,000.", True),
        ("x + 60 = 3,060, so x = 2,000.", False),
    ],
)
def test_found_unknown_is_put_back_into_its_equations(text: str, held: bool) -> None:
    assert passes(text, "algebra") is held


@pytest.mark.parametrize("text", ["x = 5", "2x + 3 = 11", "So a 5 + 3 = 8 result.", "I = 5 and nothing else"])
def test_unknown_without_another_equation_says_nothing(text: str) -> None:
    assert passes(text, "algebra") is None

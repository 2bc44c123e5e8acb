"""Whatever an answer holds, the verifier ends in bounded time, raises nothing and gives finite features."""

import math
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.cascade.verify import ANSWER_FEATURES, Answer, Basis, Verdict, verify

MEGABYTE = 1_000_000


def verify_all(text: str) -> Verdict:
    basis = Basis(text, context=text, passages=(text, "one [1]"), language="en")
    return verify(Answer(text), basis)


@pytest.mark.parametrize(
    "piece",
    [
        "(", "[", "{", "<<", ">>", "((1+", "1+", "1 = ", "=", "1/", "9", "1,", "1.", ",", "-", "a ", "1 a ",
        "(1 ", "x = ", "x+1=", "2x", "\\frac{", "\\frac{1}{2}", "```", "`", "“", '"', "\u0000", "\u202e",
        "\n", "\u200b", " ", "I am not sure ", "####", "the answer is ", "[1]", "[1,", "https://", "$", "%",
        "^9", "half ", "١", "é", "😀", "<<1+1=2>>", "1:", "1.1.", "i'm sorry ", ".", "?", "\ud800",
    ],
)  # fmt: skip
@pytest.mark.timeout(60)
def test_a_megabyte_of_anything_ends(piece: str) -> None:
    text = piece * (MEGABYTE // len(piece))

    verdict = verify_all(text)

    assert all(math.isfinite(value) for value in verdict.features)


@settings(max_examples=200, deadline=None)
@given(st.text(), st.text())
def test_any_text_gets_a_verdict(question: str, text: str) -> None:
    verdict = verify(Answer(text), Basis(question, context=text, passages=(question,)))

    assert len(verdict.features) == len(ANSWER_FEATURES)
    assert all(math.isfinite(value) for value in verdict.features)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(["1", "2", "3.5", "1,000", *"x+-*/^=()%$.≈\n", "of", "half"])))
def test_any_arithmetic_gets_a_verdict(pieces: list[str]) -> None:
    verdict = verify_all(" ".join(pieces))

    assert all(math.isfinite(value) for value in verdict.features)


def test_same_answer_gets_the_same_verdict() -> None:
    text = "She has 3 + 4 = 8 apples."

    assert verify_all(text) == verify_all(text)


def best_of(runs: int, work: Callable[[], object]) -> float:
    """Seconds of this thread on a processor, so that what else runs on the machine does not count."""
    took = []
    for _ in range(runs):
        begin = time.thread_time()
        work()
        took.append(time.thread_time() - begin)
    return min(took)


@pytest.mark.parametrize(
    "piece",
    [
        "The harbour was built in 1880 and renewed twice. It holds 120 boats at $4.50 a day. ",
        "She pays 3 * $4.50 = $<<3*4.5=13.5>>13.50 in all. ",
    ],
)
def test_an_answer_that_is_four_times_as_long_takes_about_four_times_as_long(piece: str) -> None:
    short, long = (piece * 20)[:1_000], (piece * 80)[:4_000]
    basis = Basis("She buys 3 packs for $4.50. How much?")

    ratio = best_of(10, lambda: verify(Answer(long), basis)) / best_of(
        10, lambda: verify(Answer(short), basis)
    )

    assert ratio < 10

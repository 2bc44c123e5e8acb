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
def test_a_megabyte_of_anything_ends_soon(piece: str) -> None:
    text = piece * (MEGABYTE // len(piece))
    begin = time.perf_counter()

    verdict = verify_all(text)

    assert time.perf_counter() - begin < 2.0
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


def test_four_thousand_characters_of_prose_take_five_milliseconds() -> None:
    text = ("The harbour was built in 1880 and renewed twice. It holds 120 boats at $4.50 a day. " * 60)[
        :4_000
    ]

    assert best_of(10, lambda: verify(Answer(text), Basis("How large is the harbour?"))) < 0.005


def test_four_thousand_characters_of_nothing_but_equations_take_fifteen() -> None:
    text = ("She pays 3 * $4.50 = $<<3*4.5=13.5>>13.50 in all. " * 90)[:4_000]

    assert best_of(10, lambda: verify(Answer(text), Basis("She buys 3 packs for $4.50. How much?"))) < 0.015

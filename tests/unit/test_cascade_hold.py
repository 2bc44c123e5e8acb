"""How much of a small model's answer is held, and when it may go out."""

import pytest
from livekit.agents import llm

from agent.cascade.hold import MAX_CHARS, Held, Step, Until
from agent.cascade.verify.handup import HAND_UP_MARKER, hand_up


def _words(text: str) -> llm.ChatChunk:
    return llm.ChatChunk(id="1", delta=llm.ChoiceDelta(role="assistant", content=text))


def _call() -> llm.ChatChunk:
    call = llm.FunctionToolCall(name="book", arguments="{}", call_id="1")
    return llm.ChatChunk(id="1", delta=llm.ChoiceDelta(role="assistant", tool_calls=[call]))


def _steps(until: Until, *texts: str) -> list[Step]:
    held = Held(until, hand_up)
    return [held.add(_words(text)) for text in texts]


def test_nothing_is_held_where_nobody_could_take_over() -> None:
    assert _steps("nothing", "It", " is") == [Step.PASS, Step.PASS]


def test_a_sentence_is_held_until_it_is_followed_by_more() -> None:
    assert _steps("sentence", "It is so.", " And") == [Step.WAIT, Step.SENTENCE]


@pytest.mark.parametrize(
    "text",
    ["It is 3.14 m", "Ask Dr. Miller ", "See p. 4, e.g. the ", "Yes. ", "1. Open the "],
    ids=["a number", "a title", "an abbreviation", "a single word", "a list"],
)
def test_a_full_stop_is_not_always_the_end_of_a_sentence(text: str) -> None:
    assert _steps("sentence", text) == [Step.WAIT]


@pytest.mark.parametrize(
    "text", ["Is it so? Yes", "It is so!\nNext", "これは答えです。 はい", 'He said "so it is." Then']
)
def test_sentences_end_in_several_ways(text: str) -> None:
    assert _steps("sentence", text) == [Step.SENTENCE]


def test_a_sentence_without_an_end_goes_out_when_it_is_long() -> None:
    assert _steps("sentence", "word " * (MAX_CHARS // 5 - 1), "word word") == [Step.WAIT, Step.SENTENCE]


def test_the_marker_is_told_however_it_is_cut() -> None:
    steps = _steps("sentence", *HAND_UP_MARKER)

    assert steps[-1] == Step.HAND_UP
    assert set(steps[:-1]) == {Step.WAIT}


def test_what_only_begins_like_the_marker_is_an_answer() -> None:
    assert _steps("sentence", HAND_UP_MARKER[:4], " is what it says. So")[-1] == Step.SENTENCE


def test_time_lets_out_a_part_of_a_sentence() -> None:
    held = Held("sentence", hand_up)
    held.add(_words("It is"))

    assert held.expire() == Step.SENTENCE


def test_time_does_not_let_out_what_may_become_the_marker() -> None:
    held = Held("sentence", hand_up)
    held.add(_words(HAND_UP_MARKER[:3]))
    late = held.expire()

    assert late == Step.WAIT
    assert held.add(_words(" no marker")) == Step.SENTENCE


def test_time_does_not_let_out_an_answer_that_is_wanted_whole() -> None:
    held = Held("answer", hand_up)
    held.add(_words("It is so. And more."))

    assert held.expire() == Step.WAIT


def test_a_tool_call_waits_for_the_end_of_the_answer() -> None:
    held = Held("sentence", hand_up)
    steps = [held.add(_call()), held.add(_words("I am looking. Then")), held.expire()]

    assert steps == [Step.WAIT] * 3


def test_what_was_held_comes_out_once_in_its_order() -> None:
    held = Held("sentence", hand_up)
    chunks = [_words("It is"), llm.ChatChunk(id="1"), _words(" so. Yes")]
    for chunk in chunks:
        held.add(chunk)

    assert held.release() == chunks
    assert held.release() == []
    assert held.add(_words("more")) == Step.PASS

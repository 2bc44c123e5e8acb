"""The small model hands a turn up by its first token, and a stream is held back only until that is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.cascade.verify import HAND_UP_MARKER, Answer, Basis, hand_up, verify
from agent.prompts import load_prompt


@pytest.mark.parametrize("lead", ["", " ", "\n\n", "\ufeff", "\u200b \t"])
def test_marker_as_first_token_hands_up(lead: str) -> None:
    assert hand_up(lead + HAND_UP_MARKER) is True
    assert hand_up(lead + HAND_UP_MARKER + "\nI am done") is True


@pytest.mark.parametrize("text", ["Hello", " Yes", "<b>", "< 5", "<<4*5=20>>20", f"Sure. {HAND_UP_MARKER}"])
def test_anything_else_is_an_answer(text: str) -> None:
    assert hand_up(text) is False


@pytest.mark.parametrize("end", range(len(HAND_UP_MARKER)))
def test_beginning_of_the_marker_is_not_decided(end: int) -> None:
    assert hand_up(HAND_UP_MARKER[:end]) is None


def test_white_space_alone_is_decided_in_the_end() -> None:
    assert hand_up(" " * 10) is None
    assert hand_up(" " * 10_000) is False


@given(st.text(max_size=200))
def test_decision_never_changes_as_the_stream_goes_on(text: str) -> None:
    decisions = [hand_up(text[:end]) for end in range(len(text) + 1)]
    told = [one for one in decisions if one is not None]

    assert len(set(told)) <= 1


def test_handed_up_turn_fails_its_check() -> None:
    verdict = verify(Answer(f"  {HAND_UP_MARKER}"), Basis("Prove Fermat's last theorem."))

    assert [check.name for check in verdict.failed] == ["hand_up"]


def test_instruction_names_the_marker() -> None:
    assert HAND_UP_MARKER in load_prompt("handup", marker=HAND_UP_MARKER)

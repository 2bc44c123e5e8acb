import pytest

from agent.voice.pace import FIRST_GUESS_CHARS_PER_S, Pace

ANSWER = "You can ask for a refund within thirty days of the purchase."


def test_an_answer_cut_short_keeps_only_the_whole_words_that_were_heard() -> None:
    heard = Pace().heard(ANSWER, played_s=20 / FIRST_GUESS_CHARS_PER_S)
    assert heard == "You can ask for a …"


def test_an_answer_that_was_nearly_over_is_kept_whole() -> None:
    assert Pace().heard(ANSWER, played_s=60) == ANSWER


def test_an_answer_stopped_at_once_leaves_an_ellipsis() -> None:
    assert Pace().heard(ANSWER, played_s=0.05) == "…"


def test_the_pace_follows_the_voice_that_is_used() -> None:
    pace = Pace()
    for _ in range(8):
        pace.learn(ANSWER, played_s=6.0)
    assert pace.chars_per_s == pytest.approx(len(ANSWER) / 6.0, rel=0.05)


def test_a_very_short_sound_teaches_nothing() -> None:
    pace = Pace()
    pace.learn("Hi", played_s=0.3)
    assert pace.chars_per_s == FIRST_GUESS_CHARS_PER_S

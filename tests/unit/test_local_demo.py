import wave

from control.local.demo import read_help_centre
from control.local.selfcheck import QUESTION

MAX_SPOKEN_CHARS = 400


def test_the_help_centre_answers_what_the_readme_suggests_to_ask() -> None:
    pages = dict(read_help_centre())
    assert "The refund period is 30 days." in pages["Refunds"]
    assert {
        "Refunds",
        "Support hours",
        "Plans and prices",
        "Sign-in and passwords",
        "Data and privacy",
    } <= set(pages)


def test_every_passage_is_short_enough_to_be_read_aloud() -> None:
    passages = [passage for _, text in read_help_centre() for passage in text.split("## ") if passage]
    assert [passage for passage in passages if len(passage) > MAX_SPOKEN_CHARS] == []


def test_the_recorded_question_is_small_and_of_the_rate_that_the_caller_speaks() -> None:
    with wave.open(str(QUESTION)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
    assert QUESTION.stat().st_size < 80_000

"""The verifier sees refusals, hedging, another language, a missing end and nothing at all."""

import pytest

from agent.cascade.verify import Answer, Basis, Check, verify
from agent.cascade.verify.language import language_of


def failed(answer: Answer | str, basis: Basis | None = None) -> list[str]:
    answer = Answer(answer) if isinstance(answer, str) else answer
    return [check.name for check in verify(answer, basis or Basis("What is it?")).failed]


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't help with that.",
        "I’m sorry, I cannot answer this question.",
        "I am afraid that I don't have enough data.",
        "As an AI language model, I don't have access to your calendar.",
        "I don't know.",
        "I cannot determine that from the picture.",
        "There is not enough information to say.",
        "Es tut mir leid, das kann ich nicht beantworten.",
        "Ich weiß es leider nicht.",
        "Je suis désolé, je ne peux pas répondre.",
        "Lo siento, no puedo ayudar con eso.",
        "申し訳ありませんが、お答えできません。",
        "抱歉，我无法回答这个问题。",
    ],
)
def test_refusal_fails(text: str) -> None:
    assert "refusal" in failed(text)


@pytest.mark.parametrize(
    "text",
    [
        "Press Reset if you cannot sign in.",
        'She told him: "I\'m sorry, I cannot help you." Then she left.',
        "The policy says that you can't return worn shoes.",
        "Sorry for the wait! Your order ships today.",
        "Entschuldige, das Treffen ist um zehn.",
    ],
)
def test_answer_that_speaks_of_refusing_passes(text: str) -> None:
    assert "refusal" not in failed(text)


@pytest.mark.parametrize(
    "text",
    [
        "I'm not sure, but it opens at nine.",
        "Perhaps it is Monday. It might be Tuesday. Maybe it is Wednesday, I think.",
        "Ich bin mir nicht sicher, vielleicht am Montag.",
    ],
)
def test_answer_made_of_hedges_fails(text: str) -> None:
    assert "hedging" in failed(text)


def test_one_hedge_in_a_full_answer_passes() -> None:
    assert failed("It will probably ship on Monday. You get a mail with the number. It takes two days.") == []


@pytest.mark.parametrize("text", ["", "   \n\t", "\u200b\u200e", "\u0000", "\u202e\u2066"])
def test_nothing_to_see_is_empty(text: str) -> None:
    assert "empty" in failed(text)


def test_tool_call_without_text_is_not_empty() -> None:
    assert failed(Answer("", tool_calls=(("find", "{}"),))) == []


@pytest.mark.parametrize("reason", ["length", "max_tokens", "MAX_TOKENS", "content_filter"])
def test_end_that_the_provider_calls_none_is_cut_off(reason: str) -> None:
    assert failed(Answer("This is a whole sentence.", finish_reason=reason)) == ["cut_off"]


@pytest.mark.parametrize(
    "text",
    [
        "In each room, Bob washes 2 sheets,",
        "The reason for this is the",
        "Take the following steps and",
        "```python\nprint(1)",
        "Together they have 27 + 11 = <<27+1",
        "It is called (after its inventor",
        "So the total is 5 +",
        "The committee met twice in the spring to discuss how the old harbour could be turned into flats, "
        "and one of its members proposed that the warehouses should first be surveyed by an engi",
    ],
)
def test_text_that_stops_in_the_middle_is_cut_off(text: str) -> None:
    assert "cut_off" in failed(text)


@pytest.mark.parametrize("text", ["Paris", "- a\n- b", "```\nx\n```", "Done :)", "Is it (a) or (b)?", "42 %"])
def test_terse_answer_is_whole(text: str) -> None:
    assert "cut_off" not in failed(text)


ENGLISH = "The meeting is on Monday and it will be in the large room on the second floor of the building."
GERMAN = "Das Treffen ist am Montag und es wird im großen Raum auf der zweiten Etage sein."
FRENCH = "La réunion est lundi dans la grande salle et elle est au deuxième étage du bâtiment."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (GERMAN, "de"),
        (FRENCH, "fr"),
        (
            "La reunión es el lunes y se hace en la sala grande, que está en el segundo piso.",
            "es",
        ),
        (
            "Встреча будет в понедельник, и она пройдёт не в малом зале, а на втором этаже.",
            "ru",
        ),
        ("会议在星期一举行。", "zh"),
        ("会議は月曜日です。", "ja"),
        ("회의는 월요일에 있습니다.", "ko"),
        ("الاجتماع يوم الاثنين.", "ar"),
        ("OK", None),
        ("42", None),
        ("", None),
        ("def f(x): return x + 1", None),
    ],
)
def test_language_is_told_or_left_open(text: str, language: str | None) -> None:
    assert language_of(text) == language


def test_another_language_than_the_agents_fails() -> None:
    assert "language" in failed(ENGLISH, Basis("?", language="de-DE"))
    assert "language" not in failed(GERMAN, Basis("?", language="de-DE"))


def test_another_language_than_the_questions_fails() -> None:
    question = "Wann ist das nächste Treffen und in welchem Raum wird es sein? Ich habe die Einladung nicht."

    assert "language" in failed(ENGLISH, Basis(question))
    assert "language" not in failed(GERMAN, Basis(question))


def test_translation_may_be_in_any_language() -> None:
    question = "Please translate this to French: the meeting is on Monday and it will be in the large room."

    assert "language" not in failed(FRENCH, Basis(question))


def test_check_names_no_words_of_the_answer() -> None:
    secret = "I cannot help Mallory Smith with the account"

    assert all("Mallory" not in check.detail for check in verify(Answer(secret), Basis("?")).checks)


def test_checks_that_passed_are_listed_too() -> None:
    verdict = verify(Answer("All good."), Basis("?"))

    assert Check("refusal", passed=True) in verdict.checks

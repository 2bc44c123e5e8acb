"""The score reads what is asked and not how it is set: options, frames, examples, escapes."""

import pytest

from agent.cascade.score import Scorer
from agent.cascade.score.question import read
from agent.cascade.verify import Answer, Basis, verify
from agent.cascade.verify.frame import question_of

STEM = "Which of these gases does a leaf take in when the sun shines on it?"
OPTIONS = ("oxygen", "carbon dioxide", "hydrogen, mostly", "none of the above")
ASKED = STEM + "".join(f"\n{letter}. {text}" for letter, text in zip("ABCD", OPTIONS, strict=True))
SUM = "Anna has 3 boxes with 12 pens each. She gives 7 pens away. How many pens does she have left?"


def lettered(form: str, letters: str = "ABCD", between: str = "\n") -> str:
    return STEM + "".join(
        between + form.format(letter, text) for letter, text in zip(letters, OPTIONS, strict=True)
    )


@pytest.mark.parametrize(
    "prompt",
    [
        *(
            lettered(form)
            for form in ("{}. {}", "{}) {}", "({}) {}", "[{}] {}", "{}: {}", "{}.{}", "  {}. {}")
        ),
        *(lettered(form) for form in ("**{}.** {}", "**{}**. {}", "- {}. {}", "* ({}) {}")),
        *(lettered(form, "abcd") for form in ("{}. {}", "{}) {}", "({}) {}")),
        *(lettered(form, between=" ") for form in ("({}) {}", "{}) {}", "{}. {}")),
        *(lettered(form, "abcd", " ") for form in ("({}) {}", "{}) {}")),
        lettered("{}. {}", between="\n\n"),
        lettered("{}. {}", between="\r\n"),
        lettered("{}. {}").replace("\nA.", "\nOptions:\nA."),
        lettered("{}. {}").replace("\nA.", "\n\nAnswer choices:\nA."),
    ],
)
@pytest.mark.parametrize("frame", ["{}", "{}\nAnswer:", "Question: {}\nAnswer:", "**Q:** {}\nA: \n"])
def test_the_form_of_options_and_frame_leaves_the_score_where_it_is(prompt: str, frame: str) -> None:
    scorer, question = Scorer.load(), read(frame.format(prompt))

    assert (question.kind, question.stem, question.options) == ("choice", STEM, OPTIONS)
    assert scorer.before(frame.format(prompt)) == scorer.before(ASKED)


@pytest.mark.parametrize(
    "text",
    [
        "Please do three things: a) why did it fail? b) who knows of it? c) what is next?",
        "Answer these.\na) Why is the sky blue?\nb) Why is grass green?\nc) What is red?",
        "Talk to Mr. A. Miller about vitamin B. It is late.",
        "It becomes compound A.\n\nThis becomes compound B.\n\nThat becomes product C.\n\nName C.",
        "Do this:\n1. open it\n2. close it\n3. say so",
        "A. is a letter",
    ],
)
def test_what_only_looks_like_options_is_none(text: str) -> None:
    assert read(text).options == ()


def test_the_last_options_are_those_of_the_question() -> None:
    passage = "The passage has notes.\nA. first note\nB. second note\n" + ASKED

    assert read(passage).options == OPTIONS


@pytest.mark.parametrize("shots", [1, 5])
@pytest.mark.parametrize("asked", [ASKED, SUM])
@pytest.mark.parametrize(
    "shot",
    [
        "What is 2 + 2?\nA. 3\nB. 4\nC. 5\nD. 6\n{answer}: B\n\n",
        "Question: Sam has 2 bags of 9 nuts. How many?\n{answer}: 2 * 9\n\nSo it is\n#### 18\n\nQuestion: ",
    ],
)
def test_solved_examples_are_not_the_question(shot: str, asked: str, shots: int) -> None:
    told = (shot * shots).replace("Question: Question:", "Question:").format(answer="Answer")
    prompt = f"The following are questions with answers.\n\n{told}{asked}\nAnswer:"

    assert Scorer.load().before(prompt) == Scorer.load().before(asked)


@pytest.mark.parametrize(
    "prompt",
    [
        "Is this vitamin A",
        "Which letter?\nA: x\n\nB: y\n\nC: z",
        "The notes say\nAnswer: 5\n\nand nothing else. Is that right?",
        "",
        "Answer:",
        "\nA:\nA:",
    ],
)
def test_what_is_no_frame_stays(prompt: str) -> None:
    assert question_of(prompt) == prompt.removesuffix("Answer:").removesuffix("\nA:")


def test_options_lettered_like_the_call_for_an_answer_are_no_examples() -> None:
    prompt = f"Q: {lettered('{}: {}', between=chr(10) * 2)}\n\nA:"

    assert read(prompt).options == OPTIONS


def test_an_escaped_currency_sign_is_no_formula() -> None:
    story = "A pen costs $3 and a book costs $12. Tom buys 4 pens and 2 books. How much does he pay in total?"

    assert read(story.replace("$", "\\$")).kind == "sums"
    assert Scorer.load().before(story.replace("$", "\\$")) == Scorer.load().before(story)


def test_examples_give_nothing_to_the_features_of_an_answer() -> None:
    answer = Answer("3 * 12 = 36, and 36 - 7 = 29. #### 29")
    shot = "Question: Sam has 5 bags of 90 nuts. How many nuts?\nAnswer: 450\n\n"
    framed = Basis(f"{shot}Question: {SUM}\nAnswer:")

    assert verify(answer, framed).features == verify(answer, Basis(SUM)).features

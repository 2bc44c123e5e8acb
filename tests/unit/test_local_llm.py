"""The local profile quotes what was written, refuses what was not, and reads what is on the screen."""

import base64
from collections.abc import Sequence

import pytest
from livekit import rtc
from livekit.agents import llm

from agent.errors import Unavailable
from agent.evidence import PASSAGES_KEY
from agent.local.llm import (
    LOOKING,
    NO_READER,
    NO_SCREEN,
    NO_TEXT,
    NOTHING_FOUND,
    ONLY_QUOTES,
    UNREADABLE,
    LocalLLM,
)
from agent.local.screen_lines import Box, Line
from agent.local.smalltalk import ABILITIES, HELLO, LISTENING, NOTHING_SAID

REFUND_PERIOD = {
    "document": "doc_1",
    "title": "Refunds: Refund period",
    "text": "The refund period is 30 days. You can ask for a refund within 30 days of the charge.",
}
ASK_FOR_REFUND = {
    "document": "doc_1",
    "title": "Refunds: How to ask",
    "text": "To ask for a refund, write to billing@harbor.example with the number of your invoice.",
}
WEEKENDS = {
    "document": "doc_2",
    "title": "Support hours: Weekends",
    "text": "Support is closed on Saturday and Sunday, and on public holidays in Germany.",
}
OPENING = {
    "document": "doc_2",
    "title": "Support hours: Opening hours",
    "text": "Support is open from Monday to Friday, from nine in the morning until six in the evening.",
}
SOLO = {
    "document": "doc_3",
    "title": "Plans and prices: Solo plan",
    "text": "The **Solo** plan costs 6 euros a month. It has 500 gigabytes of storage.",
}
TEAM = {
    "document": "doc_3",
    "title": "Plans and prices: Team plan",
    "text": "The **Team** plan costs 11 euros per person and month. It has 2 terabytes of storage.",
}
PASSWORD = {
    "document": "doc_4",
    "title": "Sign-in: Resetting a password",
    "text": "To reset your password, choose Forgot password. Lantern sends you a link.",
}
WHERE = {
    "document": "doc_5",
    "title": "Data: Where data is stored",
    "text": "Your files are stored in two data centres in Frankfurt and Helsinki.",
}
ALL = [REFUND_PERIOD, ASK_FOR_REFUND, WEEKENDS, OPENING, SOLO, TEAM, PASSWORD, WHERE]

DATA_URL = "data:image/jpeg;base64," + base64.b64encode(b"picture").decode()


class FakeReader:
    """Reads a fixed screen; keeps the pictures it was given."""

    def __init__(self, *texts: str) -> None:
        self.lines = [Line(text, Box(40, 40 * row, 400, 24), 0.99) for row, text in enumerate(texts)]
        self.pictures: list[bytes] = []

    async def read(self, jpeg: bytes) -> list[Line]:
        self.pictures.append(jpeg)
        return self.lines


class AwayReader:
    async def read(self, jpeg: bytes) -> list[Line]:
        raise Unavailable("text recognition did not answer in 12 s")


async def ask(
    question: str,
    passages: Sequence[dict[str, str]] = (),
    *,
    image: str | rtc.VideoFrame | None = None,
    reader: FakeReader | AwayReader | None = None,
    before: llm.ChatContext | None = None,
) -> list[str]:
    """The sentences of the answer, as they were sent."""
    chunks = await collect(question, passages, image=image, reader=reader, before=before)
    return [chunk.delta.content for chunk in chunks if chunk.delta is not None and chunk.delta.content]


async def collect(
    question: str,
    passages: Sequence[dict[str, str]] = (),
    *,
    image: str | rtc.VideoFrame | None = None,
    reader: FakeReader | AwayReader | None = None,
    before: llm.ChatContext | None = None,
) -> list[llm.ChatChunk]:
    context = before or llm.ChatContext.empty()
    if passages:
        context.add_message(role="user", content="Quotations:", extra={PASSAGES_KEY: list(passages)})
    picture = [] if image is None else [llm.ImageContent(image=image)]
    context.add_message(role="user", content=[question, *picture])
    async with LocalLLM(reader).chat(chat_ctx=context) as stream:
        return [chunk async for chunk in stream]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is the refund period?", "From “Refunds”: The refund period is 30 days."),
        ("what's the refund period", "From “Refunds”: The refund period is 30 days."),
        ("Until when do I get my money back?", "From “Refunds”: The refund period is 30 days."),
        (
            "How do I ask for a refund?",
            "From “Refunds”: To ask for a refund, write to billing@harbor.example",
        ),
        ("When is support open on Saturday?", "From “Support hours”: Support is closed on Saturday"),
        ("What are your opening hours?", "From “Support hours”: Support is open from Monday to Friday"),
        ("How much is the solo plan?", "From “Plans and prices”: The Solo plan costs 6 euros a month."),
        (
            "What's the price of the team subscription?",
            "From “Plans and prices”: The Team plan costs 11 euros",
        ),
        ("I forgot my password", "From “Sign-in”: To reset your password, choose Forgot password."),
        ("Where do you keep my files?", "From “Data”: Your files are stored in two data centres"),
    ],
)
async def test_a_question_is_answered_by_quoting(question: str, answer: str) -> None:
    sentences = await ask(question, ALL)

    assert sentences[0].startswith(answer)


@pytest.mark.parametrize(
    ("heard", "answer"),
    [
        ("What is the refund, Gary?", "From “Refunds”"),
        ("What is the reference period?", "From “Refunds”: The refund period is 30 days."),
        ("When is the poet open on Saturday?", "From “Support hours”: Support is closed on Saturday"),
        ("How much does the solar plan cost?", "From “Plans and prices”"),
        ("How do I worry, said my password.", "From “Sign-in”: To reset your password"),
        ("What are the supplement hours on public holidays?", "From “Support hours”: Support is closed"),
    ],
)
async def test_a_misheard_question_still_finds_its_sentence(heard: str, answer: str) -> None:
    sentences = await ask(heard, ALL)

    assert sentences[0].startswith(answer)


@pytest.mark.parametrize(
    "question",
    [
        "Ann: What is the refund period?",
        "Dr. Ann Lee: what is the refund period?",
        "Parley, what is the refund period?",
        "Hey Parlay, what is the refund period?",
        "Ben: Barley what is the refund period",
        "Okay Parley. What is the refund period?",
        "What is the refund period, Parley?",
    ],
)
async def test_names_in_a_question_do_not_change_its_answer(question: str) -> None:
    assert (await ask(question, ALL))[0] == "From “Refunds”: The refund period is 30 days."


async def test_a_topic_that_looks_like_a_name_is_not_lost() -> None:
    assert (await ask("Password: how do I reset it?", ALL))[0].startswith("From “Sign-in”: To reset")
    assert (await ask("Refunds: how long?", ALL))[0].startswith("From “Refunds”: The refund period")


async def test_a_second_sentence_follows_in_a_chunk_of_its_own() -> None:
    assert await ask("What is the refund period?", ALL) == [
        "From “Refunds”: The refund period is 30 days.",
        " You can ask for a refund within 30 days of the charge.",
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Who won the football world cup?",
        "What is the weather in Frankfurt?",
        "Tell me a joke.",
        "What is two plus two?",
        "Summarise what Ann said about the budget.",
    ],
)
async def test_what_the_documents_do_not_say_is_refused(question: str) -> None:
    sentences = await ask(question, ALL)

    assert sentences[0] == NOTHING_FOUND
    assert sentences[1] == f" {ONLY_QUOTES}"
    assert sentences[2] == " You could ask me about “Refund period”, for example."


async def test_without_passages_the_refusal_promises_no_topic() -> None:
    assert await ask("Who won the football world cup?") == [NOTHING_FOUND, f" {ONLY_QUOTES}"]


async def test_every_word_of_a_quotation_stands_in_its_passage() -> None:
    sentences = await ask("How much is the team plan?", [TEAM])

    quoted = sentences[0].removeprefix("From “Plans and prices”: ")
    assert quoted in TEAM["text"].replace("*", "")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Hello!", HELLO),
        ("Hi there.", HELLO),
        ("Hello, Parley.", HELLO),
        ("Parley?", LISTENING),
        ("Thank you, that was very helpful.", "You're welcome."),
        ("And you, that was very helpful.", "You're welcome."),
        ("What can you do?", ABILITIES),
        ("Hello, who are you and what can you do?", ABILITIES),
        ("Can you hear me?", "Yes, I hear you."),
        ("Goodbye.", "Goodbye."),
        ("Okay.", "All right."),
        ("Say that again.", NOTHING_SAID),
    ],
)
async def test_small_talk_gets_a_fixed_sentence(said: str, answer: str) -> None:
    assert await ask(said, ALL) == [answer]


async def test_it_says_who_it_is() -> None:
    assert "Parley" in (await ask("Who are you?"))[0]


@pytest.mark.parametrize(
    "question", ["Thanks, and what is the refund period?", "Hello, what is the refund period?"]
)
async def test_a_polite_question_is_still_a_question(question: str) -> None:
    assert (await ask(question, ALL))[0] == "From “Refunds”: The refund period is 30 days."


async def test_it_repeats_its_last_answer() -> None:
    history = llm.ChatContext.empty()
    history.add_message(role="user", content="What is the refund period?")
    history.add_message(role="assistant", content="From “Refunds”: The refund period is 30 days.")

    assert await ask("Can you say that again?", before=history) == [
        "From “Refunds”: The refund period is 30 days."
    ]


async def test_passages_of_an_earlier_question_are_not_quoted() -> None:
    history = llm.ChatContext.empty()
    history.add_message(role="user", content="Quotations:", extra={PASSAGES_KEY: [REFUND_PERIOD]})
    history.add_message(role="user", content="What is the refund period?")
    history.add_message(role="assistant", content="From “Refunds”: The refund period is 30 days.")

    assert (await ask("And what is the refund period?", before=history))[0] == NOTHING_FOUND


async def test_passages_may_follow_the_question() -> None:
    context = llm.ChatContext.empty()
    context.add_message(role="user", content="What is the refund period?")
    context.add_message(role="user", content="Quotations:", extra={PASSAGES_KEY: [REFUND_PERIOD]})

    async with LocalLLM(None).chat(chat_ctx=context) as stream:
        answer = await stream.collect()

    assert answer.text.startswith("From “Refunds”: The refund period is 30 days.")


@pytest.mark.parametrize(
    "question",
    [
        "What does the error say?",
        "What does the error on the screen say?",
        "What's wrong on my screen?",
        "Ann: what is this error",
    ],
)
async def test_an_error_is_read_from_the_screen(question: str) -> None:
    reader = FakeReader(
        "File Edit View",
        "Build finished with 0 errors",
        "Upload failed",
        "the server refused the connection.",
        "Code: ERR_UPSTREAM",
        "Retry",
    )

    sentences = await ask(question, ALL, image=DATA_URL, reader=reader)

    assert sentences == [
        LOOKING,
        " The screen says: “Upload failed the server refused the connection. Code: ERR_UPSTREAM”",
    ]
    assert reader.pictures == [b"picture"]


async def test_without_an_error_on_the_screen_it_says_so() -> None:
    sentences = await ask(
        "What does the error say?", image=DATA_URL, reader=FakeReader("Quarterly plan", "All is well")
    )

    assert sentences[1] == " I see no error on the screen. It begins: “Quarterly plan; All is well”"


@pytest.mark.parametrize("question", ["What is on the screen?", "Read it to me.", "What does it say?"])
async def test_a_screen_is_read_from_its_beginning_for_fifty_words(question: str) -> None:
    reader = FakeReader(*(f"line {number} of the long page." for number in range(30)))

    sentences = await ask(question, image=DATA_URL, reader=reader)

    assert sentences[1].startswith(" The screen says: “line 0 of the long page. line 1 of")
    assert sentences[1].endswith(" …”")
    assert 50 <= len(sentences[1].split()) <= 55


async def test_the_asked_part_of_the_screen_is_read() -> None:
    reader = FakeReader("Invoice 17", "Total 420 euros", "Due on Friday")

    sentences = await ask("What does the screen say about the total?", image=DATA_URL, reader=reader)

    assert sentences[1] == " The screen says: “Total 420 euros”"


async def test_an_image_beside_a_question_for_the_documents_is_not_read() -> None:
    reader = FakeReader("Anything")

    sentences = await ask("What is the refund period?", ALL, image=DATA_URL, reader=reader)

    assert sentences[0] == "From “Refunds”: The refund period is 30 days."
    assert reader.pictures == []


async def test_what_the_documents_lack_may_stand_on_the_screen() -> None:
    sentences = await ask(
        "When is the invoice due?", [WHERE], image=DATA_URL, reader=FakeReader("Invoice 17", "due on Friday")
    )

    assert sentences[-1].startswith(" The screen says: “Invoice 17")


async def test_a_screen_without_text_is_admitted() -> None:
    assert await ask("Read the screen.", image=DATA_URL, reader=FakeReader()) == [LOOKING, f" {NO_TEXT}"]


async def test_an_unreadable_screen_is_admitted() -> None:
    assert await ask("Read the screen.", image=DATA_URL, reader=AwayReader()) == [LOOKING, f" {UNREADABLE}"]


async def test_an_image_at_an_address_is_not_fetched() -> None:
    reader = FakeReader("Anything")

    sentences = await ask("Read the screen.", image="http://127.0.0.1:9/screen.jpg", reader=reader)

    assert sentences == [LOOKING, f" {UNREADABLE}"]
    assert reader.pictures == []


async def test_without_text_recognition_it_says_that_it_cannot_read() -> None:
    assert await ask("Read the screen.", image=DATA_URL) == [NO_READER]


async def test_a_video_frame_is_encoded_for_reading() -> None:
    reader = FakeReader("Hello world")
    frame = rtc.VideoFrame(64, 48, rtc.VideoBufferType.I420, bytes(64 * 48 * 3 // 2))

    await ask("Read the screen.", image=frame, reader=reader)

    assert reader.pictures[0].startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    "question",
    [
        "What does the error on the screen say?",
        "Can you see my screen?",
        "What do you see?",
        "What does the error on this green say?",
        "Read it to me.",
        "What does this error say?",
    ],
)
async def test_without_a_shared_screen_it_says_that_none_is_shared(question: str) -> None:
    assert await ask(question, [WHERE]) == [NO_SCREEN]


async def test_how_to_share_a_screen_is_a_question_for_the_documents() -> None:
    sharing = {
        "document": "d",
        "title": "Meetings",
        "text": "To share your screen, click Share at the bottom.",
    }

    assert (await ask("How do I share my screen?", [sharing]))[0].startswith("From “Meetings”: To share")


async def test_usage_is_counted_in_words_and_named_local() -> None:
    chunks = await collect("What is the refund period?", [REFUND_PERIOD])

    usage = chunks[-1].usage
    assert usage is not None
    assert (usage.completion_tokens, usage.total_tokens) == (20, 20 + 23)
    assert (LocalLLM(None).provider, LocalLLM(None).model) == ("local", "quote")


async def test_silence_gets_an_invitation() -> None:
    assert await ask("…") == [LISTENING]


async def test_a_context_without_a_question_is_answered_too() -> None:
    async with LocalLLM(None).chat(chat_ctx=llm.ChatContext.empty()) as stream:
        assert (await stream.collect()).text == LISTENING

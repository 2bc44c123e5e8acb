"""Documents answer questions: the passage that has the words comes first."""

import asyncio

import pytest

from agent.errors import InvalidInput
from agent.wire import DOCUMENT_PREFIX, DocumentId, parse_id
from control.store.db import Connection, Database
from control.store.documents import count_documents, put_document, search
from tests.fixtures.database import TenantSample

REFUNDS = """# Refunds

You can get your money back.

## Refund period

The refund period is 30 days from the day of purchase.

## How refunds are paid

We refund to the card that was used. It takes up to five working days.
"""
PLANS = """# Plans

The Team plan costs 12 dollars per person and month. The billing period is one month.
"""
SIGN_IN = """# Signing in

If you cannot sign in, reset your password. It's quick.
"""


@pytest.fixture
async def help_centre(conn: Connection) -> Connection:
    await put_document(conn, "Refunds", REFUNDS)
    await put_document(conn, "Plans", PLANS)
    await put_document(conn, "Signing in", SIGN_IN)
    return conn


@pytest.mark.parametrize(
    ("question", "title", "words"),
    [
        ("refund period", "Refunds: Refund period", "30 days"),
        ("What is the refund period?", "Refunds: Refund period", "30 days"),
        ("how long until I am refunded to my card", "Refunds: How refunds are paid", "five working days"),
        ("what does the team plan cost", "Plans", "12 dollars"),
        ("I can't sign in!", "Signing in", "reset your password"),
        ("PASSWORDS", "Signing in", "reset your password"),
    ],
)
async def test_a_question_finds_the_passage_that_answers_it(
    help_centre: Connection, question: str, title: str, words: str
) -> None:
    passages = await search(help_centre, question, 4)

    assert passages[0].title == title
    assert words in passages[0].text


async def test_the_best_passages_come_first_and_no_more_than_asked_for(help_centre: Connection) -> None:
    passages = await search(help_centre, "the refund period of a plan", 2)

    scores = [passage.score for passage in passages]
    assert len(passages) == 2
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


async def test_a_passage_names_its_document(help_centre: Connection) -> None:
    (passage, *_) = await search(help_centre, "password", 1)

    found = await help_centre.fetchval(
        "select title from documents where id = $1", parse_id(DOCUMENT_PREFIX, passage.document)
    )
    assert found == "Signing in"


@pytest.mark.parametrize(
    "question",
    ["", "   ", "what is it?", "xylophone", "&", "| ! ( ) : *", "'", "\\", "a & !b", "\x00", "<->", "🙂"],
)
async def test_a_question_without_a_match_finds_nothing_and_breaks_nothing(
    help_centre: Connection, question: str
) -> None:
    assert await search(help_centre, question, 4) == []


@pytest.mark.parametrize(
    "question",
    [
        "refund & !period | (",
        "it's a 'refund'",
        "refund \\ period",
        "refund at https://example.com/?a=1&b=2 & more",
        "refund:* <-> period",
        "refund\x00period",
        "refund " * 800,
    ],
)
async def test_signs_of_a_query_language_are_only_text(help_centre: Connection, question: str) -> None:
    assert await search(help_centre, question, 4) != []


async def test_a_document_of_the_same_title_takes_the_place_of_the_old(conn: Connection) -> None:
    first = await put_document(conn, "Refunds", "The refund period is 30 days.")
    second = await put_document(conn, "Refunds", "The refund period is 60 days.")

    passages = await search(conn, "refund period", 4)

    assert second == first
    assert await count_documents(conn) == 1
    assert [passage.text for passage in passages] == ["The refund period is 60 days."]


async def test_writers_of_one_title_come_one_after_the_other(
    database: Database, tenant: TenantSample
) -> None:
    async def put(number: int) -> DocumentId:
        async with database.tenant(tenant.id) as conn:
            return await put_document(conn, "Refunds", f"Version {number}.\n\n# More\n\nOf version {number}.")

    ids = await asyncio.gather(*(put(number) for number in range(8)))

    async with database.tenant(tenant.id) as conn:
        texts = await conn.fetch("select text from chunks order by position")
    assert len(set(ids)) == 1
    assert len(texts) == 2
    assert texts[1]["text"] == f"Of {texts[0]['text'].lower()}"


async def test_an_empty_document_is_kept_and_quotes_nothing(conn: Connection) -> None:
    await put_document(conn, "Empty", "\n\n")

    assert await count_documents(conn) == 1
    assert await search(conn, "empty", 4) == []


@pytest.mark.parametrize(("title", "text"), [("", "x"), ("x" * 201, "x"), ("a\x00", "x"), ("a", "x\x00")])
async def test_what_cannot_be_stored_is_refused(conn: Connection, title: str, text: str) -> None:
    with pytest.raises(InvalidInput):
        await put_document(conn, title, text)

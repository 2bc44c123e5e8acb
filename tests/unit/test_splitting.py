"""A document is cut where its writer would pause."""

from hypothesis import given
from hypothesis import strategies as st

from control.store.splitting import Piece, split_document


def test_each_heading_begins_a_piece_that_carries_it() -> None:
    pieces = split_document("Before.\n\n# Refunds\nWithin 30 days.\n## How ##\nTo the card.")

    assert pieces == [
        Piece("", "Before."),
        Piece("Refunds", "Within 30 days."),
        Piece("How", "To the card."),
    ]


def test_short_paragraphs_stay_together_while_they_fit() -> None:
    pieces = split_document("One.\n\nTwo.\n \nThree.", max_chars=12)

    assert [piece.text for piece in pieces] == ["One.\n\nTwo.", "Three."]


def test_a_long_paragraph_is_cut_between_its_sentences() -> None:
    pieces = split_document("First one. Second one! Third one? Fourth.", max_chars=24)

    assert [piece.text for piece in pieces] == ["First one. Second one!", "Third one? Fourth."]


def test_a_sentence_without_end_is_cut_where_it_has_to_be() -> None:
    pieces = split_document("abcdefghij", max_chars=4)

    assert [piece.text for piece in pieces] == ["abcd", "efgh", "ij"]


def test_a_number_sign_within_a_line_is_no_heading() -> None:
    assert split_document("Issue #4 is open.\n#no-space") == [Piece("", "Issue #4 is open.\n#no-space")]


def test_line_ends_of_other_systems_are_understood() -> None:
    assert split_document("# A\r\nOne.\r\n\r\nTwo.") == [Piece("A", "One.\n\nTwo.")]


def test_nothing_makes_no_piece() -> None:
    assert split_document(" \n\n \n") == []


@given(st.text(alphabet="ab .!\n#", max_size=200), st.integers(min_value=1, max_value=40))
def test_no_piece_is_empty_or_too_long(text: str, max_chars: int) -> None:
    pieces = split_document(text, max_chars)

    assert all(0 < len(piece.text) <= max_chars for piece in pieces)


@given(st.text(alphabet="ab .!\n", max_size=200), st.integers(min_value=1, max_value=40))
def test_a_text_without_headings_keeps_every_letter_in_order(text: str, max_chars: int) -> None:
    pieces = split_document(text, max_chars)

    assert letters("".join(piece.text for piece in pieces)) == letters(text)


def letters(text: str) -> str:
    return "".join(text.split())

"""Text that comes in shows what it says: no hidden words, no swapped order, one spelling for one look."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from control.edge.text import clean_line, clean_text


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        pytest.param("Ada\u202egnp.exe", "Adagnp.exe", id="a bidi override that turns a name around"),
        pytest.param("\u2066admin\u2069", "admin", id="bidi isolates"),
        pytest.param("\u200eA\u200f\u061c", "A", id="bidi marks"),
        pytest.param("ad\u200bmin", "admin", id="a zero-width space in a name"),
        pytest.param("ad\u200dmin", "admin", id="a joiner between letters that do not join"),
        pytest.param("ad\u200cmin", "admin", id="a non-joiner between letters that do not join"),
        pytest.param("ad\u00admin", "admin", id="a soft hyphen"),
        pytest.param("\ufeffadmin\u2060", "admin", id="byte order mark and word joiner"),
        pytest.param(
            "a\u3164b\uffa0c\u115fd", "abcd", id="Hangul fillers, which are letters that show nothing"
        ),
        pytest.param("hi\U000e0069\U000e0067\U000e006e", "hi", id="an instruction in tag characters"),
        pytest.param("a\ufe0fb\U000e0100", "ab", id="selectors on letters, which can carry bytes"),
        pytest.param("a\x00b\x07c\x1bd\x7fe\x85f\x9bg", "abcdefg", id="control characters"),
        pytest.param("a\ufff9b\ufffac\ufffb", "abc", id="annotations between lines"),
        pytest.param("a\ufffe\uffff", "a", id="what is no character"),
        pytest.param("e\u0301", "\u00e9", id="a letter and its accent"),
        pytest.param("e\u200b\u0301", "\u00e9", id="a letter and its accent kept apart"),
        pytest.param("\u212b", "\u00c5", id="the sign of a unit that is a letter"),
        pytest.param("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour", id="every end of a line"),
    ],
)
def test_what_cannot_be_seen_is_taken_out(written: str, kept: str) -> None:
    assert clean_text(written) == kept


@pytest.mark.parametrize(
    "text",
    [
        "plain text\n\twith a tab",
        "\U0001f469\u200d\U0001f4bb",
        "\u2764\ufe0f\u200d\U0001f525",
        "\U0001f468\U0001f3fd\u200d\U0001f680",
        "1\ufe0f\u20e3",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0915\u094d\u200d\u0937",
        "Zo\u00eb, \u5c71\u7530, \u05d3\u05d5\u05d3, \u0410\u0434\u0430",
    ],
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert clean_text(text) == text


def test_a_name_stands_on_one_line() -> None:
    assert clean_line("  Ada\r\n\t King \u200b ") == "Ada King"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean_text(text)

    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(character) == "Cc" and character not in "\n\t" for character in once)

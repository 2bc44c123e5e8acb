"""A document's text in pieces short enough to be quoted: by its headings, its paragraphs, its sentences.

Headings are Markdown's (`## Refunds`). A piece never crosses a heading, so that one heading is what it is
about. Nothing of the text is lost but the headings' marks and white space at the edges.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

PIECE_CHARS: Final = 800

_HEADING = re.compile(r"#{1,6}\s+(.*?)\s*#*\s*")
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")


@dataclass(frozen=True, slots=True)
class Piece:
    """`heading` is empty above the first one."""

    heading: str
    text: str


def split_document(text: str, max_chars: int = PIECE_CHARS) -> list[Piece]:
    """In the order of the text; each at most `max_chars` long."""
    return [
        Piece(heading, piece)
        for heading, body in _sections(text.replace("\r\n", "\n"))
        for piece in _join(_paragraphs(body, max_chars), "\n\n", max_chars)
    ]


def _sections(text: str) -> Iterator[tuple[str, str]]:
    heading, lines = "", list[str]()
    for line in text.split("\n"):
        found = _HEADING.fullmatch(line)
        if found is None:
            lines.append(line)
            continue
        yield heading, "\n".join(lines)
        heading, lines = found.group(1), []
    yield heading, "\n".join(lines)


def _paragraphs(body: str, max_chars: int) -> Iterator[str]:
    for paragraph in map(str.strip, _BLANK_LINES.split(body)):
        if len(paragraph) <= max_chars:
            yield paragraph
        else:
            yield from _join(_sentences(paragraph, max_chars), " ", max_chars)


def _sentences(paragraph: str, max_chars: int) -> Iterator[str]:
    """What has no end in sight is cut where it has to be."""
    for sentence in _SENTENCE_END.split(paragraph):
        for start in range(0, len(sentence), max_chars):
            yield sentence[start : start + max_chars].strip()


def _join(parts: Iterator[str], glue: str, max_chars: int) -> Iterator[str]:
    """Neighbours together for as long as they fit; empty parts are left out."""
    joined = ""
    for part in filter(None, parts):
        if not joined:
            joined = part
        elif len(joined) + len(glue) + len(part) <= max_chars:
            joined = f"{joined}{glue}{part}"
        else:
            yield joined
            joined = part
    if joined:
        yield joined

"""What a question is made of before any feature is taken: its kind, its stem, its options, its words.

Three kinds are told apart, since what makes them hard differs: `choice` has lettered options, `sums` is a
story with quantities in it that asks for one more, `free` is everything else: what people say in a
meeting. Long texts are read at both ends only, which bounds the time that reading takes.

Options are told in many ways ("A.", "(A)", "a)", each on its line or all on one) that mean the same, so what
is read is written in one: a score does not move when only the form does. Numbered lines are no options: they
are as often a list of what to do.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from agent.cascade.verify.frame import question_of

Kind = Literal["choice", "sums", "free"]
KINDS: tuple[Kind, ...] = ("choice", "sums", "free")

HEAD_CHARS = 1_200
TAIL_CHARS = 800
LETTERS = "ABCDEFGHIJ"

_OPENS = r"\n[ \t]*(?:[-*•][ \t]+)?(?:\*\*)?[(\[]?"
_CLOSES = r"(?:[.):\]]|\*\*[.):])(?:\*\*)?[ \t]*(?=\S)"
_LINE = re.compile(_OPENS + "([A-J])" + _CLOSES)
_SMALL_LINE = re.compile(_OPENS + "([a-j])" + _CLOSES)
_INLINE = re.compile(r"\s[(\[]?([A-J])[.):\]][ \t]+(?=\S)")
_SMALL_INLINE = re.compile(r"\s[(\[]([a-j])[)\]]\s+(?=\S)|\s(?<![(\[])([a-j])\)\s+(?=\S)")
_LEAD_IN = re.compile(r"\n[ \t]*(?:Answer )?(?:Choices|Options):?\Z", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_SIGN = re.compile(r"[a-z]+|\d|[^\sa-z\d]")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_MARKUP = re.compile(
    r"```|[{};]\s*\n|\bdef \w+\(|\bclass \w+[:(]|\\[a-z]{3}|\$[^$\n]*[\\^_][^$\n]*\$|[=<>]=|</"
)
_ASKS_FOR_A_NUMBER = frozenset({"how", "what", "calculate", "find", "total", "percentage"})
_QUANTITIES_LIST = """
    two three four five six seven eight nine ten eleven twelve fifteen sixteen twenty thirty forty
    fifty sixty seventy eighty ninety hundred thousand dozen half third thirds quarter quarters
    twice thrice double triple
"""
_QUANTITIES = frozenset(_QUANTITIES_LIST.split())
_ENDS = "gsdy"
_SUFFIXES = ("ing", "ies", "es", "ed", "ly", "s")
_STEM_CHARS = 3
_STORY_WORDS = 12
_STORY_QUANTITIES = 2


@dataclass(frozen=True, slots=True)
class Question:
    """`text`: what was read of it, options as "A. …" on a line each. `length`: characters of the whole,
    frame and examples aside. `stem`: without options.

    `words`: how often each word of two letters and more stands in it, lower case. `roots`: without endings.
    """

    text: str
    length: int
    stem: str
    options: tuple[str, ...]
    words: Counter[str]
    roots: Mapping[str, int]
    numbers: tuple[str, ...]

    def count(self, words: frozenset[str]) -> int:
        """How many of its words are among these."""
        return sum(self.words[word] for word in words & self.words.keys())

    @property
    def kind(self) -> Kind:
        return _kind(self)


def read(text: str) -> Question:
    """Never fails, whatever the text: empty, of another language, a megabyte."""
    text = question_of(text)
    length = len(text)
    is_whole = length <= HEAD_CHARS + TAIL_CHARS
    if not is_whole:
        text = f"{text[:HEAD_CHARS]}\n{text[-TAIL_CHARS:]}"
    stem, options = _split(text)
    if options:
        text = stem + "".join(
            f"\n{letter}. {option}" for letter, option in zip(LETTERS, options, strict=False)
        )
    if is_whole:
        length = len(text)
    words = Counter(_WORD.findall(text.lower()))
    numbers = tuple(_NUMBER.findall(stem))
    return Question(text, length, stem, options, words, _roots(words), numbers)


def signs(text: str) -> Counter[str]:
    """How often each word, digit and other character stands in it, lower case."""
    return Counter(_SIGN.findall(text.lower()))


def root(word: str) -> str:
    """A lower-case word without an English ending, if more than three letters stay."""
    if word[-1] in _ENDS:
        for suffix in _SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) > _STEM_CHARS:
                return word[: -len(suffix)]
    return word


def _roots(words: Mapping[str, int]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for word, count in words.items():
        short = root(word)
        counts[short] = counts.get(short, 0) + count
    return counts


def _split(text: str) -> tuple[str, tuple[str, ...]]:
    """Options are the last run of lettered lines from A on; a passage may have lettered lines of its own.

    Small letters, and letters within a line, need a third; small ones that ask are questions of their own.
    """
    found = _run(_LINE, text, 2) or _run(_INLINE, text, 3)
    if found is None:
        found = _run(_SMALL_LINE, text, 3) or _run(_SMALL_INLINE, text, 3)
        if found is not None and any(option.endswith("?") for option in found[1]):
            found = None
    return found or (text, ())


def _run(pattern: re.Pattern[str], text: str, least: int) -> tuple[str, tuple[str, ...]] | None:
    """The stem and the options from the last "A" on that letters follow in their order: `least` with it."""
    marks = list(pattern.finditer(text))
    letters = "".join(mark[mark.lastindex or 1].upper() for mark in marks)
    first = letters.rfind(LETTERS[:least])
    if first < 0:
        return None
    count = least
    while letters[first + count : first + count + 1] == LETTERS[count : count + 1] != "":
        count += 1
    marks = marks[first : first + count]
    ends = [*(after.start() for _, after in pairwise(marks)), len(text)]
    options = tuple(text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True))
    return _LEAD_IN.sub("", text[: marks[0].start()].rstrip()).rstrip(), options


def _kind(question: Question) -> Kind:
    if question.options:
        return "choice"
    if sum(question.words.values()) < _STORY_WORDS or not question.count(_ASKS_FOR_A_NUMBER):
        return "free"
    quantities = len(question.numbers) + question.count(_QUANTITIES)
    return "sums" if quantities >= _STORY_QUANTITIES and not _MARKUP.search(question.stem) else "free"

"""What a question is made of before any feature is taken: its kind, its stem, its options, its words.

Three kinds are told apart, since what makes them hard differs: `choice` has lettered options, `sums` is a
story with quantities in it that asks for one more, `free` is everything else: what people say in a
meeting. Long texts are read at both ends only, which bounds the time that reading takes.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["choice", "sums", "free"]
KINDS: tuple[Kind, ...] = ("choice", "sums", "free")

HEAD_CHARS = 1_200
TAIL_CHARS = 800

_OPTION = re.compile(r"\n\(?([A-J])[.):] ")
_CALL_FOR_ANSWER = re.compile(r"\s*(?:Answer|A):\s*$")
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
    """`text`: what was read of it. `length`: characters of the whole. `stem`: without options.

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
    length = len(text)
    if length > HEAD_CHARS + TAIL_CHARS:
        text = f"{text[:HEAD_CHARS]}\n{text[-TAIL_CHARS:]}"
    text = _CALL_FOR_ANSWER.sub("", text)
    stem, options = _split(text)
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
    """Options are the last run of lettered lines from A on; a passage may have lettered lines of its own."""
    parts = _OPTION.split(text)
    letters = parts[1::2]
    first = len(letters) - 1 - letters[::-1].index("A") if "A" in letters else len(letters)
    if letters[first + 1 : first + 2] != ["B"]:
        return text, ()
    stem = "\n".join(parts[: 2 * first + 1])
    return stem, tuple(part.strip() for part in parts[2 * first + 2 :: 2])


def _kind(question: Question) -> Kind:
    if question.options:
        return "choice"
    if sum(question.words.values()) < _STORY_WORDS or not question.count(_ASKS_FOR_A_NUMBER):
        return "free"
    quantities = len(question.numbers) + question.count(_QUANTITIES)
    return "sums" if quantities >= _STORY_QUANTITIES and not _MARKUP.search(question.stem) else "free"

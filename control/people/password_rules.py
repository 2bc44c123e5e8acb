"""Which passwords may be chosen: long enough, and none that an attacker would try first.

After NIST SP 800-63B-4, section 3.1.1.2: length counts, the mix of characters does not, nothing is cut off,
and what is chosen is held against what is commonly chosen and against what is known about the person. Other
than there, a password that mostly consists of such a word is refused as well, not just one that is it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from zxcvbn.frequency_lists import FREQUENCY_LISTS  # type: ignore[import-untyped]  # it ships none

from agent.errors import InvalidInput
from control.people.passwords import MAX_PASSWORD_CHARS, normalized

MIN_CHARS: Final = 15
"""For a password that is all that somebody proves. Source: NIST SP 800-63B-4, section 3.1.1.2."""
MIN_CHARS_WITH_SECOND_FACTOR: Final = 8
MIN_WORD_CHARS: Final = 3
"""Shorter parts of a name say nothing about a password."""
SITE_WORD: Final = "parley"

COMMON: Final = frozenset(FREQUENCY_LISTS["passwords"])
"""The 30,000 passwords that stand most often in published leaks, in lower case."""

_KEY_ROWS: Final = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz")
_WORDS = re.compile(r"[^\W_]+")


def check_password(
    password: str, *, words: Sequence[str], has_second_factor: bool, field: str = "password"
) -> None:
    """`words`: what is known about the person: e-mail address, name, the names of their tenants.

    Raises: InvalidInput that says why, for `field`.
    """
    text = normalized(password)
    least = MIN_CHARS_WITH_SECOND_FACTOR if has_second_factor else MIN_CHARS
    if len(text) < least:
        raise InvalidInput(f"a password needs at least {least} characters; this one has {len(text)}", field)
    if len(text) > MAX_PASSWORD_CHARS:
        raise InvalidInput(f"a password has at most {MAX_PASSWORD_CHARS} characters", field)
    # Blanks between them make common words no rarer.
    folded = "".join(text.casefold().split())
    unit = _repeated_unit(folded)
    if unit in COMMON or _is_of_two_common(unit):
        raise InvalidInput("this password is among the most common ones, which are tried first", field)
    if len(set(unit)) < MIN_WORD_CHARS or _is_sequence(unit):
        raise InvalidInput("this password is one short pattern over and over, or a row of keys", field)
    if _consists_mostly_of(folded, words):
        raise InvalidInput(
            "this password is mostly your name, your address, your team's name or Parley's, "
            "which are tried first",
            field,
        )


def _repeated_unit(text: str) -> str:
    """What `text` is made of by repetition, the last time perhaps cut short; else `text` itself."""
    for size in range(1, len(text) // 2 + 1):
        unit = text[:size]
        if (unit * (len(text) // size + 1))[: len(text)] == text:
            return unit
    return text


def _is_of_two_common(text: str) -> bool:
    """Whether it is one of the common ones with another behind it. Of the list as it is a few dozen are long
    enough to stand alone; joined in pairs it holds the long ones that people make of short ones.
    """
    return any(text[:end] in COMMON and text[end:] in COMMON for end in range(1, len(text)))


def _is_sequence(text: str) -> bool:
    """Whether it goes along the alphabet, the digits or a row of keys, in either direction and around."""
    for row in _KEY_ROWS:
        around = row * (len(text) // len(row) + 2)
        if text in around or text[::-1] in around:
            return True
    return text in "".join(_KEY_ROWS[:4]) or text in "".join(_KEY_ROWS[1:4])


def _consists_mostly_of(folded: str, words: Sequence[str]) -> bool:
    left = folded
    for word in sorted(set(_known_words(words)), key=len, reverse=True):
        left = left.replace(word, "")
    return 2 * len(left) < len(folded)


def _known_words(words: Sequence[str]) -> Iterator[str]:
    """In lower case, of an e-mail address what stands before the @: as a whole, and each part of it."""
    yield SITE_WORD
    for word in words:
        known = normalized(word.partition("@")[0]).casefold()
        parts = [known, "".join(_WORDS.findall(known)), *_WORDS.findall(known)]
        yield from (part for part in parts if len(part) >= MIN_WORD_CHARS)

"""What the words of a question and of a sentence have in common: light stemming, a few synonyms, no model.

English only. Words that a recogniser misheard are matched by their letters when they are long enough.
"""

import difflib
import re
from collections.abc import Iterable
from functools import lru_cache

_WITHOUT_MEANING = """
    a about actually after all also am an and any anyone anything are as at be been before being both but by
    can cannot could did do does doing don done during each either else ever every everything exactly for
    from get gets getting give go going got had has have having he hello her here hey hi him his how i if in
    into is it its just kindly know let like ll long look m many may maybe me mean means might more most
    much must my need no not now of off offer offers ok okay on once one only or our out over own per please
    put re really s say says see she should show so some someone something soon still t tell than thank
    thanks that the their them then there these they thing things this those till to today tomorrow too
    until up us use ve very want wants was we well were what when where whether which while who whom whose
    why will with without won would yes you your
"""
STOP_WORDS = frozenset(_WITHOUT_MEANING.split())

_PHRASES = (
    (re.compile(r"\bmoney back\b|\bpa(?:y|id) back\b|\breimburse\w*"), "refund"),
    (re.compile(r"\bhow much (?:is|are|does|do|would|will)\b|\bhow expensive\b"), "cost"),
    (re.compile(r"\b(?:sign|log)(?:ging|ing|ed)?[ -](?:in|into|on)\b|\blogin\b"), "signin"),
    (re.compile(r"\be-mail(s?)\b"), r"email\1"),
    (re.compile(r"\bget(?:ting)? rid of\b"), "delete"),
    (re.compile(r"\b(?:get|getting) in touch\b|\btalk to\b|\bspeak to\b"), "contact"),
    (re.compile(r"\bwithout (?:a |an |the )?(?:network|internet|connection|wi-?fi)\b"), "offline"),
    (re.compile(r"\bget(?:ting)? started\b"), "start"),
)

_SYNONYMS = (
    "cost price pay payment charge fee euro dollar pound",
    "open opening hour close available",
    "annual yearly year",
    "monthly month",
    "cancel terminate unsubscribe quit",
    "delete remove erase",
    "password passcode",
    "reset forgot forget lost lose",
    "contact reach telephone phone call email chat",
    "store keep save host",
    "plan subscription package",
    "people person user member colleague",
    "weekend saturday sunday",
    "largest large big biggest maximum limit size",
    "export download",
    "security secure safe privacy encrypt",
    "invoice bill billing",
    "old older version history",
    "begin start",
    "arrive come receive",
)

_COUNTING = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
)
_NUMBERS = {word: str(number) for number, word in enumerate(_COUNTING.split())} | {
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "ninety": "90",
    "hundred": "100",
}

_LEAST_FUZZY_CHARS = 5
_FUZZY_RATIO = 0.8

EXACT, SYNONYM, FUZZY, NONE = 1.0, 0.8, 0.6, 0.0


def content_stems(text: str) -> list[str]:
    """The stems of the words that carry meaning, in order, each once."""
    lowered = text.lower().replace("’", "'")
    for pattern, word in _PHRASES:
        lowered = pattern.sub(f" {word} ", lowered) if r"\1" not in word else pattern.sub(word, lowered)
    words = re.findall(r"[^\W_]+", lowered)
    return list(dict.fromkeys(stem(word) for word in words if word not in STOP_WORDS))


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """`word` (lower case) without the commonest English endings; number words become digits."""
    if word in _NUMBERS:
        return _NUMBERS[word]
    if len(word) <= 3 or not word.isalpha():
        return word
    for ending, other in (("ies", "y"), ("sses", "ss"), ("ss", "ss"), ("us", "us"), ("es", "e"), ("s", "")):
        if word.endswith(ending):
            word = word[: len(word) - len(ending)] + other
            break
    for ending in ("ing", "ed", "ly"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 3 and re.search(r"[aeiouy]", rest):
            word = rest[:-1] if rest[-1] == rest[-2] and rest[-1] not in "ls" else rest
            break
    return _undouble(word.removesuffix("e"))


def match(asked: str, present: Iterable[str]) -> float:
    """How well the best of the stems in `present` answers to the stem `asked`: 0 to 1."""
    stems = set(present)
    if asked in stems:
        return EXACT
    if stems & _GROUPS.get(asked, frozenset()):
        return SYNONYM
    if len(asked) >= _LEAST_FUZZY_CHARS and any(_sounds_like(asked, other) for other in stems):
        return FUZZY
    return NONE


@lru_cache(maxsize=16384)
def _sounds_like(one: str, other: str) -> bool:
    if len(other) < _LEAST_FUZZY_CHARS - 1:
        return False
    return difflib.SequenceMatcher(None, one, other).ratio() >= _FUZZY_RATIO


def _undouble(word: str) -> str:
    """cancell → cancel, so that British and American spellings meet; pass stays."""
    return word[:-1] if word.endswith("ll") and len(word) > 4 else word


_GROUPS: dict[str, frozenset[str]] = {
    stem(word): frozenset(stem(other) for other in group.split())
    for group in _SYNONYMS
    for word in group.split()
}

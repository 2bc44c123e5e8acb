"""Features of a story with quantities that asks for one more: what its solution takes, as far as words
tell.
"""

import math
import re

from agent.cascade.score.question import Question

FEATURES = (
    "words", "numbers", "distinct_numbers", "decimals", "money", "fractions", "percents", "multiples",
    "comparisons", "rates", "remainders", "conditions", "times", "totals", "persons", "sentences", "commas",
    "last_sentence", "length", "longest_number", "word_length", "distinct_words",
)  # fmt: skip

_FRACTION = re.compile(r"\d/\d")
_SENTENCES = re.compile(r"[.?!](?:\s|$)")
_FRACTIONS = frozenset({"half", "third", "thirds", "quarter", "quarters", "fourth", "fourths", "fraction"})
_MULTIPLES = frozenset({"twice", "times", "double", "doubled", "triple", "tripled", "thrice"})
_COMPARISONS = frozenset({"than"})
_RATES = frozenset({"each", "every", "per"})
_REMAINDERS = frozenset({"left", "remaining", "rest", "remain", "remains", "after"})
_CONDITIONS = frozenset({"if"})
_TIMES_LIST = """
    hour hours minute minutes day days week weeks month months year years
"""
_TIMES = frozenset(_TIMES_LIST.split())
_PERCENTS = frozenset({"percent", "percentage"})
_TOTALS = frozenset({"total", "altogether"})
_PERSONS = frozenset({"he", "she", "they", "his", "her", "their", "it"})
_LONGEST_NUMBER = 9


def features(question: Question) -> tuple[float, ...]:
    """In the order of FEATURES; finite for any text."""
    text, words, numbers = question.text, question.words, question.numbers
    running = words.total()
    counts = (
        running,
        len(numbers),
        len(set(numbers)),
        sum("." in number for number in numbers),
        text.count("$"),
        len(_FRACTION.findall(text)) + question.count(_FRACTIONS),
        text.count("%") + question.count(_PERCENTS),
        question.count(_MULTIPLES),
        question.count(_COMPARISONS),
        question.count(_RATES),
        question.count(_REMAINDERS),
        question.count(_CONDITIONS),
        question.count(_TIMES),
        question.count(_TOTALS),
        question.count(_PERSONS),
        len(_SENTENCES.findall(text)),
        text.count(","),
        len(text) - max(text.rstrip("?. \n").rfind(". "), 0),
        question.length,
    )
    return (
        *(math.log1p(count) for count in counts),
        float(min(max(map(len, numbers), default=0), _LONGEST_NUMBER)),
        sum(len(word) * count for word, count in words.items()) / max(running, 1),
        len(words) / max(running, 1),
    )

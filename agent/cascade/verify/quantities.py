"""The quantities that a text gives: digits, fractions, percentages and number words, each as one value.

"One" and ordinals are no quantities: they are mostly pronouns and names.
"""

from dataclasses import dataclass
from fractions import Fraction

from agent.cascade.verify.tokens import Token, prose, tokenize

_MOST = 80

_NAMES = {
    word: Fraction(value)
    for value, words in {
        "2": "two twice double doubled doubles both zwei doppelt deux double dos doble due",
        "3": "three thrice triple tripled triples drei dreimal trois tres tre",
        "4": "four quadruple vier quatre cuatro quattro",
        "5": "five fünf cinq cinco cinque", "6": "six sechs seis sei", "7": "seven sieben sept siete sette",
        "8": "eight acht huit ocho otto", "9": "nine neun neuf nueve nove", "10": "ten zehn dix diez dieci",
        "11": "eleven", "12": "twelve dozen dozens dutzend douzaine docena", "13": "thirteen",
        "14": "fourteen", "15": "fifteen", "16": "sixteen", "17": "seventeen", "18": "eighteen",
        "19": "nineteen", "20": "twenty", "30": "thirty", "40": "forty", "50": "fifty", "60": "sixty",
        "70": "seventy", "80": "eighty", "90": "ninety", "1/2": "half halves halb hälfte moitié mitad metà",
        "1/3": "third thirds", "1/4": "quarter fourth quarters fourths", "1/5": "fifth fifths",
    }.items()
    for word in words.split()
}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
_CLOCK = frozenset({"am", "pm", "a.m", "p.m", "o'clock"})
_POINTING = frozenset({"the", "all", "these", "those", "other", "both", "their"})
""" "The two of them" points at what was counted before."""
_ORDINAL_TOO = frozenset({"third", "fourth", "fifth", "quarter", "quarters"})
_COUNTS = {
    "one": Fraction(1),
    "a": Fraction(1),
    **{word: value for word, value in _NAMES.items() if value > 1},
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """`percent`: `value` is in points, as written. `worded`: spelled out."""

    value: Fraction
    at: int
    percent: bool = False
    worded: bool = False

    @property
    def forms(self) -> frozenset[Fraction]:
        """The values under which an answer may reckon with it: a share, its complement, a divisor."""
        value = self.value
        if self.percent:
            share = value / 100
            whole = {100 / value} if value > 0 else set()  # 25 % of it is a fourth of it
            return frozenset({value, share, 1 - share, 1 + share, 100 - value, 100 + value} | whole)
        if value.denominator > 1:
            rest = value.denominator - value.numerator
            parts = {value, 1 - value, 1 + value, *map(Fraction, (value.denominator, value.numerator, rest))}
            return frozenset(parts - {Fraction(1)} | {round(value, 2), round(1 - value, 2)})
        return frozenset((value, Fraction(1, value.numerator))) if value else frozenset((value,))


def quantities(text: str) -> list[Quantity]:
    """In reading order, at most 80."""
    tokens = tokenize(prose(text))
    found: list[Quantity] = []
    at = 0
    while at < len(tokens) and len(found) < _MOST:
        one, at = _quantity(tokens, at)
        if one is not None:
            found.append(one)
    return found


def _quantity(tokens: list[Token], at: int) -> tuple[Quantity | None, int]:
    token = tokens[at]
    if token.kind == "number" and token.value is not None:
        if _is_fraction(tokens, at):
            return Quantity(token.value / (tokens[at + 2].value or 1), token.start), at + 3
        scale = _SCALES.get(tokens[at + 1].text.lower()) if at + 1 < len(tokens) else None
        if scale:
            return Quantity(token.value * scale, token.start), at + 2
        after = tokens[at + 1].text.lower() if at + 1 < len(tokens) else ""
        if token.mark.lower() in _CLOCK or after in _CLOCK:
            return None, at + 1
        percent = token.mark == "%" or after == "percent"
        return Quantity(token.value, token.start, percent), at + 1
    if token.kind == "word":
        return _worded(tokens, at)
    return None, at + 1


def _is_fraction(tokens: list[Token], at: int) -> bool:
    if at + 2 >= len(tokens) or tokens[at + 1].text != "/" or tokens[at + 2].kind != "number":
        return False
    return bool(tokens[at + 2].value) and tokens[at].decimals == 0


def _worded(tokens: list[Token], at: int) -> tuple[Quantity | None, int]:
    """ "two thirds", "seventy-five", "three hundred"; an ordinal counts only as part of a fraction."""
    word = tokens[at].text.lower()
    if at > 0 and tokens[at - 1].text.lower() in _POINTING and word in _COUNTS:
        return None, at + 1
    count, end = _COUNTS.get(word), at + 1
    if end < len(tokens) and tokens[end].text == "-":
        end += 1
    after = tokens[end].text.lower() if end < len(tokens) else ""
    if count is not None and after in _SCALES:
        return Quantity(count * _SCALES[after], tokens[at].start, worded=True), end + 1
    part = _NAMES.get(after)
    if count is not None and part is not None and part < 1 and word != "both":
        return Quantity(count * part, tokens[at].start, worded=True), end + 1
    if (
        count is not None
        and part is not None
        and 20 <= count <= 90
        and 1 < part < 10
        and tokens[end - 1].text == "-"
    ):
        return Quantity(count + part, tokens[at].start, worded=True), end + 1
    value = None if word in _ORDINAL_TOO else _NAMES.get(word)
    return (None if value is None else Quantity(value, tokens[at].start, worded=True)), at + 1

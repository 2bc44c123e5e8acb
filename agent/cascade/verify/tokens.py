"""Reads numbers, operators and words out of prose, for the checks that reckon.

No grammar here, only what a character run is. Times, dates, versions and list markers are words: nobody
reckons with them. One regular expression without nested repetition reads a text in linear time.
"""

import re
from fractions import Fraction
from typing import Literal, NamedTuple

CAP = 8_000
"""Characters that any check reads: a longer answer is judged by its beginning and its end."""

_DIGITS = 24
"""A longer run of digits is an identifier, not a quantity."""

Kind = Literal["number", "operator", "open", "close", "equals", "word", "break"]


class Token(NamedTuple):
    """A tuple and no dataclass: a thousand are made per answer, inside the time a decision may take.

    `value`: of a number, as an English reader reads it. `decimals`: digits shown after the point.
    `mark`: "%", a currency sign or the unit that is glued to the number, else "".
    """

    kind: Kind
    text: str
    start: int
    value: Fraction | None = None
    decimals: int = 0
    mark: str = ""


_TOKEN = re.compile(
    r"""
      (?P<stamp>\d{1,4}(?::\d{2})+(?!\d)|\d+(?:\.\d+){2,}|\d{4}-\d{2}-\d{2}(?!\d))
    | (?:(?P<sign>[$€£¥₹])\ ?)?
      (?P<number>\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:[,\u00a0\u202f\ ]\d{3})+(?![\d,])(?:\.\d+)?
        |\d+(?:[.,]\d+)?|(?<!\w)\.\d+)
      (?P<mark>\ ?%|(?![xX]\ ?[\d$(])[^\W\d_]+)?
    | (?P<word>[^\W\d_][\w'’]*)
    | (?P<comparison>[=!<>+\-*/]=|=>|->|<-|//|\.\.+)
    | (?P<equals>[=≈≅≃])
    | (?P<operator>\*\*|[+\-−–*/×÷·∙^⋅√∛∑∏∫])
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<break>[\n.,;:!?"|&<>])
    """,
    re.VERBOSE,
)
_SAME = {
    "−": "-", "–": "-", "×": "*", "·": "*", "∙": "*", "⋅": "*", "÷": "/", "**": "^",
    "times": "*", "plus": "+", "minus": "-", "over": "/",
}  # fmt: skip
_LIST_MARK = re.compile(r"(?m)^[ \t]*(?:[-*+•]|\d{1,3}[.)])[ \t]+|^[ \t]*#{1,6}[ \t]+")
_LATEX = (
    (re.compile(r"\\(?:d|t)?frac\{([^{}]{1,40})\}\{([^{}]{1,40})\}"), r"((\1)/(\2))"),
    (re.compile(r"\\(?:times|cdot)\b"), "×"),
    (re.compile(r"\\div\b"), "÷"),
    (re.compile(r"\\approx\b"), "≈"),
    (re.compile(r"\\(?:text|mathrm|boxed|mathbf)\{([^{}]{0,80})\}"), r"\1"),
    (re.compile(r"\\([()\[\]\\])"), " "),
    (re.compile(r"\\([$%*_#&{}])"), r"\1"),
)
_WORDED = (
    (re.compile("²"), "^2"),
    (re.compile("³"), "^3"),
    (re.compile(r"(?i)\b(?:multiplied|times) by\b"), "×"),
    (re.compile(r"(?i)\bdivided by\b"), "÷"),
    (re.compile(r"(?i)\b(?:is equal to|equals)\b"), "="),
)
_FENCE = re.compile(r"```.*?(?:```|\Z)|https?://\S{1,400}", re.DOTALL)
_GROUPING = re.compile(r"[,\u00a0\u202f ](?=\d{3}(?!\d))")
CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]{1,80}`|https?://\S{1,200}", re.DOTALL)
"""Fences, inline code and addresses: no prose."""


def clip(text: str) -> str:
    """At most `CAP` characters: three quarters from the beginning, the rest from the end."""
    if len(text) <= CAP:
        return text
    return text[: CAP * 3 // 4] + "\n" + text[-(CAP // 4 - 1) :]


def prose(text: str) -> str:
    """The text without code, list markers, emphasis and LaTeX, ready for `tokenize`."""
    text = _FENCE.sub("\n", text)
    text = _LIST_MARK.sub("\n", text)
    text = text.replace("**", "") if "** " in text or " **" in text else text
    if "\\" in text:
        for pattern, plain in _LATEX:
            text = pattern.sub(plain, text)
    for pattern, plain in _WORDED:
        text = pattern.sub(plain, text)
    return text


def tokenize(text: str) -> list[Token]:
    """The tokens of `text`, in order; characters that mean nothing here are left out."""
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        group = match.lastgroup
        if group in ("number", "mark"):
            tokens.append(_number(match))
        elif group == "stamp":
            tokens.append(Token("word", match.group(), match.start()))
        elif group == "comparison":
            tokens.append(Token("break", match.group(), match.start()))
        elif group == "word":
            tokens.append(_word(match, text, tokens))
        else:
            kind: Kind = group  # type: ignore[assignment]  # the group's names are the kinds
            tokens.append(Token(kind, _SAME.get(match.group().strip(), match.group()), match.start()))
    return tokens


def _number(match: re.Match[str]) -> Token:
    written, mark = match["number"], (match["mark"] or "").strip() or match["sign"] or ""
    start = match.start("sign") if match["sign"] else match.start("number")
    if len(written) > _DIGITS:
        return Token("word", written, start)
    value, decimals = _read(written)
    return Token("number", written, start, value, decimals, mark)


def _read(written: str) -> tuple[Fraction, int]:
    if written.isdecimal():
        return Fraction(int(written)), 0
    if "." in written and "," in written and written.index(".") < written.index(","):
        written = written.replace(".", "")
    whole, _, part = _GROUPING.sub("", written).replace(",", ".").partition(".")
    return Fraction(int(whole + part), 10 ** len(part)), len(part)


def read_continental(token: Token) -> Fraction | None:
    """The value when "." groups thousands and "," starts decimals; None when that reads the same."""
    text = token.text
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+", text):
        return Fraction(text.replace(".", ""))
    if re.fullmatch(r"\d+,\d{3}", text):
        return Fraction(text.replace(",", "."))
    return None


def _word(match: re.Match[str], text: str, before: list[Token]) -> Token:
    """A word, or the operator that it stands for between two operands: "5 x 3", "5 times 3", "25% of 80"."""
    word, lower = match.group(), match.group().lower()
    if lower in ("x", "times", "plus", "minus", "over") and before and _follows(text, match.end()):
        return Token("operator", "*" if lower == "x" else _SAME[lower], match.start())
    if lower == "of" and _is_share(before) and _follows(text, match.end()):
        return Token("operator", "*", match.start())
    return Token("word", word, match.start())


_OPERAND = re.compile(r"\s{0,3}[$€£¥₹]?\s?[\d(.]")


def _follows(text: str, at: int) -> bool:
    return _OPERAND.match(text, at) is not None


def _is_share(before: list[Token]) -> bool:
    if not before or before[-1].kind != "number":
        return False
    return before[-1].mark == "%" or (len(before) > 1 and before[-2].text == "/")

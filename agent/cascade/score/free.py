"""Features of an open question, as people ask them in a meeting: how much it asks for, and of what sort
it is.
"""

import math
import re

from agent.cascade.score.question import Question

FEATURES = (
    "length", "sentences", "code", "mathematics", "reasons", "writes", "looks_up", "chats", "numbers",
    "signs", "lines", "conditions", "constraints", "questions",
)  # fmt: skip

_CODE_WORDS_LIST = """
    python javascript typescript java sql html css regex bash algorithm program code script compiler
    api json recursion array function method class query server implement backend frontend thread
    async database
"""
_CODE_WORDS = frozenset(_CODE_WORDS_LIST.split())
_MATHEMATICS_WORDS_LIST = """
    calculate compute solve prove equation integral derivative integer integers probability
    polynomial triangle remainder divided divisible modulo inequality theorem sum square root
    vertices percentage average value equal many perimeter area factor digits
"""
_MATHEMATICS_WORDS = frozenset(_MATHEMATICS_WORDS_LIST.split())
_REASONS_WORDS_LIST = """
    why analyze analyse compare contrast evaluate assess tradeoff tradeoffs derive deduce infer
    reason reasoning explain determine critique diagnose debug plan strategy design optimize
    optimise extract classify implications logic logical puzzle conclude cause causes steps
    prioritize recommend risks
"""
_REASONS_WORDS = frozenset(_REASONS_WORDS_LIST.split())
_WRITES_WORDS_LIST = """
    poem story blog letter email essay haiku song speech joke imagine pretend roleplay embrace
    rewrite rephrase summarize summarise headline slogan paragraph tweet translate edit draft
"""
_WRITES_WORDS = frozenset(_WRITES_WORDS_LIST.split())
_CHATS_WORDS_LIST = """
    hi hello hey thanks thank please repeat morning afternoon evening bye ok okay great sure hear
    good nice welcome sorry yes yeah
"""
_CHATS_WORDS = frozenset(_CHATS_WORDS_LIST.split())
_CONDITION_WORDS_LIST = """
    if suppose assume assuming given let unless when but however
"""
_CONDITION_WORDS = frozenset(_CONDITION_WORDS_LIST.split())
_CONSTRAINT_WORDS_LIST = """
    must should only without least exactly ensure include use every each format
"""
_CONSTRAINT_WORDS = frozenset(_CONSTRAINT_WORDS_LIST.split())
_LOOKS_UP = re.compile(r"\W*(?:who|when|where|which|what|name|list|is|are|was|does|do|did|can)\b")
_CODE = re.compile(r"```|[{};]\s*\n|def \w+\(|->|\w\(\w*\)")
_MATHEMATICS = re.compile(r"\\[a-z]{3}|\$[^$\n]*[\\^_=][^$\n]*\$|[a-z] ?[=^] ?[-\d(]|\d ?[+*/^×÷=] ?\d")
_SENTENCES = re.compile(r"[.?!](?:\s|$)")
_SIGNS = re.compile(r"[=+*/^<>−×÷→(){}\[\]]")
_CHAT_WORDS = 12
_ENOUGH = 4


def features(question: Question) -> tuple[float, ...]:
    """In the order of FEATURES; finite for any text."""
    text = question.text.lower()
    running = question.words.total()
    return (
        math.log1p(question.length),
        math.log1p(len(_SENTENCES.findall(text))),
        _upto(question.count(_CODE_WORDS) + _ENOUGH * bool(_CODE.search(text))),
        _upto(question.count(_MATHEMATICS_WORDS) + _ENOUGH * bool(_MATHEMATICS.search(text))),
        _upto(question.count(_REASONS_WORDS)),
        _upto(question.count(_WRITES_WORDS)),
        float(bool(_LOOKS_UP.match(text))),
        float(running < _CHAT_WORDS) * _upto(question.count(_CHATS_WORDS)),
        math.log1p(len(question.numbers)),
        math.log1p(len(_SIGNS.findall(text))),
        math.log1p(text.count("\n")),
        _upto(question.count(_CONDITION_WORDS)),
        _upto(question.count(_CONSTRAINT_WORDS)),
        math.log1p(text.count("?")),
    )


def _upto(count: int) -> float:
    """How often, up to four times, on a logarithmic scale of 0 to 1."""
    return math.log1p(min(count, _ENOUGH)) / math.log1p(_ENOUGH)

"""Features of a question with lettered options, from its form alone; `words` tells what it is about."""

import math
import re

from agent.cascade.score.question import Question

FEATURES = (
    "length", "stem_length", "options_length", "options_uneven", "options_alike_most", "options_alike",
    "options_from_stem", "options_from_stem_uneven", "options_with_digits", "options_of_digits",
    "options_capital", "options_in_pairs", "options_of_truth", "options_that_join", "options_absolute",
    "numbers", "word_length", "distinct_words", "capitals", "sentences", "commas",
    "ends_in_question", "ends_open", "blank", "negated", "negated_loudly", "statements", "scenarios", "roman",
    "computes", "conditional", "signs", "tex", "year", "quotes", "passage", "which", "what", "who", "best",
    "according", "true",
)  # fmt: skip

_TRUTH = frozenset({"true", "false", "wrong", "yes", "no", "right"})
_ABSOLUTE = frozenset({"always", "only", "must", "all", "never", "any"})
_NEGATED = frozenset({"not", "except", "least", "never", "incorrect", "false"})
_COMPUTES_LIST = """
    many much far fast find calculate compute evaluate solve simplify value probability sum area
    volume total ratio average product
"""
_COMPUTES = frozenset(_COMPUTES_LIST.split())
_CONDITIONAL = frozenset({"if", "suppose", "assume", "assuming", "given", "let"})
_WHO = frozenset({"who", "when", "where"})
_BEST = frozenset({"best", "most"})
_TRUE = frozenset({"true", "correct", "incorrect", "false"})
_WORD = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_DIGITS_ONLY = re.compile(r"[\s$\-−+]*\d[\d,.\s/%]*\S{0,8}")
_JOINS = re.compile(r"\b(?:[Aa]ll|[Nn]one|[Bb]oth|[Nn]either) of the|\bA and [BC]|\b[Bb]oth A\b")
_NEGATED_LOUDLY = re.compile(r"NOT|EXCEPT|LEAST")
_ROMAN = re.compile(r"\bI{2,3}\b|\bIV\b")
_SIGNS = re.compile(r"[=+*/^<>−×÷→∃∀⊃~∨•≡]")
_TEX = re.compile(r"[\\^{}=$]|sqrt")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_SENTENCE = re.compile(r"[.?!]\s")
_PAIR_CHARS = 50


def features(question: Question) -> tuple[float, ...]:
    """In the order of FEATURES; finite for any text."""
    stem = frozenset(_WORD.findall(question.stem.lower()))
    return (*_of_options(question, stem), *_of_wording(question), *_of_marks(question, stem))


def _of_options(question: Question, stem: frozenset[str]) -> tuple[float, ...]:
    options = question.options or ("",)
    lengths = [len(option) for option in options]
    sets = [set(_WORD.findall(option.lower())) for option in options]
    alike = [len(a & b) / max(len(a | b), 1) for i, a in enumerate(sets) for b in sets[:i]] or [0.0]
    shared = [len(words & stem) / max(len(words), 1) for words in sets]
    every = frozenset[str]().union(*sets)
    return (
        math.log1p(question.length),
        math.log1p(len(question.stem)),
        math.log1p(sum(lengths)),
        math.log1p(max(lengths)) - math.log1p(min(lengths)),
        max(alike),
        sum(alike) / len(alike),
        max(shared),
        max(shared) - min(shared),
        _share([bool(_DIGIT.search(option)) for option in options]),
        _share([bool(_DIGITS_ONLY.fullmatch(option)) for option in options]),
        _share([option[:1].isupper() for option in options]),
        float(all(len(option) < _PAIR_CHARS and _is_pair(option) for option in options)),
        float(not every.isdisjoint(_TRUTH)),
        _share([bool(_JOINS.search(option)) for option in options]),
        float(not every.isdisjoint(_ABSOLUTE)),
    )


def _is_pair(option: str) -> bool:
    return "," in option or ";" in option or " and " in option


def _share(flags: list[bool]) -> float:
    return sum(flags) / len(flags)


def _of_wording(question: Question) -> tuple[float, ...]:
    stem, words = question.stem, question.words
    written = stem.split()
    running = max(words.total(), 1)
    return (
        math.log1p(len(question.numbers)),
        sum(len(word) * count for word, count in words.items()) / running,
        len(words) / running,
        sum(word[0].isupper() for word in written[1:]) / max(len(written), 1),
        math.log1p(len(_SENTENCE.findall(stem))),
        stem.count(",") / max(len(written), 1),
    )


def _of_marks(question: Question, stem: frozenset[str]) -> tuple[float, ...]:
    line, text = question.stem.rstrip(), question.text
    marks = (
        line.endswith("?"),
        not line.endswith(("?", ".", ":", "_")),
        "__" in text,
        not stem.isdisjoint(_NEGATED),
        _NEGATED_LOUDLY.search(line),
        "Statement 1" in line,
        "Scenario 1" in line,
        _ROMAN.search(text),
        not stem.isdisjoint(_COMPUTES),
        not stem.isdisjoint(_CONDITIONAL),
        math.log1p(len(_SIGNS.findall(text))),
        _TEX.search(text),
        _YEAR.search(text),
        '"' in line or "“" in line,
        "refers to the following" in line,
        line.lstrip()[:5].lower() == "which",
        "what" in stem,
        not stem.isdisjoint(_WHO),
        not stem.isdisjoint(_BEST),
        "ccording to" in line,
        not stem.isdisjoint(_TRUE),
    )
    return tuple(mark if isinstance(mark, float) else float(bool(mark)) for mark in marks)

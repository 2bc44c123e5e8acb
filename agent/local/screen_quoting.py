"""What to quote of a screen that was read, and whether a question is about a screen at all."""

import re
from collections.abc import Sequence

from agent.local.screen_lines import Line, rows
from agent.local.words import EXACT, content_stems, match

MAX_WORDS = 50
GLIMPSE_WORDS = 20
LEAST_CONTINUED_WORDS = 4
"""An error line shorter than this ("Error", "Warning") says nothing without the line below it."""

_ERROR_ASKED = re.compile(
    r"\b(?:errors?|exceptions?|warnings?|wrong|fail(?:s|ed|ure|ing)?|crash\w*|problems?|trace ?back|broken|"
    r"alert)\b"
)
_ERROR_SHOWN = re.compile(
    r"\b(?:\w*error\w*|err|fail(?:s|ed|ure|ing)?|cannot|can't|can ?not|could(?: not|n't)|unable|denied|"
    r"refused|rejected|\w*exception|traceback|warning|invalid|not found|missing|timed? ?out|forbidden|"
    r"unauthori[sz]ed|unavailable|bad (?:gateway|request)|fatal|crash\w*|abort\w*|expired|unexpected|illegal|"
    r"panic|(?:code|status|http)\W{0,2}\d+|e\d{3,}|0x[0-9a-f]+)\b|\berr_",
    re.IGNORECASE,
)
_NO_ERROR = re.compile(
    r"\b(?:no|0|without(?: any)?|zero) (?:errors?|warnings?|failures?|exceptions?)\b", re.IGNORECASE
)
_SURELY_SCREEN = re.compile(
    r"\b(?:on|at|off|see|seeing|read|reading|from) (?:my|the|your|this|our|that|a|\w+'s)?(?: shared)? ?"
    r"(?:screen|display|monitor|desktop|green)\b|\bscreen (?:say|show|read|now)\w*|\bwhat\b.*\bscreen\b|"
    r"\b(?:can|do|could) (?:you|we) (?:still |now |actually )?see (?:my|the|our|this|that|it|me|what)\b|"
    r"\bwhat (?:can|do) you see\b|\blook(?:ing)? at (?:this|that|my|the|it|here)\b|"
    r"\bread (?:it|this|that|what|everything|me|out|aloud|the (?:text|screen|page|slide|error|message))\b|"
    r"\bwhat am i (?:looking at|sharing|showing)\b"
)
_SHOWN_THING = (
    r"(?:error|message|dialog|pop-?up|window|page|slide|button|title|heading|alert|warning|notification|banner|"
    r"terminal|console|log|table|text|box|label|it|this|that)"
)
_MAYBE_SCREEN = re.compile(
    rf"\bwhat (?:does|do|did|is|are|'s)?.*\b{_SHOWN_THING}\b.*\b(?:say|says|saying|show|shows|read|reads)\b|"
    rf"\b(?:this|that|these|those) {_SHOWN_THING}s?\b|"
    r"\bwhat(?: is|'s|s) (?:the|this|that) (?:error|warning|message)\b"
)
_HOW_TO_SHARE = re.compile(r"\bhow\b.*\bshare\b|\bshare (?:a|my|the) screen\b")


def is_surely_about_screen(question: str) -> bool:
    """Whether the words name the screen or ask to see or read."""
    words = _plain(question)
    return bool(_SURELY_SCREEN.search(words)) and not _HOW_TO_SHARE.search(words)


def may_be_about_screen(question: str) -> bool:
    """Whether the words point at something that a screen would show ("this error", "what does it say")."""
    words = _plain(question)
    return is_surely_about_screen(question) or bool(_MAYBE_SCREEN.search(words))


def find_on_screen(question: str, lines: Sequence[Line]) -> str | None:
    """The lines that share a word with the question, each with the rest of its row, or None."""
    asked = [stem for stem in content_stems(question) if stem not in _SCREEN_STEMS]
    if not asked:
        return None
    scores = [sum(match(stem, present) == EXACT for stem in asked) for present in _stems(lines)]
    best = max(scores, default=0)
    if best == 0:
        return None
    hits = {index for index, score in enumerate(scores) if score == best}
    boxes = [line.box for line in lines]
    wanted = {index for row in rows(range(len(lines)), boxes) if hits & set(row) for index in row}
    return join_lines([line for index, line in enumerate(lines) if index in wanted], MAX_WORDS)


def quote_screen(question: str, lines: Sequence[Line]) -> str:
    """One or two sentences that quote what was asked for, in reading order."""
    words = _plain(question)
    if _ERROR_ASKED.search(words):
        errors = error_lines(lines)
        if errors:
            return f"The screen says: “{join_lines(errors, MAX_WORDS)}”"
        return f"I see no error on the screen. It begins: “{join_lines(lines, GLIMPSE_WORDS)}”"
    found = find_on_screen(question, lines)
    if found is not None:
        return f"The screen says: “{found}”"
    if re.search(r"\b(?:can|do|could) (?:you|we)\b.*\bsee\b", words):
        return f"Yes. The screen begins: “{join_lines(lines, GLIMPSE_WORDS)}”"
    return f"The screen says: “{join_lines(lines, MAX_WORDS)}”"


def error_lines(lines: Sequence[Line]) -> list[Line]:
    """The lines that read like an error, and what goes on below one that is only a heading."""
    wanted: set[int] = set()
    for index, line in enumerate(lines):
        if not _ERROR_SHOWN.search(_NO_ERROR.sub("", line.text)):
            continue
        wanted.add(index)
        is_short = len(line.text.split()) < LEAST_CONTINUED_WORDS and not re.search(r"[\d_]", line.text)
        if index + 1 < len(lines) and (is_short or _goes_on(line, lines[index + 1])):
            wanted.add(index + 1)
    return [lines[index] for index in sorted(wanted)]


def join_lines(lines: Sequence[Line], most_words: int) -> str:
    """The lines as running text, cut after `most_words`."""
    text = ""
    for line in lines:
        piece = line.text.replace("“", "'").replace("”", "'").strip()
        if not text:
            text = piece
        elif text[-1] in ".,;:!?" or piece[:1].islower():
            text = f"{text} {piece}"
        else:
            text = f"{text}; {piece}"
    words = text.split()
    return text if len(words) <= most_words else " ".join(words[:most_words]) + " …"


_SCREEN_STEMS = frozenset(
    content_stems(
        "screen display monitor desktop see read aloud written shown sharing showing text page message"
    )
)


def _goes_on(line: Line, below: Line) -> bool:
    """A sentence that ends without a stop and continues in the next line of the same paragraph."""
    gap = below.box.top - line.box.bottom
    return (
        line.text[-1] not in ".!?:"
        and below.text[:1].islower()
        and gap < line.box.height
        and abs(below.box.left - line.box.left) < 2 * line.box.height
    )


def _stems(lines: Sequence[Line]) -> list[list[str]]:
    return [content_stems(line.text) for line in lines]


def _plain(question: str) -> str:
    return re.sub(r"[^\w' -]+", " ", question.lower().replace("’", "'"))

"""Whether an answer is there and has its end: empty, cut by the provider, or broken off in the middle."""

import re

from agent.cascade.verify.verdict import Answer, Check

_CUT = frozenset(
    {"length", "max_tokens", "MAX_TOKENS", "max_output_tokens", "model_length", "content_filter"}
)
"""The providers' words for an end that is none. Sources: OpenAI, Anthropic and Gemini API references."""

_SEEN = re.compile(r"[^\W_]|[^\w\s\u0000-\u001f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_OPEN_END = re.compile(
    r"(?:[,(\[{<+\-*/×÷=$:]|\b(?:the|a|an|and|or|of|to|with|is|are|was|were|by|for|in|on|at|from|that|which|"
    r"der|die|das|und|oder|mit|von|le|la|les|et|de|el|los|y|con))\s*\Z"
)
_OPEN_MARK = re.compile(r"<<[^<>\n]*\Z")
_LIST_LINE = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)]|[|#>]|```)")
_ADDRESS = re.compile(r"\(https?://[^\s)]{1,400}\)|https?://\S{1,400}|`[^`\n]{1,200}`")
_LONG = 160
"""Characters from which a text that stops without a mark reads as broken off, not as terse."""

_FINAL = frozenset(".!?…。！？।؟\"'”’»)]}`*_>|:~")


def check_empty(answer: Answer) -> Check:
    """Failed if there is neither a visible character nor a tool call."""
    there = bool(answer.tool_calls) or _SEEN.search(answer.text) is not None
    return Check("empty", there, "" if there else "the answer has no visible character")


def check_cut_off(answer: Answer) -> Check:
    """Failed if the provider cut the answer or its text stops in the middle."""
    why = "" if answer.tool_calls else _broken(answer.text)
    if answer.finish_reason in _CUT:
        why = f"the provider ended it with {answer.finish_reason!r}"
    return Check("cut_off", not why, why)


def _broken(text: str) -> str:
    tail = text[-4_000:].rstrip()
    if not tail:
        return ""
    if text.count("```") % 2:
        return "a code fence stays open"
    if _OPEN_MARK.search(tail[-240:]):
        return "a calculator's mark stays open"
    last = _ADDRESS.sub("link", tail.rsplit("\n", 1)[-1])
    if tail.endswith("```") or _LIST_LINE.match(last):
        return ""
    if _OPEN_END.search(last[-24:]) and not last.endswith(("):", ":)", ":-")) and " " in last:
        return "the last sentence has no end"
    if _lacks_bracket(last):
        return "a bracket stays open"
    if len(last) >= _LONG and last[-1] not in _FINAL and last[-1].isalpha() and _prose(last):
        return "the last sentence has no end"
    return ""


def _lacks_bracket(line: str) -> bool:
    """A bracket opened in the last line and not closed, emoticons aside."""
    plain = re.sub(r"[:;=]-?[()\[\]]", "", line)
    return any(plain.count(a) > plain.count(b) for a, b in ("()", "[]", "{}")) and len(plain) > 1


def _prose(line: str) -> bool:
    """Whether sentences in this script end with a mark at all (Thai and Lao do not)."""
    return sum(character.isascii() for character in line) * 2 > len(line)

"""Whether what an answer cites exists: [n] among the passages, quoted words inside one of them."""

import re
from collections.abc import Sequence

from agent.cascade.verify.tokens import CODE
from agent.cascade.verify.verdict import Basis, Check

_NUMBERED = re.compile(r"(?<![\w\])])\[(\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,9})\](?!\()")
_GLUED = re.compile(r"(?<=[.\w\])%\"”])\s?\[(\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,9})\](?!\()")
_QUOTED = re.compile(r"“([^“”]{12,600})”|\"([^\"\n]{12,600})\"|«([^«»]{12,600})»|„([^„“”]{12,600})[“”]")
_MOST = 40


def check_citations(text: str, basis: Basis) -> Check | None:
    """Passed if each cited number is a passage and each longer quotation stands in what was given.

    None without passages, or when the answer cites nothing: whether it should is the prompt's business.
    """
    if not basis.passages:
        return None
    text = CODE.sub(" ", text)
    numbers, quotes = _cited(text), _quotes(text)
    if not numbers and not quotes:
        return None
    beyond = [number for number in numbers if not 1 <= number <= len(basis.passages)]
    if beyond:
        return Check("citations", False, f"cites [{beyond[0]}] of {len(basis.passages)} passages")
    strange = _strange(quotes, (*basis.passages, basis.context, basis.question))
    return Check("citations", not strange, f"{strange} quotations stand in no passage" if strange else "")


def _cited(text: str) -> list[int]:
    found: list[int] = []
    for pattern in (_NUMBERED, _GLUED):
        for match in pattern.finditer(text):
            found += [int(number) for number in re.findall(r"\d+", match.group(1))]
    return found[:_MOST]


def _quotes(text: str) -> list[str]:
    """Quotations of four words and more: shorter ones are terms and titles."""
    found = ["".join(part or "" for part in match.groups()) for match in _QUOTED.finditer(text)]
    return [one for one in found if len(one.split()) >= 4 or not one.isascii()][:_MOST]


def _strange(quotes: Sequence[str], sources: Sequence[str]) -> int:
    given = _folded("\n".join(sources))
    return sum(not all(piece in given for piece in _pieces(quote)) for quote in quotes)


def _pieces(quote: str) -> list[str]:
    """What an ellipsis or an inserted [word] leaves of a quotation."""
    parts = re.split(r"…|\.\.\.|\[[^\]]{0,80}\]", quote)
    return [folded for part in parts if len(folded := _folded(part).strip()) > 3]


def _folded(text: str) -> str:
    """Lower case, one space for any white space, without marks: quoting may drop or move them."""
    return " ".join(re.findall(r"\w+", text.lower()))

"""What the doctor finds: a part, how it is, and words that say what to do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from agent.errors import AppError


class Verdict(StrEnum):
    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    part: str
    verdict: Verdict
    words: str


def good(part: str, words: str) -> Finding:
    return Finding(part, Verdict.GOOD, words)


def note(part: str, words: str) -> Finding:
    """Worth knowing; nothing is broken."""
    return Finding(part, Verdict.NOTE, words)


def bad(part: str, words: str) -> Finding:
    return Finding(part, Verdict.BAD, words)


@dataclass(frozen=True, slots=True)
class Check:
    """`run` returns words when all is well or a whole finding; an AppError is a bad finding."""

    part: str
    run: Callable[[], Awaitable[str | Finding]]

    async def find(self) -> Finding:
        try:
            found = await self.run()
        except AppError as error:
            return bad(self.part, str(error))
        return good(self.part, found) if isinstance(found, str) else found

"""What a conversation remembers of its last answer: the model, so that its prompt cache stays warm.

A provider keeps the beginning of a prompt for minutes and takes a tenth of the price for it. Within that time
a conversation stays with the model that answered last, among those of the same tier. Its tier may rise
within that time and does not fall for a follow-up, which is scored by its few words and not by what they
refer to. The bound: at most two follow-ups in a row, of at most eight words each, while the cache is warm. So
one hard question takes at most two cheap ones with it, and a long talk does not end up on the large tier.
A turn that calls tools is several answers: once it was handed up, the large tier gives the rest of them. A
guess at other words than the turn's own counts for itself.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from agent.cascade.models.catalog import Model, Provider, Tier

CACHE_TTL_S: Mapping[Provider, float] = {
    "openai": 300.0,
    "google": 300.0,
    "anthropic": 300.0,
    # A server of one's own keeps the last prompts in memory for as long as its model is loaded.
    "custom": 300.0,
    "ollama": 300.0,
    "local": 0.0,
}
"""The least that is promised. Sources: OpenAI's guide to prompt caching (5 to 10 minutes of inactivity, from
1,024 tokens on); for Anthropic's 5 minutes, renewed by each use, what gateways say of it; both looked up on
2026-11-28. Google names no time for its implicit cache: taken to be like the others."""

MIN_CACHED_TOKENS: Final = 1024
"""Shorter prompts are not cached by any of them; some of Claude's models want up to four times as much."""

FOLLOW_UPS: Final = 2
FOLLOW_UP_WORDS: Final = 8
MAX_CONVERSATIONS: Final = 10_000
MAX_TURNS: Final = 1_000


@dataclass(frozen=True, slots=True)
class Warm:
    """`prompt_tokens`: what the last call sent. `follow_ups`: answered by the large tier on its account."""

    model: Model
    tier: Tier
    prompt_tokens: int
    follow_ups: int
    at_s: float


class Sessions:
    """By conversation, the latest used last; the oldest are forgotten beyond `MAX_CONVERSATIONS`, and the
    oldest turns beyond `MAX_TURNS`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._warm: OrderedDict[str, Warm] = OrderedDict()
        self._handed_up: OrderedDict[tuple[str, str], None] = OrderedDict()

    def warm(self, conversation: str | None) -> Warm | None:
        """The last answer of this conversation, while a cache of it may be there."""
        last = self._warm.get(conversation) if conversation is not None else None
        if last is None or self._clock() - last.at_s >= CACHE_TTL_S[last.model.provider]:
            return None
        return last

    def hand_up(self, turn: str | None, question: str) -> None:
        if turn is None:
            return
        self._handed_up[turn, question] = None
        if len(self._handed_up) > MAX_TURNS:
            self._handed_up.popitem(last=False)

    def was_handed_up(self, turn: str | None, question: str) -> bool:
        return (turn, question) in self._handed_up

    def keep(
        self, conversation: str | None, model: Model, tier: Tier, prompt_tokens: int, *, followed_up: bool
    ) -> None:
        """`followed_up`: the large tier answered only because it had answered before."""
        if conversation is None:
            return
        last = self._warm.pop(conversation, None)
        follow_ups = last.follow_ups + 1 if followed_up and last is not None else 0
        self._warm[conversation] = Warm(model, tier, prompt_tokens, follow_ups, self._clock())
        if len(self._warm) > MAX_CONVERSATIONS:
            self._warm.popitem(last=False)


def keeps_tier(last: Warm | None, question: str) -> bool:
    """Whether the large tier answers `question` because it answered what this one asks about."""
    return (
        last is not None
        and last.tier == "large"
        and last.follow_ups < FOLLOW_UPS
        and len(question.split(None, FOLLOW_UP_WORDS)) <= FOLLOW_UP_WORDS
    )

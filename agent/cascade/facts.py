"""What the caller of the cascade knows about a turn beyond its messages.

Handed over in `extra_kwargs` under `TURN_KEY`, so that `Cascade.chat` keeps livekit's signature. All of it
is optional: without any of it a turn is routed by its text alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from livekit.agents import llm

TURN_KEY = "parley_turn"
"""In `extra_kwargs`: `TurnFacts`, or just the `client_id` of the turn that is answered."""

Delivery = Literal["voice", "text"]
"""`voice` is heard as it streams and can never be taken back; `text` may hold its first sentence."""


@dataclass(frozen=True, slots=True)
class TurnFacts:
    """`turn`: the `client_id` of the turn that is answered, for the ledger.

    `speaker`: who asked, for the budget of a person and day. `passages`: what was retrieved, numbered from 1
    in the order in which the question quotes it. `language`: BCP 47, None when any will do. `schema`: the
    JSON Schema that the answer has to follow. `crop`: a closer look at the part of the picture that matters,
    for the large model in place of the whole frame. `acknowledge`: called at most once, when an answer that
    will be heard takes a second model; it must not block.
    """

    turn: str | None = None
    delivery: Delivery = "text"
    speaker: str | None = None
    passages: tuple[str, ...] = ()
    language: str | None = None
    schema: Mapping[str, Any] | None = None
    crop: llm.ImageContent | None = None
    acknowledge: Callable[[], None] | None = None

"""What the caller of the cascade knows about a turn beyond its messages.

Handed over in `extra_kwargs` under `TURN_KEY`, so that `Cascade.chat` keeps livekit's signature. All of it
is optional: without any of it a turn is routed by its text alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from livekit.agents import llm

from agent.errors import ConfigError

TURN_KEY = "parley_turn"
"""In `extra_kwargs`: `TurnFacts`, or just the `client_id` of the turn that is answered."""

Delivery = Literal["voice", "text"]
"""`voice` is heard as it streams and can never be taken back; `text` may hold its first sentence."""
Hold = Literal["sentence", "answer"]

_WORDS: Final = {"delivery": get_args(Delivery), "hold": get_args(Hold)}


@dataclass(frozen=True, slots=True)
class TurnFacts:
    """`turn`: the `client_id` of the turn that is answered, for the ledger.

    `conversation`: turns of one name keep to a model while its prompt cache is warm; None is a question by
    itself. `question`: as the person put it; None takes the last message of a user. `speaker`: who asked, for
    the budget of a person and day. `passages`: what was retrieved, numbered from 1 in the order in which the
    question quotes it. `language`: BCP 47, None when any will do. `schema`: the JSON Schema that the answer
    has to follow. `crop`: a closer look at the part of the picture that matters, for the large model in place
    of the whole frame. `acknowledge`: called at most once, when an answer that will be heard takes a second
    model; it must not block. `hold`: how much of a small model's answer is read before any of it goes out;
    `answer` makes the person wait for all of it. `max_output_tokens`: None takes what is usual for the
    delivery.
    """

    turn: str | None = None
    delivery: Delivery = "text"
    conversation: str | None = None
    question: str | None = None
    speaker: str | None = None
    passages: tuple[str, ...] = ()
    language: str | None = None
    schema: Mapping[str, Any] | None = None
    crop: llm.ImageContent | None = None
    acknowledge: Callable[[], None] | None = None
    hold: Hold = "sentence"
    max_output_tokens: int | None = None

    def __post_init__(self) -> None:
        """Raises: ConfigError; a bound below 1 would reserve less than nothing."""
        for name, known in _WORDS.items():
            given = getattr(self, name)
            if given not in known:
                raise ConfigError(f"{name} is {given!r}; it should be {' or '.join(known)}")
        if self.max_output_tokens is not None and self.max_output_tokens < 1:
            raise ConfigError(f"max_output_tokens is {self.max_output_tokens}; it should be at least 1")


def facts_of(given: object) -> TurnFacts:
    """What stands under `TURN_KEY`, whichever way it was given. Raises: ConfigError for anything else."""
    if isinstance(given, TurnFacts):
        return given
    if given is not None and not isinstance(given, str):
        raise ConfigError(f"{TURN_KEY} is {type(given).__name__}; it should be TurnFacts, or the turn's id")
    return TurnFacts(turn=given)

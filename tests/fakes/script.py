"""What the fake providers say, how fast, and how they fail; and what they were asked.

A script is plain data, so that it can be set in this process or over `/control/script`. Times of requests
are `time.monotonic()`, comparable between the processes of one machine.
"""

import json
import time
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

Wire = Literal["openai", "google", "anthropic"]
Kind = Literal["chat", "stt", "tts", "models"]
FaultKind = Literal[
    "unauthorized",
    "forbidden",
    "quota",
    "rate_limited",
    "server_error",
    "filtered",
    "hang",
    "silent",
    "stall",
    "cut",
    "stop_short",
    "garbage",
    "garbage_later",
    "bytes",
    "error_event",
    "filtered_later",
    "too_long",
    "empty",
    "no_usage",
    "wrong_usage",
]

CUT_AFTER_PIECES = 3
RETRY_AFTER_S = 7.0

DEFAULT_ANSWER = "Sure. The refund period is thirty days, counted from the day of the purchase."
DEFAULT_TRANSCRIPT = "What is the refund period?"


class Latencies(BaseModel):
    """Seconds; `audio_pace` is how much faster than real time speech is streamed."""

    model_config = ConfigDict(extra="forbid")

    stt_s: float = 0.1
    first_token_s: float = 0.2
    token_s: float = 0.01
    tts_first_byte_s: float = 0.1
    audio_pace: float = 10.0
    audio_s_per_character: float = 0.06


class Fault(BaseModel):
    """Strikes the requests that match, `times` of them, or all while `times` is None.

    Refusals, in the provider's own words: unauthorized, forbidden (a 403), quota (nothing left to spend),
    rate_limited (with Retry-After while `retry_after_s` is not None), server_error, filtered (the question).
    hang: no answer at all. silent: headers, then nothing. garbage: a 200 that no client can read. bytes: the
    same without any text. empty: a well-formed answer without a word.

    After `after_pieces` of the answer: stall (nothing more comes), cut (the connection breaks), stop_short
    (the stream ends, but not the answer), garbage_later, error_event, filtered_later. At its end: too_long
    (it says that the bound of the answer was reached), no_usage, wrong_usage (counts that cannot be).
    """

    model_config = ConfigDict(extra="forbid")

    fault: FaultKind
    wire: Wire | None = None
    kind: Kind = "chat"
    model: str | None = None
    times: int | None = None
    after_pieces: int = CUT_AFTER_PIECES
    retry_after_s: float | None = RETRY_AFTER_S


class ToolUse(BaseModel):
    """A call that a model writes. `arguments`: a text is what the model took for JSON. `call_id`: None takes
    one of its own. `model`: None is any."""

    model_config = ConfigDict(extra="forbid")

    name: str
    arguments: dict[str, JsonValue] | str = Field(default_factory=dict)
    call_id: str | None = None
    model: str | None = None

    @property
    def written(self) -> str:
        return self.arguments if isinstance(self.arguments, str) else json.dumps(self.arguments)


class Script(BaseModel):
    """`answers` and `transcripts` are used up in order, the last one repeats; `answers_to` goes first.

    `answers_to`: a piece of the question → the answer, in which `{tool}` is what a tool said last.
    `answers_of`: a model → what it answers to everything else, for turns that several models are asked.
    `uses`: a piece of the question → the tools that a model calls before it answers, where they are offered
    to it. `cached_tokens`: how much of each prompt the provider claims to have cached. `models`: what GET
    /v1/models lists.
    """

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    latencies: Latencies = Field(default_factory=Latencies)
    answers: list[str] = Field(default_factory=lambda: [DEFAULT_ANSWER])
    answers_to: dict[str, str] = Field(default_factory=dict)
    answers_of: dict[str, str] = Field(default_factory=dict)
    uses: dict[str, list[ToolUse]] = Field(default_factory=dict)
    transcripts: list[str] = Field(default_factory=lambda: [DEFAULT_TRANSCRIPT])
    faults: list[Fault] = Field(default_factory=list)
    cached_tokens: int = 0
    models: list[str] = Field(
        default_factory=lambda: ["gpt-6-luna", "gpt-6.1-sol", "gpt-4o-mini", "gpt-4o", "gpt-transcribe"]
    )

    def next_answer(self, question: str, model: str) -> str:
        for piece, answer in self.answers_to.items():
            if piece.lower() in question.lower():
                return answer
        return self.answers_of[model] if model in self.answers_of else _next(self.answers)

    def tools_for(self, question: str, model: str) -> list[ToolUse]:
        uses = next((uses for piece, uses in self.uses.items() if piece.lower() in question.lower()), [])
        return [use for use in uses if use.model in (None, model)]

    def next_transcript(self) -> str:
        return _next(self.transcripts)

    def take_fault(self, wire: Wire, kind: Kind, model: str) -> Fault | None:
        """The fault that strikes this request, now used once more."""
        for fault in self.faults:
            if fault.kind != kind or fault.wire not in (None, wire) or fault.model not in (None, model):
                continue
            if fault.times == 0:
                continue
            if fault.times is not None:
                fault.times -= 1
            return fault
        return None


class Seen(BaseModel):
    """One request. `first_s` is when the first piece went out, `end_s` when the answer ended or broke.

    `question` is the last user text, the text to speak, or empty; `images` counts the whole request's;
    `cancelled` says that the client hung up.
    """

    wire: Wire
    kind: Kind
    model: str = ""
    key: str = ""
    question: str = ""
    images: int = 0
    audio_s: float = 0.0
    body: dict[str, JsonValue] = Field(default_factory=dict)
    at_s: float = Field(default_factory=time.monotonic)
    first_s: float | None = None
    end_s: float | None = None
    cancelled: bool = False


def pieces_of(text: str) -> list[str]:
    """A text as the tokens of a stream: words, each with the space before it."""
    words = text.split(" ")
    return [word if place == 0 else f" {word}" for place, word in enumerate(words)]


def prompt_tokens(text_chars: int, images: int) -> int:
    """How many tokens the fakes count for a prompt: a quarter of its characters and 258 an image."""
    return max(text_chars // 4, 1) + 258 * images


def _next(items: list[str]) -> str:
    return items.pop(0) if len(items) > 1 else items[0]

"""What went wrong with a provider's call: its outcome for the ledger, and what the breaker makes of it.

Read from the error as livekit's plugins raise it, and from what the SDK raised beneath. An error's text is
looked at for words that tell quota from rate and filter from fault; it never reaches the ledger or a log.
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from livekit.agents import APIConnectionError, APIError, APIStatusError, APITimeoutError
from pydantic import ValidationError

from agent.wire import CallOutcome

MAX_RETRY_AFTER_S = 3600.0
"""A provider that asks for more is asked again all the same."""

COMPLETE = frozenset({"stop", "tool_calls", "function_call", "end_turn", "tool_use", "stop_sequence", "STOP"})
"""Finish reasons of an answer that is whole."""

FILTERED = frozenset(
    {"content_filter", "refusal", "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT"}
    | {"SPII", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "MODEL_ARMOR", "PROMPT_BLOCKED"}
)
"""Finish reasons of an answer that the provider withheld."""

QUOTA_WORDS = ("insufficient_quota", "billing", "credit balance", "perday", "quota_exceeded", "spend limit")
FILTER_WORDS = ("content_filter", "content_policy", "responsible_ai", "blockreason", "block_reason")
KEY_WORDS = ("api key", "api_key")


class EmptyAnswer(APIError):
    """The provider ended its stream without a word or a tool call."""

    def __init__(self) -> None:
        super().__init__("the model answered nothing", retryable=False)


class CutAnswer(APIError):
    """The stream ended before the provider said that the answer was complete."""

    def __init__(self) -> None:
        super().__init__("the answer broke off", retryable=False)


class FilteredAnswer(APIError):
    """The provider withheld the answer, or its rest."""

    def __init__(self) -> None:
        super().__init__("the provider withheld the answer", retryable=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """`retry_after_s`: what the provider asked for. `counts`: it speaks against the provider, not against
    this one request. `lasting`: it will not pass by itself within moments. `billed`: it may have been."""

    outcome: CallOutcome
    retry_after_s: float | None = None
    counts: bool = True
    lasting: bool = False
    billed: bool = True


def read_fault(error: BaseException, *, finish_reason: str | None = None, answered: bool = False) -> Fault:
    """`answered`: a token had come. `finish_reason`: the provider's word, where it said one."""
    outcome = _outcome(error, finish_reason)
    if outcome == CallOutcome.CONNECTION and answered:
        outcome = CallOutcome.CUT
    refused = isinstance(error, APIStatusError) and error.status_code >= 400 and not answered
    return Fault(
        outcome,
        retry_after_s=_retry_after_s(error) if outcome in _ASKED_TO_WAIT else None,
        counts=outcome not in (CallOutcome.FILTERED, CallOutcome.CANCELLED, CallOutcome.OK)
        and not (outcome == CallOutcome.INVALID and refused),
        lasting=outcome in (CallOutcome.AUTHENTICATION, CallOutcome.QUOTA),
        billed=not refused,
    )


def classify(error: BaseException) -> CallOutcome:
    """Which of the ledger's outcomes `error` is before any token."""
    return read_fault(error).outcome


def broken_off(error: Exception, outcome: CallOutcome) -> APIError:
    """The error for a reader who already has a part of the answer: nobody may retry it."""
    if isinstance(error, APIError):
        error.retryable = False
        return error
    return APIError(f"the answer broke off ({outcome})", retryable=False)


_ASKED_TO_WAIT = (CallOutcome.RATE_LIMITED, CallOutcome.QUOTA, CallOutcome.SERVER_ERROR, CallOutcome.TIMEOUT)


def _outcome(error: BaseException, finish_reason: str | None) -> CallOutcome:
    match error:
        case EmptyAnswer():
            return CallOutcome.EMPTY
        case CutAnswer():
            return CallOutcome.CUT
        case FilteredAnswer():
            return CallOutcome.FILTERED
        case APIStatusError():
            return _of_status(error, finish_reason)
        case APITimeoutError() | TimeoutError():
            return CallOutcome.TIMEOUT
        case APIConnectionError():
            return _of_connection(error)
        case Exception():
            return CallOutcome.INVALID
        case _:
            return CallOutcome.CANCELLED


def _of_status(error: APIStatusError, finish_reason: str | None) -> CallOutcome:
    status, words = error.status_code, _words(error)
    if status < 0:
        return _of_no_status(error, finish_reason, words)
    if any(word in words for word in FILTER_WORDS):
        return CallOutcome.FILTERED
    if status in (402, 403, 429, 400) and any(word in words for word in QUOTA_WORDS):
        return CallOutcome.QUOTA
    if status in (401, 403) or (status == 400 and any(word in words for word in KEY_WORDS)):
        return CallOutcome.AUTHENTICATION
    if status == 402:
        return CallOutcome.QUOTA
    if status == 429 or "rate_limit" in words:
        return CallOutcome.RATE_LIMITED
    if status in (408, 504):
        return CallOutcome.TIMEOUT
    # An error event inside a stream that began with 200 is the provider's own failure.
    if status >= 500 or 200 <= status < 300:
        return CallOutcome.SERVER_ERROR
    return CallOutcome.INVALID


def _of_no_status(error: APIStatusError, finish_reason: str | None, words: str) -> CallOutcome:
    """Gemini's plugin gives no status to an answer that was blocked, nor to one that never came."""
    if finish_reason in FILTERED or "blocked" in words or any(word in words for word in FILTER_WORDS):
        return CallOutcome.FILTERED
    return CallOutcome.EMPTY if "no response generated" in words else CallOutcome.INVALID


def _of_connection(error: APIConnectionError) -> CallOutcome:
    for cause in _beneath(error):
        if isinstance(cause, TimeoutError):
            return CallOutcome.TIMEOUT
        if isinstance(cause, (json.JSONDecodeError, UnicodeDecodeError, ValidationError)):
            return CallOutcome.INVALID
        if isinstance(getattr(cause, "body", None), (dict, str)):
            return _of_event(_words(cause))
        if type(cause).__name__ == "UnknownApiResponseError":  # google-genai, for what is no JSON
            return CallOutcome.INVALID
    return CallOutcome.CONNECTION


def _of_event(words: str) -> CallOutcome:
    """An error that OpenAI's SDK read in the stream itself."""
    if any(word in words for word in FILTER_WORDS):
        return CallOutcome.FILTERED
    if any(word in words for word in QUOTA_WORDS):
        return CallOutcome.QUOTA
    return CallOutcome.RATE_LIMITED if "rate_limit" in words else CallOutcome.SERVER_ERROR


def _words(error: BaseException) -> str:
    """All that the provider said, in lower case."""
    said: list[object] = [getattr(error, "message", ""), getattr(error, "body", "")]
    said += [getattr(cause, "details", "") for cause in _beneath(error)]
    return " ".join(str(each) for each in said if each).lower()


def _retry_after_s(error: BaseException) -> float | None:
    for cause in (error, *_beneath(error)):
        headers: Mapping[str, object] = getattr(getattr(cause, "response", None), "headers", None) or {}
        named = {str(name).lower(): value for name, value in headers.items()}
        asked = _seconds(named.get("retry-after"))
        asked = _seconds(_retry_delay(getattr(cause, "details", None))) if asked is None else asked
        if asked is not None:
            return min(asked, MAX_RETRY_AFTER_S)
    return None


def _retry_delay(details: object) -> object:
    """Google's RetryInfo, such as "34s"."""
    listed = details.get("error", details) if isinstance(details, dict) else {}
    found = listed.get("details") if isinstance(listed, dict) else None
    delays = [each.get("retryDelay") for each in found or () if isinstance(each, dict)]
    return next((delay for delay in delays if delay is not None), None)


def _seconds(text: object) -> float | None:
    try:
        seconds = float(str(text).removesuffix("s"))
    except ValueError:  # a date, which no provider of ours sends
        return None
    return seconds if 0 <= seconds < math.inf else None


def _beneath(error: BaseException) -> Iterator[BaseException]:
    """Causes, and what was being handled when `error` was raised: OpenAI's plugin hides its cause."""
    seen: set[int] = {id(error)}
    below = error.__cause__ or error.__context__
    while below is not None and id(below) not in seen:
        seen.add(id(below))
        yield below
        below = below.__cause__ or below.__context__

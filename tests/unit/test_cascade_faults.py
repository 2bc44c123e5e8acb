"""How failures of providers are told apart, for the ledger and for the breaker."""

import asyncio
import json
from dataclasses import dataclass

import pytest
from livekit.agents import APIConnectionError, APIStatusError, APITimeoutError

from agent.cascade.calls.faults import (
    MAX_RETRY_AFTER_S,
    CutAnswer,
    EmptyAnswer,
    FilteredAnswer,
    broken_off,
    classify,
    read_fault,
)
from agent.wire import CallOutcome


def _caused(cause: BaseException) -> APIConnectionError:
    """A connection error as the plugins raise it: what happened is its cause."""
    error = APIConnectionError()
    error.__cause__ = cause
    return error


def _status(code: int, body: object = None) -> APIStatusError:
    return APIStatusError("refused", status_code=code, body=body)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (_status(401), CallOutcome.AUTHENTICATION),
        (_status(403), CallOutcome.AUTHENTICATION),
        (_status(403, {"code": "billing_not_active"}), CallOutcome.QUOTA),
        (_status(402), CallOutcome.QUOTA),
        (_status(429, {"code": "insufficient_quota"}), CallOutcome.QUOTA),
        (_status(400, {"error": {"message": "Your credit balance is too low"}}), CallOutcome.QUOTA),
        (_status(400, {"code": "content_filter"}), CallOutcome.FILTERED),
        (_status(400, {"code": "content_policy_violation"}), CallOutcome.FILTERED),
        (_status(200, {"error": {"type": "rate_limit_error"}}), CallOutcome.RATE_LIMITED),
        (_status(400, "API key not valid. INVALID_ARGUMENT"), CallOutcome.AUTHENTICATION),
        (_status(400, "temperature"), CallOutcome.INVALID),
        (_status(404), CallOutcome.INVALID),
        (_status(429), CallOutcome.RATE_LIMITED),
        (_status(408), CallOutcome.TIMEOUT),
        (_status(504), CallOutcome.TIMEOUT),
        (_status(529), CallOutcome.SERVER_ERROR),
        # Anthropic reports an overload inside a stream that began with 200.
        (_status(200, {"error": {"type": "overloaded_error"}}), CallOutcome.SERVER_ERROR),
        # Gemini's plugin has no status for an answer that was blocked, or never came.
        (APIStatusError("generation blocked by gemini: SAFETY"), CallOutcome.FILTERED),
        (APIStatusError("no response generated"), CallOutcome.EMPTY),
        (APITimeoutError(), CallOutcome.TIMEOUT),
        (TimeoutError(), CallOutcome.TIMEOUT),
        (_caused(TimeoutError()), CallOutcome.TIMEOUT),
        (_caused(ConnectionRefusedError()), CallOutcome.CONNECTION),
        (_caused(json.JSONDecodeError("no", "", 0)), CallOutcome.INVALID),
        (EmptyAnswer(), CallOutcome.EMPTY),
        (CutAnswer(), CallOutcome.CUT),
        (FilteredAnswer(), CallOutcome.FILTERED),
        (ValueError(), CallOutcome.INVALID),
        (asyncio.CancelledError(), CallOutcome.CANCELLED),
    ],
)
def test_a_failure_has_its_outcome(error: BaseException, outcome: CallOutcome) -> None:
    assert classify(error) == outcome


@dataclass
class Response:
    headers: dict[str, str]


class Refused(Exception):
    """As an SDK raises it."""

    def __init__(self, headers: dict[str, str] | None = None, details: object = None) -> None:
        self.response = Response(headers or {})
        self.details = details


def _asked_to_wait(cause: Refused) -> float | None:
    error = _status(429)
    error.__cause__ = cause
    return read_fault(error).retry_after_s


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("86400", MAX_RETRY_AFTER_S),
        ("-3", None),
        ("nan", None),
        ("inf", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
    ],
)
def test_how_long_to_wait_is_read_from_the_refusal(header: str, seconds: float | None) -> None:
    assert _asked_to_wait(Refused({"Retry-After": header})) == seconds


def test_google_says_in_the_body_how_long_to_wait() -> None:
    details = {
        "error": {"details": [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34s"}]}
    }

    assert _asked_to_wait(Refused(details=details)) == 34.0


def test_a_day_of_googles_quota_is_told_from_a_minute() -> None:
    def outcome(quota: str) -> CallOutcome:
        error = _status(429)
        error.__cause__ = Refused(details={"error": {"details": [{"violations": [{"quotaId": quota}]}]}})
        return classify(error)

    assert outcome("GenerateRequestsPerDayPerProject") == CallOutcome.QUOTA
    assert outcome("GenerateRequestsPerMinutePerProject") == CallOutcome.RATE_LIMITED


@pytest.mark.parametrize(
    ("error", "counts", "lasting", "billed"),
    [
        (_status(500), True, False, False),
        (_status(401), True, True, False),
        (_status(400, "temperature"), False, False, False),
        (_caused(json.JSONDecodeError("no", "", 0)), True, False, True),
        (FilteredAnswer(), False, False, True),
        (TimeoutError(), True, False, True),
        (asyncio.CancelledError(), False, False, True),
    ],
)
def test_what_the_breaker_and_the_ledger_make_of_it(
    error: BaseException, counts: bool, lasting: bool, billed: bool
) -> None:
    fault = read_fault(error)

    assert (fault.counts, fault.lasting, fault.billed) == (counts, lasting, billed)


def test_a_connection_that_breaks_after_a_token_is_a_cut() -> None:
    error = _caused(ConnectionResetError())

    assert read_fault(error).outcome == CallOutcome.CONNECTION
    assert read_fault(error, answered=True).outcome == CallOutcome.CUT


def test_a_chain_of_causes_that_goes_round_ends() -> None:
    first, second = _caused(ConnectionError()), ConnectionError()
    first.__cause__, second.__cause__ = second, first

    assert classify(first) == CallOutcome.CONNECTION


def test_nobody_may_retry_what_broke_off() -> None:
    ours, theirs = broken_off(TimeoutError(), CallOutcome.TIMEOUT), broken_off(_status(500), CallOutcome.CUT)

    assert not ours.retryable
    assert not theirs.retryable
    assert str(ours) == "the answer broke off (timeout)"

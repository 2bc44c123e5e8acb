"""How failures of providers are told apart, for the ledger and for the breaker."""

import asyncio
import json

import pytest
from livekit.agents import APIConnectionError, APIStatusError, APITimeoutError

from agent.cascade.faults import EmptyAnswer, classify
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
        (ValueError(), CallOutcome.INVALID),
        (asyncio.CancelledError(), CallOutcome.CANCELLED),
    ],
)
def test_a_failure_has_its_outcome(error: BaseException, outcome: CallOutcome) -> None:
    assert classify(error) == outcome

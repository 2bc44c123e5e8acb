"""Around every request: its id, one line of access log, security headers, and errors turned into problems.

The tables below are the only place where an error meets an HTTP status. A problem body follows RFC 9457.
What a request carried (tokens, queries, bodies) and the text of unexpected errors are never logged.
"""

import logging
import math
import re
import time
import traceback
import uuid
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from agent.errors import (
    AppError,
    Conflict,
    InvalidInput,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    TooMany,
    Unavailable,
)
from agent.wire import TENANT_PREFIX, format_id
from control.auth import CALLER
from control.edge.limits import LimitReached
from control.edge.origins import sharing_headers
from control.edge.rate_headers import BUCKETS, rate_headers
from control.endpoints import TENANT

logger = logging.getLogger(__name__)

STATUS_BY_ERROR: Final[Mapping[type[AppError], HTTPStatus]] = {
    NotAuthenticated: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
CODE_BY_STATUS: Final[Mapping[int, str]] = {
    400: "malformed",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    413: "too_large",
    414: "too_long",
    415: "unsupported_media_type",
}

SECURITY_HEADERS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Pages replace these three; an answer of the API is never to be rendered or kept.
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=()",
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
}

OF_A_BODY: Final = frozenset({"Content-Type", "Content-Length"})
API_PREFIX: Final = "/v1/"
REQUEST_ID: Final = web.RequestKey("request_id", str)
PROBLEM: Final = web.RequestKey("problem", str)
"""The code of the refusal that a request met, for the access log."""
_REQUEST_ID_FORM = re.compile(r"[A-Za-z0-9._-]{8,64}")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Outermost: gives the request its id and writes the access log."""
    offered = request.headers.get("X-Request-Id", "")
    request[REQUEST_ID] = offered if _REQUEST_ID_FORM.fullmatch(offered) else uuid.uuid4().hex
    started = time.monotonic()
    status = 499  # the client went away before there was an answer
    try:
        response = await handler(request)
        status = response.status
        return response
    finally:
        _log(request, status, (time.monotonic() - started) * 1000)


@web.middleware
async def translate_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns everything that is raised below into a problem body."""
    try:
        return await handler(request)
    except AppError as error:
        return _app_problem(request, error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _http_problem(request, error)
    except Exception as error:
        logger.error(
            "request failed unexpectedly",
            extra={"request_id": request[REQUEST_ID], "error": type(error).__name__, "where": _where(error)},
        )
        return problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "something went wrong here")


def security_headers(public_url: str) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """A signal handler that adds the headers every answer carries; what a handler set itself stays."""
    headers = dict(SECURITY_HEADERS)
    if public_url.startswith("https://"):
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
        if response.headers.keys() <= OF_A_BODY:
            response.headers.extend(headers)  # in one go: nothing of it is there yet
        else:
            for name, value in headers.items():
                response.headers.setdefault(name, value)
        for name, value in rate_headers(request.get(BUCKETS, [])).items():
            response.headers.setdefault(name, value)
        if request.path.startswith(API_PREFIX):
            response.headers.update(sharing_headers(request))
        response.headers["X-Request-Id"] = request[REQUEST_ID]
        response.headers["Server"] = "parley"  # in place of aiohttp's, which tells every version

    return add_headers


def problem(
    request: web.Request, status: HTTPStatus, code: str, detail: str, field: str | None = None
) -> web.Response:
    body: dict[str, Any] = {
        "type": f"urn:parley:problem:{code}",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "code": code,
        "request_id": request[REQUEST_ID],
    }
    if field is not None:
        body["field"] = field
    request[PROBLEM] = code
    return web.json_response(body, status=status.value, content_type="application/problem+json")


def _app_problem(request: web.Request, error: AppError) -> web.Response:
    status = _status_of(error)
    field = error.field if isinstance(error, InvalidInput) else None
    response = problem(request, status, error.code, str(error), field)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_s)))
    if isinstance(error, LimitReached):
        response.headers.update(rate_headers(error.buckets))
    if status is HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _status_of(error: AppError) -> HTTPStatus:
    for kind in type(error).__mro__:
        if kind in STATUS_BY_ERROR:
            return STATUS_BY_ERROR[kind]
    return HTTPStatus.INTERNAL_SERVER_ERROR


def _http_problem(request: web.Request, error: web.HTTPException) -> web.Response:
    status = HTTPStatus(error.status)
    response = problem(
        request, status, CODE_BY_STATUS.get(error.status, "http"), error.text or status.description
    )
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


def _log(request: web.Request, status: int, duration_ms: float) -> None:
    resource = request.match_info.route.resource
    tenant_id = request.get(TENANT)
    logger.info(
        "request",
        extra={
            "method": request.method,
            "route": resource.canonical if resource is not None else "(none)",
            "status": status,
            "ms": round(duration_ms, 1),
            "request_id": request[REQUEST_ID],
            "tenant": None if tenant_id is None else format_id(TENANT_PREFIX, tenant_id),
            "caller": request.get(CALLER),
            "problem": request.get(PROBLEM),
        },
    )


def _where(error: Exception) -> list[str]:
    """The innermost frames, without the error's text: it may quote a row or a body."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]

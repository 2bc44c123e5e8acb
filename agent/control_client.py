"""The agent's side of control's internal API: one job, one conversation, one keep-alive session.

A job token lives for ten minutes; `ControlClient` renews it by itself, from a task that `start` begins and
`aclose` ends. Every request here can be repeated safely (writes carry client ids), so one that met a
connection which control had just closed is sent once more. Nothing is retried beyond that: how long to
wait and what to do meanwhile is the caller's decision.
"""

import asyncio
import contextlib
import logging
import time
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

import aiohttp
import jwt
from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError

from agent.errors import (
    AppError,
    Conflict,
    ControlUnavailable,
    InvalidInput,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    StaleEpoch,
    TooMany,
)
from agent.settings import LiveKitSettings
from agent.wire import (
    AllowanceAnswer,
    AllowanceBody,
    ContextAnswer,
    LabelsBody,
    ModelCallsBody,
    Passage,
    RenewAnswer,
    SearchAnswer,
    SearchBody,
    ToolClaim,
    ToolClaimAnswer,
    ToolOutcome,
    ToolsAnswer,
    ToolSpec,
    ToolsTold,
    TurnsAnswer,
    TurnsBody,
    WorkerReport,
)

logger = logging.getLogger(__name__)

CONTEXT_TIMEOUT_S: Final = 5.0
WRITE_TIMEOUT_S: Final = 1.0
"""An answer waits for the acknowledgement of its question; past this the spool acknowledges it."""

ALLOWANCE_TIMEOUT_S: Final = 2.0
SEARCH_TIMEOUT_S: Final = 0.4
RENEW_TIMEOUT_S: Final = 5.0
REPORT_TIMEOUT_S: Final = 3.0

RENEW_AT_LATEST_S: Final = 300.0
"""Half of a job token's ten minutes; holds even when this machine's clock is behind control's."""

RENEW_RETRY_S: Final = 3.0
REPORT_TTL: Final = timedelta(seconds=30)
KEEP_ALIVE_S: Final = 30.0

_PROBLEM: Final = TypeAdapter(dict[str, JsonValue])

Answer = TypeVar("Answer", bound=BaseModel)


class ControlClient:
    def __init__(self, base_url: str, job_token: str) -> None:
        self._http = _Http(base_url)
        self._job_token = job_token
        self._expires_at_s, self._log_fields = _read_claims(job_token)
        self._renewing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """From here on the job token is kept fresh."""
        self._renewing = asyncio.create_task(self._keep_fresh(), name="job token")

    async def aclose(self) -> None:
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.gather(self._renewing, return_exceptions=True)
        await self._http.aclose()

    async def context(self) -> ContextAnswer:
        """Raises: ControlUnavailable, NotAuthenticated, NotFound, StaleEpoch."""
        answer = await self._call("GET", "/internal/v1/context", None, CONTEXT_TIMEOUT_S)
        return _read(ContextAnswer, answer)

    async def append_turns(self, body: TurnsBody) -> TurnsAnswer:
        """Raises: StaleEpoch, ControlUnavailable, NotAuthenticated, NotFound, InvalidInput."""
        answer = await self._call("POST", "/internal/v1/turns", body, WRITE_TIMEOUT_S)
        return _read(TurnsAnswer, answer)

    async def append_calls(self, body: ModelCallsBody) -> None:
        """Raises: StaleEpoch, ControlUnavailable, NotAuthenticated, NotFound, InvalidInput."""
        await self._call("POST", "/internal/v1/model-calls", body, WRITE_TIMEOUT_S)

    async def append_labels(self, body: LabelsBody) -> None:
        """Raises: as `append_calls`."""
        await self._call("POST", "/internal/v1/labels", body, WRITE_TIMEOUT_S)

    async def tools(self) -> list[ToolSpec]:
        """What this job's agent may call. Raises: as `context`."""
        answer = await self._call("GET", "/internal/v1/tools", None, CONTEXT_TIMEOUT_S)
        return _read(ToolsAnswer, answer).tools

    async def claim_tool_call(self, body: ToolClaim) -> ToolClaimAnswer:
        """Raises: StaleEpoch, ControlUnavailable, NotAuthenticated, NotFound, InvalidInput."""
        answer = await self._call("POST", "/internal/v1/tool-calls", body, WRITE_TIMEOUT_S)
        return _read(ToolClaimAnswer, answer)

    async def settle_tool_call(self, body: ToolOutcome) -> None:
        """Raises: StaleEpoch, ControlUnavailable, NotAuthenticated, NotFound, InvalidInput."""
        await self._call("POST", "/internal/v1/tool-calls/outcomes", body, WRITE_TIMEOUT_S)

    async def tell_tool_calls(self, body: ToolsTold) -> None:
        """Raises: StaleEpoch, ControlUnavailable, NotAuthenticated, NotFound, InvalidInput."""
        await self._call("POST", "/internal/v1/tool-calls/told", body, WRITE_TIMEOUT_S)

    async def renew_allowance(self, body: AllowanceBody) -> AllowanceAnswer:
        """Raises: StaleEpoch, ControlUnavailable, NotAuthenticated, NotFound, InvalidInput."""
        answer = await self._call("POST", "/internal/v1/allowance", body, ALLOWANCE_TIMEOUT_S)
        return _read(AllowanceAnswer, answer)

    async def search(
        self, query: str, limit: int = 4, *, timeout_s: float = SEARCH_TIMEOUT_S
    ) -> list[Passage]:
        """Passages of the tenant's documents, the best first; the query is cut to what control accepts.

        Raises: ControlUnavailable when control needs longer than `timeout_s`, and as `append_turns`.
        """
        body = SearchBody(query=query[:4_000], limit=limit)
        return _read(SearchAnswer, await self._call("POST", "/internal/v1/search", body, timeout_s)).passages

    async def renew(self) -> None:
        """Exchanges the job token for a fresh one.

        Raises: StaleEpoch when a newer job serves the conversation, ControlUnavailable, NotAuthenticated.
        """
        answer = _read(RenewAnswer, await self._call("POST", "/internal/v1/job/renew", None, RENEW_TIMEOUT_S))
        self._job_token, self._expires_at_s = answer.job_token, answer.expires_at.timestamp()

    async def _call(self, method: str, path: str, body: BaseModel | None, timeout_s: float) -> bytes:
        return await self._http.send(method, path, self._job_token, body, timeout_s)

    async def _keep_fresh(self) -> None:
        """Renews halfway to expiry. Ends when control refuses: the next write says why to its caller."""
        wait_s = self._renewal_wait_s()
        while True:
            await asyncio.sleep(wait_s)
            try:
                await self.renew()
            except (ControlUnavailable, TooMany):
                wait_s = RENEW_RETRY_S
            except AppError as error:
                logger.warning(
                    "the job token was not renewed", extra={**self._log_fields, "error": error.code}
                )
                return
            else:
                wait_s = self._renewal_wait_s()

    def _renewal_wait_s(self) -> float:
        return min(max((self._expires_at_s - time.time()) / 2, 0.0) or RENEW_RETRY_S, RENEW_AT_LATEST_S)


class WorkerReporter:
    """Tells control that a worker lives, signed with the LiveKit key pair that both sides hold."""

    def __init__(self, base_url: str, livekit: LiveKitSettings) -> None:
        self._http = _Http(base_url)
        self._livekit = livekit

    async def report(self, report: WorkerReport) -> None:
        """Raises: ControlUnavailable, NotAuthenticated when the LiveKit keys of both sides differ."""
        claims: dict[str, Any] = {
            "iss": self._livekit.api_key,
            "aud": "parley-worker",
            "exp": datetime.now(UTC) + REPORT_TTL,
        }
        token = jwt.encode(claims, self._livekit.api_secret, algorithm="HS256")
        await self._http.send("POST", "/internal/v1/workers", token, report, REPORT_TIMEOUT_S)

    async def aclose(self) -> None:
        await self._http.aclose()


class _Http:
    """One aiohttp session, opened with the first request; answers become bytes or errors of ours."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(
        self, method: str, path: str, token: str, body: BaseModel | None, timeout_s: float
    ) -> bytes:
        headers = {"Authorization": f"Bearer {token}"}
        data = None
        if body is not None:
            data = body.model_dump_json().encode()
            headers["Content-Type"] = "application/json"
        try:
            async with asyncio.timeout(timeout_s):
                try:
                    return await self._send_once(method, path, headers, data)
                except aiohttp.ClientConnectorError:
                    raise
                except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
                    # An idle connection that control closed as this request went out.
                    return await self._send_once(method, path, headers, data)
        except TimeoutError as error:
            raise ControlUnavailable(f"control did not answer {path} within {timeout_s} s") from error
        except aiohttp.ClientError as error:
            raise ControlUnavailable(
                f"control cannot be reached at {self._base_url}: {type(error).__name__}"
            ) from error

    async def _send_once(self, method: str, path: str, headers: dict[str, str], data: bytes | None) -> bytes:
        session = self._open_session()
        async with session.request(
            method, self._base_url + path, data=data, headers=headers, allow_redirects=False
        ) as answer:
            content = await answer.read()
            if answer.status >= 300:
                raise _error(answer.status, content, answer.headers.get("Retry-After"), path)
            return content

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(keepalive_timeout=KEEP_ALIVE_S),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=None),
            )
        return self._session


def _error(status: int, content: bytes, retry_after: str | None, path: str) -> AppError:
    """What an answer of 300 or more means. Only control's own problem bodies are taken at their word."""
    problem: dict[str, JsonValue] = {}
    with contextlib.suppress(ValidationError):
        problem = _PROBLEM.validate_json(content)
    code, field = problem.get("code"), problem.get("field")
    message = f"control answered {path} with {status}: {problem.get('detail') or code or 'no problem body'}"
    match status, code:
        case 401, _:
            return NotAuthenticated(message)
        case 409, "stale_epoch":
            return StaleEpoch(message)
        case 404, "not_found":
            return NotFound(message)
        case 429, _:
            return TooMany(message, _seconds(retry_after))
        case 403, str():
            return NotAllowed(message)
        case 409, str():
            return Conflict(message)
        case ((400 | 413 | 415 | 422), _):
            return InvalidInput(message, field if isinstance(field, str) else None)
        case _:
            return ControlUnavailable(message)


def _seconds(retry_after: str | None) -> float:
    return float(retry_after) if retry_after is not None and retry_after.isdigit() else 1.0


def _read(shape: type[Answer], content: bytes) -> Answer:
    try:
        return shape.model_validate_json(content)
    except ValidationError as error:
        raise ControlUnavailable(f"control's answer is not a {shape.__name__}") from error


def _read_claims(job_token: str) -> tuple[float, dict[str, str]]:
    """(expiry as Unix time, fields for log lines). Unverified: only control can and need check them."""
    try:
        claims = jwt.decode(job_token, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return 0.0, {}
    fields = {"conversation": str(claims.get("cid")), "tenant": str(claims.get("tid"))}
    return float(claims.get("exp", 0.0)), fields

"""The client against an HTTP server that answers as control does, or as it should not."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from agent.control_client import ControlClient, WorkerReporter
from agent.errors import (
    AppError,
    ControlUnavailable,
    InvalidInput,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    StaleEpoch,
    TooMany,
)
from agent.settings import LiveKitSettings
from agent.wire import ContextAnswer, ModelCallsBody, TurnsBody, WorkerReport
from tests.fixtures.waiting import until
from tests.unit.test_recorder import called, said

SECRET = "a secret of more than thirty-two characters"
LIVEKIT = LiveKitSettings("ws://127.0.0.1", "ws://127.0.0.1", "key", SECRET)
CONTEXT = ContextAnswer(
    tenant="ten_" + "1" * 32,
    conversation="conv_" + "2" * 32,
    room_name="lounge",
    epoch=1,
    agent_name="parley",
    turns=[],
)
REPORT = WorkerReport(worker_id="w", agent_name="parley", slots=2, active_jobs=1, profile="local")


def job_token(expires_in_s: float) -> str:
    return jwt.encode({"aud": "parley-job", "exp": time.time() + expires_in_s}, SECRET, algorithm="HS256")


class FakeControl:
    """Answers every path with `answer`, and remembers what it was sent."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, str, bytes]] = []
        self.peers: set[object] = set()
        self.answer: Callable[[], web.Response] = lambda: web.Response(status=204)
        self.hangs = False
        self.disconnects = 0

    async def handle(self, request: web.Request) -> web.Response:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        self.requests.append((request.method, request.path, token, await request.read()))
        assert request.transport is not None
        self.peers.add(request.transport.get_extra_info("peername"))
        if self.hangs:
            await asyncio.Event().wait()
        if self.disconnects:
            self.disconnects -= 1
            request.transport.abort()
        return self.answer()

    def answers(self, body: str, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.answer = lambda: web.Response(text=body, status=status, headers=headers)


@pytest.fixture
def control() -> FakeControl:
    return FakeControl()


@pytest.fixture
async def address(control: FakeControl) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", control.handle)
    async with TestServer(app, host="127.0.0.1", shutdown_timeout=0.1) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.fixture
async def client(address: str) -> AsyncIterator[ControlClient]:
    client = ControlClient(address, job_token(600))
    await client.start()
    yield client
    await client.aclose()


async def test_the_context_is_asked_for_with_the_job_token(control: FakeControl, address: str) -> None:
    control.answers(CONTEXT.model_dump_json())
    token = job_token(600)
    client = ControlClient(address, token)
    assert await client.context() == CONTEXT
    assert control.requests == [("GET", "/internal/v1/context", token, b"")]
    await client.aclose()


async def test_turns_are_acknowledged_with_their_seq(control: FakeControl, client: ControlClient) -> None:
    control.answers('{"acks": [{"client_id": "t1", "seq": 7}]}')
    answer = await client.append_turns(TurnsBody(epoch=1, turns=[said("t1")]))
    assert [(ack.client_id, ack.seq) for ack in answer.acks] == [("t1", 7)]
    [(method, path, _, body)] = control.requests
    assert (method, path) == ("POST", "/internal/v1/turns")
    assert TurnsBody.model_validate_json(body).turns == [said("t1")]


async def test_model_calls_are_sent(control: FakeControl, client: ControlClient) -> None:
    await client.append_calls(ModelCallsBody(epoch=1, calls=[called("c1")]))
    [(method, path, _, body)] = control.requests
    assert (method, path) == ("POST", "/internal/v1/model-calls")
    assert ModelCallsBody.model_validate_json(body).calls == [called("c1")]


async def test_passages_are_found_and_a_long_question_is_cut(
    control: FakeControl, client: ControlClient
) -> None:
    control.answers(
        '{"passages": [{"document": "doc_1", "title": "Refunds", "text": "30 days", "score": 0.5}]}'
    )
    [passage] = await client.search("refund " * 1_000, 3)
    assert passage.title == "Refunds"
    assert len(control.requests[0][3]) < 4_100


async def test_one_connection_serves_many_requests(control: FakeControl, client: ControlClient) -> None:
    control.answers('{"passages": []}')
    for _ in range(5):
        await client.search("refund")
    assert len(control.peers) == 1


async def test_a_slow_search_is_given_up(control: FakeControl, client: ControlClient) -> None:
    control.hangs = True
    with pytest.raises(ControlUnavailable, match=r"within 0\.05 s"):
        await client.search("refund", timeout_s=0.05)


PROBLEMS: list[tuple[int, str, type[AppError]]] = [
    (401, '{"code": "not_authenticated"}', NotAuthenticated),
    (403, '{"code": "not_allowed"}', NotAllowed),
    (404, '{"code": "not_found"}', NotFound),
    (404, "<h1>some proxy</h1>", ControlUnavailable),
    (409, '{"code": "stale_epoch", "detail": "epoch 2 serves it"}', StaleEpoch),
    (413, "too large", InvalidInput),
    (422, '{"code": "invalid_input", "field": "turns.0.text"}', InvalidInput),
    (429, '{"code": "too_many"}', TooMany),
    (500, '{"code": "error"}', ControlUnavailable),
    (503, "starting", ControlUnavailable),
    (302, "", ControlUnavailable),
]


@pytest.mark.parametrize(("status", "body", "error"), PROBLEMS)
async def test_a_refusal_becomes_the_error_it_means(
    control: FakeControl, client: ControlClient, status: int, body: str, error: type[AppError]
) -> None:
    control.answers(body, status, {"Location": "http://127.0.0.1:9/"})
    with pytest.raises(AppError) as caught:
        await client.append_turns(TurnsBody(epoch=1, turns=[said("t1")]))
    assert type(caught.value) is error
    assert len(control.requests) == 1


async def test_a_refusal_names_the_field(control: FakeControl, client: ControlClient) -> None:
    control.answers('{"code": "invalid_input", "field": "turns.0.text"}', 422)
    with pytest.raises(InvalidInput) as caught:
        await client.append_turns(TurnsBody(epoch=1, turns=[said("t1")]))
    assert caught.value.field == "turns.0.text"


async def test_an_answer_of_another_shape_counts_as_no_answer(
    control: FakeControl, client: ControlClient
) -> None:
    control.answers('{"hello": "world"}')
    with pytest.raises(ControlUnavailable):
        await client.append_turns(TurnsBody(epoch=1, turns=[said("t1")]))


async def test_nobody_listening_counts_as_unavailable(unused_tcp_port: int) -> None:
    client = ControlClient(f"http://127.0.0.1:{unused_tcp_port}", job_token(600))
    with pytest.raises(ControlUnavailable):
        await client.context()
    await client.aclose()


async def test_a_connection_that_control_closed_is_opened_anew(
    control: FakeControl, client: ControlClient
) -> None:
    control.answers('{"passages": []}')
    control.disconnects = 1
    assert await client.search("refund") == []
    assert len(control.requests) == 2


async def test_a_control_that_keeps_closing_connections_counts_as_unavailable(
    control: FakeControl, client: ControlClient
) -> None:
    control.disconnects = 5
    with pytest.raises(ControlUnavailable):
        await client.search("refund")
    assert len(control.requests) == 2


async def test_the_job_token_is_renewed_before_it_expires(control: FakeControl, address: str) -> None:
    fresh = job_token(600)
    expires_at = (datetime.now(UTC) + timedelta(seconds=600)).isoformat()
    control.answers(f'{{"job_token": "{fresh}", "expires_at": "{expires_at}"}}')
    client = ControlClient(address, job_token(0.5))
    await client.start()
    await until(lambda: len(control.requests) == 1)
    assert control.requests[0][1] == "/internal/v1/job/renew"
    control.answers('{"passages": []}')
    await client.search("refund")
    assert control.requests[1][2] == fresh
    await client.aclose()


async def test_renewing_goes_on_after_an_outage(
    control: FakeControl, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.control_client.RENEW_RETRY_S", 0.01)
    control.answers("", 503)
    client = ControlClient(address, job_token(0.1))
    await client.start()
    await until(lambda: len(control.requests) >= 3)
    await client.aclose()


async def test_renewing_ends_when_another_job_took_over(
    control: FakeControl, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    control.answers('{"code": "stale_epoch"}', 409)
    client = ControlClient(address, job_token(0.1))
    await client.start()
    await until(lambda: "the job token was not renewed" in caplog.text)
    assert len(control.requests) == 1
    await client.aclose()


async def test_a_workers_report_is_signed_for_a_minute_at_most(control: FakeControl, address: str) -> None:
    reporter = WorkerReporter(address, LIVEKIT)
    await reporter.report(REPORT)
    [(method, path, token, body)] = control.requests
    assert (method, path) == ("POST", "/internal/v1/workers")
    claims = jwt.decode(token, SECRET, algorithms=["HS256"], audience="parley-worker", issuer="key")
    assert 0 < claims["exp"] - time.time() <= 60
    assert WorkerReport.model_validate_json(body) == REPORT
    await reporter.aclose()


async def test_no_secret_is_logged(
    control: FakeControl, client: ControlClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    control.answers("", 503)
    with pytest.raises(ControlUnavailable):
        await client.append_turns(TurnsBody(epoch=1, turns=[said("t1", "a spoken secret")]))
    token = control.requests[0][2]
    assert token not in caplog.text
    assert "a spoken secret" not in caplog.text

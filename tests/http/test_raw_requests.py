"""Requests as no client library writes them: two lengths, hidden requests behind a body, broken heads.

What is sent here goes over a bare socket, so that nothing in between puts it right.
"""

import asyncio
import re

import pytest

from tests.fixtures.control import ControlUnderTest
from tests.fixtures.database import TenantSample

HIDDEN = b"POST /v1/rooms HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


async def send(control: ControlUnderTest, raw: bytes) -> bytes:
    """All that comes back until the server closes, or nothing more comes for a while."""
    reader, writer = await asyncio.open_connection(control.settings.host, control.settings.port)
    answer = b""
    try:
        writer.write(raw)
        await writer.drain()
        async with asyncio.timeout(1.0):
            while piece := await reader.read(65536):
                answer += piece
    except (TimeoutError, ConnectionError):
        pass
    finally:
        writer.close()
    return answer


def statuses(answer: bytes) -> list[int]:
    """Of each answer; one begins right behind the body of the one before."""
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answer)]


def hidden_request(team: TenantSample) -> bytes:
    body = b'{"name": "smuggled"}'
    return (
        HIDDEN
        + f"Authorization: Bearer {team.api_key}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"Content-Length: 4\r\nTransfer-Encoding: chunked", id="length and chunks"),
        pytest.param(b"Transfer-Encoding: chunked\r\nContent-Length: 4", id="chunks and length"),
        pytest.param(b"Content-Length: 4\r\nContent-Length: 0", id="two lengths"),
        pytest.param(b"Content-Length: 4, 0", id="a list of lengths"),
        pytest.param(b"Content-Length: +4", id="a signed length"),
        pytest.param(b"Content-Length: 0x4", id="a hexadecimal length"),
        pytest.param(b"Transfer-Encoding: xchunked", id="an unknown encoding"),
        pytest.param(b"Transfer-Encoding: chunked, identity", id="chunks not last"),
        pytest.param(b"Transfer-Encoding : chunked", id="a blank before the colon"),
        pytest.param(b"Transfer-Encoding:\x0bchunked", id="a vertical tab"),
        pytest.param(b"X: y\r\n Transfer-Encoding: chunked", id="a folded line"),
        pytest.param(b"X: y\nContent-Length: 4", id="a bare line feed"),
    ],
)
async def test_a_request_hidden_behind_an_ambiguous_length_is_not_served(
    control: ControlUnderTest, team: TenantSample, head: bytes
) -> None:
    raw = b"POST /livez HTTP/1.1\r\nHost: x\r\n" + head + b"\r\n\r\n0\r\n\r\n" + hidden_request(team)

    answered = statuses(await send(control, raw))

    assert answered[:1] in ([], [400])
    assert len(answered) <= 1
    assert (await control.rows(team.id))["rooms"] == 0


async def test_two_requests_on_one_connection_are_answered_apart(
    control: ControlUnderTest, team: TenantSample
) -> None:
    first = b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n"

    assert statuses(await send(control, first + hidden_request(team))) == [200, 201]
    assert (await control.rows(team.id))["rooms"] == 1


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", id="a TLS hello"),
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", id="HTTP/2"),
        pytest.param(b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", id="a version to come"),
        pytest.param(b"GET /livez HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n", id="a zero byte"),
        pytest.param(b"GET /livez HTTP/1.1\r\nHost: x\r\n: nameless\r\n\r\n", id="a nameless header"),
        pytest.param(b"GET /livez HTTP/1.1\r\nX: " + b"y" * 9000 + b"\r\n\r\n", id="a long header"),
        pytest.param(
            b"GET /livez HTTP/1.1\r\n" + b"X: y\r\n" * 100 + b"\r\n",
            id="many headers",
        ),
        pytest.param(b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", id="a long path"),
    ],
)
async def test_what_is_no_request_of_http_is_refused_and_tells_nothing(
    control: ControlUnderTest, raw: bytes
) -> None:
    answer = await send(control, raw)

    assert statuses(answer)[:1] in ([], [400], [414])
    assert b"Traceback" not in answer
    assert b".py" not in answer
    assert (await control.get("/livez")).status == 200


async def test_a_head_that_never_ends_holds_up_nobody_else(control: ControlUnderTest) -> None:
    held = [await asyncio.open_connection(control.settings.host, control.settings.port) for _ in range(200)]
    for _, writer in held:
        writer.write(b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Slow: ")

    answered = [(await control.get("/livez")).status for _ in range(5)]

    for _, writer in held:
        writer.close()
    assert answered == [200] * 5


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND"])
async def test_a_method_that_shows_more_than_it_should_is_not_served(
    control: ControlUnderTest, method: str
) -> None:
    raw = f"{method} /v1/rooms HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer canary\r\n\r\n".encode()

    answer = await send(control, raw)

    assert statuses(answer)[:1] in ([400], [404], [405])
    assert b"canary" not in answer


async def test_a_parameter_of_the_query_does_not_stand_in_for_one_of_the_body(
    control: ControlUnderTest, team: TenantSample
) -> None:
    reply = await control.post("/v1/rooms?name=from-the-query", team.api_key, {})

    assert (reply.status, reply.body["field"]) == (422, "name")


async def test_a_line_break_in_what_is_sent_makes_no_line_of_an_answers_head(
    control: ControlUnderTest,
) -> None:
    for path in ("/auth/acme%0d%0aSet-Cookie:x=y/start", "/r/a%0d%0aSet-Cookie:%20x=y"):
        answer = await send(control, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())

        head = answer.partition(b"\r\n\r\n")[0].lower()
        assert b"\r\nset-cookie" not in head

"""Where audit events go: what each kind of sink writes, and that it says when it could not."""

import asyncio
import json
import os
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from agent.errors import ConfigError, Unavailable
from control.audit.sink import append_lines, open_sink, syslog_message
from control.local.ports import LOOPBACK, free_ports

LINE = json.dumps(
    {"status_id": 1, "time": 1_795_521_600_123, "metadata": {"event_code": "session.started"}}
).encode()
REFUSAL = LINE.replace(b'"status_id": 1', b'"status_id": 2')


@pytest.mark.parametrize(
    "url",
    [
        "audit.jsonl",
        "file://host/var/log/audit.jsonl",
        "file:///no/such/folder/audit.jsonl",
        "syslog://",
        "syslog://host:99999",
        "ftp://host/x",
        "https://",
    ],
)
def test_an_address_that_leads_nowhere_is_refused_at_start(url: str) -> None:
    with pytest.raises(ConfigError, match="PARLEY_AUDIT_URL"):
        open_sink(url)


async def test_a_file_is_for_its_owner_alone_and_grows(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    send = open_sink(f"file://{path}")

    await send([b"one", b"two"])
    await send([b"three"])

    assert path.read_bytes() == b"one\ntwo\nthree\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_file_that_was_rotated_away_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    send = open_sink(f"file://{path}")

    await send([b"one"])
    path.rename(tmp_path / "audit.jsonl.1")
    await send([b"two"])

    assert path.read_bytes() == b"two\n"


def test_a_line_that_was_cut_short_does_not_swallow_the_next(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    path.write_bytes(b'{"torn":')

    append_lines(path, [b"whole"])

    assert path.read_bytes() == b'{"torn":\nwhole\n'


async def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "audit.jsonl").mkdir()

    with pytest.raises(OSError, match="Is a directory"):
        await open_sink(f"file://{tmp_path}/audit.jsonl")([b"one"])


def test_a_syslog_message_has_facility_severity_time_and_name_of_the_event() -> None:
    head, _, body = syslog_message(LINE).partition(b" - ")

    priority, at, _, app, pid, name = head.decode().split(" ")
    assert (priority, at) == ("<110>1", "2026-11-24T12:00:00.123Z")
    assert (app, pid, name) == ("parley", str(os.getpid()), "session.started")
    assert body == LINE
    assert syslog_message(REFUSAL).startswith(b"<109>1 ")


async def test_syslog_over_tcp_counts_octets() -> None:
    heard = bytearray()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.extend(await reader.read(-1))
        writer.close()

    server = await asyncio.start_server(listen, LOOPBACK, 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        await open_sink(f"syslog://{LOOPBACK}:{port}")([LINE, REFUSAL])

    messages = []
    while heard:
        count, _, rest = bytes(heard).partition(b" ")
        messages.append(rest[: int(count)])
        heard = bytearray(rest[int(count) :])
    assert messages == [syslog_message(LINE), syslog_message(REFUSAL)]


async def test_a_syslog_server_that_resets_is_an_error() -> None:
    async def refuse(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    server = await asyncio.start_server(refuse, LOOPBACK, 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(OSError, match=r"reset|aborted|Broken pipe"):
            await open_sink(f"syslog://{LOOPBACK}:{port}")([LINE] * 1000)


async def test_a_syslog_server_that_is_away_is_an_error() -> None:
    (port,) = free_ports(1)

    with pytest.raises(OSError, match="Connect"):
        await open_sink(f"syslog://{LOOPBACK}:{port}")([LINE])


async def test_syslog_by_udp_is_one_datagram_an_event() -> None:
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    class Listener(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: object) -> None:
            heard.put_nowait(data)

    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Listener, local_addr=(LOOPBACK, 0))
    port = transport.get_extra_info("sockname")[1]

    await open_sink(f"syslog+udp://{LOOPBACK}:{port}")([LINE, REFUSAL])

    async with asyncio.timeout(5):
        assert [await heard.get(), await heard.get()] == [syslog_message(LINE), syslog_message(REFUSAL)]
    transport.close()


async def test_http_gets_json_lines_and_the_token_of_the_address() -> None:
    async with _receiver(204) as (host, heard):
        await open_sink(f"http://the%2Dtoken@{host}/in?index=1")([b'{"a":1}', b'{"a":2}'])

    (request,) = heard
    assert request["path"] == "/in?index=1"
    assert request["authorization"] == "Bearer the-token"
    assert request["type"] == "application/x-ndjson"
    assert request["body"] == '{"a":1}\n{"a":2}\n'


@pytest.mark.parametrize("status", [302, 401, 500, 503])
async def test_whatever_a_receiver_answers_but_success_is_tried_again(status: int) -> None:
    async with _receiver(status) as (host, _):
        with pytest.raises(Unavailable, match=str(status)):
            await open_sink(f"http://{host}/")([LINE])


async def test_a_receiver_that_is_away_is_tried_again() -> None:
    (port,) = free_ports(1)

    with pytest.raises(Unavailable):
        await open_sink(f"http://{LOOPBACK}:{port}/")([LINE])


@asynccontextmanager
async def _receiver(status: int) -> AsyncIterator[tuple[str, list[dict[str, str]]]]:
    heard: list[dict[str, str]] = []

    async def take(request: web.Request) -> web.Response:
        heard.append(
            {
                "path": request.path_qs,
                "authorization": request.headers.get("Authorization", ""),
                "type": request.content_type,
                "body": await request.text(),
            }
        )
        return web.Response(status=status)

    app = web.Application()
    app.router.add_post("/{path:.*}", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, LOOPBACK, 0)
    await site.start()
    try:
        host, port = runner.addresses[0][:2]
        yield f"{host}:{port}", heard
    finally:
        await runner.cleanup()

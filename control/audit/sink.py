"""Where audit events go besides the database: a file, a syslog server, or any receiver of JSON lines by HTTP.

Each sends one batch at a time, oldest first, and says when it could not. Events arrive at least once: whoever
reads them tells a repetition by `metadata.uid`, and order by `metadata.sequence`. A file is opened anew for
each batch, so that whoever rotates it need not tell us. Syslog acknowledges nothing: over TCP or TLS a batch
counts as sent when it was taken without a reset, by UDP when it left.
"""

import asyncio
import json
import os
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from agent.errors import ConfigError, Unavailable
from control.courier import Courier, Send
from control.store.db import Database
from control.store.outbox import OutboxKind
from control.store.system import Parcel

Sink = Callable[[Sequence[bytes]], Awaitable[None]]
"""Takes lines without their ends. Raises: Unavailable, OSError."""

BATCH: Final = 100
ANSWER_S: Final = 10.0
FACILITY_LOG_AUDIT: Final = 13
SEVERITY_NOTICE, SEVERITY_INFORMATIONAL = 5, 6
"""Of a refusal, and of what was done. Source: RFC 5424, 6.2.1."""
OCSF_FAILURE: Final = 2
PORTS: Final = {"syslog": 514, "syslog+udp": 514, "syslog+tls": 6514}


def audit_courier(db: Database, url: str) -> Courier:
    """Raises: ConfigError."""
    return Courier(db, OutboxKind.AUDIT, _sender(open_sink(url)), batch=BATCH, in_order=True)


def open_sink(url: str) -> Sink:
    """Nothing is opened yet. Raises: ConfigError when `url` is none that we know."""
    parts = urlsplit(url)
    try:
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError as error:
        raise ConfigError("PARLEY_AUDIT_URL names a port that is none") from error
    match parts.scheme:
        case "file" if parts.path and parts.netloc in ("", "localhost"):
            return _file_sink(Path(unquote(parts.path)))
        case "syslog" | "syslog+tls" | "syslog+udp" if parts.hostname and port:
            if parts.scheme == "syslog+udp":
                return partial(_send_datagrams, parts.hostname, port)
            return partial(_send_stream, parts.hostname, port, parts.scheme == "syslog+tls")
        case "http" | "https" if parts.hostname:
            return _http_sink(parts)
    raise ConfigError(
        "PARLEY_AUDIT_URL is not an address for audit events: write file:///PATH, syslog://HOST:514 (or "
        "syslog+tls://, syslog+udp://) or https://TOKEN@HOST/PATH"
    )


def append_lines(path: Path, lines: Sequence[bytes]) -> None:
    """Appends and waits for the disk. A line that was cut short, by a full disk say, is ended first."""
    file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.lseek(file, 0, os.SEEK_END)
        is_torn = size > 0 and os.pread(file, 1, size - 1) != b"\n"
        rest = memoryview(b"\n" * is_torn + b"".join(line + b"\n" for line in lines))
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
    finally:
        os.close(file)


def syslog_message(line: bytes) -> bytes:
    """`line` as a message of RFC 5424; the event's own id and place are inside it."""
    event = json.loads(line)
    severity = SEVERITY_NOTICE if event["status_id"] == OCSF_FAILURE else SEVERITY_INFORMATIONAL
    at = datetime.fromtimestamp(event["time"] / 1000, UTC).isoformat(timespec="milliseconds")
    head = f"<{FACILITY_LOG_AUDIT * 8 + severity}>1 {at.replace('+00:00', 'Z')} {socket.gethostname()} parley"
    return f"{head} {os.getpid()} {event['metadata']['event_code'][:32]} - ".encode() + line


def _sender(sink: Sink) -> Send:
    async def send(parcels: Sequence[Parcel]) -> None:
        await sink([parcel.payload for parcel in parcels])

    return send


def _file_sink(path: Path) -> Sink:
    """Raises: ConfigError."""
    if not path.parent.is_dir():
        raise ConfigError(
            f"PARLEY_AUDIT_URL names a file in {str(path.parent)!r}, which is no folder: make it"
        )

    async def send(lines: Sequence[bytes]) -> None:
        await asyncio.to_thread(append_lines, path, lines)

    return send


async def _send_datagrams(host: str, port: int, lines: Sequence[bytes]) -> None:
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        asyncio.DatagramProtocol, remote_addr=(host, port)
    )
    try:
        for line in lines:
            transport.sendto(syslog_message(line))
    finally:
        transport.close()


async def _send_stream(host: str, port: int, with_tls: bool, lines: Sequence[bytes]) -> None:
    """Counts octets, as in RFC 6587 (3.4.1) and RFC 5425, and waits until the other side has read all."""
    context = ssl.create_default_context() if with_tls else None
    reader, writer = await asyncio.open_connection(host, port, ssl=context)
    try:
        for line in lines:
            message = syslog_message(line)
            writer.write(b"%d %s" % (len(message), message))
        await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
            # It closes when it came to the end; one that keeps its half open has not refused either.
            with suppress(TimeoutError):
                async with asyncio.timeout(ANSWER_S):
                    await reader.read(1)
    finally:
        writer.close()
        await writer.wait_closed()


def _http_sink(parts: SplitResult) -> Sink:
    token = unquote(parts.password or parts.username or "")
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    url = urlunsplit(parts._replace(netloc=f"{host}:{parts.port}" if parts.port else f"{host}"))
    headers = {"Content-Type": "application/x-ndjson"}
    if token:
        headers["Authorization"] = f"Bearer {token}"

    async def send(lines: Sequence[bytes]) -> None:
        try:
            async with (
                ClientSession(timeout=ClientTimeout(total=ANSWER_S)) as http,
                http.post(
                    url, data=b"".join(line + b"\n" for line in lines), headers=headers, allow_redirects=False
                ) as answer,
            ):
                # A refusal too is tried again: nothing that was recorded is given up.
                if answer.status >= 300:
                    raise Unavailable(f"the receiver of audit events answered {answer.status}")
        except ClientError as error:
            raise Unavailable("the receiver of audit events does not answer") from error

    return send

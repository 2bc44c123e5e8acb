"""One HTTP request of a tool: to an address that was looked at, bounded in time and size, read once.

No redirect is followed, no connection is used twice, nothing is sent again: when a connection breaks, whether
the server did it is not known, and that is what is said. What was not sent was not done.
"""

import asyncio
import codecs
import ipaddress
import logging
import socket
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from agent.addresses import find_addresses
from agent.errors import InvalidInput, NotAllowed
from agent.tools.outcome import MAX_REFUSAL_CHARS, Outcome, done, failed, quote, read_json, unreadable, unsure
from agent.tools.signing import KEY_HEADER, USER_HEADER, secrets_of
from agent.tools.template import Arguments, check_address, fill
from agent.wire import HttpDefinition, ToolSpec

logger = logging.getLogger(__name__)

MAX_BYTES: Final = 256 * 1024
READ_AT_ONCE: Final = 16 * 1024
ENCODINGS: Final = frozenset({"utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "utf-16"})
"""Python knows more, of which some take seconds for one answer."""
NOT_KNOWN: Final = frozenset({408, 409})
"""Refusals that may come from a first try that is under way or done."""


@dataclass(frozen=True, slots=True)
class Permit:
    """What a claim gave for one call: its key, and who asks, signed."""

    key: str
    signed_user: str | None


async def call_http(
    spec: ToolSpec, definition: HttpDefinition, arguments: Arguments, permit: Permit
) -> Outcome:
    """Cancelling it closes the connection."""
    try:
        check_address(spec.url, may_be_local=spec.may_be_local)
        filled = fill(spec.url, definition, arguments)
        url = URL(filled.url, encoded=True)
        await _check_literal(url, may_be_local=spec.may_be_local)
    except (InvalidInput, NotAllowed) as error:
        return failed(str(error))
    sent = SimpleNamespace(is_sent=False)
    size = 0
    try:
        async with (
            asyncio.timeout(spec.timeout_s),
            _session(spec, sent) as http,
            http.request(
                definition.method,
                url,
                data=filled.body,
                headers=_headers(spec, definition, permit, has_body=filled.body is not None),
                allow_redirects=False,
            ) as answer,
        ):
            raw = await _read(answer)
            size = len(raw)
            return _judge(spec, answer, raw, secrets_of(spec, permit.signed_user))
    except TimeoutError:
        problem = f"there was no answer within {spec.timeout_s:g} s"
    except NotAllowed as error:
        return failed(str(error))
    except aiohttp.ClientConnectorError:
        return failed("its server cannot be reached")
    except (aiohttp.ClientError, OSError) as error:
        logger.info("a tool's connection broke", extra={"tool": spec.name, "error": type(error).__name__})
        problem = "the connection broke"
    if not sent.is_sent:
        return failed(problem)
    return unsure(spec.name, problem, is_repeatable=spec.is_repeatable, size=size)


class _CheckedResolver(AbstractResolver):
    """Gives the addresses that were looked at, to be connected to."""

    def __init__(self, *, may_be_local: bool) -> None:
        self._may_be_local = may_be_local

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await find_addresses(host, port, may_be_local=self._may_be_local)
        return [
            ResolveResult(
                hostname=host,
                host=str(address),
                port=port,
                family=socket.AF_INET6 if isinstance(address, ipaddress.IPv6Address) else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in found
        ]

    async def close(self) -> None:
        """Holds nothing."""


async def _check_literal(url: URL, *, may_be_local: bool) -> None:
    """An address in numbers is connected to without a resolver. Raises: NotAllowed."""
    if url.host is not None and _is_literal(url.host):
        await find_addresses(url.host, url.port or 443, may_be_local=may_be_local)


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


async def _once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """aiohttp sends GET, PUT and DELETE a second time when a connection breaks, which may do it twice."""
    try:
        return await send(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise aiohttp.ClientConnectionError("the connection broke") from error


def _session(spec: ToolSpec, sent: SimpleNamespace) -> aiohttp.ClientSession:
    """A connection of its own for each call: of a kept one it is not known which call it breaks with."""
    trace = aiohttp.TraceConfig()

    async def note(*_: object) -> None:
        sent.is_sent = True

    trace.on_connection_create_end.append(note)
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            resolver=_CheckedResolver(may_be_local=spec.may_be_local), use_dns_cache=False, force_close=True
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None),
        auto_decompress=False,
        trace_configs=[trace],
        middlewares=(_once,),
        max_line_size=8_190,
        max_field_size=8_190,
    )


def _headers(spec: ToolSpec, definition: HttpDefinition, permit: Permit, *, has_body: bool) -> dict[str, str]:
    headers = {
        "Accept": "application/json, text/plain;q=0.9, text/*;q=0.5",
        # What is compressed has a size that nobody knows beforehand.
        "Accept-Encoding": "identity",
        "User-Agent": "Parley",
        **definition.headers,
        **spec.secret_headers,
        KEY_HEADER: permit.key,
    }
    if has_body:
        headers["Content-Type"] = "application/json"
    if permit.signed_user is not None:
        headers[USER_HEADER] = permit.signed_user
    return headers


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    """At most one byte more than is taken."""
    body = bytearray()
    async for chunk in answer.content.iter_chunked(READ_AT_ONCE):
        body += chunk
        if len(body) > MAX_BYTES:
            break
    return bytes(body[: MAX_BYTES + 1])


def _judge(spec: ToolSpec, answer: aiohttp.ClientResponse, raw: bytes, secrets: set[str]) -> Outcome:
    name, size = spec.name, len(raw)
    # No status of HTTP's, which has three digits and begins with 1 to 5, is none in the row either.
    status = answer.status if 100 <= answer.status < 600 else None
    text, problem = _text(answer, raw)
    if 200 <= answer.status < 300:
        if problem is not None:
            return unreadable(name, problem, status=status, size=size)
        return done(name, text, secrets, status=status, size=size)
    error = f"its server answered {answer.status}"
    if 300 <= answer.status < 400:
        error = f"its server pointed elsewhere ({status}), and that is not followed"
    if 400 <= answer.status < 500 and answer.status not in NOT_KNOWN:
        said = quote(name, text, secrets, MAX_REFUSAL_CHARS) if text and problem is None else ""
        return failed(error, status=status, size=size, said=said)
    return unsure(name, error, is_repeatable=spec.is_repeatable, status=status, size=size)


def _text(answer: aiohttp.ClientResponse, raw: bytes) -> tuple[str, str | None]:
    """The text, or why there is none."""
    if len(raw) > MAX_BYTES:
        return "", f"it is longer than {MAX_BYTES} bytes"
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        return "", "it is compressed"
    if not raw:
        return "(nothing)", None
    kind = answer.content_type
    is_json = kind == "application/json" or kind.endswith("+json")
    if not is_json and not kind.startswith("text/"):
        return "", "it is neither text nor JSON"
    try:
        text = raw.decode(_encoding(answer))
        return (read_json(text) if is_json else text), None
    except (UnicodeDecodeError, LookupError):
        return "", "it is not text in the encoding that it says it is in"
    except (ValueError, RecursionError):
        return "", "it is not the JSON that it says it is"


def _encoding(answer: aiohttp.ClientResponse) -> str:
    """Raises: LookupError for one that is not read here."""
    name = codecs.lookup(answer.charset or "utf-8").name
    if name not in ENCODINGS:
        raise LookupError(name)
    return name

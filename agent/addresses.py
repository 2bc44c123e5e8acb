"""Addresses of model servers that a tenant names: which are refused, when written and when used.

Whoever may name an address that this side of the network calls could reach what is not theirs: a cloud's
metadata, the database, a neighbour. So an address is https, names a host in public, and is resolved once
more before it is used; no redirect is followed from it (`agent/cascade/calls/straight.py`). A name that
changes between that look and the call stays open: where that matters, the network has to keep workers from
private addresses.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Iterable
from typing import Final
from urllib.parse import SplitResult, urlsplit

from agent.errors import InvalidInput, NotAllowed

MAX_URL_CHARS: Final = 500
RESOLVE_TIMEOUT_S: Final = 3.0

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
PRIVATE_SUFFIXES: Final = (".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa")
CARRIERS: Final = tuple(
    ipaddress.ip_network(text)
    for text in ("::/96", "2002::/16", "2001::/32", "64:ff9b::/96", "64:ff9b:1::/48")
)
"""IPv4-compatible, 6to4, Teredo and NAT64: addresses that carry an IPv4 address, which may be any."""

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def check_base_url(url: str, *, may_be_local: bool) -> str:
    """`url` without a slash at its end. `may_be_local`: the stack is one machine's, and so are its tenants.

    Raises: InvalidInput, whose message does not repeat the address: there may be a credential in it.
    """
    parts, host = _split(url)
    _check_host(host, may_be_local)
    if parts.scheme != "https" and not (parts.scheme == "http" and may_be_local and host in LOOPBACK_NAMES):
        raise _refusal("an address begins with https://")
    return url.rstrip("/")


def check_operators_url(url: str) -> str:
    """`url` without a slash at its end, of whoever runs the deployment: any host, with TLS or without.

    Raises: InvalidInput, as `check_base_url`.
    """
    parts, host = _split(url)
    if parts.scheme not in ("http", "https") or not host:
        raise _refusal("an address begins with http:// or https:// and the name of a host")
    return url.rstrip("/")


async def require_public(url: str) -> None:
    """Raises: NotAllowed when the host of `url` has an address that is not public, or none."""
    parts = urlsplit(url)
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(RESOLVE_TIMEOUT_S):
            found = await loop.getaddrinfo(parts.hostname or "", parts.port or 443, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError) as error:
        raise NotAllowed("the host of a tenant's model server has no address") from error
    if not all_public(str(item[4][0]).partition("%")[0] for item in found):
        raise NotAllowed("the host of a tenant's model server is not in public")


async def find_addresses(host: str, port: int, *, may_be_local: bool) -> list[Address]:
    """Of a host that a tenant named, now; to be connected to as they are, so that no other look-up follows.

    Raises: NotAllowed when there is none, or one of them may not be called.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(RESOLVE_TIMEOUT_S):
            rows = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, TimeoutError) as error:
        raise NotAllowed("its host has no address") from error
    found = [ipaddress.ip_address(str(row[4][0]).partition("%")[0]) for row in rows]
    if not found or not all(_is_public(one) or (may_be_local and _is_neighbour(one)) for one in found):
        raise NotAllowed("its host is not in public")
    return list(dict.fromkeys(found))


def all_public(addresses: Iterable[str]) -> bool:
    """Whether there are any, and each belongs to the public internet."""
    known = [ipaddress.ip_address(text) for text in addresses]
    return bool(known) and all(_is_public(address) for address in known)


def _split(url: str) -> tuple[SplitResult, str]:
    """The parts of an address that can be one, and its host. Raises: InvalidInput."""
    if len(url) > MAX_URL_CHARS or not url.isascii() or re.search(r"[\s\\\x00-\x20\x7f]", url):
        raise _refusal(f"an address has at most {MAX_URL_CHARS} ASCII characters and no blank or backslash")
    try:
        parts = urlsplit(url)
        host, _ = (parts.hostname or "").removesuffix("."), parts.port
    except ValueError:
        raise _refusal("this is not an address of the form https://HOST/PATH") from None
    if parts.username is not None or parts.password is not None or "@" in parts.netloc:
        raise _refusal("an address carries no credentials; the key is given beside it")
    if parts.query or parts.fragment or "?" in url or "#" in url:
        raise _refusal("an address has neither a query nor a fragment: the paths of the API are put after it")
    return parts, host


def _check_host(host: str, may_be_local: bool) -> None:
    address = _literal(host)
    if address is not None:
        if _is_public(address) or (may_be_local and _is_neighbour(address)):
            return
        raise _refusal("an address in a private or reserved network is refused")
    if not _HOST.fullmatch(host) or ".." in host:
        raise _refusal("this is not the name of a host")
    # How clients read 127.1, 0x7f000001 and 2130706433 differs; an IPv4 address has four decimal parts here.
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        raise _refusal("write an IPv4 address as four decimal numbers")
    if not may_be_local and ("." not in host or host.endswith(PRIVATE_SUFFIXES)):
        raise _refusal("a name that only means something inside a network is refused")


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return _is_public(address.ipv4_mapped)
        if any(address in network for network in CARRIERS):
            return False
    return address.is_global and not address.is_multicast


def _is_neighbour(address: Address) -> bool:
    """This machine, or its private network; link-local addresses are where clouds keep their credentials."""
    return address.is_loopback or (
        address.is_private and not (address.is_link_local or address.is_unspecified or address.is_reserved)
    )


def _refusal(message: str) -> InvalidInput:
    return InvalidInput(message, "base_url")

"""Where a request comes from, behind whatever proxies the operator trusts.

`X-Forwarded-For` is read from its right end, one hop for each trusted proxy that a request came through: what
stands further left was written by somebody nobody vouches for. `Forwarded` and `X-Real-IP` are not read at
all, since a proxy that is not told to overwrite them passes on whatever a client sent.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from agent.errors import ConfigError

ADDRESS: Final = web.RequestKey("address", str)
"""The client's address as text; empty when it came by no network, as through a Unix socket."""

SHARED_BITS: Final = 64
"""Of an IPv6 address. Whoever has one has all that begin with the same bits. Source: RFC 6177, section 2."""

_Address: TypeAlias = IPv4Address | IPv6Address
_Network: TypeAlias = IPv4Network | IPv6Network


class Proxies:
    """The networks of proxies that are believed."""

    def __init__(self, networks: Sequence[str]) -> None:
        """Raises: ConfigError for what is no network."""
        self._networks = [_parse_network(text) for text in networks]

    def address_of(self, request: web.BaseRequest) -> str:
        """The nearest hop that no trusted proxy vouches for."""
        remote = request.remote or ""
        if not self._networks:
            return remote
        hop = _parse_address(remote)
        if hop is None:
            return remote
        hops = ",".join(request.headers.getall("X-Forwarded-For", ())).split(",")
        while hops and self._are_trusted(hop):
            further = _parse_address(hops.pop().strip())
            if further is None:
                break
            hop = further
        return str(hop)

    def _are_trusted(self, hop: _Address) -> bool:
        return any(hop in network for network in self._networks)


def note_address(proxies: Proxies) -> Middleware:
    """A middleware that says of every request where it comes from."""

    @web.middleware
    async def note(request: web.Request, handler: Handler) -> web.StreamResponse:
        request[ADDRESS] = proxies.address_of(request)
        return await handler(request)

    return note


def client_address(request: web.Request) -> str:
    return request[ADDRESS]


def limited_address(request: web.Request) -> str:
    """What of a request's address is counted."""
    return neighbourhood(client_address(request))


def neighbourhood(address: str) -> str:
    """What is limited as one: an IPv4 address, or the whole network that an IPv6 address is chosen from."""
    if ":" not in address:
        return address
    parsed = _parse_address(address)
    if not isinstance(parsed, IPv6Address):
        return address if parsed is None else str(parsed)
    return str(IPv6Network((parsed, SHARED_BITS), strict=False))


def _parse_network(text: str) -> _Network:
    try:
        return ip_network(text)
    except ValueError as error:
        raise ConfigError(
            f"PARLEY_TRUSTED_PROXIES has {text!r}, which is no network such as 10.0.0.0/8: {error}"
        ) from error


def _parse_address(text: str) -> _Address | None:
    """An IPv4 address that is written as an IPv6 one is the same address."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        parsed = ip_address(text)
    except ValueError:
        return None
    if isinstance(parsed, IPv6Address):
        return parsed.ipv4_mapped or parsed
    return parsed

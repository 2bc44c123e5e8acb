"""Whose address a request has: hop by hop from the right, and not a hop further than is vouched for."""

import pytest
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from agent.errors import ConfigError
from control.edge.addresses import Proxies, neighbourhood

PROXIES = ("10.0.0.0/8", "fd00::/8")


class Peer:
    """A connection's other end."""

    def __init__(self, address: str) -> None:
        self._address = address

    def get_extra_info(self, name: str, default: object = None) -> object:
        return (self._address, 12345) if name == "peername" else default

    def is_closing(self) -> bool:
        return False


def address_of(peer: str, *headers: tuple[str, str], trusted: tuple[str, ...] = PROXIES) -> str:
    request = make_mocked_request("GET", "/", headers=CIMultiDict(headers), transport=Peer(peer))
    return Proxies(trusted).address_of(request)


def forwarded(hops: str) -> tuple[str, str]:
    return ("X-Forwarded-For", hops)


def test_without_trusted_proxies_nothing_that_a_client_writes_is_believed() -> None:
    assert address_of("203.0.113.9", forwarded("198.51.100.1"), trusted=()) == "203.0.113.9"


def test_a_stranger_who_writes_the_header_himself_is_not_believed() -> None:
    assert address_of("203.0.113.9", forwarded("198.51.100.1")) == "203.0.113.9"


@pytest.mark.parametrize(
    ("hops", "expected"),
    [
        pytest.param("198.51.100.1", "198.51.100.1", id="one proxy"),
        pytest.param("198.51.100.1, 10.0.0.2", "198.51.100.1", id="two proxies"),
        pytest.param("127.0.0.1, 198.51.100.1", "198.51.100.1", id="a client that says it is this machine"),
        pytest.param("10.9.9.9, 198.51.100.1", "198.51.100.1", id="a client that says it is a proxy"),
        pytest.param("evil, 198.51.100.1", "198.51.100.1", id="nonsense before the client"),
        pytest.param("198.51.100.1, evil", "10.0.0.1", id="nonsense where a proxy should be"),
        pytest.param("198.51.100.1, , 10.0.0.2", "10.0.0.2", id="a hole in the chain"),
        pytest.param("", "10.0.0.1", id="empty"),
        pytest.param("10.1.1.1, 10.0.0.2", "10.1.1.1", id="proxies all the way"),
        pytest.param("198.51.100.1:4711", "198.51.100.1", id="with a port"),
        pytest.param("[2001:db8::7]:4711", "2001:db8::7", id="IPv6 with a port"),
        pytest.param("2001:db8::7", "2001:db8::7", id="IPv6"),
        pytest.param("::ffff:198.51.100.1", "198.51.100.1", id="IPv4 as IPv6"),
        pytest.param("198.51.100.1\u0660", "10.0.0.1", id="digits of another script"),
    ],
)
def test_a_chain_is_followed_from_its_right_end(hops: str, expected: str) -> None:
    assert address_of("10.0.0.1", forwarded(hops)) == expected


def test_headers_that_stand_twice_are_one_chain() -> None:
    assert address_of("10.0.0.1", forwarded("127.0.0.1"), forwarded("198.51.100.1")) == "198.51.100.1"


@pytest.mark.parametrize(
    "header",
    [("Forwarded", "for=198.51.100.1"), ("X-Real-IP", "198.51.100.1"), ("True-Client-IP", "198.51.100.1")],
)
def test_no_other_header_is_read(header: tuple[str, str]) -> None:
    assert address_of("10.0.0.1", header) == "10.0.0.1"


def test_a_proxy_on_ipv6_that_was_reached_by_ipv4_is_the_same_proxy() -> None:
    assert address_of("::ffff:10.0.0.1", forwarded("198.51.100.1")) == "198.51.100.1"


@pytest.mark.parametrize("network", ["10.0.0.1/8", "proxies.example", "10.0.0.0/40", ""])
def test_a_setting_that_names_no_network_is_refused_at_start(network: str) -> None:
    with pytest.raises(ConfigError, match="PARLEY_TRUSTED_PROXIES"):
        Proxies([network])


def test_who_has_a_whole_network_of_ipv6_is_limited_as_one() -> None:
    assert neighbourhood("2001:db8:1:2::1") == neighbourhood("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert neighbourhood("2001:db8:1:3::1") != neighbourhood("2001:db8:1:2::1")


@pytest.mark.parametrize("address", ["198.51.100.1", ""])
def test_what_is_no_ipv6_address_is_limited_by_itself(address: str) -> None:
    assert neighbourhood(address) == address

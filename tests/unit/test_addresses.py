"""Addresses that a tenant may send its model calls to: each refusal is an attack on what is behind us."""

import pytest

from agent.addresses import all_public, check_base_url, require_public
from agent.errors import InvalidInput, NotAllowed

METADATA = "https://169.254.169.254/latest/meta-data"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://api.openai.com/v1/", "https://api.openai.com/v1"),
        ("https://models.harbor.example:8443/v1", "https://models.harbor.example:8443/v1"),
        ("https://8.8.8.8/v1", "https://8.8.8.8/v1"),
        ("https://[2606:4700::1111]/v1", "https://[2606:4700::1111]/v1"),
    ],
)
def test_an_address_in_public_is_taken(given: str, kept: str) -> None:
    assert check_base_url(given, may_be_local=False) == kept


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://models.harbor.example/v1", id="without TLS"),
        pytest.param("ftp://models.harbor.example/v1", id="another scheme"),
        pytest.param("file:///etc/passwd", id="a file"),
        pytest.param("https://ada:secret@models.harbor.example/v1", id="a password in it"),
        pytest.param("https://api.openai.com@evil.example/v1", id="a host that poses as a name"),
        pytest.param("https://models.harbor.example/v1?key=x", id="a query"),
        pytest.param("https://models.harbor.example/v1#x", id="a fragment"),
        pytest.param("https://models.harbor.example\\@10.0.0.1/", id="a backslash"),
        pytest.param("https://models.harbor.example/\r\nHost: x", id="another header"),
        pytest.param("https://models.harbor.example:99999/v1", id="no such port"),
        pytest.param("https:///v1", id="no host"),
        pytest.param("https://a..b/v1", id="an empty label"),
        pytest.param("https://①⑥⑨.254.169.254/", id="digits in disguise"),
        pytest.param("https://" + "a" * 600 + ".example", id="too long"),
        pytest.param("https://localhost/v1", id="this machine by name"),
        pytest.param("https://localhost./v1", id="with a dot behind"),
        pytest.param("https://x.localhost/v1", id="a name of this machine"),
        pytest.param("https://127.0.0.1/v1", id="this machine"),
        pytest.param("https://127.1/v1", id="this machine in short"),
        pytest.param("https://2130706433/v1", id="this machine as a number"),
        pytest.param("https://0x7f000001/v1", id="this machine in hexadecimal"),
        pytest.param("https://017700000001/v1", id="this machine in octal"),
        pytest.param("https://0.0.0.0/v1", id="every machine"),
        pytest.param("https://[::1]/v1", id="this machine in IPv6"),
        pytest.param("https://[::ffff:127.0.0.1]/v1", id="IPv4 mapped into IPv6"),
        pytest.param("https://[::127.0.0.1]/v1", id="IPv4 compatible IPv6"),
        pytest.param("https://[64:ff9b::7f00:1]/v1", id="through NAT64"),
        pytest.param("https://[2002:7f00:1::]/v1", id="through 6to4"),
        pytest.param(METADATA, id="a cloud's metadata"),
        pytest.param("https://metadata.google.internal/", id="a cloud's metadata by name"),
        pytest.param("https://[fe80::1%25eth0]/v1", id="link-local IPv6"),
        pytest.param("https://10.0.0.5/v1", id="a private network"),
        pytest.param("https://192.168.0.10/v1", id="a home"),
        pytest.param("https://100.64.0.1/v1", id="a carrier's network"),
        pytest.param("https://224.0.0.1/v1", id="many at once"),
        pytest.param("https://postgres/v1", id="a service beside us"),
        pytest.param("https://printer.local/v1", id="a neighbour"),
    ],
)
def test_an_address_that_could_reach_what_is_behind_us_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_base_url(url, may_be_local=False)

    assert refusal.value.field == "base_url"
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "url", ["http://localhost:11434/v1", "http://127.0.0.1:8000/v1", "https://192.168.0.10/v1"]
)
def test_a_stack_on_one_machine_may_use_that_machine_and_its_network(url: str) -> None:
    assert check_base_url(url, may_be_local=True) == url


@pytest.mark.parametrize(
    "url", [METADATA, "http://192.168.0.10/v1", "https://0.0.0.0/v1", "https://[fe80::1]/v1", "https://127.1"]
)
def test_even_there_metadata_and_plain_text_over_the_network_are_refused(url: str) -> None:
    with pytest.raises(InvalidInput):
        check_base_url(url, may_be_local=True)


async def test_a_public_name_that_leads_to_this_machine_is_refused_when_it_is_used() -> None:
    with pytest.raises(NotAllowed, match="not in public"):
        await require_public("https://localhost/v1")
    with pytest.raises(NotAllowed, match="no address"):
        await require_public("https://nobody.invalid/v1")


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    assert all_public(["8.8.8.8", "2606:4700::1111"])
    assert not all_public(["8.8.8.8", "10.0.0.1"])
    assert not all_public([])

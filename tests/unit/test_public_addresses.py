"""What leaves this machine is encrypted: the addresses that are taken, and the door in front of them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from agent.errors import ConfigError
from agent.settings import load_control_settings

ROOT = Path(__file__).resolve().parents[2]
CADDYFILE = (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
ENVIRONMENT = {
    "LIVEKIT_URL": "ws://livekit:7880",
    "LIVEKIT_API_KEY": "parley",
    "LIVEKIT_API_SECRET": "s" * 32,
    "PARLEY_SECRET_KEY": "k" * 32,
    "DATABASE_URL": "postgresql://parley_app:a@postgres/parley",
    "REDIS_URL": "redis://redis:6379",
}


def load(**more: str) -> str:
    return load_control_settings(ENVIRONMENT | more).public_url


def site(name: str) -> str:
    """The block of a site of the Caddyfile."""
    found = re.search(rf"^{re.escape(name)} {{\n(.*?)^}}", CADDYFILE, flags=re.MULTILINE | re.DOTALL)
    assert found is not None, name
    return found[1]


def in_front(service: str) -> list[str]:
    """The ports of a service that are published on more than loopback."""
    return [port for port in SERVICES[service].get("ports", []) if not port.startswith("127.0.0.1:")]


@pytest.mark.parametrize(
    "url",
    ["http://parley.example", "http://192.168.1.4:8080", "http://localhost.evil.example", "ws://x", "x"],
)
def test_no_cookie_and_no_word_travels_in_the_clear_off_this_machine(url: str) -> None:
    with pytest.raises(ConfigError, match="PARLEY_PUBLIC_URL"):
        load(PARLEY_PUBLIC_URL=url)


@pytest.mark.parametrize("media", ["ws://media.example", "ws://127.0.0.1:7880", "http://media.example"])
def test_signalling_is_not_left_in_the_clear_beside_pages_that_are_not(media: str) -> None:
    with pytest.raises(ConfigError, match="LIVEKIT_PUBLIC_URL"):
        load(PARLEY_PUBLIC_URL="https://parley.example", LIVEKIT_PUBLIC_URL=media)


def test_an_address_with_tls_and_one_of_this_machine_are_taken() -> None:
    assert load() == "http://localhost:8080"
    assert load(PARLEY_PUBLIC_URL="http://127.0.0.1:9000/") == "http://127.0.0.1:9000"
    assert (
        load(PARLEY_PUBLIC_URL="https://parley.example", LIVEKIT_PUBLIC_URL="wss://media.example")
        == "https://parley.example"
    )


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("DATABASE_URL", "postgresql://parley_app:canary@postgres/parley?sslmode=require"),
        ("DATABASE_URL", "postgresql://parley_app:canary@postgres/parley?sslmode=prefer&x=y"),
        ("REDIS_URL", "rediss://:canary@redis:6379/0?ssl_cert_reqs=none"),
    ],
)
def test_a_service_inside_is_not_trusted_by_whatever_certificate_it_shows(name: str, url: str) -> None:
    with pytest.raises(ConfigError, match=name) as refused:
        load(**{name: url})

    assert "canary" not in str(refused.value)


def test_a_service_inside_that_proves_its_name_is_taken() -> None:
    assert load(
        DATABASE_URL="postgresql://a:b@postgres/parley?sslmode=verify-full", REDIS_URL="rediss://redis:6379"
    )


def test_an_old_version_of_tls_and_a_weak_cipher_are_not_offered() -> None:
    (protocols,) = re.findall(r"protocols (.*)", CADDYFILE)
    (ciphers,) = re.findall(r"ciphers (.*)", CADDYFILE)

    assert protocols.split() == ["tls1.2", "tls1.3"]
    assert len(ciphers.split()) > 2
    strong = r"TLS_ECDHE_(ECDSA|RSA)_WITH_(AES_(128|256)_GCM_SHA(256|384)|CHACHA20_POLY1305_SHA256)"
    assert [name for name in ciphers.split() if not re.fullmatch(strong, name)] == []
    for name in ("https://{$PARLEY_DOMAIN}", "https://{$LIVEKIT_DOMAIN}"):
        assert "import strict" in site(name)


def test_certificates_come_from_a_public_authority() -> None:
    assert "tls internal" not in CADDYFILE
    assert "local_certs" not in CADDYFILE
    assert SERVICES["caddy"]["environment"].keys() == {"PARLEY_DOMAIN", "LIVEKIT_DOMAIN"}


def test_nothing_but_the_door_and_encrypted_media_is_reached_from_outside() -> None:
    reached = {name: in_front(name) for name in SERVICES if in_front(name)}

    assert reached == {
        "livekit": ["7881:7881", "7882:7882/udp"],
        "caddy": ["80:80", "443:443", "443:443/udp"],
    }


def test_a_program_that_calls_without_tls_is_refused_and_not_sent_on() -> None:
    plain = site("http://{$PARLEY_DOMAIN}")

    assert "not path /v1/* /internal/*" in plain
    assert "method GET" in plain
    assert re.findall(r"redir .*", plain) == ["redir @page https://{host}{uri} 308"]
    assert 'respond "use https" 403' in plain
    assert "reverse_proxy" not in plain
    assert "redir" not in site("http://{$LIVEKIT_DOMAIN}")


def test_a_client_cannot_write_where_it_comes_from_past_the_door() -> None:
    front = site("https://{$PARLEY_DOMAIN}")

    assert "header_up X-Forwarded-For {remote_host}" in front
    assert "header_up -Forwarded" in front
    assert "header_up -X-Real-IP" in front
    assert "trusted_proxies" not in CADDYFILE


def test_no_relay_is_offered_that_could_reach_inside() -> None:
    """LiveKit's TURN server relays to wherever a client says; it is off unless it is asked for."""
    livekit = yaml.safe_load((ROOT / "livekit.yaml").read_text(encoding="utf-8"))

    assert "turn" not in livekit
    assert "turn_servers" not in livekit["rtc"]


def test_tenants_of_a_deployment_name_only_hosts_that_are_listed() -> None:
    given = SERVICES["control"]["environment"]["PARLEY_MODEL_HOSTS"]
    hosts = re.sub(r"^\$\{PARLEY_MODEL_HOSTS:-(.*)\}$", r"\1", given)

    settings = load_control_settings(ENVIRONMENT | {"PARLEY_MODEL_HOSTS": hosts})

    assert settings.model_hosts == (
        "api.openai.com",
        "eu.api.openai.com",
        "us.api.openai.com",
        "api.anthropic.com",
        "generativelanguage.googleapis.com",
    )


def test_what_is_for_the_inside_is_not_reached_through_the_door() -> None:
    assert "respond /internal/* 404" in site("https://{$PARLEY_DOMAIN}")
    assert "respond /readyz 404" in site("https://{$PARLEY_DOMAIN}")
    assert "respond /twirp/* 404" in site("https://{$LIVEKIT_DOMAIN}")
    assert "admin off" in CADDYFILE

"""The headers that every kind of answer carries, each named: one more or one less is a decision."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from control.local.ports import free_ports
from control.middleware import observe, security_headers, translate_errors
from tests.fixtures.control import ControlUnderTest
from tests.fixtures.database import TenantSample
from tests.http.limited import beside

BASE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "parley",
}
NOTHING_TO_RENDER = {
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
COUNTED = {"RateLimit", "RateLimit-Policy"}
OF_EVERY_ANSWER = {"Content-Type", "Date", "X-Request-Id"}
OF_A_FILE = {"Accept-Ranges", "Content-Length", "Etag", "Last-Modified"}


def assert_headers(found: Mapping[str, str], expected: Mapping[str, str], others: set[str]) -> None:
    """Exactly these: `expected` with their values, and `others`, whose values differ each time."""
    assert {name: found.get(name) for name in expected} == dict(expected)
    assert {name.lower() for name in found} == {name.lower() for name in set(expected) | others}


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[aiohttp.ClientSession]:
    (port,) = free_ports(1)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as http:
            yield http
    finally:
        await runner.cleanup()


async def test_an_answer_of_the_api(control: ControlUnderTest, team: TenantSample) -> None:
    reply = await control.get("/v1/rooms", team.api_key)

    assert_headers(
        reply.headers,
        {**BASE, **NOTHING_TO_RENDER, "Vary": "Origin"},
        OF_EVERY_ANSWER | COUNTED | {"Content-Length"},
    )


async def test_an_error_of_the_api(control: ControlUnderTest) -> None:
    reply = await control.get("/v1/rooms")

    assert_headers(
        reply.headers,
        {**BASE, **NOTHING_TO_RENDER, "Vary": "Origin", "WWW-Authenticate": "Bearer"},
        OF_EVERY_ANSWER | COUNTED | {"Content-Length"},
    )


async def test_an_address_that_is_not_there(control: ControlUnderTest) -> None:
    reply = await control.get("/nothing")

    assert_headers(
        reply.headers, {**BASE, **NOTHING_TO_RENDER}, OF_EVERY_ANSWER | COUNTED | {"Content-Length"}
    )


async def test_an_answer_without_a_body(control: ControlUnderTest, team: TenantSample) -> None:
    reply = await control.call("DELETE", "/v1/rooms/standup/participants/ann", team.api_key)

    assert reply.status == 404
    await control.post("/v1/rooms", team.api_key, {"name": "standup"})
    gone = await control.call("DELETE", "/v1/rooms/standup/participants/ann", team.api_key)
    assert gone.status == 204
    assert_headers(
        gone.headers,
        {**BASE, **NOTHING_TO_RENDER, "Vary": "Origin"},
        (OF_EVERY_ANSWER | COUNTED) - {"Content-Type"} | ({"Content-Type"} & set(gone.headers)),
    )


@pytest.fixture
def static_dir(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text("<!doctype html>")
    (tmp_path / "app-ABCDEFGH.js").write_text("export {}")
    return tmp_path


PAGE_POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "media-src 'self' blob: mediastream:",
    "worker-src 'self' blob:",
    "font-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}


async def test_a_page(control: ControlUnderTest, static_dir: Path) -> None:
    media = control.settings.livekit.public_url.removeprefix("ws://")
    async with beside(control, static_dir=static_dir) as own:
        page = await own.get("/")

    policy = set(page.headers["Content-Security-Policy"].split("; "))
    assert policy == PAGE_POLICY | {f"connect-src 'self' ws://{media} http://{media}"}
    assert_headers(
        page.headers,
        {
            **BASE,
            "Permissions-Policy": "microphone=(self), display-capture=(self), camera=(), geolocation=()",
            "Cache-Control": "no-cache",
        },
        OF_EVERY_ANSWER | OF_A_FILE | COUNTED | {"Content-Security-Policy"},
    )


async def test_an_asset(control: ControlUnderTest, static_dir: Path) -> None:
    async with beside(control, static_dir=static_dir) as own:
        asset = await own.get("/static/app-ABCDEFGH.js")

    assert_headers(
        asset.headers,
        {**BASE, **NOTHING_TO_RENDER, "Cache-Control": "public, max-age=31536000, immutable"},
        OF_EVERY_ANSWER | OF_A_FILE | COUNTED,
    )


async def test_a_redirect() -> None:
    async def leave(_: web.Request) -> web.Response:
        raise web.HTTPSeeOther("/elsewhere")

    app = web.Application(middlewares=[observe, translate_errors])
    app.on_response_prepare.append(security_headers("http://localhost:8080"))
    app.router.add_get("/", leave)
    async with serving(app) as http, http.get("/", allow_redirects=False) as answer:
        assert answer.status == 303
        assert_headers(
            answer.headers,
            {**BASE, **NOTHING_TO_RENDER, "Location": "/elsewhere"},
            OF_EVERY_ANSWER | {"Content-Length"},
        )


async def test_a_site_with_tls_says_that_there_is_no_other_way(control: ControlUnderTest) -> None:
    async with beside(control, public_url="https://meet.example.com") as own:
        reply = await own.get("/livez")

    assert_headers(
        reply.headers,
        {
            **BASE,
            **NOTHING_TO_RENDER,
            "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        },
        OF_EVERY_ANSWER | {"Content-Length"},
    )

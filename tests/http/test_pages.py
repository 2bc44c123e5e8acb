"""The pages and their assets."""

import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.settings import ControlSettings
from control.pages import PAGE_PATHS
from tests.fixtures.control import ControlUnderTest, assert_problem, running_control


@pytest.fixture
def static_dir(tmp_path: Path) -> Path:
    """A page with one asset of each kind, and a file beside the folder that is nobody's business."""
    folder = tmp_path / "static"
    (folder / "fonts").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Parley</title>")
    (folder / "page-3KJ2HQ7A.js").write_text("export {}")
    (folder / "page-3KJ2HQ7A.js.gz").write_bytes(gzip.compress(b"export {}", mtime=0))
    (folder / "icon.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "fonts" / "a.woff2").write_bytes(b"font")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.fixture
async def pages(own_settings: ControlSettings, static_dir: Path) -> AsyncIterator[ControlUnderTest]:
    async with running_control(own_settings, static_dir=static_dir) as running:
        yield running


async def fetch(pages: ControlUnderTest, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    async with pages.http.get(path, headers=headers) as answer:
        return answer.status, await answer.text(), dict(answer.headers)


@pytest.mark.parametrize("path", [re.sub(r"\{.+\}", "some-name", path) for path in PAGE_PATHS])
async def test_every_page_is_the_one_document_under_a_strict_policy(
    pages: ControlUnderTest, path: str
) -> None:
    status, text, headers = await fetch(pages, path)

    assert (status, text) == (200, "<!doctype html><title>Parley</title>")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-cache"
    assert headers["Permissions-Policy"] == (
        "microphone=(self), display-capture=(self), camera=(), geolocation=()"
    )
    media = pages.settings.livekit.public_url
    assert headers["Content-Security-Policy"].split("; ") == [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob: mediastream:",
        f"connect-src 'self' {media} {media.replace('ws', 'http')}",
        "worker-src 'self' blob:",
        "font-src 'self'",
        "manifest-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


async def test_an_asset_with_a_hash_in_its_name_is_kept_for_ever(pages: ControlUnderTest) -> None:
    status, text, headers = await fetch(pages, "/static/page-3KJ2HQ7A.js")

    assert (status, text) == (200, "export {}")
    assert headers["Content-Type"].startswith("text/javascript")
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"


async def test_a_browser_that_takes_gzip_gets_the_smaller_file(pages: ControlUnderTest) -> None:
    _, text, headers = await fetch(pages, "/static/page-3KJ2HQ7A.js", **{"Accept-Encoding": "gzip"})

    assert (text, headers["Content-Encoding"]) == ("export {}", "gzip")
    assert headers["Content-Type"].startswith("text/javascript")
    assert "Accept-Encoding" in headers["Vary"]


async def test_an_asset_without_a_hash_is_asked_for_again_and_costs_nothing_then(
    pages: ControlUnderTest,
) -> None:
    _, _, headers = await fetch(pages, "/static/icon.svg")

    status, text, _ = await fetch(pages, "/static/icon.svg", **{"If-None-Match": headers["Etag"]})

    assert headers["Cache-Control"] == "no-cache"
    assert (status, text) == (304, "")


async def test_no_browser_has_to_guess_how_text_is_encoded(pages: ControlUnderTest) -> None:
    for path in ("/", "/static/page-3KJ2HQ7A.js", "/static/icon.svg"):
        _, _, headers = await fetch(pages, path)
        assert headers["Content-Type"].endswith("; charset=utf-8"), path


async def test_assets_may_stand_in_folders(pages: ControlUnderTest) -> None:
    assert (await fetch(pages, "/static/fonts/a.woff2"))[:2] == (200, "font")


@pytest.mark.parametrize(
    "path",
    [
        "/static/missing.js",
        "/static/fonts",
        "/static/..%2Fsecret.txt",
        "/static/%2E%2E/secret.txt",
        "/static/fonts/..%2F..%2F..%2Fsecret.txt",
        "/static/%2Fetc%2Fpasswd",
        "/static/link.txt",
        "/static/a%00b",
        f"/static/{'x' * 300}",
    ],
)
async def test_nothing_outside_of_the_folder_is_served(pages: ControlUnderTest, path: str) -> None:
    reply = await pages.get(path)

    assert_problem(reply, 404, "not_found")


async def test_a_page_that_was_not_built_says_so(own_settings: ControlSettings, tmp_path: Path) -> None:
    async with running_control(own_settings, static_dir=tmp_path) as control:
        reply = await control.get("/")

    assert_problem(reply, 503, "unavailable")
    assert "index.html is missing" in reply.body["detail"]

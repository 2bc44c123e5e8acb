"""The pages: one document for every address a person may open, and its assets under `/static/`.

The document runs no script and no style but its own files, talks to this server and the media server
only, and may use the microphone and the screen, never the camera. Assets whose names carry a hash of
their content are kept for ever by browsers; everything else is asked for again each time.
"""

import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from agent.errors import NotFound, Unavailable

STATIC_DIR: Final = Path(__file__).parent / "web" / "static"
PAGE_PATHS: Final = (
    "/",
    "/r/{room}",
    "/join/{code}",
    "/sign-in",
    "/sign-up",
    "/sign-up/{code}",
    "/reset",
    "/reset/{code}",
    "/confirm-email/{code}",
    "/invitation/{code}",
    "/account",
    "/members",
    "/keys",
    "/agents",
)
PERMISSIONS_POLICY: Final = "microphone=(self), display-capture=(self), camera=(), geolocation=()"
CONTENT_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}
"""What a machine's own table of types may have otherwise; browsers run no script under a wrong one."""

_HASHED_NAME = re.compile(r".+[-.][A-Z0-9]{8}\.[a-z.]+")


class Pages:
    """aiohttp serves a `.br` or `.gz` file beside an asset by itself when the browser takes it."""

    def __init__(self, livekit_public_url: str, directory: Path = STATIC_DIR) -> None:
        self._directory = directory.resolve()
        self._policy = content_security_policy(livekit_public_url)

    async def document(self, request: web.Request) -> web.StreamResponse:
        path = self._directory / "index.html"
        if not path.is_file():
            raise Unavailable(
                "the page is not built: control/web/static/index.html is missing; run `make page`"
            )
        headers = {
            "Content-Security-Policy": self._policy,
            "Permissions-Policy": PERMISSIONS_POLICY,
            "Cache-Control": "no-cache",
            "Content-Type": "text/html; charset=utf-8",
        }
        return web.FileResponse(path, headers=headers)

    async def asset(self, request: web.Request) -> web.StreamResponse:
        """Raises: NotFound, also for every path that leads out of the folder."""
        path = self._find(request.match_info["path"])
        if path is None:
            raise NotFound("no such file")
        caching = "public, max-age=31536000, immutable" if is_hashed(path.name) else "no-cache"
        headers = {"Cache-Control": caching}
        if path.suffix in CONTENT_TYPES:
            headers["Content-Type"] = CONTENT_TYPES[path.suffix]
        return web.FileResponse(path, headers=headers)

    def _find(self, relative: str) -> Path | None:
        try:
            path = (self._directory / relative).resolve()
            return path if path.is_relative_to(self._directory) and path.is_file() else None
        except (OSError, ValueError):
            return None  # a name that no file can have


def is_hashed(name: str) -> bool:
    """Whether a file's name changes with its content (the bundler writes 8 capital letters and digits)."""
    return _HASHED_NAME.fullmatch(name) is not None


def content_security_policy(livekit_public_url: str) -> str:
    parts = urlsplit(livekit_public_url)
    is_secure = parts.scheme in ("wss", "https")
    media = (
        f"{'wss' if is_secure else 'ws'}://{parts.netloc} {'https' if is_secure else 'http'}://{parts.netloc}"
    )
    directives = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data: blob:",
        "media-src": "'self' blob: mediastream:",
        "connect-src": f"'self' {media}",
        "worker-src": "'self' blob:",
        "font-src": "'self'",
        "manifest-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())

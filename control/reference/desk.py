"""The addresses of the API's description. It is made once, from the routes themselves."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from control.endpoints import Route
from control.reference.document import describe_api
from control.reference.page import STYLE_PATH, write_page

STYLE: Final = Path(__file__).parent / "style.css"
POLICY: Final = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class ReferenceDesk:
    def __init__(self, routes: Sequence[Route[Any, Any]]) -> None:
        document = describe_api(routes)
        self._document = json.dumps(document, ensure_ascii=False)
        self._page = write_page(document)
        self._style = STYLE.read_text(encoding="utf-8")

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/v1/openapi.json", self._show_document)
        app.router.add_get("/docs", self._show_page)
        app.router.add_get(STYLE_PATH, self._show_style)

    async def _show_document(self, _: web.Request) -> web.Response:
        return web.Response(text=self._document, content_type="application/json")

    async def _show_page(self, _: web.Request) -> web.Response:
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
        return web.Response(text=self._page, content_type="text/html", headers=headers)

    async def _show_style(self, _: web.Request) -> web.Response:
        headers = {"Cache-Control": "no-cache"}
        return web.Response(text=self._style, content_type="text/css", headers=headers)

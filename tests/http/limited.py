"""A control beside the shared one, on the same parts, that is let to do less."""

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from control.app import create_app, make_runner
from control.edge.limits import Limits
from control.edge.rates import RATES, Rates
from control.local.ports import free_ports
from control.pages import STATIC_DIR
from tests.fixtures.control import ControlUnderTest


@asynccontextmanager
async def beside(
    control: ControlUnderTest, *, rates: Rates = RATES, static_dir: Path = STATIC_DIR, **settings: Any
) -> AsyncIterator[ControlUnderTest]:
    """`settings`: what differs from the shared control's, such as `trusted_proxies`."""
    (port,) = free_ports(1)
    limits = Limits(control.parts.redis, control.parts.db, rates)
    parts = dataclasses.replace(control.parts, limits=limits)
    changed = dataclasses.replace(control.settings, port=port, public_url=f"http://localhost:{port}")
    changed = dataclasses.replace(changed, **settings)
    runner = make_runner(create_app(changed, parts, static_dir), shutdown_s=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, changed.host, port).start()
        async with aiohttp.ClientSession(
            f"http://{changed.host}:{port}", cookie_jar=aiohttp.DummyCookieJar()
        ) as http:
            yield ControlUnderTest(changed, parts, http)
    finally:
        await runner.cleanup()
        await limits.aclose()

"""One loopback server that speaks the wires of OpenAI, Gemini and Anthropic, with set latencies and faults.

In a test or a benchmark: `async with FakeProviders() as fake:`, then `fake.settings` or `fake.env` for the
program under test, `fake.script` to say what is answered and what breaks, `fake.requests` for what came in.
As a program: `python -m tests.fakes.providers --port 8099` prints one JSON line when it listens; then
POST /control/script (a part of a script), GET and DELETE /control/requests.
"""

import argparse
import asyncio
import sys
from types import TracebackType
from typing import Self

from aiohttp import web
from pydantic import JsonValue, ValidationError

from agent.settings import ProviderSettings, load_provider_settings
from tests.fakes.anthropic_wire import AnthropicWire
from tests.fakes.gemini_wire import GeminiWire
from tests.fakes.openai_wire import OpenAIWire
from tests.fakes.script import Script, Seen, Wire

MAX_BODY_BYTES = 64 * 1024 * 1024
WIRES: tuple[Wire, ...] = ("openai", "google", "anthropic")


class FakeProviders:
    """Listens on 127.0.0.1 between `start` and `stop`; port 0 takes a free one."""

    def __init__(self, script: Script | None = None) -> None:
        self.script = script or Script()
        self.requests: list[Seen] = []
        self._base_url: str | None = None
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        for wire in (OpenAIWire, GeminiWire, AnthropicWire):
            app.add_routes(wire(self.script, self.requests).routes())
        app.add_routes(
            [
                web.get("/control/script", self._show_script),
                web.post("/control/script", self._change_script),
                web.get("/control/requests", self._show_requests),
                web.delete("/control/requests", self._forget_requests),
            ]
        )
        # A client that hangs up ends its handler, so that the log can say so.
        self._runner = web.AppRunner(app, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)

    async def start(self, port: int = 0) -> None:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, bound = self._runner.addresses[0][:2]
        self._base_url = f"http://{host}:{bound}"

    async def stop(self) -> None:
        await self._runner.cleanup()

    @property
    def base_url(self) -> str:
        """Without a path: what Gemini's and Anthropic's SDKs want; OpenAI's wants `/v1` after it."""
        if self._base_url is None:
            raise RuntimeError("the fake providers were not started")
        return self._base_url

    @property
    def settings(self) -> ProviderSettings:
        """All three providers, each at this server."""
        return self.settings_of(*WIRES)

    @property
    def env(self) -> dict[str, str]:
        return self.env_of(*WIRES)

    def settings_of(self, *wires: Wire) -> ProviderSettings:
        return load_provider_settings(self.env_of(*wires))

    def env_of(self, *wires: Wire) -> dict[str, str]:
        """The environment variables that send a program here, for the named providers only."""
        env = {}
        for wire in wires:
            path = "/v1" if wire == "openai" else ""
            env[f"{wire.upper()}_API_KEY"] = f"fake-{wire}-key"
            env[f"{wire.upper()}_BASE_URL"] = f"{self.base_url}{path}"
        return env

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    # /control

    async def _show_script(self, request: web.Request) -> web.Response:
        return web.Response(text=self.script.model_dump_json(), content_type="application/json")

    async def _change_script(self, request: web.Request) -> web.Response:
        """Replaces the fields that the body names."""
        changes: dict[str, JsonValue] = await request.json()
        merged = {**self.script.model_dump(), **changes}
        try:
            changed = Script.model_validate(merged)
        except ValidationError as error:
            return web.Response(status=422, text=str(error))
        for name in changes:
            setattr(self.script, name, getattr(changed, name))
        return await self._show_script(request)

    async def _show_requests(self, request: web.Request) -> web.Response:
        since_s = float(request.query.get("since", "0"))
        rows = [seen.model_dump(mode="json") for seen in self.requests if seen.at_s >= since_s]
        return web.json_response(rows)

    async def _forget_requests(self, request: web.Request) -> web.Response:
        self.requests.clear()
        return web.Response(status=204)


async def serve(port: int) -> None:
    """Serves until cancelled."""
    fake = FakeProviders()
    await fake.start(port)
    try:
        sys.stdout.write(f'{{"base_url": "{fake.base_url}"}}\n')
        sys.stdout.flush()
        await asyncio.Event().wait()
    finally:
        await fake.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description="Model providers on the wire, for tests and benchmarks.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    asyncio.run(serve(parser.parse_args().port))


if __name__ == "__main__":
    main()

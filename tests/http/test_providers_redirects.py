"""A model server that a tenant named points to what is behind us: nothing follows, and no key gets there."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
from aiohttp import web
from livekit import rtc
from livekit.agents import APIConnectOptions, APIError

from agent.cascade import resolve
from agent.cascade.models.discover import discover
from agent.cascade.models.resolved import Speech
from agent.engines import _build_stt, _build_tts
from agent.errors import ProviderUnavailable
from agent.settings import load_provider_settings
from agent.wire import ModelCall
from tests.fakes.providers import FakeProviders
from tests.fakes.script import Wire
from tests.fixtures.providers import SDK_WARNING, TODAY, cascade_at, question

pytestmark = pytest.mark.filterwarnings(SDK_WARNING)
ONCE = APIConnectOptions(max_retry=0)


@dataclass
class Servers:
    """`pointing` answers everything with a redirect to what is inside; `inside` is what got there."""

    pointing: str = ""
    inside: list[str] = field(default_factory=list)
    pointed: list[str] = field(default_factory=list)


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def listening(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.fixture(params=[301, 302, 303, 307, 308])
async def servers(request: pytest.FixtureRequest) -> AsyncIterator[Servers]:
    found = Servers()

    async def inside(reached: web.Request) -> web.StreamResponse:
        found.inside.append(f"{reached.method} {reached.path}")
        return web.json_response({"data": []})

    async with listening(inside) as behind:

        async def pointing(reached: web.Request) -> web.StreamResponse:
            found.pointed.append(reached.path)
            return web.Response(status=request.param, headers={"Location": f"{behind}/latest/meta-data"})

        async with listening(pointing) as found.pointing:
            yield found


@pytest.mark.parametrize("wire", ["openai", "google", "anthropic"])
async def test_an_answer_is_not_fetched_from_where_a_model_server_points(
    servers: Servers, wire: Wire
) -> None:
    path = "/v1" if wire == "openai" else ""
    settings = load_provider_settings(
        {f"{wire.upper()}_API_KEY": "canary", f"{wire.upper()}_BASE_URL": f"{servers.pointing}{path}"}
    )
    ledger: list[ModelCall] = []

    async with cascade_at(settings, ledger) as cascade:
        with pytest.raises(ProviderUnavailable):
            await cascade.chat(chat_ctx=question("What is the refund period?")).collect()

    assert servers.pointed != []
    assert servers.inside == []


async def test_speech_is_not_sent_to_where_a_model_server_points(
    servers: Servers, fake_providers: FakeProviders
) -> None:
    resolved = resolve(fake_providers.settings_of("openai"), today=TODAY)
    hearing, speaking = _build_stt(at(resolved.stt, servers)), _build_tts(at(resolved.tts, servers))

    with pytest.raises(APIError):
        await hearing.recognize(rtc.AudioFrame(bytes(48_000), 24_000, 1, 24_000), conn_options=ONCE)
    stream = speaking.synthesize("The refund period is thirty days.", conn_options=ONCE)
    with pytest.raises(APIError):
        await stream.collect()

    await stream.aclose()
    await speaking.aclose()
    await hearing.aclose()
    await hearing._client.close()  # type: ignore[attr-defined]  # the plugin leaves it open
    assert len(servers.pointed) == 2
    assert servers.inside == []


async def test_a_model_server_is_not_looked_for_where_another_points(servers: Servers) -> None:
    settings = load_provider_settings({"OPENAI_BASE_URL": f"{servers.pointing}/v1"})

    await discover(settings)

    assert servers.pointed != []
    assert servers.inside == []


def at(speech: Speech, servers: Servers) -> Speech:
    assert speech.endpoint is not None
    return replace(speech, endpoint=replace(speech.endpoint, base_url=f"{servers.pointing}/v1"))

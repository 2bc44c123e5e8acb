"""What is found without being named: an Ollama on this machine, the models of an endpoint."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from agent.cascade import Found, discover, resolve
from agent.cascade.models.discover import OLLAMA_TIMEOUT_S, ListedModel, Listing
from agent.settings import ProviderSettings
from agent.wire import ModelPolicy, TierModels
from tests.fakes.providers import FakeProviders
from tests.fixtures.providers import TODAY, cascade_at, question

SIZES = {"large-eyes": 9_000, "small-talk": 1_000, "embedder": 100}
CAPABILITIES = {
    "large-eyes": ["completion", "vision"],
    "small-talk": ["completion", "tools"],
    "embedder": ["embedding"],
}


async def _tags(request: web.Request) -> web.Response:
    models = [{"name": name, "size": size} for name, size in SIZES.items()]
    return web.json_response({"models": models})


async def _show(request: web.Request) -> web.Response:
    name = (await request.json())["model"]
    return web.json_response({"capabilities": CAPABILITIES[name]})


async def _never(request: web.Request) -> web.Response:
    await asyncio.Event().wait()
    return web.Response()


@pytest.fixture
async def ollama_url() -> AsyncIterator[str]:
    app = web.Application()
    app.add_routes(
        [web.get("/api/tags", _tags), web.post("/api/show", _show), web.get("/silent/api/tags", _never)]
    )
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_an_ollama_is_found_with_what_its_models_can_do(ollama_url: str) -> None:
    found = await discover(ProviderSettings(), ollama_url=ollama_url)

    assert found.endpoint is None
    assert found.ollama == Listing(
        ollama_url, (ListedModel("small-talk", False, 1_000), ListedModel("large-eyes", True, 9_000))
    )


async def test_a_found_ollama_answers_the_lanes_it_can(ollama_url: str) -> None:
    settings = ProviderSettings()
    resolved = resolve(settings, today=TODAY, found=await discover(settings, ollama_url=ollama_url))

    assert [c.model.name for c in resolved.lanes["talk"]] == ["ollama/small-talk", "ollama/large-eyes"]
    assert [c.model.name for c in resolved.lanes["see"]] == ["ollama/large-eyes"]


async def test_ollama_is_not_asked_when_a_key_is_set(ollama_url: str) -> None:
    assert await discover(ProviderSettings(openai_api_key="o"), ollama_url=ollama_url) == Found()


async def test_ollama_is_asked_when_an_agents_lane_names_it_and_stays_out_of_the_other(
    ollama_url: str,
) -> None:
    settings = ProviderSettings(openai_api_key="o")
    policy = ModelPolicy(talk=TierModels(small=["ollama/small-talk"], large=["openai/gpt-6.1-sol"]))

    found = await discover(settings, ollama_url=ollama_url, policy=policy)
    resolved = resolve(settings, today=TODAY, found=found, policy=policy)

    assert [c.model.name for c in resolved.lanes["talk"]] == ["ollama/small-talk", "openai/gpt-6.1-sol"]
    assert [c.model.name for c in resolved.lanes["see"]] == ["openai/gpt-6-luna", "openai/gpt-6.1-sol"]


async def test_ollama_is_not_asked_when_the_local_preset_is_explicit(ollama_url: str) -> None:
    assert await discover(ProviderSettings(preset="local"), ollama_url=ollama_url) == Found()


async def test_a_server_that_never_answers_does_not_hold_up_the_start(ollama_url: str) -> None:
    async with asyncio.timeout(OLLAMA_TIMEOUT_S + 2.0):
        assert await discover(ProviderSettings(), ollama_url=f"{ollama_url}/silent") == Found()


async def test_a_port_that_nobody_listens_on_is_no_ollama() -> None:
    assert await discover(ProviderSettings(), ollama_url="http://127.0.0.1:1") == Found()


async def test_something_else_on_the_port_is_no_ollama(fake_providers: FakeProviders) -> None:
    assert await discover(ProviderSettings(), ollama_url=fake_providers.base_url) == Found()


async def test_an_endpoint_is_asked_for_its_models_with_its_key(fake_providers: FakeProviders) -> None:
    fake_providers.script.models = ["llama-3"]
    url = f"{fake_providers.base_url}/v1"
    settings = ProviderSettings(openai_base_url=url, openai_api_key="token")

    found = await discover(settings)

    assert found.endpoint == Listing(url, (ListedModel("llama-3"),))
    assert [(seen.kind, seen.key) for seen in fake_providers.requests] == [("models", "token")]


async def test_an_endpoint_without_a_key_answers_with_the_model_it_lists(
    fake_providers: FakeProviders,
) -> None:
    fake_providers.script.models = ["nomic-embed-text", "llama-3"]
    settings = ProviderSettings(openai_base_url=f"{fake_providers.base_url}/v1")
    found = await discover(settings)

    async with cascade_at(settings, [], found=found) as cascade:
        await cascade.chat(chat_ctx=question("Hello")).collect()

    assert [seen.model for seen in fake_providers.requests if seen.kind == "chat"] == ["llama-3"]

"""A small model on a server of one's own, OpenAI's for the hard turns: two servers, each with its own key."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from agent.cascade import Cascade, discover, resolve
from agent.cascade.verify.handup import HAND_UP_MARKER
from agent.errors import ConfigError
from agent.overlay import resolve_for
from agent.settings import load_provider_settings
from agent.wire import DeclaredRate, ModelCall, ModelPolicy, ProviderKey
from tests.fakes.providers import FakeProviders
from tests.fakes.script import Fault, Script
from tests.fixtures.context import a_context
from tests.fixtures.providers import QUICK, SDK_WARNING, TODAY, cascade_at, question

pytestmark = pytest.mark.filterwarnings(SDK_WARNING)

GOOD = "It is thirty days in all. They begin with the day of the purchase."
QUESTION = "How long is the refund period?"


@pytest.fixture
async def own_server() -> AsyncIterator[FakeProviders]:
    async with FakeProviders(Script(latencies=QUICK, models=["llama-3"])) as fake:
        yield fake


def _environment(own: FakeProviders, openai: FakeProviders) -> dict[str, str]:
    return {
        **openai.env_of("openai"),
        "PARLEY_CUSTOM_BASE_URL": f"{own.base_url}/v1",
        "PARLEY_CUSTOM_API_KEY": "own-key",
    }


def _asked(fake: FakeProviders) -> list[tuple[str, str | None]]:
    return [(seen.model, seen.key) for seen in fake.requests if seen.kind == "chat"]


async def test_a_turn_is_handed_up_from_a_server_of_ones_own_to_openai(
    own_server: FakeProviders, fake_providers: FakeProviders
) -> None:
    own_server.script.answers, fake_providers.script.answers = [HAND_UP_MARKER], [GOOD]
    settings = load_provider_settings(_environment(own_server, fake_providers))
    ledger: list[ModelCall] = []

    async with cascade_at(settings, ledger, found=await discover(settings)) as cascade:
        answer = await cascade.chat(chat_ctx=question(QUESTION)).collect()

    assert answer.text.strip() == GOOD
    assert _asked(own_server) == [("llama-3", "own-key")]
    assert _asked(fake_providers) == [("gpt-6.1-sol", "fake-openai-key")]
    small, large = sorted(ledger, key=lambda row: row.started_at)
    assert (small.provider, small.model, small.tier, small.answered) == ("custom", "llama-3", "small", False)
    assert (large.provider, large.model, large.purpose) == ("openai", "gpt-6.1-sol", "escalation")
    assert (small.cost_usd_micros, small.price_date) == (None, None)
    assert large.cost_usd_micros == large.baseline_usd_micros
    assert (large.cost_usd_micros or 0) > 0


async def test_the_price_that_was_declared_for_ones_own_server_stands_on_its_rows(
    own_server: FakeProviders, fake_providers: FakeProviders
) -> None:
    own_server.script.answers, fake_providers.script.answers = [HAND_UP_MARKER], [GOOD]
    cascade = Cascade.connect(
        small="custom/llama-3",
        large="openai/gpt-6.1-sol",
        keys={"openai": "their-key", "custom": "own-key"},
        addresses={"openai": f"{fake_providers.base_url}/v1", "custom": f"{own_server.base_url}/v1"},
        policy=ModelPolicy(rates={"custom/llama-3": DeclaredRate(input=1.0, output=2.0)}),
    )

    async with cascade:
        reply = await cascade.answer(QUESTION)

    small, large = reply.calls
    assert (_asked(own_server), _asked(fake_providers)) == (
        [("llama-3", "own-key")],
        [("gpt-6.1-sol", "their-key")],
    )
    assert small.cost_usd_micros == small.input_tokens + 2 * small.output_tokens > 0
    assert large.cost_usd_micros is not None
    assert reply.cost_usd_micros == small.cost_usd_micros + large.cost_usd_micros
    assert (reply.model, reply.tier) == ("openai/gpt-6.1-sol", "large")


async def test_an_easy_turn_stays_on_ones_own_server(
    own_server: FakeProviders, fake_providers: FakeProviders
) -> None:
    own_server.script.answers = [GOOD]
    settings = load_provider_settings(_environment(own_server, fake_providers))
    ledger: list[ModelCall] = []

    async with cascade_at(settings, ledger, found=await discover(settings)) as cascade:
        await cascade.chat(chat_ctx=question(QUESTION)).collect()

    assert (_asked(own_server), _asked(fake_providers)) == ([("llama-3", "own-key")], [])
    [row] = ledger
    assert row.answered
    assert row.cost_usd_micros is None
    assert row.baseline_usd_micros is not None


async def test_openai_answers_while_ones_own_server_is_broken(
    own_server: FakeProviders, fake_providers: FakeProviders
) -> None:
    own_server.script.faults = [Fault(fault="server_error")]
    fake_providers.script.answers = [GOOD]
    settings = load_provider_settings(_environment(own_server, fake_providers))
    ledger: list[ModelCall] = []

    async with cascade_at(settings, ledger, found=await discover(settings)) as cascade:
        answer = await cascade.chat(chat_ctx=question(QUESTION)).collect()

    assert answer.text.strip() == GOOD
    assert [(row.provider, row.answered) for row in ledger] == [("custom", False), ("openai", True)]


async def test_each_server_is_asked_for_its_models_with_its_own_key(
    own_server: FakeProviders, fake_providers: FakeProviders
) -> None:
    settings = load_provider_settings(_environment(own_server, fake_providers))

    found = await discover(replace(settings, custom_api_key=None))
    await discover(settings)

    assert found.custom is not None
    assert [model.id for model in found.custom.models] == ["llama-3"]
    assert [seen.key for seen in own_server.requests if seen.kind == "models"] == ["", "own-key"]
    assert {seen.key for seen in fake_providers.requests} == {"fake-openai-key"}


@pytest.mark.parametrize("tenants_key", ["tenant-key", None])
async def test_a_tenants_own_server_gets_the_tenants_key_and_the_deployments_two_get_nothing(
    own_server: FakeProviders, fake_providers: FakeProviders, tenants_key: str | None
) -> None:
    settings = load_provider_settings(_environment(own_server, fake_providers))
    prepared = resolve(settings, today=TODAY, found=await discover(settings))
    async with FakeProviders(Script(latencies=QUICK, models=["mistral"], answers=[GOOD])) as tenants:
        brought = ProviderKey(
            provider="openai", api_key=tenants_key, base_url=f"{tenants.base_url}/v1", may_be_local=True
        )
        own_server.requests.clear()
        fake_providers.requests.clear()

        resolved = await resolve_for(a_context(brought), prepared, settings, today=TODAY)
        async with Cascade(resolved, lambda _: None) as cascade:
            answer = await cascade.chat(chat_ctx=question(QUESTION)).collect()

    assert answer.text.strip() == GOOD
    assert (own_server.requests, fake_providers.requests) == ([], [])
    assert [seen.kind for seen in tenants.requests] == ["models", "chat"]
    assert {seen.key for seen in tenants.requests} <= {tenants_key or "", "none"}


async def test_what_cannot_be_opened_of_a_tenants_sends_nothing_to_the_deployments_own_server(
    own_server: FakeProviders, fake_providers: FakeProviders
) -> None:
    settings = load_provider_settings(_environment(own_server, fake_providers))
    prepared = resolve(settings, today=TODAY, found=await discover(settings))
    closed = ProviderKey(provider="openai", api_key=None, base_url=None)

    resolved = await resolve_for(a_context(closed), prepared, settings, today=TODAY)

    assert resolved.is_local
    assert resolved.endpoints == {}


def test_an_address_whose_models_nobody_names_is_refused_by_the_library() -> None:
    with pytest.raises(ConfigError, match="addresses names custom, but no model of it is chosen"):
        Cascade.connect(
            large="openai/gpt-6.1-sol", keys={"openai": "k"}, addresses={"custom": "http://llm.lan/v1"}
        )


def test_a_custom_model_without_an_address_is_refused_by_the_library() -> None:
    with pytest.raises(ConfigError, match="is 'custom/llama-3', but PARLEY_CUSTOM_BASE_URL is not set"):
        Cascade.connect(small="custom/llama-3", keys={"openai": "k"})

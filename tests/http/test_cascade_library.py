"""The cascade as a library: a few lines, without a room, a database or a server."""

from collections.abc import Callable
from typing import Any

import pytest

from agent.cascade import Cascade, TurnFacts
from agent.errors import ProviderUnavailable
from agent.wire import ModelCall, ModelPolicy
from tests.fakes.providers import FakeProviders
from tests.fakes.script import Fault
from tests.fixtures.providers import SDK_WARNING

pytestmark = pytest.mark.filterwarnings(SDK_WARNING)


async def test_ten_lines_ask_a_question_and_know_what_it_cost(fake_providers: FakeProviders) -> None:
    calls: list[ModelCall] = []
    address = f"{fake_providers.base_url}/v1"

    cascade = Cascade.connect(
        small="openai/gpt-6-luna",
        large="openai/gpt-6.1-sol",
        keys={"openai": "fake-openai-key"},
        addresses={"openai": address},
        on_call=calls.append,
    )
    async with cascade:
        reply = await cascade.answer("What is the refund period?")

    assert reply.text.startswith("Sure. The refund period is thirty days")
    assert (reply.model, reply.tier) == ("openai/gpt-6-luna", "small")
    assert set(reply.reasons) >= {"policy", "budget", "dominance", "session", "score", "call", "verify"}
    assert reply.cost_usd_micros == sum(call.cost_usd_micros or 0 for call in calls) > 0
    assert reply.calls == tuple(calls)


async def test_the_environment_says_which_providers_there_are(
    fake_providers: FakeProviders, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in fake_providers.env_of("anthropic").items():
        monkeypatch.setenv(name, value)
    for name in ("OPENAI_API_KEY", "GOOGLE_API_KEY", "OPENAI_BASE_URL", "OLLAMA_BASE_URL"):
        monkeypatch.delenv(name, raising=False)

    async with Cascade.connect() as cascade:
        reply = await cascade.answer("What is the refund period?", instructions="Answer in one sentence.")

    [seen] = fake_providers.requests
    assert reply.model == "anthropic/claude-haiku-5-5"
    assert "Answer in one sentence." in str(seen.body["system"])


@pytest.mark.parametrize(("share", "tier"), [(0.0, "small"), (1.0, "large"), (None, "small")])
async def test_the_share_of_a_policy_is_held(
    fake_providers: FakeProviders, share: float | None, tier: str
) -> None:
    policy = ModelPolicy.model_validate({"strong_share": share})

    async with _connected(fake_providers, policy=policy) as cascade:
        reply = await cascade.answer("What is the refund period?")

    assert reply.tier == tier


async def test_facts_go_with_a_question(fake_providers: FakeProviders) -> None:
    async with _connected(fake_providers) as cascade:
        reply = await cascade.answer(
            "What is the refund period?", facts=TurnFacts(turn="t-7", speaker="ann", max_output_tokens=50)
        )

    [call] = reply.calls
    assert (call.turn_client_id, call.speaker_identity) == ("t-7", "ann")
    assert fake_providers.requests[0].body["max_completion_tokens"] == 50


async def test_an_answer_that_no_model_gives_is_an_error_in_a_sentence(fake_providers: FakeProviders) -> None:
    fake_providers.script.faults = [Fault(fault="server_error")]

    async with _connected(fake_providers) as cascade:
        with pytest.raises(ProviderUnavailable) as failed:
            await cascade.answer("What is the refund period?")

    assert str(failed.value).startswith("no model answered (openai/gpt-6-luna: server_error; ")


async def test_an_answer_that_breaks_off_is_an_error_in_a_sentence(fake_providers: FakeProviders) -> None:
    fake_providers.script.answers = ["It is thirty days in all. They begin with the day of the purchase."]
    fake_providers.script.faults = [Fault(fault="cut", after_pieces=8)]

    async with _connected(fake_providers) as cascade:
        with pytest.raises(ProviderUnavailable, match=r"^the answer broke off \(cut\); ask again$"):
            await cascade.answer("What is the refund period?")


async def test_a_listener_that_fails_costs_no_answer(
    fake_providers: FakeProviders, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(row: ModelCall) -> None:
        raise RuntimeError(row.model)

    async with _connected(fake_providers, on_call=fail) as cascade:
        reply = await cascade.answer("What is the refund period?")

    assert reply.text.startswith("Sure. The refund period is thirty days")
    assert [call.answered for call in reply.calls] == [True]
    assert "a call was not recorded" in caplog.messages


def _connected(
    fake_providers: FakeProviders, on_call: Callable[[ModelCall], None] = lambda _: None, **options: Any
) -> Cascade:
    address = f"{fake_providers.base_url}/v1"
    return Cascade.connect(
        keys={"openai": "fake-openai-key"}, addresses={"openai": address}, on_call=on_call, **options
    )

"""Answers of the real provider SDKs: streamed, with images, and written into the ledger."""

import base64
import subprocess
import sys

import pytest
from livekit import rtc
from livekit.agents import llm

from agent.cascade import TURN_KEY, Cascade, resolve
from agent.cascade.models import prices
from agent.cascade.models.catalog import Model
from agent.cascade.models.prices import TokenUsage
from agent.cascade.verify import HAND_UP_MARKER
from agent.prompts import load_prompt
from agent.settings import ProviderSettings
from agent.wire import CallOutcome, ModelCall
from tests.fakes.providers import FakeProviders
from tests.fakes.script import Wire, pieces_of
from tests.fixtures.providers import SDK_WARNING, TODAY, cascade_at, pieces, question

ANSWER = "The refund period is thirty days."
SMALL: dict[Wire, str] = {
    "openai": "gpt-6-luna",
    "google": "gemini-3.5-flash-lite",
    "anthropic": "claude-haiku-5-5",
}
WIRES = list(SMALL)

pytestmark = pytest.mark.filterwarnings(SDK_WARNING)


def _picture() -> llm.ImageContent:
    pixels = bytes([200]) * (64 * 48 * 3 // 2)
    return llm.ImageContent(image=rtc.VideoFrame(64, 48, rtc.VideoBufferType.I420, pixels))


def _priced(row: ModelCall, model: Model, without: int = 0) -> int | None:
    sent = max(row.input_tokens - without, 0)
    usage = TokenUsage(sent, min(row.cached_tokens, sent), 0, row.output_tokens)
    return prices.cost_micros(model, usage, row.started_at)


@pytest.mark.parametrize("wire", WIRES)
async def test_the_small_model_answers_and_the_call_is_priced(
    fake_providers: FakeProviders, wire: Wire
) -> None:
    fake_providers.script.answers = [ANSWER]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of(wire), ledger) as cascade:
        answer = await cascade.chat(
            chat_ctx=question("What is the refund period?"), extra_kwargs={TURN_KEY: "turn-1"}
        ).collect()
        large = cascade.resolved.baseline("talk")

    [row], [seen] = ledger, fake_providers.requests
    assert answer.text == ANSWER
    assert seen.key == f"fake-{wire}-key"
    assert seen.question == "What is the refund period?"
    assert (row.provider, row.model, row.tier) == (wire, SMALL[wire], "small")
    assert (row.kind, row.outcome, row.reason) == ("talk", CallOutcome.OK, "small first")
    assert row.turn_client_id == "turn-1"
    assert large is not None
    assert row.input_tokens > 0
    assert row.output_tokens >= len(pieces_of(ANSWER))
    assert row.cost_usd_micros == _priced(row, Model(wire, row.model))
    # The large model would not have been told how to hand a turn up.
    told = len(load_prompt("handup", marker=HAND_UP_MARKER)) // 4
    assert row.baseline_usd_micros == _priced(row, large, without=told)
    assert row.price_date == row.started_at.date().isoformat()
    assert row.first_token_ms is not None
    assert row.first_token_ms <= row.total_ms


@pytest.mark.parametrize("wire", WIRES)
async def test_the_answer_arrives_in_pieces(fake_providers: FakeProviders, wire: Wire) -> None:
    fake_providers.script.answers = [ANSWER]

    heard: list[str] = []

    async with cascade_at(fake_providers.settings_of(wire), []) as cascade:
        await pieces(cascade.chat(chat_ctx=question("Go on")), heard)

    assert heard == pieces_of(ANSWER)


@pytest.mark.parametrize("wire", WIRES)
async def test_cached_tokens_are_counted_and_cost_less(fake_providers: FakeProviders, wire: Wire) -> None:
    ledger: list[ModelCall] = []
    long_question = question("Tell me about refunds. " * 4_000)

    async with cascade_at(fake_providers.settings_of(wire), ledger) as cascade:
        await cascade.chat(chat_ctx=long_question).collect()
        fake_providers.script.cached_tokens = 20_000
        await cascade.chat(chat_ctx=long_question).collect()

    fresh, cached = ledger
    assert (fresh.cached_tokens, cached.cached_tokens) == (0, 20_000)
    assert fresh.input_tokens == cached.input_tokens > 20_000
    assert fresh.cost_usd_micros is not None
    assert cached.cost_usd_micros is not None
    assert cached.cost_usd_micros < fresh.cost_usd_micros / 2


@pytest.mark.parametrize("wire", WIRES)
async def test_the_shared_screen_reaches_the_model_as_one_image(
    fake_providers: FakeProviders, wire: Wire
) -> None:
    ledger: list[ModelCall] = []
    chat_ctx = question("What does this show?", _picture())
    chat_ctx.add_message(role="assistant", content="A form.")
    chat_ctx.add_message(role="user", content=["And this?", _picture()])

    async with cascade_at(fake_providers.settings_of(wire), ledger) as cascade:
        await cascade.chat(chat_ctx=chat_ctx).collect()

    [row], [seen] = ledger, fake_providers.requests
    assert (row.kind, row.outcome) == ("see", CallOutcome.OK)
    assert seen.images == 1
    assert seen.question == "And this?"


async def test_the_image_is_a_jpeg(fake_providers: FakeProviders) -> None:
    async with cascade_at(fake_providers.settings_of("anthropic"), []) as cascade:
        await cascade.chat(chat_ctx=question("What is this?", _picture())).collect()

    body = fake_providers.requests[0].model_dump()["body"]
    [image] = [block for block in body["messages"][-1]["content"] if block["type"] == "image"]
    assert image["source"]["media_type"] == "image/jpeg"
    assert base64.b64decode(image["source"]["data"])[:2] == b"\xff\xd8"


async def test_models_are_told_not_to_think_first(fake_providers: FakeProviders) -> None:
    for wire in WIRES:
        async with cascade_at(fake_providers.settings_of(wire), []) as cascade:
            await cascade.chat(chat_ctx=question("Hello")).collect()

    openai, google, anthropic = (seen.model_dump()["body"] for seen in fake_providers.requests)
    assert openai["reasoning_effort"] == "none"
    assert "temperature" not in openai
    assert google["generationConfig"]["thinkingConfig"] == {"thinking_level": "MINIMAL"}
    assert anthropic["thinking"] == {"type": "disabled"}


async def test_a_custom_endpoint_answers_unpriced(fake_providers: FakeProviders) -> None:
    ledger: list[ModelCall] = []
    settings = ProviderSettings(
        openai_base_url=f"{fake_providers.base_url}/v1", small_model="llama-3", large_model="llama-3"
    )

    async with cascade_at(settings, ledger) as cascade:
        await cascade.chat(chat_ctx=question("Hello")).collect()

    [row] = ledger
    assert (row.provider, row.model, row.outcome) == ("custom", "llama-3", CallOutcome.OK)
    assert row.output_tokens > 0
    assert (row.cost_usd_micros, row.baseline_usd_micros, row.price_date) == (None, None, None)


async def test_a_model_without_eyes_is_told_that_it_cannot_see(fake_providers: FakeProviders) -> None:
    ledger: list[ModelCall] = []
    settings = ProviderSettings(
        openai_base_url=f"{fake_providers.base_url}/v1", small_model="llama-3", large_model="llama-3"
    )
    resolved = resolve(settings, today=TODAY)
    blind = type(resolved)(
        profile=resolved.profile,
        lanes={**resolved.lanes, "see": ()},
        stt=resolved.stt,
        tts=resolved.tts,
        endpoints=resolved.endpoints,
        today=TODAY,
    )

    cascade = Cascade(blind, ledger.append)
    await cascade.chat(chat_ctx=question("What is this?", _picture())).collect()
    await cascade.aclose()

    [row], [seen] = ledger, fake_providers.requests
    assert (row.kind, seen.images) == ("talk", 0)
    assert "this model cannot take images" in seen.question


def test_the_first_answer_imports_nothing() -> None:
    """A module imported during the first turn would hold up the event loop that carries the audio."""
    code = """
import asyncio, sys
from tests.fakes.providers import FakeProviders
from tests.fixtures.providers import cascade_at, question

async def main():
    async with FakeProviders() as fake:
        for wire in ("openai", "google", "anthropic"):
            async with cascade_at(fake.settings_of(wire), []) as cascade:
                before = set(sys.modules)
                await cascade.chat(chat_ctx=question("Hello")).collect()
                print(sorted(set(sys.modules) - before))

asyncio.run(main())
"""

    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout.split("\n")[:3] == ["[]", "[]", "[]"]

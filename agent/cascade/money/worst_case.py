"""What one call may cost at most, computed before it without a tokenizer.

Text counts a token a byte of UTF-8. The tokenizers of OpenAI and Anthropic are byte-level and Gemini's falls
back to bytes, so no token is made of less. It is generous to ordinary text, which is why a reservation is
settled as soon as its call has ended. Measured 2026-11-28, with o200k_base and cl100k_base of `bpe-openai`
0.1.4 and Claude's of `anthropic-tokenizer` 0.1.0, in bytes for each token of o200k: 4.2 in 6,463 English
prompts and in Python, 4.8 in Chinese, 3.5 in Japanese, 4.3 in Korean, 8.3 in Hindi; 1.6 in random letters and
random Chinese; 1.0 in rare Chinese characters, which is the bound itself. A finer rule, by words, came to 2.1
in English and was below the real count of some of those prompts.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from livekit import rtc
from livekit.agents import llm

from agent.cascade.models.catalog import Model
from agent.cascade.models.image_tokens import image_tokens_of
from agent.cascade.models.prices import PriceTable, rates_of

CALL_TOKENS: Final = 700
"""What a provider adds unseen. Anthropic's is the largest that is told of: 346 to 675 with tools.
Source: platform.claude.com/docs/en/agents-and-tools/tool-use/overview, pricing (read 2026-11-28)."""
ITEM_TOKENS: Final = 16
"""Roles and separators of one message: 3 or 4 are usual."""
USUAL_CHARS: Final = 12_000
USUAL_OUTPUT_TOKENS: Final = 4_096
UNSIZED_PX: Final = 2576
"""The side of an image whose size nobody knows: as large as any provider looks at."""
UNKNOWN_IMAGE_TOKENS: Final = 6_000
"""Of a model whose formula is not known; the most of those that are known is 5,700 a tile of gpt-4o-mini."""


def worst_case_usd_micros(
    model: Model,
    chat_ctx: llm.ChatContext,
    max_output_tokens: int,
    at: datetime,
    *,
    tools: Sequence[llm.Tool] = (),
    table: PriceTable | None = None,
) -> int | None:
    """Millionths of a dollar, rounded up; None where there is no price.

    The dearest of what may apply: the price of every length up to the longest that this may be, and of tokens
    written to a cache where that is dearer. `table` spares looking the price up.
    """
    rates = rates_of(model, at) if table is None else table.rates(model, at)
    if rates is None:
        return None
    sent = most_input_tokens(model, chat_ctx, tools)
    steps = [step for step in rates.steps if sent > step.over_tokens]
    dearest_in = max(max(step.input, step.cached, step.cache_write) for step in steps)
    dearest_out = max(step.output for step in steps)
    return -(-(sent * dearest_in + max_output_tokens * dearest_out) // rates.parts)


def usual_worst_usd_micros(models: Iterable[Model], at: datetime) -> int:
    """What the dearest of them may cost for a turn as they usually are; 0 where nothing has a price."""
    usual = llm.ChatContext([llm.ChatMessage(role="user", content=["x" * USUAL_CHARS])])
    costs = [worst_case_usd_micros(model, usual, USUAL_OUTPUT_TOKENS, at) for model in models]
    return max((cost for cost in costs if cost is not None), default=0)


def most_input_tokens(model: Model, chat_ctx: llm.ChatContext, tools: Sequence[llm.Tool] = ()) -> int:
    """At least as many as any provider will count."""
    items = sum(ITEM_TOKENS + _item_tokens(model, item) for item in chat_ctx.items)
    return CALL_TOKENS + items + sum(ITEM_TOKENS + _bytes(_schema(tool)) for tool in tools)


def most_text_tokens(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _item_tokens(model: Model, item: llm.ChatItem) -> int:
    match item:
        case llm.ChatMessage():
            return sum(_part_tokens(model, part) for part in item.content)
        case llm.FunctionCall():
            return _bytes((item.name, item.arguments, item.call_id))
        case llm.FunctionCallOutput():
            return _bytes((item.name, item.output, item.call_id))
        case _:
            return 0


def _part_tokens(model: Model, part: llm.ChatContent) -> int:
    match part:
        case str():
            return most_text_tokens(part)
        case llm.ImageContent():
            tokens = image_tokens_of(model, *_size(part))
            return UNKNOWN_IMAGE_TOKENS if tokens is None else tokens
        case llm.AudioContent():
            return most_text_tokens(part.transcript or "")
        case _:
            return 0


def _size(image: llm.ImageContent) -> tuple[int, int]:
    """In pixels, as it is sent."""
    if image.inference_width and image.inference_height:
        return image.inference_width, image.inference_height
    if isinstance(image.image, rtc.VideoFrame):
        return image.image.width, image.image.height
    return UNSIZED_PX, UNSIZED_PX


def _schema(tool: llm.Tool) -> Iterable[str]:
    """What a provider is told of a tool, twice over: in its own words it may be longer."""
    match tool:
        case llm.FunctionTool():
            legacy = llm.utils.build_legacy_openai_schema(tool)
            return (str(legacy), str(legacy))
        case llm.RawFunctionTool():
            return (str(tool.info.raw_schema), str(tool.info.raw_schema))
        case _:
            return (str(tool),)


def _bytes(texts: Iterable[str]) -> int:
    return sum(most_text_tokens(text) for text in texts)

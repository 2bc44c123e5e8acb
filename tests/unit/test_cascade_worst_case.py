"""No call costs more than was computed before it: for any text, any length, any price."""

import random
from datetime import UTC, datetime

import pytest
from livekit.agents import llm

from agent.cascade.models.catalog import DeclaredPrice, Model
from agent.cascade.models.models_file import load_catalog
from agent.cascade.models.prices import PriceTable, TokenUsage, cost_micros, listed_models
from agent.cascade.money.worst_case import (
    most_input_tokens,
    most_text_tokens,
    usual_worst_usd_micros,
    worst_case_usd_micros,
)

AT = datetime(2026, 11, 28, tzinfo=UTC)
LUNA = Model("openai", "gpt-6-luna", image_tokens="openai-patches")

COUNTED = [
    ("What is the refund period, and does it start when I order or when the parcel arrives?", 19),
    ("def add(a: int, b: int) -> int:\n    return a + b\n", 20),
    (
        "人工智能正在改变我们的工作方式。许多公司开始使用语言模型来回答客户的问题，但成本常常是一个重要的因素。",
        42,
    ),
    ("㐀㐁㐂㑇㒨㓦㔾㕣㖞㗎", 30),
    ("qXzvKjWpLmRtBnQxHcYfGdZs", 24),
    ("3141592653589793238462643383279502884197", 17),
    ("!@#$%^&*()_+{}|:<>?~`-=[];',./", 20),
]
"""Text, and the most tokens that o200k_base, cl100k_base and Claude's tokenizer made of it, as measured with
the packages that `worst_case.py` names."""


def asked(*texts: str | llm.ImageContent) -> llm.ChatContext:
    ctx = llm.ChatContext.empty()
    ctx.add_message(role="system", content="Answer in one sentence.")
    ctx.add_message(role="user", content=list(texts))
    return ctx


@pytest.mark.parametrize(("text", "tokens"), COUNTED)
def test_no_tokenizer_made_more_of_a_text_than_is_reckoned(text: str, tokens: int) -> None:
    assert most_text_tokens(text) >= tokens


def test_half_a_surrogate_is_counted_and_no_error() -> None:
    assert most_text_tokens("\ud83d") == 3


@pytest.mark.parametrize("seed", range(100))
def test_more_text_or_more_output_never_costs_less(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    model = chance.choice([LUNA, Model("google", "gemini-3.5-flash-lite")])
    text = "".join(chance.choices("ab 1.文é🎉", k=chance.randrange(5_000)))
    output = chance.randrange(5_000)
    less = worst_case_usd_micros(model, asked(text), output, AT)

    more_text = worst_case_usd_micros(model, asked(text + "x" * chance.randrange(500_000)), output, AT)
    more_output = worst_case_usd_micros(model, asked(text), output + chance.randrange(5_000), AT)

    assert less is not None
    assert more_text is not None
    assert more_output is not None
    assert less <= min(more_text, more_output)


@pytest.mark.parametrize("provider", ["openai", "google", "anthropic"])
def test_whatever_a_provider_counts_within_the_bounds_costs_no_more(provider: str) -> None:
    chance = random.Random(provider)  # noqa: S311 - repeatable on purpose
    table = PriceTable()
    priced = 0
    for name in listed_models(provider):
        model = Model(provider, name)  # type: ignore[arg-type] # the three are providers
        ctx = asked("word " * chance.choice((10, 5_000, 100_000)))
        most, output = most_input_tokens(model, ctx), chance.randrange(1, 5_000)
        worst = worst_case_usd_micros(model, ctx, output, AT, table=table)
        if worst is None:
            continue
        priced += 1
        for _ in range(50):
            sent = chance.randint(0, most)
            cached = chance.randint(0, sent)
            usage = TokenUsage(sent, cached, chance.randint(0, sent - cached), chance.randint(0, output))
            cost = cost_micros(model, usage, AT)
            assert cost is not None
            assert cost <= worst, (name, usage)

    assert priced > 5


def test_a_model_without_a_price_has_no_worst_case() -> None:
    assert worst_case_usd_micros(Model("custom", "ours"), asked("hello"), 500, AT) is None


def test_a_declared_price_is_taken_at_its_dearest() -> None:
    model = Model("custom", "ours", price=DeclaredPrice(input=1.0, output=2.0, cached=5.0))
    sent = most_input_tokens(model, asked("hello"))

    assert worst_case_usd_micros(model, asked("hello"), 500, AT) == sent * 5 + 1_000


def test_an_image_is_counted_as_its_model_counts_it_and_at_its_largest_without_a_size() -> None:
    sized = llm.ImageContent(image="data:,", inference_width=320, inference_height=320)
    unsized = llm.ImageContent(image="data:,")
    plain = most_input_tokens(LUNA, asked())

    assert most_input_tokens(LUNA, asked(sized)) - plain == 120
    assert most_input_tokens(LUNA, asked(unsized)) - plain == -(-12 * 81 * 81 // 10)
    assert most_input_tokens(Model("custom", "ours"), asked(unsized)) - plain == 6_000


def test_tools_and_what_they_said_are_counted() -> None:
    @llm.function_tool
    async def refund(order: str) -> str:
        """Pays an order back."""
        return order

    ctx = asked("Pay it back.")
    before = most_input_tokens(LUNA, ctx)
    ctx.insert(llm.FunctionCall(call_id="c1", name="refund", arguments='{"order": "' + "7" * 100 + '"}'))
    ctx.insert(llm.FunctionCallOutput(call_id="c1", name="refund", output="x" * 1_000, is_error=False))

    assert most_input_tokens(LUNA, ctx) > before + 1_100
    assert most_input_tokens(LUNA, ctx, [refund]) > most_input_tokens(LUNA, ctx) + 60


def test_what_a_usual_turn_may_cost_is_that_of_the_dearest_model() -> None:
    catalog = load_catalog()
    small, large = catalog.models["openai/gpt-6-luna"], catalog.models["openai/gpt-6.1-sol"]

    both = usual_worst_usd_micros([small, large], AT)

    assert both == usual_worst_usd_micros([large], AT) > usual_worst_usd_micros([small], AT) > 0
    assert usual_worst_usd_micros([catalog.models["local/quoting"]], AT) == 0

"""What people hear of an answer: its pieces, a few words when it is slow, a sentence when there is none."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from livekit.agents import DEFAULT_API_CONNECT_OPTIONS, APIConnectionError, APIConnectOptions, llm

from agent.answering import ask
from agent.cascade.facts import TURN_KEY, TurnFacts
from agent.errors import BudgetSpent, ProviderUnavailable
from agent.prompts import load_prompt

Script = Callable[[TurnFacts, Callable[[str], None]], Awaitable[None]]
NO_PATIENCE_S = 0.01


class ScriptedLLM(llm.LLM[str]):
    """Answers as `script` says: it gets the turn's facts and a function that sends a piece."""

    def __init__(self, script: Script) -> None:
        super().__init__()
        self.script = script

    def chat(self, *, chat_ctx: llm.ChatContext, tools: Any = None, **options: Any) -> llm.LLMStream:
        return ScriptedStream(self, chat_ctx, options["extra_kwargs"][TURN_KEY])


class ScriptedStream(llm.LLMStream):
    def __init__(self, model: ScriptedLLM, chat_ctx: llm.ChatContext, facts: TurnFacts) -> None:
        super().__init__(model, chat_ctx=chat_ctx, tools=[], conn_options=APIConnectOptions(max_retry=0))
        self._script, self._facts = model.script, facts

    async def _run(self) -> None:
        def send(text: str) -> None:
            delta = llm.ChoiceDelta(role="assistant", content=text)
            self._event_ch.send_nowait(llm.ChatChunk(id="1", delta=delta))

        await self._script(self._facts, send)


async def heard(script: Script, facts: TurnFacts, patience_s: float = NO_PATIENCE_S) -> list[str]:
    pieces = ask(
        ScriptedLLM(script),
        llm.ChatContext.empty(),
        [],
        facts,
        DEFAULT_API_CONNECT_OPTIONS,
        patience_s=patience_s,
    )
    return [
        piece if isinstance(piece, str) else (piece.delta.content or "") if piece.delta else ""
        async for piece in pieces
    ]


def escalates(facts: TurnFacts) -> None:
    assert facts.acknowledge is not None
    facts.acknowledge()


async def test_an_answer_is_passed_on_piece_by_piece() -> None:
    async def script(_: TurnFacts, send: Callable[[str], None]) -> None:
        send("Hello ")
        send("there.")

    assert await heard(script, TurnFacts(delivery="voice")) == ["Hello ", "there."]


async def test_a_spoken_answer_that_is_late_after_an_escalation_begins_with_a_few_words() -> None:
    async def script(facts: TurnFacts, send: Callable[[str], None]) -> None:
        escalates(facts)
        await asyncio.sleep(NO_PATIENCE_S * 10)
        send("Here it is.")

    assert await heard(script, TurnFacts(delivery="voice")) == [
        f"{load_prompt('one_moment')} ",
        "Here it is.",
    ]


async def test_a_count_of_tokens_is_no_beginning_of_an_answer() -> None:
    """Google's plugin sends one before each text."""

    async def script(facts: TurnFacts, send: Callable[[str], None]) -> None:
        send("")
        escalates(facts)
        await asyncio.sleep(NO_PATIENCE_S * 10)
        send("")
        await asyncio.sleep(NO_PATIENCE_S * 10)
        send("Here it is.")

    assert await heard(script, TurnFacts(delivery="voice")) == [
        "",
        f"{load_prompt('one_moment')} ",
        "",
        "Here it is.",
    ]


async def test_a_spoken_answer_that_is_in_time_after_an_escalation_begins_with_itself() -> None:
    async def script(facts: TurnFacts, send: Callable[[str], None]) -> None:
        escalates(facts)
        send("Here it is.")

    assert await heard(script, TurnFacts(delivery="voice"), patience_s=30.0) == ["Here it is."]


async def test_a_slow_answer_that_did_not_escalate_begins_with_itself() -> None:
    async def script(_: TurnFacts, send: Callable[[str], None]) -> None:
        await asyncio.sleep(NO_PATIENCE_S * 10)
        send("Here it is.")

    assert await heard(script, TurnFacts(delivery="voice")) == ["Here it is."]


async def test_a_written_answer_never_begins_with_a_few_words() -> None:
    async def script(facts: TurnFacts, send: Callable[[str], None]) -> None:
        escalates(facts)
        await asyncio.sleep(NO_PATIENCE_S * 10)
        send("Here it is.")

    assert await heard(script, TurnFacts(delivery="text")) == ["Here it is."]


@pytest.mark.parametrize("delivery", ["voice", "text"])
@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ProviderUnavailable("no model answered"), "all_failed"),
        (APIConnectionError("gone", retryable=False), "all_failed"),
        (ValueError("a defect of our own"), "all_failed"),
        (BudgetSpent("the tenant's cap for the month is spent", 60.0), "budget_stop"),
    ],
)
async def test_an_answer_that_fails_before_a_word_is_a_sentence(
    delivery: Any, error: Exception, sentence: str
) -> None:
    async def script(_: TurnFacts, send: Callable[[str], None]) -> None:
        raise error

    assert await heard(script, TurnFacts(delivery=delivery)) == [load_prompt(sentence)]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ProviderUnavailable("no model answered"), "all_failed"),
        (BudgetSpent("the tenant's cap for the month is spent", 60.0), "budget_stop"),
    ],
)
async def test_a_few_words_before_an_answer_that_never_comes_are_no_part_of_it(
    error: Exception, sentence: str
) -> None:
    async def script(facts: TurnFacts, send: Callable[[str], None]) -> None:
        escalates(facts)
        await asyncio.sleep(NO_PATIENCE_S * 10)
        raise error

    assert await heard(script, TurnFacts(delivery="voice")) == [
        f"{load_prompt('one_moment')} ",
        load_prompt(sentence),
    ]


async def test_an_answer_that_breaks_off_ends_with_a_sentence() -> None:
    async def script(_: TurnFacts, send: Callable[[str], None]) -> None:
        send("It is")
        raise APIConnectionError("gone", retryable=False)

    assert await heard(script, TurnFacts(delivery="voice")) == ["It is", f" {load_prompt('cut_short')}"]

"""What one turn leaves behind: a warm cache for the next, and what others learn from it."""

import asyncio
from uuid import uuid4

import pytest
from livekit.agents import llm

from agent.cascade import TURN_KEY, Cascade, TurnFacts
from agent.cascade.finished import Finished
from agent.cascade.verify.handup import HAND_UP_MARKER
from agent.errors import ProviderUnavailable
from agent.wire import ModelCall
from tests.fakes.providers import FakeProviders
from tests.fakes.script import Fault
from tests.fixtures.providers import SDK_WARNING, cascade_at, question

pytestmark = pytest.mark.filterwarnings(SDK_WARNING)

LONG = "Tell me about refunds, please. " * 400
"""More than a thousand tokens, so that a provider keeps it."""


class Pupil:
    """Learns from turns; `fails` when it cannot."""

    def __init__(self, *, fails: bool = False) -> None:
        self.turns: list[Finished] = []
        self._fails = fails

    def consider(self, finished: Finished) -> None:
        self.turns.append(finished)
        if self._fails:
            raise RuntimeError


async def _say(
    cascade: Cascade, text: str, conversation: str | None = "room", turn: str | None = None
) -> llm.CollectedResponse:
    """In a turn of its own, unless `turn` names it."""
    facts = TurnFacts(turn=turn or uuid4().hex, conversation=conversation)
    return await cascade.chat(chat_ctx=question(text), extra_kwargs={TURN_KEY: facts}).collect()


async def test_a_conversation_stays_with_the_provider_whose_cache_is_warm(
    fake_providers: FakeProviders,
) -> None:
    fake_providers.script.faults = [Fault(fault="server_error", wire="openai", times=1)]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings, ledger) as cascade:
        await _say(cascade, LONG)
        await _say(cascade, LONG)
        await _say(cascade, LONG, conversation="another")

    assert [(row.provider, row.answered) for row in ledger] == [
        ("openai", False),
        ("google", True),
        ("google", True),
        ("openai", True),
    ]
    assert "tokens warm" in ledger[2].decision["session"]


async def test_a_follow_up_goes_where_the_question_was_handed_up_to(fake_providers: FakeProviders) -> None:
    fake_providers.script.answers = [HAND_UP_MARKER, "It is thirty days."]
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger) as cascade:
        await _say(cascade, LONG)
        await _say(cascade, "And why is that?")
        await _say(cascade, LONG)

    assert [row.tier for row in ledger if row.answered] == ["large", "large", "small"]
    assert ledger[2].reason == "large first: a follow-up"


async def test_claude_is_told_to_keep_the_prompt(fake_providers: FakeProviders) -> None:
    async with cascade_at(fake_providers.settings_of("anthropic"), []) as cascade:
        await _say(cascade, LONG)

    body = fake_providers.requests[0].model_dump()["body"]
    assert body["system"][-1]["cache_control"] == {"type": "ephemeral"}


async def test_a_turn_that_was_answered_is_shown_once_with_what_was_read(
    fake_providers: FakeProviders,
) -> None:
    pupil = Pupil()

    async with cascade_at(fake_providers.settings_of("openai"), [], shadow=pupil) as cascade:
        answer = await _say(cascade, "What is the refund period?", turn="t-1")

    [finished] = pupil.turns
    assert finished.answer.text == answer.text
    assert (finished.candidate.tier, finished.facts.turn) == ("small", "t-1")
    assert finished.request.question == "What is the refund period?"
    assert finished.verdict is not None
    assert finished.answer.finish_reason == "stop"


async def test_a_large_models_answer_is_shown_without_a_verdict(fake_providers: FakeProviders) -> None:
    fake_providers.script.answers = [HAND_UP_MARKER, "It is thirty days."]
    pupil = Pupil()

    async with cascade_at(fake_providers.settings_of("openai"), [], shadow=pupil) as cascade:
        await _say(cascade, "What is the refund period?")

    [finished] = pupil.turns
    assert (finished.candidate.tier, finished.verdict, finished.score) == ("large", None, None)


async def test_a_turn_that_failed_is_not_shown(fake_providers: FakeProviders) -> None:
    fake_providers.script.faults = [Fault(fault="server_error")]
    pupil = Pupil()

    async with cascade_at(fake_providers.settings_of("openai"), [], shadow=pupil) as cascade:
        with pytest.raises(ProviderUnavailable):
            await _say(cascade, "What is the refund period?")

    assert pupil.turns == []


async def test_who_learns_from_a_turn_cannot_fail_it(fake_providers: FakeProviders) -> None:
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings_of("openai"), ledger, shadow=Pupil(fails=True)) as cascade:
        answer = await _say(cascade, "What is the refund period?")

    assert answer.text.startswith("Sure.")
    assert [row.answered for row in ledger] == [True]


async def test_a_failed_turn_tells_the_session_of_no_error_it_would_leave_for(
    fake_providers: FakeProviders,
) -> None:
    """A session leaves its room after a few errors that it cannot recover from."""
    fake_providers.script.faults = [Fault(fault="server_error", times=2)]
    errors: list[object] = []
    metrics: list[object] = []

    async with cascade_at(fake_providers.settings_of("openai"), []) as cascade:
        cascade.on("error", errors.append)
        cascade.on("metrics_collected", metrics.append)
        with pytest.raises(ProviderUnavailable):
            await _say(cascade, "What is the refund period?")
        await _say(cascade, "What is the refund period?")

    assert errors == []
    assert len(metrics) == 1


async def test_many_turns_at_once_leave_one_row_each(fake_providers: FakeProviders) -> None:
    ledger: list[ModelCall] = []

    async with cascade_at(fake_providers.settings, ledger) as cascade:
        answers = await asyncio.gather(*(_say(cascade, f"Question {n}", None) for n in range(40)))

    assert all(answer.text.startswith("Sure.") for answer in answers)
    assert len(ledger) == len(fake_providers.requests) == 40
    assert len({row.client_id for row in ledger}) == 40

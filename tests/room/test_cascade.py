"""The cascade in real rooms: turns that are handed up, and budgets that people hear of."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from agent.cascade.verify import HAND_UP_MARKER
from agent.prompts import load_prompt
from tests.fakes.providers import FakeProviders
from tests.fakes.script import Script
from tests.fixtures.database import PASSWORD
from tests.fixtures.meeting import Meeting, said
from tests.fixtures.participant import Participant
from tests.fixtures.stack import Stack, start_stack
from tests.room.test_tenants import Company, company

pytestmark = pytest.mark.usefixtures("script")

HANDED_UP = {
    "gpt-4o-mini": HAND_UP_MARKER,
    "gpt-4o": "The second contract is the safer one. Its notice period is longer.",
}
LONG = "Which of the two contracts is safer for us? " + "Here is what they say. " * 250
"""Some 6,000 characters: for the large model that is a percent of the limit below."""


@pytest.fixture(scope="module")
def hosted(providers: FakeProviders, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    environment = providers.env_of("openai") | {
        "PARLEY_SMALL_MODEL": "openai/gpt-4o-mini",
        "PARLEY_LARGE_MODEL": "openai/gpt-4o",
        "PARLEY_STT": "local",
        "PARLEY_TTS": "local",
    }
    with start_stack(tmp_path_factory.mktemp("cascade"), environment) as stack:
        yield stack


async def cap(owner: Company, **budgets: dict[str, int]) -> None:
    """As its owner, since programs may not."""
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{owner.url}/v1/sessions", json={"email": owner.email, "password": PASSWORD}) as answer,
    ):
        session = (await answer.json())["session_token"]
    await owner.call("PUT", "/v1/budgets", budgets, session)


def outcomes(turns: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return {(turn["state"], turn["text"]) for turn in turns}


async def answering_calls(meeting: Meeting, count: int) -> list[dict[str, Any]]:
    """Calls to language models in the order in which they began."""
    calls = await meeting.wait_for_calls("talk", count)
    return sorted(calls, key=lambda call: str(call["started_at"]))


async def test_a_turn_that_the_small_model_hands_up_is_answered_by_the_large_one_and_paid_once(
    hosted: Stack, script: Script
) -> None:
    harbor = await company(hosted, "Lighthouse", "lena")
    script.answers_of = HANDED_UP
    meeting = harbor.meeting()
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        sent_s = await ann.type("Which of the two contracts is safer for us?")
        await ann.wait_for_agent_text("safer one", after_s=sent_s)
        await ann.wait_until_quiet()
        small, large = await answering_calls(meeting, 2)
    usage = await harbor.call("GET", "/v1/usage?group=tier", {})

    assert (small["model"], small["purpose"], small["answered"]) == ("gpt-4o-mini", "answer", False)
    assert (large["model"], large["purpose"], large["answered"]) == ("gpt-4o", "escalation", True)
    assert {"policy", "score", "threshold", "call"} <= set(large["decision"])
    assert small["baseline_usd_micros"] == 0
    assert large["baseline_usd_micros"] == large["cost_usd_micros"] > 0
    assert HAND_UP_MARKER not in " ".join(turn["text"] for turn in await meeting.transcript())
    assert usage["total"]["escalation_rate"] == 1.0


async def test_a_spoken_turn_that_takes_a_slow_second_model_is_bridged_by_a_few_words(
    hosted: Stack, script: Script
) -> None:
    harbor = await company(hosted, "Breakwater", "bea")
    script.answers_of = HANDED_UP
    script.latencies.first_token_s = 2.0
    meeting = harbor.meeting()
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        ended_s = await ann.say(said("Which of the two contracts is safer for us?"))
        await ann.wait_for_agent_text(load_prompt("one_moment"), after_s=ended_s)
        await ann.wait_for_agent_text("safer one", after_s=ended_s)


@asynccontextmanager
async def in_thrift(harbor: Company, script: Script) -> AsyncIterator[tuple[Meeting, Participant]]:
    """A meeting in which Ann has just heard that the budget is nearly spent."""
    await cap(harbor, tenant_month={"cap_usd_micros": 300_000, "thrift_percent": 1})
    script.answers_of = HANDED_UP
    meeting = harbor.meeting()
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        sent_s = await ann.type(LONG)
        await ann.wait_for_agent_text(load_prompt("budget_thrift"), after_s=sent_s, timeout_s=45)
        yield meeting, ann


async def test_people_hear_when_only_the_small_model_answers_and_it_is_not_passed_by(
    hosted: Stack, script: Script
) -> None:
    harbor = await company(hosted, "Drydock", "dora")
    async with in_thrift(harbor, script) as (meeting, ann):
        await ann.wait_for_attribute("parley.budget", "thrift")
        await meeting.wait_for_turns(
            lambda turns: ("complete", load_prompt("budget_thrift")) in outcomes(turns), "the announcement"
        )
        await ann.wait_until_quiet()
        script.answers_of = {"gpt-4o-mini": "Thirty days it is. As ever."}
        sent_s = await ann.type("And how long is the notice period?")
        await ann.wait_for_agent_text("Thirty days", after_s=sent_s)
        calls = await answering_calls(meeting, 3)

    assert [call["model"] for call in calls] == ["gpt-4o-mini", "gpt-4o", "gpt-4o-mini"]
    assert "only the small tier" in calls[-1]["decision"]["budget"]


async def test_a_budget_that_was_raised_while_the_agent_was_muted_is_said_once_it_may_speak(
    hosted: Stack, script: Script
) -> None:
    harbor = await company(hosted, "Slipway", "sue")
    async with in_thrift(harbor, script) as (meeting, ann):
        await ann.wait_until_quiet()
        await ann.command("mute")
        await ann.wait_for_attribute("parley.muted", "true")
        await cap(harbor, tenant_month={"cap_usd_micros": 300_000_000, "thrift_percent": 90})
        await ann.wait_for_attribute("parley.budget", "open", timeout_s=45)
        said_before = outcomes(await meeting.transcript())
        unmuted_s = time.monotonic()
        await ann.command("unmute")
        await ann.wait_for_agent_text(load_prompt("budget_open"), after_s=unmuted_s)

    assert load_prompt("budget_open") not in {text for _, text in said_before}


async def test_nothing_is_called_once_the_limit_is_reached_and_the_agent_says_so(
    hosted: Stack, providers: FakeProviders
) -> None:
    harbor = await company(hosted, "Sandbank", "sam")
    await cap(harbor, conversation={"cap_usd_micros": 1})
    meeting = harbor.meeting()
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        sent_s = await ann.type("What is the refund period?")
        await ann.wait_for_agent_text(load_prompt("budget_stop"), after_s=sent_s)
        turns = await meeting.wait_for_turns(
            lambda turns: any(turn["role"] == "user" for turn in turns), "the question"
        )

    assert [request for request in providers.requests if request.kind == "chat"] == []
    assert any(turn["text"] == "What is the refund period?" for turn in turns)

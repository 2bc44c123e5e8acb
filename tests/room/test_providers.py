"""Rooms that answer with remote models: the real plugins, and providers faked on the wire."""

from collections.abc import Iterator

import pytest

from tests.fakes.providers import FakeProviders
from tests.fakes.script import Fault, Script
from tests.fixtures.meeting import Meeting, said, texts
from tests.fixtures.stack import Stack, start_stack
from tests.room.test_screen import screen_with


@pytest.fixture(scope="module")
def openai_stack(providers: FakeProviders, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    environment = providers.env_of("openai") | {
        "PARLEY_SMALL_MODEL": "openai/gpt-4o-mini",
        "PARLEY_LARGE_MODEL": "openai/gpt-4o",
        "PARLEY_STT": "openai",
        "PARLEY_TTS": "openai",
    }
    with start_stack(tmp_path_factory.mktemp("openai"), environment) as stack:
        yield stack


@pytest.fixture(scope="module")
def mixed_stack(providers: FakeProviders, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Gemini is the small model, Claude the large one, speech stays on the machine."""
    environment = providers.env_of("google", "anthropic") | {
        "PARLEY_SMALL_MODEL": "google/gemini-3.5-flash-lite",
        "PARLEY_LARGE_MODEL": "anthropic/claude-sonnet-5-5",
        "PARLEY_STT": "local",
        "PARLEY_TTS": "local",
    }
    with start_stack(tmp_path_factory.mktemp("mixed"), environment) as stack:
        yield stack


async def test_hearing_answering_and_speaking_all_go_through_openais_plugin(
    openai_stack: Stack, script: Script, providers: FakeProviders
) -> None:
    meeting = Meeting.fresh(openai_stack.url, openai_stack.api_key)
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        ended_s = await ann.say(said("What is the refund period?"))
        await ann.audible_after(ended_s)
        turns = await meeting.wait_for_turns(
            lambda turns: any("thirty days" in text for text in texts(turns, "agent")), "the answer"
        )
        await ann.wait_until_quiet()
        calls = await meeting.wait_for_calls("talk", 1)
        speech = [*await meeting.wait_for_calls("stt", 1), *await meeting.wait_for_calls("tts", 2)]
    assert texts(turns, "user") == ["What is the refund period?"]
    assert {request.kind for request in providers.requests if request.wire == "openai"} >= {
        "stt",
        "chat",
        "tts",
    }
    answered = [call for call in calls if call["outcome"] == "ok"]
    assert answered[-1]["model"] == "gpt-4o-mini"
    assert 0 < answered[-1]["cost_usd_micros"] < answered[-1]["baseline_usd_micros"]
    assert {call["provider"] for call in speech} == {"openai"}


async def test_the_documents_reach_the_model_as_quotations_and_never_as_instructions(
    openai_stack: Stack, script: Script, providers: FakeProviders
) -> None:
    meeting = Meeting.fresh(openai_stack.url, openai_stack.api_key)
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        sent_s = await ann.type("What is the refund period?")
        await ann.wait_for_agent_text("thirty days", after_s=sent_s)
    messages = next(request.body["messages"] for request in providers.requests if request.kind == "chat")
    assert isinstance(messages, list)
    by_role = [
        (str(message["role"]), str(message["content"])) for message in messages if isinstance(message, dict)
    ]
    assert any(role == "user" and "30 days" in content for role, content in by_role)
    assert not any(role in {"system", "developer"} and "30 days" in content for role, content in by_role)


async def test_a_shared_screen_reaches_the_model_as_one_picture_beside_the_question(
    openai_stack: Stack, script: Script, providers: FakeProviders
) -> None:
    script.answers_to = {"error on my screen": "It says that the disk is full."}
    meeting = Meeting.fresh(openai_stack.url, openai_stack.api_key)
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        await ann.share_screen(screen_with("Error 4031: the disk is full"))
        await ann.wait_until_seen()
        sent_s = await ann.type("What does the error on my screen say?")
        await ann.wait_for_agent_text("disk is full", after_s=sent_s)
        await meeting.wait_for_calls("see", 1)
    chats = [request for request in providers.requests if request.kind == "chat"]
    assert chats[-1].images == 1


async def test_when_the_small_model_fails_the_large_one_answers_and_both_calls_are_in_the_ledger(
    mixed_stack: Stack, script: Script
) -> None:
    script.faults = [Fault(fault="server_error", wire="google")]
    meeting = Meeting.fresh(mixed_stack.url, mixed_stack.api_key)
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        sent_s = await ann.type("What is the refund period?")
        await ann.wait_for_agent_text("thirty days", after_s=sent_s)
        calls = await meeting.wait_for_calls("talk", 2)
    assert [(call["provider"], call["outcome"]) for call in calls] == [
        ("google", "server_error"),
        ("anthropic", "ok"),
    ]


async def test_an_answer_that_breaks_off_before_anybody_got_a_word_is_another_models(
    mixed_stack: Stack, script: Script
) -> None:
    script.faults = [Fault(fault="cut", wire="google")]
    meeting = Meeting.fresh(mixed_stack.url, mixed_stack.api_key)
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        sent_s = await ann.type("What is the refund period?")
        await ann.wait_for_agent_text("thirty days", after_s=sent_s)
        calls = await meeting.wait_for_calls("talk", 2)
    assert [(call["provider"], call["outcome"]) for call in calls] == [("google", "cut"), ("anthropic", "ok")]


async def test_gemini_answers_when_it_is_well(mixed_stack: Stack, script: Script) -> None:
    meeting = Meeting.fresh(mixed_stack.url, mixed_stack.api_key)
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        ended_s = await ann.say(said("What is the refund period?"))
        await ann.audible_after(ended_s)
        await ann.wait_for_agent_text("thirty days", after_s=ended_s)
        calls = await meeting.wait_for_calls("talk", 1)
    assert {call["provider"] for call in calls} == {"google"}


async def test_when_every_model_fails_the_agent_says_so_instead_of_falling_silent(
    mixed_stack: Stack, script: Script
) -> None:
    script.faults = [
        Fault(fault="server_error", wire="google"),
        Fault(fault="rate_limited", wire="anthropic"),
    ]
    meeting = Meeting.fresh(mixed_stack.url, mixed_stack.api_key)
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        sent_s = await ann.type("What is the refund period?")
        await ann.wait_for_agent_text("can't reach any of my models", after_s=sent_s)
        await ann.audible_after(sent_s)


async def test_an_answer_that_breaks_off_ends_with_a_word_about_it_and_no_second_answer(
    mixed_stack: Stack, script: Script
) -> None:
    script.answers = [
        "The refund period is thirty days. It is counted from the day of the purchase, as always."
    ]
    script.faults = [Fault(fault="cut", wire="google", after_pieces=12)]
    meeting = Meeting.fresh(mixed_stack.url, mixed_stack.api_key)
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        sent_s = await ann.type("What is the refund period?")
        await ann.wait_for_agent_text("ask me again", after_s=sent_s)
        calls = await meeting.wait_for_calls("talk", 1)
    assert {call["provider"] for call in calls} == {"google"}

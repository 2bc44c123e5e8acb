import time

from tests.fixtures.meeting import Meeting, texts
from tests.fixtures.stack import Stack


async def test_a_typed_question_is_answered_by_text_and_voice_on_the_same_timeline(stack: Stack) -> None:
    meeting = Meeting.fresh(stack.url, stack.api_key)
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        sent_s = await ann.type("What is the refund period?")
        await ann.wait_for_agent_text("30 days", after_s=sent_s)
        await ann.audible_after(sent_s)
        turns = await meeting.wait_for_turns(
            lambda turns: any("30 days" in text for text in texts(turns, "agent")), "the answer"
        )
    question, answer = turns[-2], turns[-1]
    assert (question["text"], question["channel"]) == ("What is the refund period?", "text")
    assert (answer["role"], answer["channel"]) == ("agent", "text")
    assert question["seq"] < answer["seq"]


async def test_someone_without_a_microphone_is_served_by_text(stack: Stack) -> None:
    meeting = Meeting.fresh(stack.url, stack.api_key)
    async with await meeting.join("Ann", microphone=False) as ann:
        await ann.wait_until_greeted()
        sent_s = await ann.type("How do I sign in?")
        await ann.audible_after(sent_s)
        turns = await meeting.wait_for_turns(lambda turns: len(texts(turns, "agent")) >= 2, "the answer")
    assert texts(turns, "user") == ["How do I sign in?"]


async def test_a_muted_agent_says_nothing_but_still_keeps_the_transcript(stack: Stack) -> None:
    meeting = Meeting.fresh(stack.url, stack.api_key)
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        await ann.command("mute")
        await ann.wait_for_attribute("parley.muted", "true")
        sent_s = await ann.type("What is the refund period?")
        await meeting.wait_for_turns(lambda turns: bool(texts(turns, "user")), "the question")
        await ann.command("unmute")
        await ann.wait_for_attribute("parley.muted", "false")
        asked_s = await ann.type("When is support open?")
        await ann.audible_after(asked_s)
        assert not [moment for moment in ann.audible_s if sent_s < moment < asked_s]
        turns = await meeting.wait_for_turns(lambda turns: len(texts(turns, "agent")) >= 2, "the answer")
    assert not any("30 days" in text for text in texts(turns, "agent"))


async def test_leaving_and_joining_again_goes_on_with_the_same_conversation(stack: Stack) -> None:
    meeting = Meeting.fresh(stack.url, stack.api_key)
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        sent_s = await ann.type("What is the refund period?")
        await ann.audible_after(sent_s)
        before = await meeting.wait_for_turns(lambda turns: len(texts(turns, "agent")) >= 2, "the answer")
    async with await meeting.join("Ann") as again:
        rejoined_s = time.monotonic()
        await again.wait(lambda: again.agent_state() != "", "the agent")
        sent_s = await again.type("And when is support open?")
        await again.audible_after(max(rejoined_s, sent_s))
        after = await meeting.wait_for_turns(lambda turns: len(turns) >= len(before) + 2, "the next answer")
    assert [turn["seq"] for turn in after[: len(before)]] == [turn["seq"] for turn in before]

import asyncio

from tests.fixtures.meeting import Meeting, said, texts
from tests.fixtures.stack import Stack


async def test_two_people_are_both_heard_and_each_turn_names_its_speaker(stack: Stack) -> None:
    meeting = Meeting.fresh(stack.url, stack.api_key)
    async with await meeting.join("Ann") as ann, await meeting.join("Ben") as ben:
        await ann.wait_until_greeted()
        ended_s = await ann.say(said("Parley, what is the refund period?"))
        await ann.audible_after(ended_s)
        await ann.wait_until_quiet()
        ended_s = await ben.say(said("Parley, when is support open?"))
        await ben.audible_after(ended_s)
        turns = await meeting.wait_for_turns(
            lambda turns: (
                {turn["speaker"]["name"] for turn in turns if turn["role"] == "user"} == {"Ann", "Ben"}
            ),
            "both speakers",
        )
    by_name = {turn["speaker"]["name"]: turn["text"].lower() for turn in turns if turn["role"] == "user"}
    assert "refund" in by_name["Ann"]
    assert "support" in by_name["Ben"]


async def test_talk_between_people_is_kept_and_not_answered_until_the_agent_is_named(stack: Stack) -> None:
    meeting = Meeting.fresh(stack.url, stack.api_key)
    async with await meeting.join("Ann") as ann, await meeting.join("Ben") as ben:
        await ann.wait_until_greeted()
        await asyncio.sleep(8.5)  # the greeting counts as an answer, and its follow-up window has to pass
        await ann.type("Ben, shall we move the launch to Monday?")
        await ben.type("Monday is fine with me.")
        await meeting.wait_for_turns(lambda turns: len(texts(turns, "user")) == 2, "what they typed")
        sent_s = await ann.type("Parley, what is the refund period?")
        await ann.wait_for_agent_text("30 days", after_s=sent_s)
        turns = await meeting.wait_for_turns(lambda turns: len(texts(turns, "agent")) >= 2, "the answer")
    assert [turn["role"] for turn in turns] == ["agent", "user", "user", "user", "agent"]


async def test_another_persons_voice_interrupts_the_agent_too(stack: Stack) -> None:
    meeting = Meeting.fresh(stack.url, stack.api_key)
    async with await meeting.join("Ann") as ann, await meeting.join("Ben") as ben:
        await ann.wait_until_greeted()
        sent_s = await ann.type("Parley, what is the refund period?")
        await ann.audible_after(sent_s)
        await ben.say(said("Sorry, I have to stop you there for a moment."))
        await meeting.wait_for_turns(
            lambda turns: any(turn["state"] == "interrupted" for turn in turns), "an interrupted turn"
        )


async def test_the_agent_leaves_a_room_without_humans_and_comes_back_for_the_next_one(stack: Stack) -> None:
    meeting = Meeting.fresh(stack.url, stack.api_key)
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        first = ann.agent.identity if ann.agent else ""
    await asyncio.sleep(17)  # the agent waits 15 s for somebody to return
    async with await meeting.join("Ann") as again:
        await again.wait(lambda: again.agent_state() in {"listening", "speaking"}, "the agent", 45)
        assert again.agent is not None
        assert again.agent.identity != first

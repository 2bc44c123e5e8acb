from tests.fixtures.meeting import Meeting, said, texts
from tests.fixtures.stack import Stack


async def test_a_spoken_question_is_answered_aloud_from_the_documents_and_stored(stack: Stack) -> None:
    meeting = Meeting.fresh(stack.url, stack.api_key)
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        ended_s = await ann.say(said("What is the refund period?"))
        await ann.audible_after(ended_s)
        await ann.wait_for_agent_text("30 days", after_s=ended_s)
        turns = await meeting.wait_for_turns(
            lambda turns: any("30 days" in text for text in texts(turns, "agent")), "the answer"
        )
    question = next(turn for turn in turns if turn["role"] == "user")
    assert "refund" in question["text"].lower()
    assert question["channel"] == "voice"
    assert question["speaker"]["name"] == "Ann"
    assert [turn["seq"] for turn in turns] == list(range(1, len(turns) + 1))


async def test_the_speakers_words_are_captioned_for_everyone_under_their_own_identity(stack: Stack) -> None:
    meeting = Meeting.fresh(stack.url, stack.api_key)
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        await ann.say(said("What is the refund period?"))
        mine = ann.room.local_participant.identity
        await ann.wait(
            lambda: any(
                caption.identity == mine and caption.final and "refund" in caption.text.lower()
                for caption in ann.captions
            ),
            "the caption of the question",
        )


async def test_talking_over_the_agent_stops_it_and_the_cut_answer_is_marked(stack: Stack) -> None:
    meeting = Meeting.fresh(stack.url, stack.api_key)
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        ended_s = await ann.say(said("What is the refund period?"))
        await ann.audible_after(ended_s)
        await ann.say(said("Stop. I have another question for you now."))
        turns = await meeting.wait_for_turns(
            lambda turns: any(turn["state"] == "interrupted" for turn in turns), "an interrupted turn"
        )
    cut = next(turn for turn in turns if turn["state"] == "interrupted")
    assert cut["role"] == "agent"


async def test_talking_over_the_greeting_stops_it_within_its_first_seconds(stack: Stack) -> None:
    meeting = Meeting.fresh(stack.url, stack.api_key)
    async with await meeting.join("Ann") as ann:
        await ann.audible_after(0, timeout_s=45)
        await ann.say(said("Excuse me, hello, can you hear me now?"))
        turns = await meeting.wait_for_turns(
            lambda turns: bool(turns) and turns[0]["state"] != "streaming", "the end of the greeting"
        )
    assert turns[0]["state"] == "interrupted"

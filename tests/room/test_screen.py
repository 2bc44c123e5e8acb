from PIL import Image, ImageDraw, ImageFont

from tests.fixtures.meeting import Meeting, texts
from tests.fixtures.stack import Stack


def screen_with(*lines: str) -> Image.Image:
    picture = Image.new("RGB", (1280, 720), "white")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(size=36)
    for number, line in enumerate(lines):
        draw.text((80, 80 + 70 * number), line, fill="black", font=font)
    return picture


async def test_the_agent_reads_the_error_off_a_shared_screen(stack: Stack) -> None:
    meeting = Meeting.fresh(stack.url, stack.api_key)
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        await ann.share_screen(
            screen_with("Quarterly report", "Error 4031: the disk is full", "Retry or cancel")
        )
        await ann.wait_until_seen()
        sent_s = await ann.type("What does the error on my screen say?")
        await ann.wait_for_agent_text("4031", after_s=sent_s, timeout_s=45)
        turns = await meeting.wait_for_turns(
            lambda turns: any("4031" in text for text in texts(turns, "agent")), "the answer"
        )
    assert "disk is full" in texts(turns, "agent")[-1].lower()


async def test_asked_about_a_screen_that_nobody_shares_the_agent_says_so(stack: Stack) -> None:
    meeting = Meeting.fresh(stack.url, stack.api_key)
    async with await meeting.join("Ann") as ann:
        await ann.wait_until_greeted()
        sent_s = await ann.type("What does the error on my screen say?")
        await ann.wait_for_agent_text("share", after_s=sent_s)

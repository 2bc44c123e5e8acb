"""The whole way through a meeting, with the agent of the local profile."""

import re

from playwright.async_api import Browser, expect

from tests.browser.chromium import SHARED_TITLE
from tests.browser.conftest import Invite
from tests.browser.visitor import ANSWER_MS, PAGE_MS, Visitor, new_room

ERROR_PAGE = f"""<!doctype html><title>{SHARED_TITLE}</title>
<body style="background:#fff;color:#111;font:36px sans-serif;padding:60px">
<h1>Upload failed</h1><p>Error 4821: the disk is full.</p></body>"""
SPOKEN_MS = 70_000
"""Until the question was asked for the third time, and answered."""
REFUND = re.compile("30 days")


async def test_spoken_question_is_answered_from_the_documents_in_captions_and_thread(
    arrive: Invite, asking_browser: Browser
) -> None:
    visitor = await arrive(asking_browser)

    await visitor.join(new_room("spoken"))

    captions = visitor.page.locator("parley-captions")
    await expect(captions.locator(".agent").first).to_be_attached(timeout=ANSWER_MS)
    asked = captions.locator(".person").filter(has_text=re.compile("refund", re.I))
    await expect(asked).to_be_attached(timeout=SPOKEN_MS)
    await expect(captions.locator(".agent").filter(has_text=REFUND)).to_be_attached(timeout=SPOKEN_MS)
    await visitor.picture("meeting-spoken")
    await visitor.sees("user", re.compile("refund", re.I))
    await visitor.sees("agent", REFUND)


async def test_typed_question_is_answered_and_a_reload_shows_the_same_thread(
    arrive: Invite, silent_browser: Browser
) -> None:
    visitor = await arrive(silent_browser)
    await visitor.join(new_room("typed"))

    await visitor.type("What is the refund period?")
    await visitor.sees("agent", REFUND)
    await visitor.agent_is("Speaking")
    await visitor.agent_is("Listening")
    before = await visitor.thread()
    await visitor.picture("meeting-typed")
    await visitor.page.reload()
    await visitor.join_from_lobby()

    await visitor.sees("agent", REFUND)
    assert (await visitor.thread())[: len(before)] == before


async def test_agent_reads_the_shared_screen_and_not_while_it_is_paused(
    arrive: Invite, silent_browser: Browser
) -> None:
    visitor = await arrive(silent_browser)
    await visitor.join(new_room("screen"))
    await show_error(visitor)

    await visitor.share()
    await expect(visitor.page.get_by_text("the agent sees one frame a second")).to_be_visible()
    await visitor.type("What does the error on my screen say?")

    await visitor.sees("agent", re.compile("4821"))
    await visitor.picture("meeting-screen")
    await visitor.button("Pause").click()
    await expect(visitor.page.get_by_text("You share your screen, paused")).to_be_visible(timeout=PAGE_MS)
    await visitor.button("Stop").click()
    await expect(visitor.button("Share")).to_be_visible(timeout=PAGE_MS)


async def test_guest_comes_by_link_and_everybody_reads_whom_the_words_are_from(
    arrive: Invite, silent_browser: Browser
) -> None:
    host = await arrive(silent_browser)
    await host.join(new_room("guest"))
    guest = await arrive(silent_browser)

    await guest.page.goto(await guest_link(host))
    await guest.page.get_by_label("Your name").fill("Noor")
    await guest.button("Continue").click()
    await guest.join_from_lobby()

    people = host.page.get_by_role("list", name="People in the room")
    await expect(people.get_by_text("Noor")).to_be_visible(timeout=PAGE_MS)
    await guest.type("Hello from Noor")
    await host.sees("user", "Hello from Noor")
    await expect(host.page.locator("parley-thread .by").filter(has_text="Noor")).to_be_visible()
    await host.picture("meeting-two-people")
    await expect(guest.button("Invite")).to_have_count(0)


async def test_muted_agent_stays_silent_until_it_is_unmuted(arrive: Invite, silent_browser: Browser) -> None:
    visitor = await arrive(silent_browser)
    await visitor.join(new_room("muted"))

    await visitor.button("Mute AI").click()
    await visitor.agent_is("Muted: it listens and stays silent")
    await visitor.type("What is the refund period?")
    await visitor.button("Unmute AI").click()
    await visitor.agent_is("Listening")
    await visitor.type("When is support open?")

    await visitor.sees("agent", re.compile("Monday to Friday"))
    await expect(visitor.said("agent", REFUND)).to_have_count(0)


async def test_key_m_mutes_and_unmutes_but_not_while_typing(arrive: Invite, silent_browser: Browser) -> None:
    visitor = await arrive(silent_browser)
    await visitor.sign_in(new_room("keys"))
    await visitor.join_from_lobby()
    await expect(visitor.button("Mute")).to_be_enabled(timeout=PAGE_MS)

    await visitor.page.keyboard.press("m")
    await expect(visitor.button("Unmute")).to_be_visible(timeout=PAGE_MS)
    await visitor.page.get_by_role("textbox", name="Message").press("m")
    await expect(visitor.button("Unmute")).to_be_visible()
    await visitor.button("Share").press("m")

    await expect(visitor.button("Mute")).to_be_visible(timeout=PAGE_MS)


async def test_leaving_offers_the_way_back_and_the_transcript(
    arrive: Invite, silent_browser: Browser
) -> None:
    visitor = await arrive(silent_browser)
    await visitor.join(new_room("left"))
    await visitor.type("When is support open?")
    await visitor.sees("agent", re.compile("Monday to Friday"))

    await visitor.button("Leave").click()
    await expect(visitor.page.get_by_text("You left the meeting")).to_be_visible(timeout=PAGE_MS)
    await visitor.button("Read the transcript").click()
    transcript = visitor.page.locator("parley-transcript")
    await expect(transcript.get_by_text("When is support open?")).to_be_visible(timeout=PAGE_MS)
    await visitor.picture("meeting-left")
    await visitor.page.keyboard.press("Escape")
    await expect(transcript).to_have_count(0)
    await visitor.button(re.compile("^Rejoin"), exact=False).click()

    await expect(visitor.button("Leave")).to_be_visible(timeout=PAGE_MS)


async def test_held_back_sound_can_be_turned_on(arrive: Invite, silent_browser: Browser) -> None:
    visitor = await arrive(silent_browser)
    await visitor.context.add_init_script(HOLD_SOUND_BACK)
    await visitor.sign_in(new_room("sound"))
    await visitor.join_from_lobby()

    await visitor.button("Turn on sound").click(timeout=ANSWER_MS)

    await visitor.hear_agent()
    await expect(visitor.button("Turn on sound")).to_have_count(0)


HOLD_SOUND_BACK = """
{
  const play = HTMLMediaElement.prototype.play;
  let allowed = false;
  addEventListener("click", (event) => {
    allowed ||= event.composedPath().some((part) => part.textContent?.trim() === "Turn on sound");
  }, true);
  HTMLMediaElement.prototype.play = function () {
    return allowed || this instanceof HTMLVideoElement
      ? play.call(this)
      : Promise.reject(new DOMException("no gesture yet", "NotAllowedError"));
  };
}
"""
"""Behaves as a browser that saw no gesture on this page."""


async def show_error(visitor: Visitor) -> None:
    """Opens the tab that will be shared, and comes back to the meeting."""
    tab = await visitor.context.new_page()
    await tab.set_content(ERROR_PAGE)
    await visitor.page.bring_to_front()


async def guest_link(host: Visitor) -> str:
    await host.button("Invite").click()
    link = host.page.get_by_label("Guest link")
    await expect(link).to_have_value(re.compile(r"^https?://.+/join/.+"), timeout=PAGE_MS)
    value = await link.input_value()
    await host.page.keyboard.press("Escape")
    return value

"""A person at the page: signs in, joins, speaks, types, reads. Every wait has a condition and a deadline."""

import asyncio
import re
import secrets
from pathlib import Path

from playwright.async_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.fixtures.stack import Stack

OUTPUT = Path(__file__).parents[1] / "output"
AGENT_MS = 30_000
"""Until the agent has joined and speaks: a job process may have to start first."""
ANSWER_MS = 30_000
PAGE_MS = 10_000

ONCE_HEARD = """() => new Promise((resolve) => {
  const look = () => {
    const heard = [...document.querySelectorAll("audio")].some((it) => !it.paused && it.currentTime > 0);
    return heard ? resolve() : setTimeout(look, 100);
  };
  look();
})"""
ONCE_SHOWN = """(video) => new Promise((resolve) => {
  const look = () => (video.currentTime > 2.5 ? resolve() : setTimeout(look, 100));
  look();
})"""
COMPLAINT = re.compile(r"Content Security Policy|Refused to|Uncaught|violates", re.IGNORECASE)


def new_room(name: str) -> str:
    """A room that nobody was in before."""
    return f"{name}-{secrets.token_hex(3)}"


class Visitor:
    """One browser context with one page. `complaints`: what the browser held against the page."""

    def __init__(self, context: BrowserContext, page: Page, stack: Stack) -> None:
        self.context = context
        self.page = page
        self.stack = stack
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._note)

    def _note(self, message: ConsoleMessage) -> None:
        if COMPLAINT.search(message.text):
            self.complaints.append(message.text)

    def button(self, name: str | re.Pattern[str], *, exact: bool = True) -> Locator:
        return self.page.get_by_role("button", name=name, exact=exact)

    async def heading(self, name: str | re.Pattern[str]) -> None:
        """Until the page or the step of that name is there."""
        await expect(self.page.get_by_role("heading", name=name).first).to_be_visible(timeout=PAGE_MS)

    async def told(self, text: str | re.Pattern[str]) -> None:
        """Until the page says below that something was done."""
        await expect(self.page.locator("parley-toast")).to_contain_text(text, timeout=PAGE_MS)

    def dialog(self) -> Locator:
        """The element around what a dialog shows, which lies in a slot and so not in the dialog itself."""
        return self.page.locator("parley-dialog")

    async def confirm(self, deed: str) -> None:
        await self.dialog().get_by_role("button", name=deed, exact=True).click()
        await expect(self.dialog()).to_have_count(0, timeout=PAGE_MS)

    def row(self, text: str) -> Locator:
        """Of a list on a page of settings."""
        return self.page.locator("ul.rows > li").filter(has_text=text)

    async def sign_in(self, room: str) -> None:
        """To the lobby of `room`, by the demo account."""
        await self.page.goto(f"{self.stack.url}/r/{room}")
        await self.button("Use the demo account").click()
        await expect(self.button("Join")).to_be_visible(timeout=PAGE_MS)

    async def join(self, room: str) -> None:
        """Into the meeting, until the agent is heard and read."""
        await self.sign_in(room)
        await self.join_from_lobby()
        await self.hear_agent()

    async def join_from_lobby(self) -> None:
        await self.button("Join").click()
        await expect(self.button("Leave")).to_be_visible(timeout=PAGE_MS)

    async def hear_agent(self) -> None:
        await expect(self.said("agent", re.compile("Parley")).first).to_be_visible(timeout=AGENT_MS)
        await expect(self.page.locator("audio").first).to_be_attached(timeout=AGENT_MS)
        async with asyncio.timeout(AGENT_MS / 1_000):
            await self.page.evaluate(ONCE_HEARD)

    async def share(self) -> None:
        """Until the shared screen has been shown for as long as the agent needs to take a look."""
        await self.button("Share").click()
        await expect(self.page.locator("parley-screen video")).to_be_visible(timeout=PAGE_MS)
        async with asyncio.timeout(AGENT_MS / 1_000):
            await self.page.locator("parley-screen video").evaluate(ONCE_SHOWN)

    async def agent_is(self, words: str) -> None:
        """Until the stage says of the agent `words`."""
        await expect(self.page.locator("parley-stage .state")).to_have_text(words, timeout=AGENT_MS)

    def said(self, who: str, text: str | re.Pattern[str]) -> Locator:
        """Entries of the thread; `who` is agent or user."""
        return self.page.locator(f"parley-thread .entry.{who} .text").filter(has_text=text)

    async def sees(self, who: str, text: str | re.Pattern[str]) -> None:
        await expect(self.said(who, text).last).to_be_visible(timeout=ANSWER_MS)

    async def type(self, text: str) -> None:
        box = self.page.get_by_role("textbox", name="Message")
        await box.fill(text)
        await box.press("Enter")

    async def thread(self) -> list[str]:
        return [
            text.strip() for text in await self.page.locator("parley-thread .entry .text").all_inner_texts()
        ]

    async def picture(self, name: str, *, whole: bool = False) -> None:
        """`whole`: what has to be scrolled to as well."""
        OUTPUT.mkdir(parents=True, exist_ok=True)
        await self.page.screenshot(path=OUTPUT / f"{name}.png", full_page=whole, animations="disabled")

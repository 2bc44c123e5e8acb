"""Every page on a narrow screen and in both themes; the pictures are there to be looked at."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import Invite
from tests.browser.people import enter, with_account
from tests.browser.visitor import PAGE_MS
from tests.fixtures.stack import Stack

NARROW_PX = 360
OUTSIDE = ("sign-in", "sign-up", "sign-up/x", "reset", "reset/x", "confirm-email/x", "invitation/x")
INSIDE = ("", "agents", "agents?new", "members", "keys", "account")


async def test_no_page_scrolls_sideways_on_a_narrow_screen(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await visitor.page.set_viewport_size({"width": NARROW_PX, "height": 740})

    widths = {}
    for page in OUTSIDE:
        await visitor.page.goto(f"{stack.url}/{page}")
        await expect(visitor.page.get_by_role("heading").first).to_be_visible(timeout=PAGE_MS)
        await visitor.picture(f"narrow-{page.replace('/', '-')}", whole=True)
        widths[page] = await visitor.page.evaluate("document.scrollingElement.scrollWidth")
    await enter(visitor, ada)
    for page in INSIDE:
        await visitor.page.goto(f"{stack.url}/{page}")
        await expect(visitor.page.get_by_role("heading").first).to_be_visible(timeout=PAGE_MS)
        await expect(visitor.page.get_by_text("Loading…")).to_have_count(0, timeout=PAGE_MS)
        await visitor.picture(f"narrow-{page.replace('?', '-') or 'lobby'}", whole=True)
        widths[page] = await visitor.page.evaluate("document.scrollingElement.scrollWidth")

    assert {page: width for page, width in widths.items() if width > NARROW_PX} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_every_page_can_be_seen_in_both_themes(
    arrive: Invite, silent_browser: Browser, stack: Stack, theme: str
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await visitor.context.add_init_script(f"localStorage.setItem('parley.theme', '{theme}')")
    await visitor.page.goto(f"{stack.url}/sign-in")
    await expect(visitor.button("Sign in")).to_be_visible(timeout=PAGE_MS)
    await visitor.picture(f"{theme}-sign-in")
    await enter(visitor, ada)

    for page in INSIDE:
        await visitor.page.goto(f"{stack.url}/{page}")
        await expect(visitor.page.get_by_role("heading").first).to_be_visible(timeout=PAGE_MS)
        await expect(visitor.page.get_by_text("Loading…")).to_have_count(0, timeout=PAGE_MS)
        await visitor.picture(f"{theme}-{page.replace('?', '-') or 'lobby'}", whole=True)
        ground = await visitor.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == {"light": "rgb(238, 241, 236)", "dark": "rgb(11, 17, 15)"}[theme]

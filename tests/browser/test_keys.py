"""Keys from the page: made, shown once, used, rotated, revoked; a provider's; origins."""

import re

import aiohttp
from playwright.async_api import Browser, expect

from tests.browser.conftest import Invite
from tests.browser.people import enter, with_account
from tests.browser.visitor import PAGE_MS, Visitor
from tests.fixtures.stack import Stack


async def test_key_is_shown_once_lets_a_program_in_and_no_more_once_it_is_revoked(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada, "keys")
    await expect(visitor.page.get_by_text("No API key yet")).to_be_visible(timeout=PAGE_MS)

    key = await make_key(visitor, "Dashboard")
    assert await status(stack, key) == 200
    await visitor.page.reload()
    row = visitor.row("Dashboard")
    await expect(row).to_contain_text("Last used", timeout=PAGE_MS)
    await expect(visitor.page.get_by_text(key)).to_have_count(0)
    await visitor.picture("keys", whole=True)
    await visitor.button("Revoke Dashboard").click()
    await visitor.confirm("Revoke")

    await visitor.told("“Dashboard” is revoked.")
    assert await status(stack, key) == 401
    await visitor.button(re.compile("^Show what has ended"), exact=False).click()
    await expect(visitor.row("Dashboard")).to_contain_text("revoked")


async def test_rotated_key_runs_out_beside_the_new_one(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada, "keys")
    old = await make_key(visitor, "Widget")

    await visitor.button("Rotate Widget").click()
    await visitor.picture("rotate-key")
    await visitor.dialog().get_by_role("button", name="Rotate", exact=True).click()
    new = await keep_key(visitor, "Widget")

    assert new != old
    assert [await status(stack, key) for key in (old, new)] == [200, 200]
    await expect(visitor.row("Widget").filter(has_text="runs out")).to_have_count(1, timeout=PAGE_MS)


async def test_rotation_without_an_overlap_stops_the_old_key_at_once(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada, "keys")
    old = await make_key(visitor, "Widget")

    await visitor.button("Rotate Widget").click()
    await visitor.page.get_by_role("radio", name="Not at all: it stops now").check()
    await visitor.dialog().get_by_role("button", name="Rotate", exact=True).click()
    new = await keep_key(visitor, "Widget")

    assert [await status(stack, key) for key in (old, new)] == [401, 200]


async def test_key_that_may_do_nothing_is_not_made(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada, "keys")

    await visitor.button("Make a key").click()
    await visitor.page.get_by_label("Name", exact=True).fill("Nothing")
    for box in await visitor.page.get_by_role("checkbox").all():
        await box.uncheck()
    await visitor.button("Make the key").click()

    await expect(visitor.page.get_by_role("alert")).to_contain_text("choose something", timeout=PAGE_MS)


async def test_providers_key_is_set_hinted_at_and_removed(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada, "keys")

    await visitor.button("Set the key of OpenAI").click()
    await visitor.button("Set the key").click()
    await expect(visitor.page.get_by_role("alert")).to_contain_text("Give a key", timeout=PAGE_MS)
    await visitor.page.get_by_label("API key", exact=True).fill("sk-not-a-real-key-7Qx9")
    await visitor.button("Set the key").click()
    await expect(visitor.row("OpenAI")).to_contain_text("ends in 7Qx9", timeout=PAGE_MS)
    await visitor.button("Remove the key of OpenAI").click()
    await visitor.confirm("Remove")

    await expect(visitor.row("OpenAI")).to_contain_text("None", timeout=PAGE_MS)


async def test_origin_is_allowed_and_refused_again_and_what_is_none_is_explained(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada, "keys")
    origin = visitor.page.get_by_label("Origin", exact=True)

    await origin.fill("http://app.example.com")
    await visitor.button("Allow").click()
    await expect(origin).to_have_accessible_description(re.compile("is no origin"), timeout=PAGE_MS)
    await origin.fill("https://app.example.com/")
    await visitor.button("Allow").click()
    await expect(visitor.row("https://app.example.com")).to_be_visible(timeout=PAGE_MS)
    await visitor.button("Remove https://app.example.com").click()
    await visitor.confirm("Remove")

    await expect(visitor.page.get_by_text("No website is allowed")).to_be_visible(timeout=PAGE_MS)


async def make_key(visitor: Visitor, name: str) -> str:
    await visitor.button("Make a key").click()
    await visitor.page.get_by_label("Name", exact=True).fill(name)
    await visitor.picture("make-key")
    await visitor.button("Make the key").click()
    return await keep_key(visitor, name)


async def keep_key(visitor: Visitor, name: str) -> str:
    await visitor.heading(f"“{name}” is ready")
    key = await visitor.page.get_by_role("list", name="API key").inner_text()
    await visitor.picture("shown-key")
    await visitor.button("I have kept it").click()
    await expect(visitor.dialog()).to_have_count(0)
    return key.strip()


async def status(stack: Stack, key: str) -> int:
    """What a program gets that comes with the key."""
    headers = {"Authorization": f"Bearer {key}"}
    async with aiohttp.ClientSession(stack.url, headers=headers) as http, http.get("/v1/rooms") as answer:
        return answer.status

"""What a browser shows and keeps of a person: masked passwords, a way out everywhere, nothing after it."""

import json

import pytest
from playwright.async_api import Browser, expect

from tests.browser.conftest import Invite
from tests.browser.people import enter, with_account
from tests.browser.visitor import PAGE_MS
from tests.fixtures.stack import Stack

ALL_TEXT = """() => {
  const inside = (it) => `${it.value ?? ""} ${it.shadowRoot ? read(it.shadowRoot) : ""}`;
  const read = (root) => [...root.querySelectorAll("*")].map(inside).join(" ") + (root.textContent ?? "");
  return read(document);
}"""
KEPT = """async () => JSON.stringify([
  {...localStorage}, {...sessionStorage}, document.cookie, await indexedDB.databases(), await caches.keys(),
])"""


async def test_a_password_field_masks_what_is_typed_and_lets_managers_fill_it(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await visitor.page.goto(f"{stack.url}/sign-in")
    field = visitor.page.get_by_label("Password", exact=True)

    await expect(field).to_have_attribute("type", "password")
    await expect(field).to_have_attribute("autocomplete", "current-password")
    await field.focus()
    await visitor.page.keyboard.insert_text("words that were pasted")
    await expect(field).to_have_value("words that were pasted")

    await enter(visitor, ada, "account")
    for label in ("Current password", "New password"):
        await expect(visitor.page.get_by_label(label, exact=True)).to_have_attribute("type", "password")


@pytest.mark.parametrize("place", ["", "account", "members", "keys", "agents"])
async def test_every_page_of_members_offers_to_sign_out(
    arrive: Invite, silent_browser: Browser, stack: Stack, place: str
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada, "account")
    await visitor.page.goto(f"{stack.url}/{place}")

    await visitor.page.locator("parley-tenant-menu button").first.click()

    await expect(visitor.button("Sign out")).to_be_visible(timeout=PAGE_MS)


async def test_whoever_uses_the_browser_next_finds_nothing_of_who_signed_out(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada, "account")
    assert ada.email in await visitor.page.evaluate(ALL_TEXT)

    await visitor.page.locator("parley-tenant-menu button").first.click()
    await visitor.button("Sign out").click()
    await expect(visitor.button("Sign in")).to_be_visible(timeout=PAGE_MS)

    assert ada.email not in await visitor.page.evaluate(ALL_TEXT)
    kept = json.loads(await visitor.page.evaluate(KEPT))
    assert ada.email not in str(kept)
    assert set(kept[0]) <= {"parley.theme", "parley.name", "parley.microphone"}
    assert kept[2:] == ["", [], []]
    assert [cookie["name"] for cookie in await visitor.context.cookies() if "session" in cookie["name"]] == []
    await visitor.page.goto(f"{stack.url}/account")
    await expect(visitor.button("Sign in")).to_be_visible(timeout=PAGE_MS)
    assert ada.email not in await visitor.page.evaluate(ALL_TEXT)

"""From the sign-in to the lobby, and what the page says when something is in the way."""

import re

from playwright.async_api import Browser, expect

from tests.browser.chromium import INSECURE_HOST
from tests.browser.conftest import Invite
from tests.browser.visitor import PAGE_MS, new_room


async def test_wrong_password_is_said_in_words(arrive: Invite, silent_browser: Browser) -> None:
    visitor = await arrive(silent_browser)
    await visitor.page.goto(visitor.stack.url)

    await visitor.page.get_by_label("E-mail").fill(visitor.stack.email)
    await visitor.page.get_by_label("Password").fill("not the password")
    await visitor.button("Sign in").click()

    alert = visitor.page.get_by_role("alert")
    await expect(alert).to_have_text("This e-mail and password do not belong together.", timeout=PAGE_MS)


async def test_right_password_leads_to_the_lobby_which_says_that_an_ai_listens(
    arrive: Invite, silent_browser: Browser
) -> None:
    visitor = await arrive(silent_browser)
    await visitor.page.goto(visitor.stack.url)

    await visitor.page.get_by_label("E-mail").fill(visitor.stack.email)
    await visitor.page.get_by_label("Password").fill(visitor.stack.password)
    await visitor.page.get_by_label("Password").press("Enter")

    await expect(visitor.button("Join")).to_be_visible(timeout=PAGE_MS)
    await expect(visitor.page.get_by_text("An AI teammate, Parley, listens and transcribes.")).to_be_visible()
    await expect(visitor.page.get_by_text("answers only by quoting documents")).to_be_visible()
    await expect(visitor.page.get_by_label("Room")).to_have_value("lounge")


async def test_session_outlives_a_reload(arrive: Invite, silent_browser: Browser) -> None:
    visitor = await arrive(silent_browser)
    await visitor.sign_in("entrance-reload")

    await visitor.page.reload()

    await expect(visitor.button("Join")).to_be_visible(timeout=PAGE_MS)
    await expect(visitor.page.get_by_label("Room")).to_have_value("entrance-reload")


async def test_meter_moves_with_the_voice(arrive: Invite, asking_browser: Browser) -> None:
    visitor = await arrive(asking_browser)

    await visitor.sign_in("entrance-meter")

    fill = visitor.page.locator("parley-meter .fill")
    await expect(fill).to_have_attribute("style", re.compile(r"--shown: [3-9]\d\.\d%"), timeout=30_000)


async def test_denied_microphone_is_explained_and_does_not_keep_anyone_out(
    arrive: Invite, silent_browser: Browser
) -> None:
    visitor = await arrive(silent_browser, microphone=False)

    await visitor.sign_in("entrance-denied")
    await expect(visitor.page.get_by_text("The microphone is blocked")).to_be_visible(timeout=PAGE_MS)
    await visitor.picture("lobby-denied")
    await visitor.join_from_lobby()

    await expect(visitor.button("Unmute")).to_be_enabled(timeout=PAGE_MS)


async def test_page_on_an_insecure_address_says_so_and_lets_one_type(
    arrive: Invite, silent_browser: Browser
) -> None:
    visitor = await arrive(silent_browser)
    await visitor.page.goto(visitor.stack.url.replace("localhost", INSECURE_HOST))

    await visitor.page.get_by_label("E-mail").fill(visitor.stack.email)
    await visitor.page.get_by_label("Password").fill(visitor.stack.password)
    await visitor.button("Sign in").click()
    await expect(visitor.page.get_by_text("No microphone on this address")).to_be_visible(timeout=PAGE_MS)
    await visitor.page.get_by_label("Room").fill(new_room("insecure"))
    await visitor.join_from_lobby()
    await visitor.type("When is support open?")

    await visitor.sees("agent", re.compile("Monday to Friday"))


async def test_room_name_that_cannot_be_is_explained(arrive: Invite, silent_browser: Browser) -> None:
    visitor = await arrive(silent_browser)
    await visitor.sign_in("entrance-name")

    await visitor.page.get_by_label("Room").fill("no/slash")
    await visitor.button("Join").click()

    await expect(visitor.page.get_by_text("beginning with a letter or digit")).to_be_visible()


async def test_unknown_invitation_says_so(arrive: Invite, silent_browser: Browser) -> None:
    visitor = await arrive(silent_browser)

    await visitor.page.goto(f"{visitor.stack.url}/join/not-a-code")

    await expect(visitor.page.get_by_text("This invitation cannot be used")).to_be_visible(timeout=PAGE_MS)


async def test_chosen_theme_is_kept(arrive: Invite, silent_browser: Browser) -> None:
    visitor = await arrive(silent_browser)
    await visitor.page.goto(visitor.stack.url)
    theme = visitor.button(re.compile("^Theme"), exact=False)

    await theme.click()
    await theme.click()
    await visitor.page.reload()

    await expect(visitor.page.locator("html")).to_have_attribute("data-theme", "dark")

"""Making an account, signing in and getting a lost password back, as somebody does who has only the page."""

import json
import re
from urllib.parse import quote

import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser.conftest import Invite
from tests.browser.mailbox import link_to
from tests.browser.people import enter, fill_sign_in, new_password, new_person, with_account
from tests.browser.visitor import PAGE_MS
from tests.fixtures.stack import Stack


async def test_from_an_address_by_the_letter_to_the_lobby_of_a_company_of_ones_own(
    arrive: Invite, silent_browser: Browser
) -> None:
    visitor, ada = await arrive(silent_browser), new_person("Ada")
    await visitor.page.goto(visitor.stack.url)
    await visitor.page.get_by_role("link", name="Make an account").click()

    await visitor.page.get_by_label("E-mail").fill(ada.email)
    await visitor.button("Continue").click()
    await visitor.heading("Look into your mail")
    await expect(visitor.page.get_by_text(str(visitor.stack.mail_dir))).to_be_visible()
    await visitor.picture("sign-up-sent")
    await visitor.page.goto(await link_to(visitor.stack.mail_dir, ada.email, "sign-up"))
    await visitor.page.get_by_label("Your name").fill(ada.name)
    await visitor.page.get_by_label("Company").fill(ada.company)
    await visitor.page.get_by_label("Password", exact=True).fill(ada.password)
    await expect(visitor.page.locator("p.note").get_by_text("long enough")).to_be_visible()
    await visitor.picture("sign-up-finish")
    await visitor.button("Make the account").click()

    await visitor.heading("Ready to join?")
    await visitor.told(f"Welcome to {ada.company}")
    await expect(visitor.page.get_by_label("Your name")).to_have_value("Ada")
    await visitor.join_from_lobby()


async def test_password_that_may_not_be_chosen_is_said_at_its_field_which_has_the_focus(
    arrive: Invite, silent_browser: Browser
) -> None:
    visitor, ada = await arrive(silent_browser), new_person("Ada")
    await visitor.page.goto(f"{visitor.stack.url}/sign-up")
    await visitor.page.get_by_label("E-mail").fill(ada.email)
    await visitor.button("Continue").click()
    await visitor.page.goto(await link_to(visitor.stack.mail_dir, ada.email, "sign-up"))
    await visitor.page.get_by_label("Your name").fill(ada.name)
    await visitor.page.get_by_label("Company").fill(ada.company)
    password = visitor.page.get_by_label("Password", exact=True)

    await password.fill("too short")
    await visitor.button("Make the account").click()

    await expect(password).to_be_focused(timeout=PAGE_MS)
    await expect(password).to_have_accessible_description(re.compile("at least 15 characters"))
    await expect(password).to_have_attribute("aria-invalid", "true")
    await password.fill("passwordpasswordpassword")
    await visitor.button("Make the account").click()
    await expect(password).to_have_accessible_description(re.compile("most common"))
    await visitor.picture("sign-up-refused")


async def test_what_is_left_empty_is_said_before_anything_is_sent(
    arrive: Invite, silent_browser: Browser
) -> None:
    visitor = await arrive(silent_browser)
    await visitor.page.goto(f"{visitor.stack.url}/sign-up")
    address = visitor.page.get_by_label("E-mail")

    await visitor.button("Continue").click()
    await expect(address).to_have_accessible_description("This is needed.")
    await address.fill("no address")
    await visitor.button("Continue").click()

    await expect(address).to_be_focused()
    await expect(address).to_have_accessible_description(re.compile("Write an e-mail address"))


@pytest.mark.parametrize(
    ("page", "heading"),
    [
        ("sign-up", "This link leads nowhere"),
        ("invitation", "This invitation cannot be used"),
    ],
)
async def test_link_that_leads_nowhere_says_so(
    arrive: Invite, silent_browser: Browser, page: str, heading: str
) -> None:
    visitor = await arrive(silent_browser)

    await visitor.page.goto(f"{visitor.stack.url}/{page}/not-a-code")

    await visitor.heading(heading)


async def test_lost_password_is_replaced_by_the_letter_and_ends_every_session(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    grace, new = await with_account(stack, "Grace"), new_password()
    elsewhere, visitor = await arrive(silent_browser), await arrive(silent_browser)
    await enter(elsewhere, grace, "account")
    await visitor.page.goto(visitor.stack.url)

    await visitor.page.get_by_role("link", name="Forgot it?").click()
    await visitor.page.get_by_label("E-mail").fill(grace.email)
    await visitor.button("Send the letter").click()
    await visitor.heading("Look into your mail")
    link = await link_to(stack.mail_dir, grace.email, "reset")
    await visitor.page.goto(link)
    await visitor.page.get_by_label("New password", exact=True).fill(new)
    await visitor.button("Change the password").click()
    await visitor.heading("Your password is changed")
    await visitor.page.get_by_role("link", name="Sign in").click()
    await visitor.page.get_by_label("E-mail").fill(grace.email)
    await visitor.page.get_by_label("Password", exact=True).fill(new)
    await visitor.button("Sign in").click()

    await visitor.heading("Ready to join?")
    await elsewhere.page.get_by_role("link", name="Members").click()
    await expect(elsewhere.page.get_by_text("Your session has ended.")).to_be_visible(timeout=PAGE_MS)
    await visitor.page.goto(link)
    await visitor.page.get_by_label("New password", exact=True).fill(new_password())
    await visitor.button("Change the password").click()
    await visitor.heading("This link leads nowhere")


async def test_address_without_an_account_gets_the_same_answer_as_one_with(
    arrive: Invite, silent_browser: Browser
) -> None:
    visitor = await arrive(silent_browser)
    await visitor.page.goto(f"{visitor.stack.url}/reset")

    await visitor.page.get_by_label("E-mail").fill(new_person("Gus").email)
    await visitor.button("Send the letter").click()

    await visitor.heading("Look into your mail")


async def test_sign_in_leads_back_to_the_page_that_asked_for_it(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")

    await visitor.page.goto(f"{stack.url}/agents?agent=front-desk")
    await expect(visitor.page).to_have_url(
        f"{stack.url}/sign-in?next={quote('/agents?agent=front-desk', safe='')}"
    )
    await fill_sign_in(visitor, ada)

    await visitor.heading("front-desk")
    await expect(visitor.page).to_have_url(f"{stack.url}/agents?agent=front-desk")


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "/\\evil.example", "/v1/account"]
)
async def test_link_to_the_sign_in_cannot_send_anybody_elsewhere_after_it(
    arrive: Invite, silent_browser: Browser, stack: Stack, target: str
) -> None:
    visitor = await arrive(silent_browser)
    await visitor.page.goto(f"{stack.url}/sign-in?next={quote(target, safe='')}")

    await visitor.button("Use the demo account").click()

    await visitor.heading("Ready to join?")
    await expect(visitor.page).to_have_url(f"{stack.url}/")


async def test_sign_in_works_by_keyboard_alone_and_a_wrong_password_keeps_it_there(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    keyboard = visitor.page.keyboard
    await visitor.page.goto(stack.url)
    await expect(visitor.page.get_by_label("E-mail")).to_be_focused(timeout=PAGE_MS)

    await keyboard.type(ada.email)
    await keyboard.press("Tab")
    await keyboard.type("not the password")
    await keyboard.press("Enter")
    alert = visitor.page.get_by_role("alert")
    await expect(alert).to_have_text("This e-mail and password do not belong together.", timeout=PAGE_MS)
    await expect(visitor.page.get_by_label("Password", exact=True)).to_be_focused()
    await keyboard.type(ada.password)
    await keyboard.press("Enter")

    await expect(visitor.button("Join")).to_be_focused(timeout=PAGE_MS)
    await press_until(visitor.page.get_by_role("link", name="Account"), "Shift+Tab")
    await keyboard.press("Enter")
    await expect(visitor.page.get_by_role("heading", name="Account", level=1)).to_be_focused(timeout=PAGE_MS)


async def press_until(target: Locator, key: str) -> None:
    """A person finds it with at most a dozen presses."""
    for _ in range(12):
        if await target.evaluate("(element) => element.getRootNode().activeElement === element"):
            return
        await target.page.keyboard.press(key)
    raise AssertionError(f"{key} does not lead there")


async def test_too_many_wrong_passwords_say_how_long_to_wait(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, gus = await arrive(silent_browser), await with_account(stack, "Gus")
    await visitor.page.route(
        "**/v1/sessions",
        lambda route: route.fulfill(status=429, headers={"Retry-After": "75"}, json={"detail": "too many"}),
    )
    await visitor.page.goto(stack.url)

    await fill_sign_in(visitor, gus)

    alert = visitor.page.get_by_role("alert")
    await expect(alert).to_have_text(
        "Too many tries. Please wait 75 seconds, then try again.", timeout=PAGE_MS
    )


async def test_server_that_cannot_be_reached_is_said_with_a_way_to_try_again(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada)
    await visitor.page.route("**/v1/members*", lambda route: route.abort())

    await visitor.page.get_by_role("link", name="Members").click()
    await expect(visitor.page.get_by_text("The server does not answer.").first).to_be_visible(timeout=PAGE_MS)
    await visitor.page.unroute("**/v1/members*")
    await visitor.button("Try again").first.click()

    await expect(visitor.row(ada.email)).to_be_visible(timeout=PAGE_MS)


async def test_provider_that_said_no_is_explained(arrive: Invite, silent_browser: Browser) -> None:
    visitor = await arrive(silent_browser)

    await visitor.page.goto(f"{visitor.stack.url}/sign-in?problem=has_account")

    await expect(visitor.page.get_by_text("There is an account with your address already")).to_be_visible(
        timeout=PAGE_MS
    )


async def test_providers_are_offered_with_the_way_back(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor = await arrive(silent_browser)
    offered = {"data": [{"name": "google", "label": "Google", "kind": "google"}], "next_cursor": None}
    await visitor.page.route("**/v1/identity-providers", lambda route: route.fulfill(json=offered))

    await visitor.page.goto(f"{stack.url}/sign-in?next=%2Fmembers")

    await expect(visitor.page.get_by_role("link", name="Continue with Google")).to_have_attribute(
        "href", "/auth/google/start?next=%2Fmembers", timeout=PAGE_MS
    )


async def test_second_step_after_a_provider_does_not_stay_in_the_address(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor = await arrive(silent_browser)
    waiting = {"ticket": "x" * 43, "methods": ["totp"], "expires_at": "2030-01-01T00:00:00Z"}

    await visitor.page.goto(f"{stack.url}/sign-in#second-factor={quote(json.dumps(waiting))}&next=/account")

    await visitor.heading("One more step")
    await expect(visitor.page).to_have_url(f"{stack.url}/sign-in")
    await visitor.page.get_by_label("Code", exact=True).fill("123456")
    await visitor.button("Continue").click()
    await expect(visitor.page.get_by_role("alert")).to_contain_text("start again", timeout=PAGE_MS)
    await visitor.button("Start again").click()
    await expect(visitor.page.get_by_label("E-mail")).to_be_focused()

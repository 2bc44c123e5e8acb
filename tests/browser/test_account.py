"""A person's own account: name, address, password, sessions, companies, and its end."""

import re

from playwright.async_api import Browser, expect

from tests.browser.conftest import Invite
from tests.browser.mailbox import link_to
from tests.browser.people import (
    Person,
    enter,
    fill_sign_in,
    new_password,
    new_person,
    with_account,
    with_invitation,
)
from tests.browser.visitor import PAGE_MS
from tests.fixtures.stack import Stack


async def test_session_on_another_device_is_ended_from_this_one(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    ada = await with_account(stack, "Ada")
    lost, visitor = await arrive(silent_browser), await arrive(silent_browser)
    await enter(lost, ada, "members")
    await enter(visitor, ada, "account")

    sessions = visitor.page.locator("parley-sessions li")
    await expect(sessions).to_have_count(3, timeout=PAGE_MS)
    await expect(sessions.filter(has_text="this one")).to_have_count(1)
    await visitor.picture("account", whole=True)
    await visitor.button("Sign out everywhere else").click()
    await visitor.confirm("Sign out everywhere else")

    await expect(sessions).to_have_count(1, timeout=PAGE_MS)
    await lost.page.get_by_role("link", name="Account").click()
    await expect(lost.page.get_by_text("Your session has ended.")).to_be_visible(timeout=PAGE_MS)
    await fill_sign_in(lost, ada)
    await lost.heading("Account")


async def test_one_session_is_ended_by_itself(arrive: Invite, silent_browser: Browser, stack: Stack) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada, "account")
    sessions = visitor.page.locator("parley-sessions li")
    await expect(sessions).to_have_count(2, timeout=PAGE_MS)

    await sessions.get_by_role("button", name=re.compile("^End")).click()
    await visitor.confirm("End the session")

    await visitor.told("The session has ended.")
    await expect(sessions).to_have_count(1, timeout=PAGE_MS)
    await expect(visitor.page.get_by_role("heading", name="Sessions")).to_be_focused()


async def test_new_name_is_the_one_in_the_menu_and_in_the_lobby(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada, "account")

    await visitor.page.get_by_label("Name", exact=True).fill("Augusta")
    await visitor.button("Save name").click()
    await visitor.told("Your name is changed.")
    await visitor.page.get_by_role("link", name="Rooms").click()

    await expect(visitor.page.get_by_label("Your name")).to_have_value("Augusta", timeout=PAGE_MS)


async def test_new_address_counts_once_its_letter_was_answered(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    new = new_person("Ada").email
    await enter(visitor, ada, "account")

    await visitor.page.get_by_label("E-mail").fill(new)
    await visitor.button("Change e-mail").click()
    await expect(visitor.page.get_by_text(f"A letter is on its way to {new}")).to_be_visible(timeout=PAGE_MS)
    await visitor.page.goto(await link_to(stack.mail_dir, new, "confirm-email"))
    await visitor.button("Use this address").click()
    await visitor.heading("Your address is changed")
    await visitor.page.get_by_role("link", name="To your account").click()

    await expect(visitor.page.get_by_label("E-mail")).to_have_value(new, timeout=PAGE_MS)


async def test_changed_password_is_the_one_that_lets_in(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada, new = await arrive(silent_browser), await with_account(stack, "Ada"), new_password()
    await enter(visitor, ada, "account")
    current = visitor.page.get_by_label("Current password", exact=True)

    await current.fill("not the password")
    await visitor.page.get_by_label("New password", exact=True).fill(new)
    await visitor.button("Change password").click()
    await expect(current).to_have_accessible_description("This is not your password.", timeout=PAGE_MS)
    await expect(current).to_be_focused()
    await current.fill(ada.password)
    await visitor.button("Change password").click()
    await visitor.told("Your password is changed.")
    await expect(current).to_have_value("")
    await visitor.context.clear_cookies()

    await enter(visitor, Person(ada.name, ada.email, ada.company, new), "account")


async def test_second_company_is_made_worked_in_and_left_for_the_first(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada, "members")

    await visitor.button(f"Company: {ada.company}").click()
    await visitor.picture("company-menu")
    await visitor.button("New company").click()
    await visitor.page.get_by_label("Name of the company").last.fill("Difference Engines")
    await visitor.button("Make the company").click()
    await visitor.told("You are in Difference Engines now.")
    await expect(visitor.page.get_by_label("Name of the company")).to_have_value(
        "Difference Engines", timeout=PAGE_MS
    )
    await visitor.button("Company: Difference Engines").click()
    await visitor.button(ada.company).click()

    await visitor.told(f"You are in {ada.company} now.")
    await expect(visitor.page.get_by_label("Name of the company")).to_have_value(ada.company, timeout=PAGE_MS)


async def test_other_tab_follows_when_the_company_is_switched(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada, "members")
    tab = await visitor.context.new_page()
    await tab.goto(f"{stack.url}/members")
    await expect(tab.get_by_label("Name of the company")).to_have_value(ada.company, timeout=PAGE_MS)

    await visitor.button(f"Company: {ada.company}").click()
    await visitor.button("New company").click()
    await visitor.page.get_by_label("Name of the company").last.fill("Difference Engines")
    await visitor.button("Make the company").click()

    await expect(tab.get_by_label("Name of the company")).to_have_value("Difference Engines", timeout=PAGE_MS)


async def test_only_owner_is_told_why_they_cannot_leave(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada, "account")

    await visitor.button(f"Leave {ada.company}").click()
    await visitor.dialog().get_by_role("button", name="Leave", exact=True).click()

    await expect(visitor.page.get_by_role("alert")).to_contain_text("needs an owner", timeout=PAGE_MS)
    await visitor.button("Cancel").click()
    await expect(visitor.dialog()).to_have_count(0)


async def test_account_is_erased_only_after_its_address_was_typed(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    gus = await with_invitation(stack, await with_account(stack, "Ada"), "Gus")
    visitor = await arrive(silent_browser)
    await enter(visitor, gus, "account")

    await visitor.button("Erase my account…").click()
    await visitor.page.get_by_label(f"Type {gus.email}").fill("somebody@else.example")
    await visitor.button("Erase for good").click()
    await expect(visitor.page.get_by_role("alert")).to_contain_text("To go on, type", timeout=PAGE_MS)
    await visitor.page.get_by_label(f"Type {gus.email}").fill(gus.email)
    await visitor.confirm("Erase for good")
    await visitor.told("Your account is erased.")
    await fill_sign_in(visitor, gus)

    await expect(visitor.page.get_by_role("alert")).to_contain_text("do not belong together", timeout=PAGE_MS)


async def test_deleted_company_leaves_its_people_their_accounts_and_nowhere_to_go(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, gus = await arrive(silent_browser), await with_account(stack, "Gus")
    await enter(visitor, gus, "members")
    await visitor.button(f"Delete {gus.company}", exact=False).click()
    await visitor.page.get_by_label(f"Type {gus.company}").fill(gus.company)
    await visitor.confirm("Delete for good")
    await visitor.told(f"{gus.company} is deleted.")
    await expect(visitor.button("Sign in")).to_be_visible(timeout=PAGE_MS)
    await fill_sign_in(visitor, gus)

    await expect(visitor.page.get_by_role("alert")).to_contain_text("no tenant", timeout=PAGE_MS)

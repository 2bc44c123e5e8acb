"""Agents from the page: made, changed into versions, gone back to; and the documents that they quote."""

import re

from playwright.async_api import Browser, expect

from tests.browser.conftest import Invite
from tests.browser.people import enter, with_account, with_invitation
from tests.browser.visitor import PAGE_MS, Visitor
from tests.fixtures.stack import Stack


async def test_agent_is_made_changed_and_gone_back_to(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada, "agents")

    await make_agent(visitor, "front-desk", "Front desk")
    row = visitor.row("Front desk")
    await expect(row).to_contain_text("default", timeout=PAGE_MS)
    await visitor.picture("agents", whole=True)
    await row.get_by_role("link", name=re.compile("^Edit")).click()
    told = visitor.page.get_by_label("What it is told")
    await told.fill("You greet visitors and find out whom they want to see.")
    await visitor.button("Save as a new version").click()
    await visitor.told("Version 2 is in use now.")
    await visitor.picture("agent", whole=True)
    await expect(visitor.row("Version 2")).to_contain_text("in use", timeout=PAGE_MS)
    await visitor.button("Use version 1").click()
    await visitor.confirm("Use version 1")

    await expect(visitor.row("Version 1")).to_contain_text("in use", timeout=PAGE_MS)
    await expect(told).to_have_value("You answer at the door.")


async def test_change_that_somebody_else_made_meanwhile_is_not_written_over(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    ada = await with_account(stack, "Ada")
    grace = await with_invitation(stack, ada, "Grace", "admin")
    one, other = await arrive(silent_browser), await arrive(silent_browser)
    await enter(one, ada, "agents")
    await make_agent(one, "front-desk", "Front desk")
    await one.row("Front desk").get_by_role("link", name=re.compile("^Edit")).click()
    await enter(other, grace, "agents")
    await other.row("Front desk").get_by_role("link", name=re.compile("^Edit")).click()

    await other.page.get_by_label("What it says first").fill("Good morning.")
    await other.button("Save as a new version").click()
    await other.told("Version 2 is in use now.")
    await one.page.get_by_label("What it says first").fill("Hello.")
    await one.button("Save as a new version").click()

    await expect(one.page.get_by_role("alert")).to_contain_text("Version 2 is in use, not 1", timeout=PAGE_MS)
    await expect(one.page.get_by_label("What it says first")).to_have_value("Hello.")


async def test_second_agent_becomes_the_default_and_the_first_is_deleted(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada, "agents")
    await make_agent(visitor, "front-desk", "Front desk")
    await make_agent(visitor, "night-watch", "Night watch")

    await visitor.button("Make default Night watch").click()
    await visitor.confirm("Make it the default")
    await expect(visitor.row("Night watch")).to_contain_text("default", timeout=PAGE_MS)
    await visitor.button("Delete Front desk").click()
    await visitor.confirm("Delete")

    await expect(visitor.row("Front desk")).to_have_count(0, timeout=PAGE_MS)


async def test_name_that_cannot_be_is_said_at_its_field(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada, "agents")
    await visitor.page.get_by_role("link", name="Make an agent").click()
    name = visitor.page.get_by_label("Name in addresses")

    await name.fill("Front Desk")
    await visitor.page.get_by_label("Name in meetings").fill("Front desk")
    await visitor.button("Make the agent").click()
    await expect(name).to_have_accessible_description(
        re.compile("Small letters, digits and dashes, beginning")
    )
    await name.fill("auto")
    await visitor.button("Make the agent").click()

    await expect(name).to_have_accessible_description(re.compile("choose another name"), timeout=PAGE_MS)
    await expect(name).to_be_focused()


async def test_document_is_added_replaced_chosen_and_removed(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada, "agents")
    await expect(visitor.page.get_by_text("No documents yet")).to_be_visible(timeout=PAGE_MS)

    await visitor.button("Add a document").click()
    await visitor.page.get_by_label("Title").fill("House rules")
    await visitor.page.get_by_label("Text", exact=True).fill("# Doors\n\nThe doors close at eight.")
    await visitor.picture("add-document")
    await visitor.button("Add the document").click()
    await expect(visitor.row("House rules")).to_contain_text("1 passage", timeout=PAGE_MS)
    await visitor.button("Replace House rules").click()
    await visitor.page.get_by_label("Text", exact=True).fill(
        "# Doors\n\nThe doors close at nine.\n\n# Keys\n\nAt the desk."
    )
    await visitor.button("Replace the text").click()
    await visitor.told("“House rules” can be quoted now.")
    await make_agent(visitor, "front-desk", "Front desk", quotes="House rules")
    await expect(visitor.row("Front desk")).to_contain_text("quotes 1 of the documents", timeout=PAGE_MS)
    await visitor.button("Remove House rules").click()
    await visitor.confirm("Remove")

    await expect(visitor.page.get_by_text("No documents yet")).to_be_visible(timeout=PAGE_MS)


async def make_agent(visitor: Visitor, name: str, display_name: str, quotes: str | None = None) -> None:
    """From the list of agents and back to it."""
    await visitor.page.get_by_role("link", name="Make an agent").click()
    await visitor.page.get_by_label("Name in addresses").fill(name)
    await visitor.page.get_by_label("Name in meetings").fill(display_name)
    await visitor.page.get_by_label("What it is told").fill("You answer at the door.")
    if quotes is not None:
        await visitor.page.get_by_role("radio", name="Only the ones that are ticked").check()
        await visitor.page.get_by_role("checkbox", name=quotes).check()
    await visitor.button("Make the agent").click()
    await visitor.told(f"“{display_name}” is made.")
    await expect(visitor.row(display_name)).to_be_visible(timeout=PAGE_MS)

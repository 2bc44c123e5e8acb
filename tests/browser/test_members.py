"""A company and its people, seen by an owner, by somebody whom they invite, and by a plain member."""

import json
import re
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.browser.conftest import Invite
from tests.browser.mailbox import link_to
from tests.browser.people import enter, fill_sign_in, new_person, with_account, with_invitation
from tests.browser.visitor import PAGE_MS
from tests.fixtures.stack import Stack


async def test_second_person_is_invited_makes_an_account_and_is_a_member(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    ada, grace = await with_account(stack, "Ada"), new_person("Grace")
    host, guest = await arrive(silent_browser), await arrive(silent_browser)
    await enter(host, ada, "members")

    await host.page.get_by_label("E-mail").fill(grace.email)
    await host.page.get_by_role("radio", name=re.compile("^Admin")).check()
    await host.button("Invite").click()
    await expect(host.row(grace.email)).to_contain_text("Admin", timeout=PAGE_MS)
    await host.picture("members", whole=True)
    await guest.page.goto(await link_to(stack.mail_dir, grace.email, "invitation"))
    await guest.heading(f"Join {ada.company}")
    await guest.page.get_by_label("Your name").fill(grace.name)
    await guest.page.get_by_label("Password", exact=True).fill(grace.password)
    await guest.picture("invitation")
    await guest.button(f"Join {ada.company}").click()

    await guest.told(f"Welcome to {ada.company}.")
    await guest.heading("Ready to join?")
    await guest.page.get_by_role("link", name="Members").click()
    await expect(guest.row(grace.email)).to_contain_text("Admin", timeout=PAGE_MS)
    await expect(guest.row(ada.email)).not_to_contain_text("Remove")


async def test_who_has_an_account_signs_in_and_joins_with_it(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    ada, grace = await with_account(stack, "Ada"), await with_account(stack, "Grace")
    host, guest = await arrive(silent_browser), await arrive(silent_browser)
    await enter(host, ada, "members")

    await host.page.get_by_label("E-mail").fill(grace.email)
    await host.button("Invite").click()
    await host.told(f"A letter is on its way to {grace.email}.")
    await guest.page.goto(await link_to(stack.mail_dir, grace.email, "invitation"))
    await guest.page.get_by_role("link", name="Sign in").click()
    await fill_sign_in(guest, grace)

    await guest.button(f"Company: {ada.company}").click()
    await expect(guest.button(grace.company)).to_be_visible(timeout=PAGE_MS)


async def test_invitation_is_no_way_in_for_somebody_else(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    ada, gus, grace = await with_account(stack, "Ada"), await with_account(stack, "Gus"), new_person("Grace")
    host, other = await arrive(silent_browser), await arrive(silent_browser)
    await enter(host, ada, "members")
    await host.page.get_by_label("E-mail").fill(grace.email)
    await host.button("Invite").click()
    link = await link_to(stack.mail_dir, grace.email, "invitation")
    await enter(other, gus, "members")

    await other.page.goto(link)

    await expect(other.page.get_by_text("This invitation is for another address.")).to_be_visible(
        timeout=PAGE_MS
    )
    await expect(other.button(f"Join {ada.company}")).to_have_count(0)


async def test_invitation_that_is_sent_again_voids_the_first_link_and_can_be_taken_back(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    ada, grace = await with_account(stack, "Ada"), new_person("Grace")
    host, guest = await arrive(silent_browser), await arrive(silent_browser)
    await enter(host, ada, "members")
    await host.page.get_by_label("E-mail").fill(grace.email)
    await host.button("Invite").click()
    first = await link_to(stack.mail_dir, grace.email, "invitation")

    await host.button(f"Send again of {grace.email}").click()
    await host.told("The former link is void.")
    second = await link_to(stack.mail_dir, grace.email, "invitation", besides=first)
    await guest.page.goto(first)
    await guest.heading("This invitation cannot be used")
    await guest.page.goto(second)
    await guest.heading(f"Join {ada.company}")
    await host.button(f"Take back of {grace.email}").click()
    await host.confirm("Take back")

    await expect(host.page.get_by_text("Nobody is invited")).to_be_visible(timeout=PAGE_MS)
    await guest.page.reload()
    await guest.heading("This invitation cannot be used")


async def test_changed_role_shows_other_pages_after_the_next_sign_in(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    ada = await with_account(stack, "Ada")
    grace = await with_invitation(stack, ada, "Grace")
    host, member = await arrive(silent_browser), await arrive(silent_browser)
    await enter(host, ada, "members")
    await enter(member, grace, "members")
    await expect(member.row(ada.email)).to_be_visible(timeout=PAGE_MS)
    await expect(member.page.get_by_role("link", name="Keys")).to_have_count(0)
    await expect(member.page.get_by_role("heading", name="Invitations")).to_have_count(0)
    await expect(member.page.get_by_role("button", name=re.compile("^(Remove|Change role)"))).to_have_count(0)
    await member.picture("members-as-member", whole=True)

    await host.button("Change role of Grace").click()
    await host.page.get_by_role("radio", name=re.compile("^Admin")).last.check()
    await host.picture("change-role")
    await host.confirm("Change role")
    await host.told("Grace's role is changed.")
    await expect(host.row(grace.email)).to_contain_text("Admin")
    await member.page.get_by_role("link", name="Account").click()
    await fill_sign_in(member, grace)

    await expect(member.page.get_by_role("link", name="Keys")).to_be_visible(timeout=PAGE_MS)


async def test_plain_member_is_told_whom_keys_are_for_and_makes_no_agent(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    ada = await with_account(stack, "Ada")
    grace = await with_invitation(stack, ada, "Grace")
    member = await arrive(silent_browser)

    await enter(member, grace, "keys")
    await expect(member.page.get_by_text("Keys are for owners and admins")).to_be_visible(timeout=PAGE_MS)
    await member.page.get_by_role("link", name="Agents").click()

    await expect(member.page.get_by_text("No agent of your own yet")).to_be_visible(timeout=PAGE_MS)
    await expect(member.page.get_by_role("link", name="Make an agent")).to_have_count(0)
    await expect(member.button("Add a document")).to_have_count(0)


async def test_removed_person_is_signed_out_of_the_company(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    ada = await with_account(stack, "Ada")
    gus = await with_invitation(stack, ada, "Gus")
    host, member = await arrive(silent_browser), await arrive(silent_browser)
    await enter(member, gus, "members")
    await enter(host, ada, "members")

    await host.button("Remove Gus").click()
    await host.confirm("Remove")

    await expect(host.row(gus.email)).to_have_count(0, timeout=PAGE_MS)
    await member.page.get_by_role("link", name="Agents").click()
    await expect(member.page.get_by_text("Your session has ended.")).to_be_visible(timeout=PAGE_MS)


async def test_member_whose_device_was_lost_is_signed_out_by_an_admin(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    ada = await with_account(stack, "Ada")
    gus = await with_invitation(stack, ada, "Gus")
    host, member = await arrive(silent_browser), await arrive(silent_browser)
    await enter(member, gus, "members")
    await enter(host, ada, "members")

    await host.button("Sign out Gus").click()
    await host.confirm("Sign out everywhere")
    await host.told("Gus is signed out.")

    await member.page.get_by_role("link", name="Agents").click()
    await expect(member.page.get_by_text("Your session has ended.")).to_be_visible(timeout=PAGE_MS)
    await fill_sign_in(member, gus)
    await member.heading("Agents")


async def test_company_is_handed_over_and_its_former_owner_is_an_admin(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    ada = await with_account(stack, "Ada")
    grace = await with_invitation(stack, ada, "Grace")
    host = await arrive(silent_browser)
    await enter(host, ada, "members")

    await host.button("Hand over to Grace").click()
    await host.dialog().get_by_role("button", name="Hand over", exact=True).click()
    await expect(host.page.get_by_label(f"Type {ada.company}")).to_have_accessible_description(
        "This is needed."
    )
    await host.page.get_by_label(f"Type {ada.company}").fill(ada.company)
    await host.confirm("Hand over")

    await expect(host.row(grace.email)).to_contain_text("Owner", timeout=PAGE_MS)
    await expect(host.row(ada.email)).to_contain_text("Admin")
    await expect(host.page.get_by_role("heading", name="Delete the company")).to_have_count(0)


async def test_company_gets_a_name_and_a_time_to_keep_conversations(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    ada, visitor = await with_account(stack, "Ada"), await arrive(silent_browser)
    await enter(visitor, ada, "members")
    days = visitor.page.get_by_label("Days to keep conversations")

    await days.fill("4000")
    await visitor.button("Save company").click()
    await expect(days).to_have_attribute("aria-invalid", "true")
    await days.fill("90")
    await visitor.page.get_by_label("Name of the company").fill("Engines")
    await visitor.button("Save company").click()
    await visitor.confirm("Delete what is older")
    await visitor.told("The company is changed.")
    await visitor.page.reload()

    await expect(days).to_have_value("90", timeout=PAGE_MS)
    await expect(visitor.button("Company: Engines")).to_be_visible()


async def test_export_is_a_file_of_json_lines(
    arrive: Invite, silent_browser: Browser, stack: Stack, tmp_path: Path
) -> None:
    ada, visitor = await with_account(stack, "Ada"), await arrive(silent_browser)
    await enter(visitor, ada, "members")

    async with visitor.page.expect_download() as download:
        await visitor.button("Export everything").click()
    file = tmp_path / "export.jsonl"
    await (await download.value).save_as(file)

    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert lines
    assert ada.password not in file.read_text()

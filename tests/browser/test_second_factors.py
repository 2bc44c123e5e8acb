"""Second factors from the page: an app, a passkey, recovery codes, and proving oneself again."""

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pyotp
from playwright.async_api import Browser, expect

from tests.browser.conftest import Invite
from tests.browser.people import Person, enter, fill_sign_in, let_time_pass, new_password, with_account
from tests.browser.visitor import PAGE_MS, Visitor
from tests.fixtures.stack import Stack


async def test_code_of_an_app_is_asked_for_after_the_password_and_a_wrong_one_is_refused(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada, "account")
    app, _ = await add_app(visitor)
    await sign_out(visitor)

    await fill_sign_in(visitor, ada)
    await visitor.heading("One more step")
    code = visitor.page.get_by_label("Code", exact=True)
    await expect(code).to_be_focused(timeout=PAGE_MS)
    await visitor.picture("second-factor")
    await code.fill("000000")
    await visitor.button("Continue").click()
    await expect(visitor.page.get_by_role("alert")).to_contain_text("This code is wrong", timeout=PAGE_MS)
    await expect(code).to_be_focused()
    await code.fill(next_code(app))
    await visitor.button("Continue").click()

    await visitor.heading("Ready to join?")


async def test_recovery_code_lets_in_once(arrive: Invite, silent_browser: Browser, stack: Stack) -> None:
    visitor, grace = await arrive(silent_browser), await with_account(stack, "Grace")
    await enter(visitor, grace, "account")
    _, codes = await add_app(visitor)
    assert len(codes) == 10
    await sign_out(visitor)

    await use_recovery_code(visitor, grace, codes[0])
    await visitor.heading("Ready to join?")
    await visitor.page.get_by_role("link", name="Account").click()
    await expect(visitor.page.get_by_text("9 codes left.")).to_be_visible(timeout=PAGE_MS)
    await sign_out(visitor)
    await use_recovery_code(visitor, grace, codes[0])

    await expect(visitor.page.get_by_role("alert")).to_contain_text("was used already", timeout=PAGE_MS)


async def test_wrong_first_code_adds_no_app(arrive: Invite, silent_browser: Browser, stack: Stack) -> None:
    visitor, gus = await arrive(silent_browser), await with_account(stack, "Gus")
    await enter(visitor, gus, "account")

    await visitor.button("Add an authenticator app").click()
    await visitor.button("Continue").click()
    await visitor.page.get_by_label("Code", exact=True).fill("000000")
    await visitor.button("Add the app").click()

    code = visitor.page.get_by_label("Code", exact=True)
    await expect(code).to_have_accessible_description(re.compile("This code is wrong"), timeout=PAGE_MS)
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.page.get_by_text("No second factor yet")).to_be_visible()


async def test_passkey_signs_in_by_itself(arrive: Invite, silent_browser: Browser, stack: Stack) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await visitor.context.add_init_script(OFFER_NO_PASSKEYS)
    async with authenticator(visitor):
        await enter(visitor, ada, "account")
        await add_passkey(visitor)
        await sign_out(visitor)

        await visitor.button("Sign in with a passkey").click()

        await visitor.heading("Ready to join?")
        await expect(visitor.page.get_by_label("Your name")).to_have_value("Ada")


async def test_passkey_that_is_chosen_under_the_address_signs_in(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    async with authenticator(visitor):
        await enter(visitor, ada, "account")
        await add_passkey(visitor)
        await visitor.context.clear_cookies()

        # The device says yes by itself, as soon as the list is there.
        await visitor.page.goto(f"{stack.url}/sign-in?next=%2Faccount")

        await visitor.heading("Account")


async def test_passkey_is_a_second_factor_and_goes_only_with_a_password_that_may_stand_alone(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await visitor.context.add_init_script(OFFER_NO_PASSKEYS)
    async with authenticator(visitor):
        await enter(visitor, ada, "account")
        await add_passkey(visitor)
        await sign_out(visitor)
        await fill_sign_in(visitor, ada)
        await visitor.button("Continue with a passkey").click()
        await visitor.heading("Ready to join?")
        await visitor.page.get_by_role("link", name="Account").click()

        await visitor.button(re.compile("^Remove"), exact=False).click()
        password = visitor.dialog().get_by_label("Your password", exact=True)
        await password.fill("not the password")
        await visitor.dialog().get_by_role("button", name="Remove", exact=True).click()
        await expect(password).to_have_accessible_description("This is not your password.", timeout=PAGE_MS)
        await password.fill(ada.password)
        await visitor.dialog().get_by_role("button", name="Remove", exact=True).click()

        await visitor.told("The second factor is removed.")
        await expect(visitor.page.get_by_text("No second factor yet")).to_be_visible(timeout=PAGE_MS)


async def test_browser_without_the_passkey_says_so_and_lets_one_go_on(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, gus = await arrive(silent_browser), await with_account(stack, "Gus")
    async with authenticator(visitor):
        await visitor.page.goto(stack.url)

        await visitor.button("Sign in with a passkey").click()
        await expect(visitor.page.get_by_role("alert")).to_contain_text("No passkey", timeout=PAGE_MS)
        await fill_sign_in(visitor, gus)

        await visitor.heading("Ready to join?")


async def test_delicate_action_asks_for_a_proof_and_is_done_after_it(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada, "account")
    await let_time_pass(stack, ada)

    await visitor.button("Add an authenticator app").click()
    await visitor.button("Continue").click()
    await visitor.heading("Is it you?")
    await visitor.picture("proof")
    proof = visitor.page.get_by_label("Your password", exact=True)
    await proof.fill("not the password")
    await visitor.button("It is me").click()
    await expect(visitor.page.get_by_role("alert")).to_have_text(
        "This is not your password.", timeout=PAGE_MS
    )
    await proof.fill(ada.password)
    await visitor.button("It is me").click()

    await expect(visitor.page.get_by_role("img", name="QR code of the secret below")).to_be_visible(
        timeout=PAGE_MS
    )


async def test_proof_that_is_given_up_leaves_everything_as_it_was(
    arrive: Invite, silent_browser: Browser, stack: Stack
) -> None:
    visitor, ada = await arrive(silent_browser), await with_account(stack, "Ada")
    await enter(visitor, ada, "account")
    await let_time_pass(stack, ada)

    await visitor.page.get_by_label("Current password", exact=True).fill(ada.password)
    await visitor.page.get_by_label("New password", exact=True).fill(new_password())
    await visitor.button("Change password").click()
    await visitor.heading("Is it you?")
    await visitor.page.keyboard.press("Escape")

    await expect(visitor.page.get_by_role("alert")).to_contain_text("Prove once more", timeout=PAGE_MS)
    await sign_out(visitor)
    await fill_sign_in(visitor, ada)
    await visitor.heading("Ready to join?")


OFFER_NO_PASSKEYS = "PublicKeyCredential.isConditionalMediationAvailable = async () => false"
"""The virtual device would choose one as soon as it is offered, before anybody presses anything."""


async def add_app(visitor: Visitor) -> tuple[pyotp.TOTP, list[str]]:
    """The app, and the recovery codes that the first factor brings."""
    await visitor.button("Add an authenticator app").click()
    await visitor.page.get_by_label("Name", exact=True).last.fill("Phone")
    await visitor.button("Continue").click()
    secret = await visitor.page.locator(".secret").inner_text(timeout=PAGE_MS)
    app = pyotp.TOTP(secret.replace(" ", ""))
    await visitor.picture("add-app")
    await visitor.page.get_by_label("Code", exact=True).fill(app.now())
    await visitor.button("Add the app").click()
    return app, await keep_codes(visitor)


async def add_passkey(visitor: Visitor) -> None:
    await visitor.button("Add a passkey").click()
    await visitor.button("Make the passkey").click()
    await keep_codes(visitor)


async def keep_codes(visitor: Visitor) -> list[str]:
    await visitor.heading("Your recovery codes")
    codes = await visitor.page.get_by_role("list", name="Recovery codes").locator("li").all_inner_texts()
    await visitor.picture("recovery-codes")
    await visitor.button("I have kept them").click()
    await expect(visitor.page.get_by_text("10 codes left.")).to_be_visible(timeout=PAGE_MS)
    return codes


def next_code(app: pyotp.TOTP) -> str:
    """Of the step to come, which is accepted already; the present one may have been used."""
    return str(app.at(int(time.time()) + 30))


async def use_recovery_code(visitor: Visitor, person: Person, code: str) -> None:
    await fill_sign_in(visitor, person)
    await visitor.button("Use a recovery code").click()
    await visitor.page.get_by_label("Recovery code", exact=True).fill(code)
    await visitor.button("Continue").click()


async def sign_out(visitor: Visitor) -> None:
    await visitor.button(re.compile("^Company"), exact=False).click()
    await visitor.button("Sign out").click()
    await expect(visitor.button("Sign in")).to_be_visible(timeout=PAGE_MS)


@asynccontextmanager
async def authenticator(visitor: Visitor) -> AsyncIterator[None]:
    """A device that keeps passkeys and whose owner says yes, as long as the block runs."""
    devtools = await visitor.context.new_cdp_session(visitor.page)
    await devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield
    await devtools.detach()

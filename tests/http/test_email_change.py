"""Another address for an account, and who may not give it one."""

from tests.fixtures.control import ControlUnderTest, Reply, assert_problem
from tests.fixtures.database import TenantSample
from tests.fixtures.mailbox import letter_to, letters_to
from tests.http.members import Person, actions_of, an_address, join, let_time_pass, owner_of

CONFIRM, ASKED = "Confirm your new address", "Another address was named for your account"
CHANGED, TAKEN = "Your account has another address", "This address has an account"


async def ask(control: ControlUnderTest, person: Person, email: str) -> Reply:
    return await control.post("/v1/account/email", person.session, {"email": email})


async def confirm(control: ControlUnderTest, code: str, auth: str | None = None) -> Reply:
    return await control.post("/v1/email-confirmations", auth, {"code": code})


async def test_a_new_address_holds_once_it_was_confirmed(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, email = await owner_of(control, team), an_address()

    asked = await ask(control, ada, email)
    mail = await letter_to(control, email, CONFIRM)
    before = await control.get("/v1/account", ada.session)
    confirmed = await confirm(control, mail.code)
    after = await control.get("/v1/account", ada.session)

    assert (asked.status, asked.body, confirmed.status) == (202, {}, 204)
    assert mail.links == [f"{control.settings.public_url}/confirm-email/{mail.code}"]
    assert (before.body["user"]["email"], after.body["user"]["email"]) == (team.email, email)
    assert await actions_of(control, team.id) == ["email.changed"]


async def test_the_former_address_is_told_twice_and_gets_no_way_in(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, email = await owner_of(control, team), an_address()

    await ask(control, ada, email)
    asked = await letter_to(control, team.email, ASKED)
    await confirm(control, (await letter_to(control, email, CONFIRM)).code)
    changed = await letter_to(control, team.email, CHANGED)

    assert asked.links == changed.links == []
    assert email not in asked.text + changed.text


async def test_a_confirmation_works_once_and_not_after_a_day(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, first, second = await owner_of(control, team), an_address(), an_address()
    await ask(control, ada, first)
    used = (await letter_to(control, first, CONFIRM)).code
    await confirm(control, used)
    await ask(control, ada, second)
    late = (await letter_to(control, second, CONFIRM)).code
    async with control.parts.db.person(team.user_id) as conn:
        await conn.execute("update email_tokens set expires_at = now() - interval '1 second'")

    assert_problem(await confirm(control, used), 404, "not_found")
    assert_problem(await confirm(control, late), 404, "not_found")
    assert await control.parts.db.system.find_user(second) is None


async def test_a_link_to_a_new_password_confirms_no_address(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await control.post("/v1/password-resets", body={"email": team.email})
    code = (await letter_to(control, team.email, "Choose a new password")).code

    assert_problem(await confirm(control, code), 404, "not_found")


async def test_a_confirmation_changes_the_account_that_asked_and_not_the_one_signed_in(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    ada, grace, email = await owner_of(control, team), await owner_of(control, other_team), an_address()
    await ask(control, ada, email)
    code = (await letter_to(control, email, CONFIRM)).code

    await confirm(control, code, grace.session)

    assert (await control.get("/v1/account", grace.session)).body["user"]["email"] == other_team.email
    assert (await control.get("/v1/account", ada.session)).body["user"]["email"] == email


async def test_an_address_that_has_an_account_is_not_taken_and_not_told(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    ada = await owner_of(control, team)

    taken, free = await ask(control, ada, other_team.email), await ask(control, ada, an_address())
    mail = await letter_to(control, other_team.email, TAKEN)

    assert (taken.status, taken.body) == (free.status, free.body) == (202, {})
    assert mail.links == [f"{control.settings.public_url}/sign-in"]
    assert [it.subject for it in letters_to(control, other_team.email)] == [TAKEN]


async def test_an_address_that_got_an_account_meanwhile_stays_with_it(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    ada, email = await owner_of(control, team), an_address()
    await ask(control, ada, email)
    code = (await letter_to(control, email, CONFIRM)).code
    async with control.parts.db.person(other_team.user_id) as conn:
        await conn.execute("update users set email = $1", email)

    assert_problem(await confirm(control, code), 409, "conflict")
    assert (await control.get("/v1/account", ada.session)).body["user"]["email"] == team.email


async def test_a_session_that_was_left_open_changes_no_address(
    control: ControlUnderTest, team: TenantSample
) -> None:
    lin = await join(control, team, "member")
    await let_time_pass(control, lin)

    assert_problem(await ask(control, lin, an_address()), 403, "reauthentication_required")


async def test_links_to_the_former_address_stop_working_with_the_change(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, email = await owner_of(control, team), an_address()
    await control.post("/v1/password-resets", body={"email": team.email})
    stolen = (await letter_to(control, team.email, "Choose a new password")).code
    await ask(control, ada, email)
    await confirm(control, (await letter_to(control, email, CONFIRM)).code)

    body = {"code": stolen, "password": "kettle moonlit grass"}
    assert_problem(await control.post("/v1/password-resets/complete", body=body), 404, "not_found")


async def test_the_present_address_is_no_change(control: ControlUnderTest, team: TenantSample) -> None:
    ada = await owner_of(control, team)

    assert_problem(await ask(control, ada, team.email.upper()), 422, "invalid_input", "email")

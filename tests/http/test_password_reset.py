"""A new password by a link in a letter, and every use of such a link that nobody may make."""

import pytest

from control.credentials import hash_token, new_token
from control.store.email_tokens import TokenPurpose
from tests.fixtures.control import ControlUnderTest, Reply, assert_problem, eventually
from tests.fixtures.database import TenantSample
from tests.fixtures.mailbox import letter_to, letters_to
from tests.http.members import actions_of, an_address, owner_of
from tests.http.second_factors import give_app

RESET, CHANGED = "Choose a new password", "Your password was changed"
NEW = "kettle moonlit grass"


async def ask(control: ControlUnderTest, email: str) -> Reply:
    return await control.post("/v1/password-resets", body={"email": email})


async def complete(control: ControlUnderTest, code: str, password: str = NEW) -> Reply:
    return await control.post("/v1/password-resets/complete", body={"code": code, "password": password})


async def code_for(control: ControlUnderTest, email: str, *, count: int = 1) -> str:
    await ask(control, email)
    return (await letter_to(control, email, RESET, count=count)).code


async def sign_in(control: ControlUnderTest, email: str, password: str) -> Reply:
    return await control.post("/v1/sessions", body={"email": email, "password": password})


async def test_the_link_sets_a_new_password_and_ends_every_session(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada = await owner_of(control, team)

    reply = await complete(control, await code_for(control, team.email))

    assert reply.status == 204
    assert (await sign_in(control, team.email, NEW)).status == 201
    assert_problem(await sign_in(control, team.email, team.password), 401, "not_authenticated")
    assert_problem(await control.get("/v1/account", ada.session), 401, "not_authenticated")
    assert (await letter_to(control, team.email, CHANGED)).links == []
    # Who was refused is written beside the answer.
    assert (await actions_of(control, team.id))[:3] == [
        "password.reset_asked",
        "password.reset",
        "session.started",
    ]


async def test_asking_with_a_known_and_an_unknown_address_cannot_be_told_apart(
    control: ControlUnderTest, team: TenantSample
) -> None:
    nobody = an_address()

    known, unknown = await ask(control, team.email), await ask(control, nobody)

    assert (known.status, known.body) == (unknown.status, unknown.body) == (202, {})
    assert sorted(known.headers) == sorted(unknown.headers)
    await letter_to(control, team.email, RESET)
    assert letters_to(control, nobody) == []


async def test_a_link_that_was_used_does_not_work_again(
    control: ControlUnderTest, team: TenantSample
) -> None:
    code = await code_for(control, team.email)
    await complete(control, code)

    assert_problem(await complete(control, code, "another password 7 lamps"), 404, "not_found")
    assert (await sign_in(control, team.email, NEW)).status == 201


async def test_a_link_that_has_expired_does_not_work(control: ControlUnderTest, team: TenantSample) -> None:
    code = await code_for(control, team.email)
    async with control.parts.db.person(team.user_id) as conn:
        await conn.execute("update email_tokens set expires_at = now() - interval '1 second'")

    assert_problem(await complete(control, code), 404, "not_found")
    assert (await sign_in(control, team.email, team.password)).status == 201


async def test_only_the_newest_link_works(control: ControlUnderTest, team: TenantSample) -> None:
    first = await code_for(control, team.email)
    second = await code_for(control, team.email, count=2)

    assert_problem(await complete(control, first), 404, "not_found")
    assert (await complete(control, second)).status == 204


async def test_a_link_to_another_address_sets_no_password(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada = await owner_of(control, team)
    email = an_address()
    await control.post("/v1/account/email", ada.session, {"email": email})
    code = (await letter_to(control, email, "Confirm your new address")).code

    assert_problem(await complete(control, code), 404, "not_found")


async def test_a_link_sets_the_password_of_nobody_else(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    code = await code_for(control, other_team.email)
    ada = await owner_of(control, team)

    # Whoever is signed in in the browser that opens the link is not whom it is about.
    headers = {"Authorization": f"Bearer {ada.session}"}
    body = {"code": code, "password": NEW}
    reply = await control.post("/v1/password-resets/complete", body=body, headers=headers)

    assert reply.status == 204
    assert (await sign_in(control, team.email, team.password)).status == 201
    assert (await sign_in(control, other_team.email, NEW)).status == 201


@pytest.mark.parametrize("code", ["", "guessed", "x" * 64])
async def test_a_link_that_was_guessed_is_unknown(control: ControlUnderTest, code: str) -> None:
    assert_problem(await complete(control, code), 404, "not_found")


async def test_a_reset_signs_nobody_in(control: ControlUnderTest, team: TenantSample) -> None:
    reply = await complete(control, await code_for(control, team.email))

    assert not reply.cookies
    assert reply.body == {}


async def test_a_reset_does_not_get_past_the_second_factor(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await give_app(control, team)

    await complete(control, await code_for(control, team.email))
    reply = await sign_in(control, team.email, NEW)

    assert reply.status == 202
    assert "totp" in reply.body["second_factor"]["methods"]
    assert not reply.cookies


async def test_a_weak_password_is_refused_and_the_link_stays_good(
    control: ControlUnderTest, team: TenantSample
) -> None:
    code = await code_for(control, team.email)

    assert_problem(await complete(control, code, "short"), 422, "invalid_input", "password")
    assert (await complete(control, code)).status == 204


async def test_a_password_change_puts_an_end_to_links_that_were_sent(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada = await owner_of(control, team)
    code = await code_for(control, team.email)
    body = {"new_password": NEW, "current_password": team.password}
    assert (await control.post("/v1/account/password", ada.session, body)).status == 201

    assert_problem(await complete(control, code, "another password 7 lamps"), 404, "not_found")


async def test_the_database_holds_no_link(control: ControlUnderTest, team: TenantSample) -> None:
    code = await code_for(control, team.email)

    async with control.parts.db.person(team.user_id) as conn:
        rows = await conn.fetch("select * from email_tokens")
    assert [row["token_hash"] for row in rows] == [hash_token(code)]
    assert code not in repr(rows)


async def test_a_letter_that_has_left_is_gone_from_the_outbox(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await code_for(control, team.email)

    async def is_empty() -> bool:
        return not await control.parts.db.system.take_outbox("letter", 10, 1)

    await eventually(is_empty, "an empty outbox")


async def test_a_code_in_the_form_of_ours_belongs_to_nobody(control: ControlUnderTest) -> None:
    found = await control.parts.db.system.find_email_token(
        hash_token(new_token()), TokenPurpose.RESET_PASSWORD
    )

    assert found is None

"""Signing up by a letter or a provider, and what is tried with codes, addresses and hosts of others."""

import dataclasses
from typing import Any

import pytest

from agent.settings import ControlSettings
from control.people.sign_up_codes import ProviderIdentity
from tests.fixtures.control import ControlUnderTest, Reply, assert_problem, running_control
from tests.fixtures.database import PASSWORD, TenantSample
from tests.fixtures.mailbox import letter_to, letters_to
from tests.http.members import actions_of, an_address

SIGN_UP, KNOWN = "Go on with your sign-up", "You have an account already"


async def ask(control: ControlUnderTest, email: str, **options: Any) -> Reply:
    return await control.post("/v1/sign-ups", body={"email": email}, **options)


async def create(control: ControlUnderTest, code: str, **changes: object) -> Reply:
    body = {"code": code, "name": "Lin", "tenant_name": "Pier", "password": PASSWORD}
    return await control.post("/v1/accounts", body=body | changes)


async def code_for(control: ControlUnderTest, email: str) -> str:
    assert (await ask(control, email)).status == 202
    return (await letter_to(control, email, SIGN_UP)).code


async def test_a_stranger_becomes_the_owner_of_a_tenant(control: ControlUnderTest) -> None:
    email = an_address()
    code = await code_for(control, email)

    told = await control.get(f"/v1/sign-ups/{code}")
    made = await create(control, code)

    assert told.body == {"email": email, "name": None, "needs_password": True}
    assert made.status == 201, made.body
    assert (made.body["user"]["email"], made.body["role"], made.body["tenant"]["name"]) == (
        email,
        "owner",
        "Pier",
    )
    again = await control.post("/v1/sessions", body={"email": email, "password": PASSWORD})
    assert again.body["tenant"] == made.body["tenant"]
    assert made.body["methods"] == ["password"]


async def test_signing_up_is_in_the_trail_of_the_new_tenant(control: ControlUnderTest) -> None:
    made = await create(control, await code_for(control, an_address()))

    found = await control.parts.db.system.find_user(made.body["user"]["email"])

    assert found is not None
    assert found.tenant_id is not None
    assert await actions_of(control, found.tenant_id) == [
        "tenant.founded",
        "account.signed_up",
        "session.started",
    ]


async def test_asking_with_a_known_and_an_unknown_address_cannot_be_told_apart(
    control: ControlUnderTest, team: TenantSample
) -> None:
    known, unknown = await ask(control, team.email), await ask(control, an_address())

    assert (known.status, known.body) == (unknown.status, unknown.body) == (202, {})
    assert sorted(known.headers) == sorted(unknown.headers)
    assert known.headers["Content-Length"] == unknown.headers["Content-Length"]


async def test_whoever_has_an_account_is_told_so_in_their_mailbox_only(
    control: ControlUnderTest, team: TenantSample
) -> None:
    await ask(control, team.email.upper())

    mail = await letter_to(control, team.email, KNOWN)

    url = control.settings.public_url
    assert mail.links == [f"{url}/sign-in", f"{url}/reset"]
    assert [it.subject for it in letters_to(control, team.email)] == [KNOWN]


async def test_a_code_for_one_address_makes_no_account_for_another(control: ControlUnderTest) -> None:
    email, coveted = an_address("gus"), an_address("ada")
    code = await code_for(control, email)

    refused = await create(control, code, email=coveted)
    made = await create(control, code)

    assert_problem(refused, 422, "invalid_input", "email")
    assert made.body["user"]["email"] == email
    assert await control.parts.db.system.find_user(coveted) is None


async def test_a_code_makes_one_account_only(control: ControlUnderTest) -> None:
    code = await code_for(control, an_address())

    first, second = await create(control, code), await create(control, code, tenant_name="Second")

    assert first.status == 201
    assert_problem(second, 409, "conflict")


async def test_a_code_does_not_take_over_an_account_that_was_made_meanwhile(
    control: ControlUnderTest, team: TenantSample
) -> None:
    code = control.parts.sign_up_codes.make(team.email)

    reply = await create(control, code, password="another password of mine 7")

    assert_problem(reply, 409, "conflict")
    signed_in = await control.post("/v1/sessions", body={"email": team.email, "password": team.password})
    assert signed_in.status == 201


@pytest.mark.parametrize("damage", ["", "x", "A" * 900])
async def test_a_code_that_was_made_up_is_unknown(control: ControlUnderTest, damage: str) -> None:
    code = damage or control.parts.sign_up_codes.make(an_address())[:-4] + "AAAA"

    assert_problem(await control.get(f"/v1/sign-ups/{code}"), 404, "not_found")
    assert_problem(await create(control, code), 404, "not_found")


@pytest.mark.parametrize(
    "address",
    ["nobody", "a@b@c.example", "a b@c.example", "lin@harbor.example\r\nBcc: gus@x.example", "@x.example"],
)
async def test_what_is_no_address_gets_no_letter(control: ControlUnderTest, address: str) -> None:
    assert_problem(await ask(control, address), 422, "invalid_input", "email")


async def test_a_password_that_everybody_uses_makes_no_account(control: ControlUnderTest) -> None:
    email = an_address()
    code = await code_for(control, email)

    weak = await create(control, code, password="passwordpassword")
    own_name = await create(control, code, name="Maximiliane", password="maximilianemaximiliane")
    none = await create(control, code, password=None)

    assert_problem(weak, 422, "invalid_input", "password")
    assert_problem(own_name, 422, "invalid_input", "password")
    assert_problem(none, 422, "invalid_input", "password")
    assert await control.parts.db.system.find_user(email) is None


async def test_a_forged_host_does_not_get_into_a_link(control: ControlUnderTest) -> None:
    email = an_address()
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}

    await ask(control, email, headers=headers)
    mail = await letter_to(control, email, SIGN_UP)

    assert [link.startswith(f"{control.settings.public_url}/sign-up/") for link in mail.links] == [True]
    assert "evil" not in mail.text


async def test_one_mailbox_gets_five_letters_an_hour_at_most(
    control: ControlUnderTest, team: TenantSample
) -> None:
    mailbox = an_address()

    replies = [await ask(control, mailbox) for _ in range(6)]
    reset = await control.post("/v1/password-resets", body={"email": mailbox.upper()})

    assert [reply.status for reply in replies] == [202] * 5 + [429]
    assert_problem(reset, 429, "too_many")
    assert int(reset.headers["Retry-After"]) <= 3600
    assert (await ask(control, an_address())).status == 202


async def test_one_machine_does_not_flood_many_mailboxes(control: ControlUnderTest) -> None:
    statuses = [(await ask(control, an_address())).status for _ in range(41)]

    assert statuses == [202] * 40 + [429]


async def test_without_its_limits_no_letter_is_sent(control_without_redis: ControlUnderTest) -> None:
    assert_problem(await ask(control_without_redis, "lin@harbor.example"), 503, "unavailable")


async def test_closed_sign_up_stays_closed_for_codes_from_before(own_settings: ControlSettings) -> None:
    settings = dataclasses.replace(own_settings, is_sign_up_open=False)
    async with running_control(settings) as control:
        code = control.parts.sign_up_codes.make("lin@harbor.example")

        assert_problem(await ask(control, "lin@harbor.example"), 403, "not_allowed")
        assert_problem(await create(control, code), 403, "not_allowed")
        assert (await control.get("/v1/deployment")).body["sign_up"] == "closed"


async def test_somebody_a_provider_vouches_for_needs_no_password(control: ControlUnderTest) -> None:
    email = an_address()
    identity = ProviderIdentity(issuer="https://login.example", subject=email, name="Lin Chen")
    code = control.parts.sign_up_codes.make(email, identity)

    told = await control.get(f"/v1/sign-ups/{code}")
    made = await create(control, code, password=None)

    assert told.body == {"email": email, "name": "Lin Chen", "needs_password": False}
    assert (made.status, made.body["methods"]) == (201, ["oidc"])
    found = await control.parts.db.system.find_identity(identity.issuer, identity.subject)
    login = await control.parts.db.system.find_user(email)
    assert login is not None
    assert found == login.user_id
    assert login.password_hash is None


async def test_a_providers_account_of_somebody_else_is_not_taken_along(control: ControlUnderTest) -> None:
    owner, thief = an_address("ada"), an_address("gus")
    identity = ProviderIdentity(issuer="https://login.example", subject=owner)
    codes = control.parts.sign_up_codes
    await create(control, codes.make(owner, identity), password=None)

    reply = await create(control, codes.make(thief, identity), password=None)

    assert_problem(reply, 409, "conflict")
    assert await control.parts.db.system.find_user(thief) is None


async def test_a_page_of_another_site_cannot_ask_for_letters(control: ControlUnderTest) -> None:
    reply = await ask(control, an_address(), headers={"Origin": "https://evil.example"})

    assert_problem(reply, 403, "not_allowed")

"""Invitations to join a tenant: who may send which, and who may come in by one."""

import asyncio

import pytest

from control.credentials import new_token
from tests.fixtures.control import ControlUnderTest, Reply, assert_problem
from tests.fixtures.database import PASSWORD, TenantSample
from tests.fixtures.mailbox import letter_to, letters_to
from tests.http.callers import come_as_guest, page_of
from tests.http.callers import invite as room_code
from tests.http.members import Person, actions_of, an_address, join, owner_of, role_of
from tests.http.second_factors import give_app

INVITED = "You are invited to join a team"
PATH = "/v1/member-invitations"


async def invite(control: ControlUnderTest, by: Person, email: str, role: str = "member") -> Reply:
    return await control.post(PATH, by.session, {"email": email, "role": role})


async def code_for(
    control: ControlUnderTest, by: Person, email: str, role: str = "member", *, count: int = 1
) -> str:
    reply = await invite(control, by, email, role)
    assert reply.status == 201, reply.body
    return (await letter_to(control, email, INVITED, count=count)).code


async def accept(control: ControlUnderTest, code: str, auth: str | None = None, **body: str) -> Reply:
    return await control.post(f"{PATH}/accept", auth, {"code": code, **body})


async def let_expire(control: ControlUnderTest, team: TenantSample) -> None:
    async with control.parts.db.tenant(team.id) as conn:
        await conn.execute("update member_invitations set expires_at = now() - interval '1 second'")


async def test_somebody_new_joins_by_a_letter_and_is_signed_in(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, email = await owner_of(control, team), an_address()
    code = await code_for(control, ada, email, "admin")

    told = await control.get(f"{PATH}/by-code/{code}")
    joined = await accept(control, code, name="Lin", password=PASSWORD)

    del told.body["expires_at"]
    assert told.body == {"tenant_name": "Harbor", "email": email, "role": "admin", "has_account": False}
    assert joined.status == 201, joined.body
    assert (joined.body["user"]["email"], joined.body["role"]) == (email, "admin")
    assert joined.body["tenant"]["name"] == "Harbor"
    assert (await control.post("/v1/sessions", body={"email": email, "password": PASSWORD})).status == 201
    trail = await actions_of(control, team.id)
    assert trail[:2] == ["member.invited", "member.joined"]


async def test_somebody_of_another_tenant_joins_and_is_in_both(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    ada, grace = await owner_of(control, team), await owner_of(control, other_team)
    code = await code_for(control, ada, grace.email)

    joined = await accept(control, code, grace.session)
    account = await control.get("/v1/account", joined.body["session_token"])

    assert (joined.status, joined.body["tenant"]["name"], joined.body["role"]) == (201, "Harbor", "member")
    assert [(it["name"], it["role"]) for it in account.body["tenants"]] == [
        ("Lighthouse", "owner"),
        ("Harbor", "member"),
    ]
    assert_problem(await control.get("/v1/members", grace.session), 401, "not_authenticated")


async def test_the_letter_names_who_invites_and_leads_to_our_page_only(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, email = await owner_of(control, team), an_address()
    body = {"email": email}
    await control.post(PATH, ada.session, body, headers={"X-Forwarded-Host": "evil.example"})

    mail = await letter_to(control, email, INVITED)

    assert mail.links == [f"{control.settings.public_url}/invitation/{mail.code}"]
    assert "Ada invites you to join “Harbor”" in mail.text.replace("\n", " ")


async def test_names_with_line_breaks_and_links_do_not_get_into_a_letter(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, email = await owner_of(control, team), an_address()
    async with control.parts.db.member(team.id, team.user_id) as conn:
        await conn.execute("update users set name = $1", "Ada\r\nBcc: gus@x.example\u2028\u202eevil")
        await conn.execute("update tenants set name = $1", "Prize! https://evil.example/win www.evil.example")

    await invite(control, ada, email)
    mail = await letter_to(control, email, INVITED)

    assert letters_to(control, "gus@x.example") == []
    assert mail.subject == INVITED
    assert len(mail.links) == 1
    assert "://evil" not in mail.text
    assert "evil.example" not in mail.text
    assert "gus@x.example" not in mail.text
    assert "\u202e" not in mail.text


async def test_an_invitation_that_was_used_does_not_work_again(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, email = await owner_of(control, team), an_address()
    code = await code_for(control, ada, email)
    joined = await accept(control, code, name="Lin", password=PASSWORD)

    again = await accept(control, code, joined.body["session_token"])

    assert_problem(again, 404, "not_found")
    assert_problem(await control.get(f"{PATH}/by-code/{code}"), 404, "not_found")


async def test_of_two_who_accept_at_the_same_moment_one_account_is_made(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, email = await owner_of(control, team), an_address()
    code = await code_for(control, ada, email)

    replies = await asyncio.gather(
        *(accept(control, code, name=name, password=PASSWORD) for name in ("Lin", "Gus"))
    )

    first, second = sorted(replies, key=lambda reply: reply.status)
    assert first.status == 201
    assert second.status in (401, 404, 409)
    members = (await control.get("/v1/members", ada.session)).body["data"]
    assert [member["email"] for member in members].count(email) == 1


async def test_an_invitation_that_has_expired_lets_nobody_in(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, email = await owner_of(control, team), an_address()
    code = await code_for(control, ada, email)
    await let_expire(control, team)

    assert_problem(await accept(control, code, name="Lin", password=PASSWORD), 404, "not_found")
    assert (await control.get(PATH, ada.session)).body["data"] == []
    assert await control.parts.db.system.find_user(email) is None


async def test_an_invitation_that_was_taken_back_lets_nobody_in(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, email = await owner_of(control, team), an_address()
    code = await code_for(control, ada, email)
    (listed,) = (await control.get(PATH, ada.session)).body["data"]

    revoked = await control.call("DELETE", f"{PATH}/{listed['id']}", ada.session)

    assert revoked.status == 204
    assert_problem(await accept(control, code, name="Lin", password=PASSWORD), 404, "not_found")
    assert_problem(await control.call("DELETE", f"{PATH}/{listed['id']}", ada.session), 404, "not_found")
    assert "member.invitation_revoked" in await actions_of(control, team.id)


async def test_asking_again_replaces_the_link_and_the_role(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, email = await owner_of(control, team), an_address()
    first = await code_for(control, ada, email, "admin")
    second = await code_for(control, ada, email, "member", count=2)

    assert_problem(await accept(control, first, name="Lin", password=PASSWORD), 404, "not_found")
    joined = await accept(control, second, name="Lin", password=PASSWORD)
    assert (joined.status, joined.body["role"]) == (201, "member")


async def test_a_link_that_was_handed_on_lets_nobody_else_in(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    ada, grace = await owner_of(control, team), await owner_of(control, other_team)
    code = await code_for(control, ada, an_address())

    reply = await accept(control, code, grace.session)

    assert_problem(reply, 403, "not_allowed")
    async with control.parts.db.tenant(team.id) as conn:
        assert await conn.fetchval("select count(*) from memberships") == 1
    assert (await control.get("/v1/members", grace.session)).status == 200


async def test_whoever_holds_the_link_does_not_come_in_as_somebody_who_has_an_account(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    ada = await owner_of(control, team)
    code = await code_for(control, ada, other_team.email)

    told = await control.get(f"{PATH}/by-code/{code}")
    reply = await accept(control, code, name="Grace", password="another password 7 lamps")

    assert told.body["has_account"] is True
    assert_problem(reply, 401, "not_authenticated")
    signed_in = await control.post(
        "/v1/sessions", body={"email": other_team.email, "password": other_team.password}
    )
    assert signed_in.status == 201


async def test_a_guest_does_not_become_a_member_by_a_link_for_somebody_else(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    ada = await owner_of(control, team)
    code = await code_for(control, ada, other_team.email)
    guest = await come_as_guest(control, team, "standup")

    assert_problem(await accept(control, code, guest), 401, "not_authenticated")


@pytest.mark.parametrize("code", ["", "guessed", "x" * 64])
async def test_an_invitation_that_was_guessed_is_unknown(control: ControlUnderTest, code: str) -> None:
    assert_problem(await accept(control, code, name="Lin", password=PASSWORD), 404, "not_found")
    if code:
        assert_problem(await control.get(f"{PATH}/by-code/{code}"), 404, "not_found")


async def test_a_guests_link_to_a_room_makes_nobody_a_member(
    control: ControlUnderTest, team: TenantSample
) -> None:
    code = await room_code(control, team, "standup")

    reply = await accept(control, code, name="Gus", password=PASSWORD)

    assert_problem(reply, 404, "not_found")


@pytest.mark.parametrize("missing", ["name", "password"])
async def test_an_account_is_not_made_by_halves(
    control: ControlUnderTest, team: TenantSample, missing: str
) -> None:
    ada, email = await owner_of(control, team), an_address()
    code = await code_for(control, ada, email)
    body = {"name": "Lin", "password": PASSWORD}
    del body[missing]

    assert_problem(await accept(control, code, **body), 422, "invalid_input", missing)
    assert (await accept(control, code, name="Lin", password=PASSWORD)).status == 201


async def test_a_weak_password_is_refused_and_the_invitation_stays_good(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, email = await owner_of(control, team), an_address()
    code = await code_for(control, ada, email)

    weak = await accept(control, code, name="Lin", password="passwordpassword")

    assert_problem(weak, 422, "invalid_input", "password")
    assert (await accept(control, code, name="Lin", password=PASSWORD)).status == 201


async def test_an_admin_invites_no_owner(control: ControlUnderTest, team: TenantSample) -> None:
    lin, email = await join(control, team, "admin"), an_address()

    assert_problem(await invite(control, lin, email, "owner"), 403, "not_allowed")
    assert letters_to(control, email) == []


async def test_an_admin_neither_replaces_nor_takes_back_an_owners_invitation(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, lin, email = await owner_of(control, team), await join(control, team, "admin"), an_address()
    code = await code_for(control, ada, email, "owner")
    (listed,) = (await control.get(PATH, lin.session)).body["data"]

    replaced = await invite(control, lin, email, "member")
    revoked = await control.call("DELETE", f"{PATH}/{listed['id']}", lin.session)

    assert_problem(replaced, 403, "not_allowed")
    assert_problem(revoked, 403, "not_allowed")
    assert (await accept(control, code, name="Gus", password=PASSWORD)).body["role"] == "owner"


async def test_a_role_cannot_be_chosen_by_who_accepts(control: ControlUnderTest, team: TenantSample) -> None:
    ada, email = await owner_of(control, team), an_address()
    code = await code_for(control, ada, email, "admin")

    chosen = await accept(control, code, name="Lin", password=PASSWORD, role="owner")
    joined = await accept(control, code, name="Lin", password=PASSWORD)

    assert_problem(chosen, 422, "invalid_input", "role")
    assert joined.body["role"] == "admin"


async def test_whoever_belongs_here_already_is_not_invited(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, lin = await owner_of(control, team), await join(control, team, "member")

    assert_problem(await invite(control, ada, lin.email.upper()), 409, "conflict")


async def test_an_old_invitation_raises_nobody_who_belongs_here_by_now(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, email = await owner_of(control, team), an_address()
    code = await code_for(control, ada, email, "owner")
    lin = await join(control, team, "member")
    async with control.parts.db.person(lin.user_id) as conn:
        await conn.execute("update users set email = $1", email)

    joined = await accept(control, code, lin.session)

    assert (joined.status, joined.body["role"]) == (201, "member")
    assert await role_of(control, lin) == "member"


async def test_the_invitations_of_another_tenant_are_neither_seen_nor_taken_back(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    ada, grace = await owner_of(control, team), await owner_of(control, other_team)
    made = await invite(control, grace, an_address())
    unknown = await control.call("DELETE", f"{PATH}/minv_{'0' * 32}", ada.session)

    reply = await control.call("DELETE", f"{PATH}/{made.body['id']}", ada.session)

    assert_problem(reply, 404, "not_found")
    assert reply.body["detail"] == unknown.body["detail"]
    assert (await control.get(PATH, ada.session)).body["data"] == []
    assert len((await control.get(PATH, grace.session)).body["data"]) == 1


async def test_a_mailbox_is_not_flooded_by_invitations(control: ControlUnderTest, team: TenantSample) -> None:
    ada, email = await owner_of(control, team), an_address()

    statuses = [(await invite(control, ada, email)).status for _ in range(6)]

    assert statuses == [201] * 5 + [429]


async def test_the_code_is_told_to_the_mailbox_only(control: ControlUnderTest, team: TenantSample) -> None:
    ada, email = await owner_of(control, team), an_address()

    made = await invite(control, ada, email)
    listed = await control.get(PATH, ada.session)
    code = (await letter_to(control, email, INVITED)).code

    assert code not in str(made.body) + str(listed.body)
    async with control.parts.db.tenant(team.id) as conn:
        assert code not in str(await conn.fetch("select * from member_invitations"))


async def test_another_sites_page_does_not_join_on_somebodys_cookie(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    ada, grace = await owner_of(control, team), await owner_of(control, other_team)
    code = await code_for(control, ada, grace.email)
    page = await page_of(control, grace.session)
    body = {"code": code}

    foreign = await control.post(f"{PATH}/accept", None, body, headers=page | {"Origin": "https://x.example"})
    without = await control.post(
        f"{PATH}/accept", None, body, headers={k: v for k, v in page.items() if k != "X-CSRF-Token"}
    )
    ours = await control.post(f"{PATH}/accept", None, body, headers=page)

    assert_problem(foreign, 403, "not_allowed")
    assert without.status == 403
    assert ours.status == 201


async def test_whoever_comes_back_is_not_kept_out_of_rooms_for_having_left(
    control: ControlUnderTest, team: TenantSample
) -> None:
    ada, lin = await owner_of(control, team), await join(control, team, "member")
    elsewhere = await control.post("/v1/tenants", lin.session, {"name": "Pier"})
    session = elsewhere.body["session_token"]
    await control.call("DELETE", f"/v1/members/{lin.id}", ada.session)

    code = await code_for(control, ada, lin.email)
    joined = await accept(control, code, session)

    assert joined.status == 201
    async with control.parts.db.tenant(team.id) as conn:
        assert await conn.fetchval("select count(*) from removals") == 0


async def test_a_code_never_issued_by_us_is_no_invitation(control: ControlUnderTest) -> None:
    assert_problem(await control.get(f"{PATH}/by-code/{new_token()}"), 404, "not_found")


async def leave_every_tenant(control: ControlUnderTest, team: TenantSample) -> None:
    async with control.parts.db.tenant(team.id) as conn:
        await conn.execute("delete from memberships where user_id = $1", team.user_id)


def in_by_password(team: TenantSample, **more: str) -> dict[str, str]:
    return {"email": team.email, "password": team.password, **more}


async def test_somebody_who_is_in_no_tenant_any_more_accepts_by_signing_in(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    code = await code_for(control, await owner_of(control, team), other_team.email)
    await leave_every_tenant(control, other_team)

    refused = await control.post("/v1/sessions", body=in_by_password(other_team))
    joined = await control.post("/v1/sessions", body=in_by_password(other_team, invitation=code))

    assert_problem(refused, 403, "not_allowed")
    assert (joined.status, joined.body["tenant"]["name"], joined.body["role"]) == (201, "Harbor", "member")


async def test_an_invitation_does_not_spare_the_second_factor(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    code = await code_for(control, await owner_of(control, team), other_team.email)
    app = await give_app(control, other_team)

    waiting = await control.post("/v1/sessions", body=in_by_password(other_team, invitation=code))
    still_open = await control.get(f"{PATH}/by-code/{code}")
    joined = await control.post(
        "/v1/sessions/second-factor",
        body={"ticket": waiting.body["second_factor"]["ticket"], "proof": app.proof()},
    )

    assert (waiting.status, still_open.status) == (202, 200)
    assert joined.body["tenant"]["name"] == "Harbor"


async def test_an_invitation_of_somebody_else_lets_nobody_in_by_signing_in(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    code = await code_for(control, await owner_of(control, team), an_address())

    reply = await control.post("/v1/sessions", body=in_by_password(other_team, invitation=code))

    assert_problem(reply, 403, "not_allowed")
    assert (await control.get(f"{PATH}/by-code/{code}")).status == 200


async def test_a_wrong_password_uses_up_no_invitation(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    code = await code_for(control, await owner_of(control, team), other_team.email)

    body = in_by_password(other_team, invitation=code) | {"password": "not the password of anybody"}
    reply = await control.post("/v1/sessions", body=body)

    assert_problem(reply, 401, "not_authenticated")
    assert (await control.get(f"{PATH}/by-code/{code}")).status == 200

"""How people manage their second factors through the public API, and what is tried against it."""

import asyncio
import time
from typing import Any

import pyotp
import pytest

from control.people.totp import STEP_S
from control.store.accounts import create_user
from tests.fakes.authenticator import Authenticator, Json
from tests.fixtures.control import ControlUnderTest, Reply, assert_problem
from tests.fixtures.database import PASSWORD, TenantSample
from tests.fixtures.mailbox import letter_to, letters_to
from tests.http.callers import COOKIE, come_as_guest, page_of, sign_in

FACTORS = "/v1/account/factors"
CODES = "/v1/account/recovery-codes"
UNKNOWN = "fac_00000000000000000000000000000000"


def code_of(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(time.time()) + steps * STEP_S)


async def enrol(control: ControlUnderTest, session: str, name: str = "Phone") -> Json:
    reply = await control.post(f"{FACTORS}/totp", session, {"name": name})
    assert reply.status == 201, reply.body
    return reply.body


async def confirm(control: ControlUnderTest, session: str, factor_id: str, code: str) -> Reply:
    return await control.post(f"{FACTORS}/totp/{factor_id}/confirm", session, {"code": code})


async def add_app(control: ControlUnderTest, session: str, name: str = "Phone") -> tuple[Json, Json]:
    """A confirmed app, and what confirming it answered."""
    app = await enrol(control, session, name)
    reply = await confirm(control, session, app["id"], code_of(app["secret"]))
    assert reply.status == 200, reply.body
    return app, reply.body


async def add_passkey(control: ControlUnderTest, session: str) -> tuple[Authenticator, Json]:
    offered = await control.post(f"{FACTORS}/passkey/options", session)
    authenticator = Authenticator(control.settings.public_url)
    credential = authenticator.create(offered.body["options"])
    body = {"ticket": offered.body["ticket"], "name": "Laptop", "credential": credential}
    reply = await control.post(f"{FACTORS}/passkey", session, body)
    assert reply.status == 201, reply.body
    return authenticator, reply.body


async def remove(control: ControlUnderTest, session: str, factor_id: str, **body: str) -> Reply:
    return await control.call("DELETE", f"{FACTORS}/{factor_id}", session, json=body)


async def listed(control: ControlUnderTest, session: str) -> Json:
    return (await control.get(FACTORS, session)).body


async def names_of(control: ControlUnderTest, session: str) -> list[str]:
    return [item["name"] for item in (await listed(control, session))["data"]]


async def audited(control: ControlUnderTest, team: TenantSample) -> list[str]:
    async with control.parts.db.tenant(team.id) as conn:
        rows = await conn.fetch("select action from audit_events order by seq")
    return [row["action"] for row in rows if row["action"].startswith(("factor.", "recovery_code"))]


async def set_back(control: ControlUnderTest, team: TenantSample, minutes: int) -> None:
    """As if the person had proved themselves so long ago."""
    async with control.parts.db.person(team.user_id) as conn:
        await conn.execute(
            "update sessions set authenticated_at = now() - make_interval(mins => $1)", minutes
        )


async def set_password_hash(control: ControlUnderTest, team: TenantSample, value: str | None) -> None:
    async with control.parts.db.person(team.user_id) as conn:
        await conn.execute("update users set password_hash = $1", value)


@pytest.fixture
async def session(control: ControlUnderTest, team: TenantSample) -> str:
    return await sign_in(control, team)


@pytest.fixture
async def other_session(control: ControlUnderTest, other_team: TenantSample) -> str:
    return await sign_in(control, other_team)


# Adding


async def test_an_app_is_shown_its_seed_once_and_counts_after_its_first_code(
    control: ControlUnderTest, team: TenantSample, session: str
) -> None:
    app = await enrol(control, session)
    before = await listed(control, session)

    reply = await confirm(control, session, app["id"], code_of(app["secret"]))

    assert app["uri"].startswith("otpauth://totp/Parley:")
    assert app["secret"] in app["uri"]
    assert (app["qr"]["path"][0], app["qr"]["side"] > 40) == ("M", True)
    assert before == {"data": [], "recovery_codes_left": 0}
    assert reply.status == 200, reply.body
    assert len(set(reply.body["recovery_codes"])) == 10
    after = await listed(control, session)
    assert after["recovery_codes_left"] == 10
    assert [(item["id"], item["kind"], item["name"]) for item in after["data"]] == [
        (app["id"], "totp", "Phone")
    ]
    assert app["secret"] not in str(after)


async def test_what_was_added_is_asked_for_at_the_next_sign_in(
    control: ControlUnderTest, team: TenantSample, session: str
) -> None:
    await add_app(control, session)

    reply = await control.post("/v1/sessions", body={"email": team.email, "password": team.password})

    assert reply.status == 202
    assert reply.body["second_factor"]["methods"] == ["totp", "recovery_code"]


async def test_a_second_factor_keeps_the_recovery_codes_of_the_first(
    control: ControlUnderTest, session: str
) -> None:
    await add_app(control, session)

    _, made = await add_passkey(control, session)

    assert made["recovery_codes"] is None
    assert (await listed(control, session))["recovery_codes_left"] == 10


async def test_a_passkey_as_the_first_factor_brings_recovery_codes(
    control: ControlUnderTest, session: str
) -> None:
    _, made = await add_passkey(control, session)

    assert len(made["recovery_codes"]) == 10


async def test_two_first_factors_at_the_same_moment_bring_one_set_of_codes(
    control: ControlUnderTest, session: str
) -> None:
    app = await enrol(control, session)

    passkey, confirmed = await asyncio.gather(
        add_passkey(control, session), confirm(control, session, app["id"], code_of(app["secret"]))
    )

    sets = [passkey[1]["recovery_codes"], confirmed.body["recovery_codes"]]
    assert sorted(len(codes or []) for codes in sets) == [0, 10]
    assert (await listed(control, session))["recovery_codes_left"] == 10


@pytest.mark.parametrize("name", ["", "x" * 201, "two\nlines"])
async def test_a_name_that_no_list_could_show_is_refused(
    control: ControlUnderTest, session: str, name: str
) -> None:
    assert_problem(
        await control.post(f"{FACTORS}/totp", session, {"name": name}), 422, "invalid_input", "name"
    )


async def test_nobody_hoards_factors(control: ControlUnderTest, team: TenantSample, session: str) -> None:
    async with control.parts.db.person(team.user_id) as conn:
        await conn.execute(
            """
            insert into mfa_factors (kind, name, sealed_seed, confirmed_at)
            select 'totp', 'phone ' || n, ''::bytea, now() from generate_series(1, 10) as n
            """
        )

    app = await control.post(f"{FACTORS}/totp", session, {"name": "one more"})
    passkey = await control.post(f"{FACTORS}/passkey/options", session)

    assert_problem(app, 409, "conflict")
    assert_problem(passkey, 409, "conflict")


# Confirming


async def test_a_wrong_code_confirms_nothing_and_the_right_one_does_after_it(
    control: ControlUnderTest, session: str
) -> None:
    app = await enrol(control, session)

    wrong = await confirm(control, session, app["id"], code_of(app["secret"], 50))
    right = await confirm(control, session, app["id"], code_of(app["secret"]))

    assert_problem(wrong, 422, "invalid_input", "code")
    assert right.status == 200


async def test_an_app_is_confirmed_once(control: ControlUnderTest, session: str) -> None:
    app, _ = await add_app(control, session)

    assert_problem(await confirm(control, session, app["id"], code_of(app["secret"], 1)), 404, "not_found")


async def test_of_two_confirmations_at_the_same_moment_one_counts(
    control: ControlUnderTest, session: str
) -> None:
    app = await enrol(control, session)
    code = code_of(app["secret"])

    replies = await asyncio.gather(*(confirm(control, session, app["id"], code) for _ in range(4)))

    assert sorted(reply.status for reply in replies) == [200, 404, 404, 404]


async def test_another_persons_app_is_not_confirmed_by_who_knows_its_code(
    control: ControlUnderTest, session: str, other_session: str
) -> None:
    app = await enrol(control, session)

    reply = await confirm(control, other_session, app["id"], code_of(app["secret"]))

    assert_problem(reply, 404, "not_found")
    assert await names_of(control, session) == []


@pytest.mark.parametrize("factor_id", ["x", "key_" + "0" * 32, "fac_" + "z" * 32])
async def test_what_is_no_id_of_a_factor_is_refused(
    control: ControlUnderTest, session: str, factor_id: str
) -> None:
    reply = await confirm(control, session, factor_id, "123456")

    assert_problem(reply, 422, "invalid_input")


async def test_guessing_the_first_code_is_limited(control: ControlUnderTest, session: str) -> None:
    app = await enrol(control, session)

    statuses = [(await confirm(control, session, app["id"], "no code")).status for _ in range(12)]
    right = await confirm(control, session, app["id"], code_of(app["secret"]))

    assert statuses.count(422) <= 10
    assert statuses[-1] == 429
    assert_problem(right, 429, "too_many")


# Recovery codes


async def test_new_recovery_codes_take_the_place_of_the_former(
    control: ControlUnderTest, team: TenantSample, session: str
) -> None:
    _, confirmed = await add_app(control, session)

    made = await control.post(CODES, session)

    assert made.status == 201
    assert not set(made.body["recovery_codes"]) & set(confirmed["recovery_codes"])
    former = await finish(control, team, confirmed["recovery_codes"][0])
    assert_problem(former, 401, "not_authenticated")
    assert (await finish(control, team, made.body["recovery_codes"][0])).status == 201


async def finish(control: ControlUnderTest, team: TenantSample, code: str) -> Reply:
    """A sign-in by password and that recovery code."""
    first = await control.post("/v1/sessions", body={"email": team.email, "password": team.password})
    proof = {"method": "recovery_code", "code": code}
    body = {"ticket": first.body["second_factor"]["ticket"], "proof": proof}
    return await control.post("/v1/sessions/second-factor", body=body)


async def test_a_recovery_code_that_was_used_is_told_by_letter_and_audited(
    control: ControlUnderTest, team: TenantSample, session: str
) -> None:
    _, confirmed = await add_app(control, session)

    reply = await finish(control, team, confirmed["recovery_codes"][0])

    assert reply.status == 201
    letter = await letter_to(control, team.email, "A recovery code was used")
    assert "You have 9 left." in letter.text
    assert (await audited(control, team))[-1] == "recovery_code.used"
    assert (await listed(control, session))["recovery_codes_left"] == 9


async def test_a_recovery_code_of_another_person_opens_nothing_and_stays_unused(
    control: ControlUnderTest,
    team: TenantSample,
    session: str,
    other_session: str,
) -> None:
    await add_app(control, session)
    _, attackers = await add_app(control, other_session)

    reply = await finish(control, team, attackers["recovery_codes"][0])

    assert_problem(reply, 401, "not_authenticated")
    assert (await listed(control, other_session))["recovery_codes_left"] == 10


async def test_guessing_recovery_codes_is_limited(
    control: ControlUnderTest, team: TenantSample, session: str
) -> None:
    await add_app(control, session)

    guesses = [await guess(control, team, f"0000-0000-0000-{n:04}") for n in range(12)]

    assert guesses[0] == 401
    assert guesses[-1] == 429
    assert (await listed(control, session))["recovery_codes_left"] == 10


async def guess(control: ControlUnderTest, team: TenantSample, code: str) -> int:
    """As somebody who asks for a new ticket each time."""
    reply = await control.post("/v1/sessions", body={"email": team.email, "password": team.password})
    return reply.status if reply.status == 429 else (await finish(control, team, code)).status


async def test_wrong_codes_of_one_factor_count_against_the_others_of_the_person(
    control: ControlUnderTest, team: TenantSample, session: str, other_session: str, other_team: TenantSample
) -> None:
    """Ten guesses at each factor in turn would be ten times too many; another person is not held up."""
    _, confirmed = await add_app(control, session)
    _, others = await add_app(control, other_session)
    unconfirmed = await enrol(control, session, "Tablet")
    for _ in range(10):
        await confirm(control, session, unconfirmed["id"], "no code")

    right = await finish(control, team, confirmed["recovery_codes"][0])
    of_other = await finish(control, other_team, others["recovery_codes"][0])

    assert_problem(right, 429, "too_many")
    assert of_other.status == 201


async def test_who_has_no_factor_gets_no_codes_around_it(control: ControlUnderTest, session: str) -> None:
    await enrol(control, session)

    assert_problem(await control.post(CODES, session), 409, "conflict")


# Removing


async def test_a_factor_is_removed_and_the_persons_other_sessions_end(
    control: ControlUnderTest, team: TenantSample, session: str
) -> None:
    elsewhere = await sign_in(control, team)
    app, _ = await add_app(control, session)
    await add_passkey(control, session)

    reply = await remove(control, session, app["id"])

    assert reply.status == 204
    assert await names_of(control, session) == ["Laptop"]
    assert_problem(await control.get(FACTORS, elsewhere), 401, "not_authenticated")


async def test_the_last_factor_goes_with_the_password_that_will_stand_alone(
    control: ControlUnderTest, team: TenantSample, session: str
) -> None:
    app, _ = await add_app(control, session)

    reply = await remove(control, session, app["id"], password=team.password)

    assert reply.status == 204, reply.body
    assert await listed(control, session) == {"data": [], "recovery_codes_left": 0}
    signed_in = await control.post("/v1/sessions", body={"email": team.email, "password": team.password})
    assert signed_in.status == 201


@pytest.mark.parametrize("body", [{}, {"password": "wrong"}, {"password": ""}])
async def test_the_last_factor_does_not_go_without_the_password(
    control: ControlUnderTest, session: str, body: dict[str, str]
) -> None:
    """What a session that was left open could do otherwise."""
    app, _ = await add_app(control, session)

    reply = await remove(control, session, app["id"], **body)

    assert_problem(reply, 422, "invalid_input", "password")
    assert await names_of(control, session) == ["Phone"]


async def test_the_last_factor_stays_while_the_password_is_too_short_to_stand_alone(
    control: ControlUnderTest, team: TenantSample, session: str
) -> None:
    short = "tulip-9-fog"
    app, _ = await add_app(control, session)
    await set_password_hash(control, team, await control.parts.passwords.hash(short))

    reply = await remove(control, session, app["id"], password=short)

    assert_problem(reply, 422, "invalid_input", "password")
    assert "15" in reply.body["detail"]
    assert await names_of(control, session) == ["Phone"]


async def test_guessing_the_password_by_removing_a_factor_is_limited(
    control: ControlUnderTest, team: TenantSample, session: str
) -> None:
    app, _ = await add_app(control, session)

    statuses = [(await remove(control, session, app["id"], password=f"wrong {n}")).status for n in range(12)]

    assert statuses[-1] == 429
    assert_problem(await remove(control, session, app["id"], password=team.password), 429, "too_many")


async def test_the_last_way_in_is_not_removed(
    control: ControlUnderTest, team: TenantSample, session: str
) -> None:
    _, made = await add_passkey(control, session)
    await set_password_hash(control, team, None)

    assert_problem(await remove(control, session, made["id"]), 409, "conflict")


async def test_who_signs_in_by_a_provider_may_remove_their_last_factor(
    control: ControlUnderTest, team: TenantSample, session: str
) -> None:
    app, _ = await add_app(control, session)
    await set_password_hash(control, team, None)
    async with control.parts.db.person(team.user_id) as conn:
        await conn.execute(
            "insert into identities (issuer, subject) values ('https://id.example', $1)", team.email
        )

    assert (await remove(control, session, app["id"])).status == 204


async def test_two_removals_at_the_same_moment_do_not_leave_a_person_without_the_rule(
    control: ControlUnderTest, session: str
) -> None:
    """Each sees the other factor, and neither sends the password."""
    app, _ = await add_app(control, session)
    _, passkey = await add_passkey(control, session)

    replies = await asyncio.gather(
        remove(control, session, app["id"]), remove(control, session, passkey["id"])
    )

    removed, refused = sorted(replies, key=lambda reply: reply.status)
    assert removed.status == 204
    # Which of the two it hears depends on how close they are: that both changed, or what is missing now.
    assert (refused.status, refused.body["code"]) in {(409, "conflict"), (422, "invalid_input")}
    assert len(await names_of(control, session)) == 1


async def test_an_app_that_was_never_confirmed_goes_without_further_ado(
    control: ControlUnderTest, team: TenantSample, session: str
) -> None:
    elsewhere = await sign_in(control, team)
    app = await enrol(control, session)

    assert (await remove(control, session, app["id"])).status == 204

    assert (await control.get(FACTORS, elsewhere)).status == 200
    assert await audited(control, team) == []


async def test_another_persons_factor_is_not_removed(
    control: ControlUnderTest, team: TenantSample, session: str, other_session: str, other_team: TenantSample
) -> None:
    app, _ = await add_app(control, session)
    await add_app(control, other_session)

    reply = await remove(control, other_session, app["id"], password=other_team.password)

    assert_problem(reply, 404, "not_found")
    assert await names_of(control, session) == ["Phone"]


async def test_what_was_removed_proves_nothing_any_more(
    control: ControlUnderTest, team: TenantSample, session: str
) -> None:
    app, _ = await add_app(control, session)
    await add_passkey(control, session)
    await remove(control, session, app["id"])

    first = await control.post("/v1/sessions", body={"email": team.email, "password": team.password})
    proof = {"method": "totp", "code": code_of(app["secret"], 1)}
    body = {"ticket": first.body["second_factor"]["ticket"], "proof": proof}
    reply = await control.post("/v1/sessions/second-factor", body=body)

    assert first.body["second_factor"]["methods"] == ["passkey", "recovery_code"]
    assert_problem(reply, 401, "not_authenticated")


# Who may, and who hears of it


async def test_every_change_is_told_by_letter_and_audited(
    control: ControlUnderTest, team: TenantSample, session: str
) -> None:
    app, _ = await add_app(control, session)
    await control.post(CODES, session)
    await remove(control, session, app["id"], password=team.password)

    added = await letter_to(control, team.email, "A new way to prove yourself was added")
    assert "The authenticator app “Phone” was added" in added.text
    await letter_to(control, team.email, "New recovery codes were made")
    await letter_to(control, team.email, "A way to prove yourself was removed")
    assert await audited(control, team) == [
        "factor.added",
        "recovery_codes.made",
        "recovery_codes.made",
        "factor.removed",
    ]


async def test_neither_seed_nor_code_is_in_the_trail_the_database_or_a_letter(
    control: ControlUnderTest, team: TenantSample, session: str
) -> None:
    app, confirmed = await add_app(control, session, "A name that Ada chose")

    await letter_to(control, team.email, "A new way to prove yourself was added")
    letters = [letter.text for letter in letters_to(control, team.email)]
    async with control.parts.db.member(team.id, team.user_id) as conn:
        lines = [row["line"] for row in await conn.fetch("select line from audit_events")]
        stored = [repr(tuple(row)) for row in await conn.fetch("select * from mfa_factors")]
    secrets = [app["secret"], *confirmed["recovery_codes"]]
    assert not [text for text in [*lines, *stored, *letters] if any(secret in text for secret in secrets)]
    assert not [line for line in lines if "Ada chose" in line or team.email in line]


CHANGES: dict[str, tuple[str, str, Any]] = {
    "add an app": ("POST", f"{FACTORS}/totp", {"name": "Phone"}),
    "confirm an app": ("POST", f"{FACTORS}/totp/{UNKNOWN}/confirm", {"code": "123456"}),
    "ask for a passkey": ("POST", f"{FACTORS}/passkey/options", {}),
    "add a passkey": ("POST", f"{FACTORS}/passkey", {"ticket": "x", "name": "x", "credential": {}}),
    "remove a factor": ("DELETE", f"{FACTORS}/{UNKNOWN}", {}),
    "make recovery codes": ("POST", CODES, {}),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_a_session_that_was_left_open_changes_no_factors(
    control: ControlUnderTest, team: TenantSample, session: str, change: str
) -> None:
    await set_back(control, team, minutes=16)
    method, path, body = CHANGES[change]

    reply = await control.call(method, path, session, json=body)

    assert_problem(reply, 403, "reauthentication_required")


@pytest.mark.parametrize("change", CHANGES)
async def test_a_page_of_another_site_changes_no_factors(
    control: ControlUnderTest, session: str, change: str
) -> None:
    headers = {**await page_of(control, session), "Origin": "https://attacker.example"}
    method, path, body = CHANGES[change]

    reply = await control.call(method, path, headers=headers, json=body)

    assert_problem(reply, 403, "not_allowed")


@pytest.mark.parametrize("change", CHANGES)
async def test_a_cookie_without_its_token_changes_no_factors(
    control: ControlUnderTest, session: str, change: str
) -> None:
    headers = {"Cookie": f"{COOKIE}={session}", "Origin": control.settings.public_url}
    method, path, body = CHANGES[change]

    reply = await control.call(method, path, headers=headers, json=body)

    assert reply.status == 403
    assert await names_of(control, session) == []


@pytest.mark.parametrize("change", CHANGES)
async def test_neither_an_api_key_nor_a_guest_nor_a_stranger_changes_factors(
    control: ControlUnderTest, team: TenantSample, change: str
) -> None:
    guest = await come_as_guest(control, team, "lounge")
    method, path, body = CHANGES[change]

    replies = [await control.call(method, path, auth, json=body) for auth in (team.api_key, guest, None)]

    assert [reply.status for reply in replies] == [403, 403, 401]


async def test_a_colleague_sees_only_factors_of_their_own(
    control: ControlUnderTest, team: TenantSample, session: str
) -> None:
    await add_app(control, session)
    email = f"lin-{team.id.hex}@harbor.example"
    hashed = await control.parts.passwords.hash(PASSWORD)
    await create_user(control.parts.db, team.id, email=email, name="Lin", password_hash=hashed, role="admin")
    reply = await control.post("/v1/sessions", body={"email": email, "password": PASSWORD})

    seen = await listed(control, reply.body["session_token"])

    assert seen == {"data": [], "recovery_codes_left": 0}

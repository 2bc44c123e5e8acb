"""Passkeys through the public API, by a software authenticator: the honest way, and each attack on it."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from control.people.passkey_site import Site
from tests.fakes.authenticator import USER_PRESENT, USER_VERIFIED, Authenticator, Json
from tests.fixtures.control import ControlUnderTest, Reply, assert_problem
from tests.fixtures.database import TenantSample
from tests.http.callers import COOKIE, page_of, sign_in

FACTORS = "/v1/account/factors"
OTHER_ORIGIN = "https://parley.example.attacker.example"

Answering = Callable[[Authenticator, Json], Json]


async def creation_options(control: ControlUnderTest, session: str) -> Json:
    reply = await control.post(f"{FACTORS}/passkey/options", session)
    assert reply.status == 201, reply.body
    return reply.body


async def register(
    control: ControlUnderTest, session: str, ticket: str, credential: Json, name: str = "Laptop"
) -> Reply:
    body = {"ticket": ticket, "name": name, "credential": credential}
    return await control.post(f"{FACTORS}/passkey", session, body)


async def give_passkey(control: ControlUnderTest, session: str) -> Authenticator:
    """An authenticator with a passkey that was registered by the API."""
    authenticator = Authenticator(control.settings.public_url)
    offered = await creation_options(control, session)
    reply = await register(control, session, offered["ticket"], authenticator.create(offered["options"]))
    assert reply.status == 201, reply.body
    return authenticator


async def challenge(control: ControlUnderTest, session: str | None = None) -> Json:
    reply = await control.post("/v1/passkeys/challenges", session)
    assert reply.status == 201, reply.body
    return reply.body


async def enter(control: ControlUnderTest, ticket: str, credential: Json) -> Reply:
    return await control.post("/v1/sessions/passkey", body={"ticket": ticket, "credential": credential})


async def prove(control: ControlUnderTest, session: str, ticket: str, credential: Json) -> Reply:
    proof = {"method": "passkey", "ticket": ticket, "credential": credential}
    return await control.post("/v1/sessions/current/proof", session, {"proof": proof})


async def factors_of(control: ControlUnderTest, session: str) -> list[Json]:
    found: list[Json] = (await control.get(FACTORS, session)).body["data"]
    return found


async def sign_count(control: ControlUnderTest, team: TenantSample) -> int:
    async with control.parts.db.person(team.user_id) as conn:
        return int(await conn.fetchval("select sign_count from mfa_factors"))


@pytest.fixture
async def session(control: ControlUnderTest, team: TenantSample) -> str:
    return await sign_in(control, team)


@pytest.fixture
async def other_session(control: ControlUnderTest, other_team: TenantSample) -> str:
    return await sign_in(control, other_team)


# What the browser is asked for


async def test_a_browser_is_asked_for_a_passkey_of_this_site_that_verifies_its_person(
    control: ControlUnderTest, team: TenantSample, session: str
) -> None:
    options = (await creation_options(control, session))["options"]

    assert options["rp"] == {"id": "localhost", "name": "Parley"}
    assert (options["user"]["name"], options["user"]["displayName"]) == (team.email, team.user_name)
    assert options["attestation"] == "none"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "preferred"
    assert options["excludeCredentials"] == []
    assert len(options["challenge"]) >= 43


async def test_an_authenticator_that_has_a_passkey_already_is_told_so(
    control: ControlUnderTest, session: str
) -> None:
    authenticator = await give_passkey(control, session)

    options = (await creation_options(control, session))["options"]

    assert [item["type"] for item in options["excludeCredentials"]] == ["public-key"]
    registered = authenticator.get(options)["id"]
    assert [item["id"] for item in options["excludeCredentials"]] == [registered]


async def test_a_stranger_is_told_of_no_passkeys_and_a_person_of_their_own(
    control: ControlUnderTest, session: str
) -> None:
    await give_passkey(control, session)

    anyones, own = await challenge(control), await challenge(control, session)

    assert anyones["options"]["allowCredentials"] == []
    assert len(own["options"]["allowCredentials"]) == 1
    assert anyones["options"]["userVerification"] == own["options"]["userVerification"] == "required"


async def test_each_challenge_is_another(control: ControlUnderTest) -> None:
    offered = [await challenge(control) for _ in range(20)]

    assert len({item["options"]["challenge"] for item in offered}) == 20
    assert len({item["ticket"] for item in offered}) == 20


async def test_a_page_of_another_site_gets_no_challenge(control: ControlUnderTest, session: str) -> None:
    foreign = {"Cookie": f"{COOKIE}={session}", "Origin": OTHER_ORIGIN}

    reply = await control.post("/v1/passkeys/challenges", headers=foreign)

    assert_problem(reply, 403, "not_allowed")


async def test_a_page_of_ours_is_asked_for_the_passkeys_of_who_is_signed_in(
    control: ControlUnderTest, session: str
) -> None:
    await give_passkey(control, session)

    reply = await control.post("/v1/passkeys/challenges", headers=await page_of(control, session))

    assert reply.status == 201, reply.body
    assert len(reply.body["options"]["allowCredentials"]) == 1


# Registration


async def test_a_passkey_is_registered_and_listed(control: ControlUnderTest, session: str) -> None:
    await give_passkey(control, session)

    (factor,) = await factors_of(control, session)

    assert (factor["kind"], factor["name"]) == ("passkey", "Laptop")


async def test_a_forged_self_attestation_is_refused(control: ControlUnderTest, session: str) -> None:
    offered = await creation_options(control, session)
    forged = Authenticator(control.settings.public_url).create(
        offered["options"], fmt="packed", statement={"alg": -7, "sig": b"forged"}
    )

    reply = await register(control, session, offered["ticket"], forged)

    assert_problem(reply, 422, "invalid_input", "credential")


REFUSED_REGISTRATIONS: dict[str, dict[str, Any]] = {
    "of another origin": {"origin": OTHER_ORIGIN},
    "of another port": {"origin": "http://localhost:1"},
    "of another scheme": {"origin": "https://localhost"},
    "of another RP id": {"rp_id": "attacker.example"},
    "in a frame of another origin": {"cross_origin": True},
    "without user verification": {"flags": USER_PRESENT},
    "without a person there": {"flags": USER_VERIFIED},
    "that is the answer to a sign-in": {"kind": "webauthn.get"},
    "with an attestation that nobody asked for": {"fmt": "android-safetynet"},
    "with an attestation of no known form": {"fmt": "made-up"},
}


@pytest.mark.parametrize("attack", REFUSED_REGISTRATIONS)
async def test_no_passkey_is_registered(control: ControlUnderTest, session: str, attack: str) -> None:
    offered = await creation_options(control, session)
    authenticator = Authenticator(control.settings.public_url)
    made = authenticator.create(offered["options"], **REFUSED_REGISTRATIONS[attack])

    reply = await register(control, session, offered["ticket"], made)

    assert_problem(reply, 422, "invalid_input", "credential")
    assert await factors_of(control, session) == []


async def test_no_passkey_is_registered_by_a_challenge_of_the_attackers_own(
    control: ControlUnderTest, session: str
) -> None:
    offered = await creation_options(control, session)
    made = Authenticator(control.settings.public_url).create({**offered["options"], "challenge": "A" * 86})

    reply = await register(control, session, offered["ticket"], made)

    assert_problem(reply, 422, "invalid_input", "credential")


async def test_a_challenge_of_a_registration_that_was_replayed_is_refused(
    control: ControlUnderTest, session: str
) -> None:
    offered = await creation_options(control, session)
    authenticator = Authenticator(control.settings.public_url)
    first = authenticator.create(offered["options"])
    second = authenticator.create(offered["options"])
    assert (await register(control, session, offered["ticket"], first)).status == 201

    reply = await register(control, session, offered["ticket"], second)

    assert_problem(reply, 422, "invalid_input", "ticket")
    assert len(await factors_of(control, session)) == 1


async def test_a_refused_answer_uses_its_challenge_up(control: ControlUnderTest, session: str) -> None:
    offered = await creation_options(control, session)
    authenticator = Authenticator(control.settings.public_url)
    forged = authenticator.create(offered["options"], origin=OTHER_ORIGIN)
    assert (await register(control, session, offered["ticket"], forged)).status == 422

    reply = await register(control, session, offered["ticket"], authenticator.create(offered["options"]))

    assert_problem(reply, 422, "invalid_input", "ticket")


async def test_the_challenge_of_another_person_registers_nothing_for_the_attacker(
    control: ControlUnderTest, session: str, other_session: str
) -> None:
    offered = await creation_options(control, session)
    made = Authenticator(control.settings.public_url).create(offered["options"])

    reply = await register(control, other_session, offered["ticket"], made)

    assert_problem(reply, 422, "invalid_input", "ticket")
    assert await factors_of(control, other_session) == []


async def test_the_challenge_of_a_sign_in_registers_nothing(control: ControlUnderTest, session: str) -> None:
    user = (await creation_options(control, session))["options"]["user"]
    offered = await challenge(control, session)
    made = Authenticator(control.settings.public_url).create({**offered["options"], "user": user})

    reply = await register(control, session, offered["ticket"], made)

    assert_problem(reply, 422, "invalid_input", "ticket")


@pytest.mark.parametrize("who", ["the same person", "another person"])
async def test_a_passkey_that_is_registered_already_is_not_taken_over(
    control: ControlUnderTest, session: str, other_session: str, who: str
) -> None:
    """Otherwise an attacker who knows a credential's id could put a key of their own under it."""
    owners = (await give_passkey(control, session)).passkeys[0]
    attacker = {"the same person": session, "another person": other_session}[who]
    offered = await creation_options(control, attacker)
    made = Authenticator(control.settings.public_url).create(offered["options"], credential_id=owners.id)

    reply = await register(control, attacker, offered["ticket"], made)

    assert_problem(reply, 409, "conflict")
    assert len(await factors_of(control, session)) == 1
    assert await factors_of(control, other_session) == []


async def test_a_credential_that_the_browser_calls_otherwise_than_the_authenticator_is_refused(
    control: ControlUnderTest, session: str
) -> None:
    offered = await creation_options(control, session)
    made = Authenticator(control.settings.public_url).create(offered["options"], credential_id=b"x" * 1024)

    reply = await register(control, session, offered["ticket"], {**made, "id": "AAAA", "rawId": "AAAA"})

    assert_problem(reply, 422, "invalid_input", "credential")


async def test_a_credential_id_that_is_longer_than_the_standard_allows_is_refused(
    control: ControlUnderTest, session: str
) -> None:
    offered = await creation_options(control, session)
    made = Authenticator(control.settings.public_url).create(offered["options"], credential_id=b"x" * 1024)

    reply = await register(control, session, offered["ticket"], made)

    assert_problem(reply, 422, "invalid_input", "credential")


def without(credential: Json, *path: str) -> Json:
    *outer, last = path
    found: Json = {**credential, "response": dict(credential["response"])}
    inner = found
    for name in outer:
        inner = inner[name]
    del inner[last]
    return found


def changed(credential: Json, value: object, *path: str) -> Json:
    *outer, last = path
    found: Json = {**credential, "response": dict(credential["response"])}
    inner = found
    for name in outer:
        inner = inner[name]
    inner[last] = value
    return found


MALFORMED: dict[str, Callable[[Json], Json]] = {
    "nothing": lambda _: {},
    "no id": lambda it: without(it, "id"),
    "an id that is a number": lambda it: changed(it, 7, "id"),
    "another id than rawId": lambda it: changed(it, "AAAA", "id"),
    "a rawId that is not Base64": lambda it: changed(it, "A", "rawId"),
    "no response": lambda it: without(it, "response"),
    "a response that is a list": lambda it: changed(it, [], "response"),
    "another type": lambda it: changed(it, "password", "type"),
    "client data that is not JSON": lambda it: changed(it, "AAAA", "response", "clientDataJSON"),
    "client data that is a list": lambda it: changed(it, "W10", "response", "clientDataJSON"),
    "client data of deep lists": lambda it: changed(it, "W1tb" * 5000, "response", "clientDataJSON"),
    "client data that is no text": lambda it: changed(it, "____", "response", "clientDataJSON"),
    "another attachment": lambda it: changed(it, "none", "authenticatorAttachment"),
}
OF_REGISTRATIONS: dict[str, Callable[[Json], Json]] = MALFORMED | {
    "no attestation": lambda it: without(it, "response", "attestationObject"),
    "an empty attestation": lambda it: changed(it, "", "response", "attestationObject"),
    "an attestation that is a number": lambda it: changed(it, "AA", "response", "attestationObject"),
    "an attestation of deep lists": lambda it: changed(it, "gYGB" * 5000, "response", "attestationObject"),
    "an attestation cut off": lambda it: changed(
        it, it["response"]["attestationObject"][:100], "response", "attestationObject"
    ),
}
OF_ANSWERS: dict[str, Callable[[Json], Json]] = MALFORMED | {
    "no signature": lambda it: without(it, "response", "signature"),
    "an empty signature": lambda it: changed(it, "", "response", "signature"),
    "no authenticator data": lambda it: without(it, "response", "authenticatorData"),
    "authenticator data cut off": lambda it: changed(it, "AAAA", "response", "authenticatorData"),
    "a user handle that is a number": lambda it: changed(it, 7, "response", "userHandle"),
    "a user handle that is not Base64": lambda it: changed(it, "A", "response", "userHandle"),
}


@pytest.mark.parametrize("what", OF_REGISTRATIONS)
async def test_a_malformed_registration_is_refused_in_words(
    control: ControlUnderTest, session: str, what: str
) -> None:
    offered = await creation_options(control, session)
    made = Authenticator(control.settings.public_url).create(offered["options"])

    reply = await register(control, session, offered["ticket"], OF_REGISTRATIONS[what](made))

    assert_problem(reply, 422, "invalid_input", "credential")


@pytest.mark.parametrize("what", OF_ANSWERS)
async def test_a_malformed_answer_is_refused_in_words(
    control: ControlUnderTest, session: str, what: str
) -> None:
    authenticator = await give_passkey(control, session)
    offered = await challenge(control)

    reply = await enter(control, offered["ticket"], OF_ANSWERS[what](authenticator.get(offered["options"])))

    assert_problem(reply, 401, "not_authenticated")


# Signing in, and proving oneself again


async def test_a_passkey_alone_signs_its_person_in(
    control: ControlUnderTest, team: TenantSample, session: str
) -> None:
    authenticator = await give_passkey(control, session)
    offered = await challenge(control)

    reply = await enter(control, offered["ticket"], authenticator.get(offered["options"]))

    assert reply.status == 201, reply.body
    assert (reply.body["user"]["email"], reply.body["methods"]) == (team.email, ["passkey"])
    (factor,) = await factors_of(control, session)
    assert factor["last_used_at"] is not None


async def test_a_passkey_proves_its_person_again(control: ControlUnderTest, session: str) -> None:
    authenticator = await give_passkey(control, session)
    offered = await challenge(control, session)

    reply = await prove(control, session, offered["ticket"], authenticator.get(offered["options"]))

    assert reply.status == 201, reply.body


async def test_an_authenticator_without_a_counter_signs_in_again_and_again(
    control: ControlUnderTest, session: str
) -> None:
    authenticator = await give_passkey(control, session)

    for _ in range(3):
        offered = await challenge(control)
        answer = authenticator.get(offered["options"], count=0)
        assert (await enter(control, offered["ticket"], answer)).status == 201


REFUSED_ANSWERS: dict[str, Answering] = {
    "of another origin": lambda it, options: it.get(options, origin=OTHER_ORIGIN),
    "of another port": lambda it, options: it.get(options, origin="http://localhost:1"),
    "of a subdomain": lambda it, options: it.get(options, origin="http://evil.localhost"),
    "of another RP id": lambda it, options: it.get(options, rp_id="attacker.example"),
    "in a frame of another origin": lambda it, options: it.get(options, cross_origin=True),
    "without user verification": lambda it, options: it.get(options, flags=USER_PRESENT),
    "without a person there": lambda it, options: it.get(options, flags=USER_VERIFIED),
    "signed by another key": lambda it, options: it.get(options, key=ec.generate_private_key(ec.SECP256R1())),
    "to another challenge": lambda it, options: it.get({**options, "challenge": "A" * 86}),
    "that is a registration": lambda it, options: it.get(options, kind="webauthn.create"),
    "with another's user handle": lambda it, options: it.get(options, user_handle=uuid4().bytes),
    "without a user handle": lambda it, options: it.get(options, user_handle=None),
    "of a passkey that nobody registered": lambda it, options: Authenticator(it.origin).get(
        options, stranger(it)
    ),
}


def stranger(authenticator: Authenticator) -> Any:
    """A passkey of the same person that this site has never seen."""
    handle = authenticator.passkeys[0].user_handle
    made = Authenticator(authenticator.origin)
    made.create({"user": {"id": ""}, "challenge": "AAAA"})
    made.passkeys[0].user_handle = handle
    return made.passkeys[0]


@pytest.mark.parametrize("attack", REFUSED_ANSWERS)
async def test_no_answer_signs_in(
    control: ControlUnderTest, team: TenantSample, session: str, attack: str
) -> None:
    authenticator = await give_passkey(control, session)
    offered = await challenge(control)

    reply = await enter(
        control, offered["ticket"], REFUSED_ANSWERS[attack](authenticator, offered["options"])
    )

    assert_problem(reply, 401, "not_authenticated")
    assert reply.body["detail"] == "this passkey was not accepted; start again"
    assert await sign_count(control, team) == 0


async def test_a_challenge_that_was_replayed_is_refused_even_for_a_new_answer(
    control: ControlUnderTest, session: str
) -> None:
    authenticator = await give_passkey(control, session)
    offered = await challenge(control)
    first = authenticator.get(offered["options"])
    assert (await enter(control, offered["ticket"], first)).status == 201

    again = await enter(control, offered["ticket"], first)
    new = await enter(control, offered["ticket"], authenticator.get(offered["options"]))

    assert_problem(again, 401, "not_authenticated")
    assert_problem(new, 401, "not_authenticated")


async def test_one_answer_sent_in_parallel_signs_in_once(control: ControlUnderTest, session: str) -> None:
    authenticator = await give_passkey(control, session)
    offered = await challenge(control)
    answer = authenticator.get(offered["options"])

    replies = await asyncio.gather(*(enter(control, offered["ticket"], answer) for _ in range(6)))

    assert sorted(reply.status for reply in replies) == [201] + [401] * 5


async def test_an_answer_to_an_old_challenge_does_not_answer_a_new_one(
    control: ControlUnderTest, session: str
) -> None:
    authenticator = await give_passkey(control, session)
    overheard = authenticator.get((await challenge(control))["options"])

    reply = await enter(control, (await challenge(control))["ticket"], overheard)

    assert_problem(reply, 401, "not_authenticated")


@pytest.mark.parametrize("count", [5, 4, 1, 0])
async def test_a_counter_that_goes_back_is_refused_and_logged(
    control: ControlUnderTest,
    team: TenantSample,
    session: str,
    count: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A copy of the authenticator knows the key, and not how often the original was used since."""
    authenticator = await give_passkey(control, session)
    offered = await challenge(control)
    assert (
        await enter(control, offered["ticket"], authenticator.get(offered["options"], count=5))
    ).status == 201

    offered = await challenge(control)
    reply = await enter(control, offered["ticket"], authenticator.get(offered["options"], count=count))

    assert_problem(reply, 401, "not_authenticated")
    assert await sign_count(control, team) == 5
    warnings = [entry for entry in caplog.records if entry.levelname == "WARNING"]
    assert [entry.getMessage() for entry in warnings] == ["the counter of a passkey went back"]
    assert warnings[0].__dict__["came"] == count


async def test_two_answers_with_one_count_sign_in_once_even_at_the_same_moment(
    control: ControlUnderTest, session: str
) -> None:
    authenticator = await give_passkey(control, session)
    offered = [await challenge(control) for _ in range(4)]
    answers = [authenticator.get(item["options"], count=9) for item in offered]

    replies = await asyncio.gather(
        *(enter(control, item["ticket"], answer) for item, answer in zip(offered, answers, strict=True))
    )

    assert sorted(reply.status for reply in replies) == [201, 401, 401, 401]


async def test_a_passkey_that_was_removed_signs_nobody_in(control: ControlUnderTest, session: str) -> None:
    authenticator = await give_passkey(control, session)
    second = await give_passkey(control, session)
    removed = next(item for item in await factors_of(control, session))
    assert (await control.call("DELETE", f"{FACTORS}/{removed['id']}", session)).status == 204

    offered = await challenge(control)
    reply = await enter(control, offered["ticket"], authenticator.get(offered["options"]))

    assert_problem(reply, 401, "not_authenticated")
    offered = await challenge(control)
    assert (await enter(control, offered["ticket"], second.get(offered["options"]))).status == 201


# Two persons


async def test_the_passkey_of_another_person_is_no_proof(
    control: ControlUnderTest, session: str, other_session: str
) -> None:
    await give_passkey(control, session)
    attackers = await give_passkey(control, other_session)
    offered = await challenge(control, session)

    reply = await prove(control, session, offered["ticket"], attackers.get(offered["options"]))

    assert_problem(reply, 401, "not_authenticated")


async def test_the_passkey_of_another_person_is_no_proof_with_a_false_user_handle_either(
    control: ControlUnderTest, team: TenantSample, session: str, other_session: str
) -> None:
    await give_passkey(control, session)
    attackers = await give_passkey(control, other_session)
    offered = await challenge(control, session)
    answer = attackers.get(offered["options"], user_handle=team.user_id.bytes)

    reply = await prove(control, session, offered["ticket"], answer)

    assert_problem(reply, 401, "not_authenticated")


async def test_a_passkey_that_claims_to_be_another_persons_signs_nobody_in(
    control: ControlUnderTest, team: TenantSample, session: str, other_session: str
) -> None:
    await give_passkey(control, session)
    attackers = await give_passkey(control, other_session)
    offered = await challenge(control)
    answer = attackers.get(offered["options"], user_handle=team.user_id.bytes)

    reply = await enter(control, offered["ticket"], answer)

    assert_problem(reply, 401, "not_authenticated")


async def test_a_challenge_for_another_person_is_no_proof_of_oneself(
    control: ControlUnderTest, session: str, other_session: str
) -> None:
    """The attacker's own passkey answers, but to a challenge that was given to the victim."""
    await give_passkey(control, session)
    attackers = await give_passkey(control, other_session)
    offered = await challenge(control, session)

    reply = await prove(control, other_session, offered["ticket"], attackers.get(offered["options"]))

    assert_problem(reply, 401, "not_authenticated")


async def test_a_challenge_for_nobody_in_particular_is_no_proof_of_oneself(
    control: ControlUnderTest, session: str
) -> None:
    authenticator = await give_passkey(control, session)
    offered = await challenge(control)

    reply = await prove(control, session, offered["ticket"], authenticator.get(offered["options"]))

    assert_problem(reply, 401, "not_authenticated")


async def test_a_challenge_for_a_second_factor_asks_for_that_persons_passkeys(
    control: ControlUnderTest, team: TenantSample, session: str
) -> None:
    authenticator = await give_passkey(control, session)
    first = await control.post("/v1/sessions", body={"email": team.email, "password": team.password})
    ticket = first.body["second_factor"]["ticket"]

    offered = await control.post("/v1/passkeys/challenges", body={"ticket": ticket})
    proof = {
        "method": "passkey",
        "ticket": offered.body["ticket"],
        "credential": authenticator.get(offered.body["options"], user_handle=None),
    }
    reply = await control.post("/v1/sessions/second-factor", body={"ticket": ticket, "proof": proof})

    assert len(offered.body["options"]["allowCredentials"]) == 1
    assert reply.status == 201, reply.body
    assert reply.body["methods"] == ["password", "passkey"]


@pytest.mark.parametrize("ticket", ["", "x" * 43])
async def test_no_ticket_no_list_of_somebodys_passkeys(control: ControlUnderTest, ticket: str) -> None:
    reply = await control.post("/v1/passkeys/challenges", body={"ticket": ticket})

    assert_problem(reply, 401, "not_authenticated")


async def test_a_second_factor_ticket_counts_before_the_session_that_asks(
    control: ControlUnderTest, team: TenantSample, session: str, other_session: str
) -> None:
    """Two persons at one browser: whose ticket it is decides."""
    await give_passkey(control, session)
    first = await control.post("/v1/sessions", body={"email": team.email, "password": team.password})
    body = {"ticket": first.body["second_factor"]["ticket"]}

    offered = await control.post("/v1/passkeys/challenges", other_session, body)

    assert len(offered.body["options"]["allowCredentials"]) == 1


# The site


@pytest.mark.parametrize(
    ("public_url", "site"),
    [
        ("https://parley.example", Site("parley.example", "https://parley.example")),
        ("https://Parley.Example:443", Site("parley.example", "https://parley.example")),
        ("https://parley.example:8443", Site("parley.example", "https://parley.example:8443")),
        ("http://localhost:8080", Site("localhost", "http://localhost:8080")),
        ("http://127.0.0.1:8080", Site("localhost", "http://localhost:8080")),
        ("http://[::1]:8080", Site("localhost", "http://localhost:8080")),
    ],
)
def test_a_passkey_is_bound_to_the_host_and_the_exact_origin_of_the_public_url(
    public_url: str, site: Site
) -> None:
    assert Site.of(public_url) == site

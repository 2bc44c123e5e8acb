"""In by a real identity provider, and every way to come in by another's answer."""

import dataclasses
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import aiohttp
import pytest
from yarl import URL

from agent.settings import ControlSettings
from control.credentials import hash_token, new_token
from control.people.provider_sign_in import own_path
from control.store.identities import link_identity
from control.store.member_invitations import put_invitation
from tests.fakes.issuer import FakeIssuer, fake_issuer
from tests.fixtures.control import ControlUnderTest, running_control
from tests.fixtures.database import TenantSample, free_port, make_tenant
from tests.fixtures.oidc import CLIENT_ID, CLIENT_SECRET, OpenIdServer, Walker, openid_server, walking
from tests.http.second_factors import give_app

COOKIE = "parley_provider"


@dataclass(frozen=True, slots=True)
class Deployment:
    """Control with two providers: `acme`, which is real, and `fake`, which says whatever a test wants."""

    control: ControlUnderTest
    acme: OpenIdServer
    fake: FakeIssuer

    def at(self, path: str) -> str:
        return f"{self.control.settings.public_url}{path}"


@pytest.fixture
async def deployment(own_settings: ControlSettings, tmp_path: Path) -> AsyncIterator[Deployment]:
    callback = f"{own_settings.public_url}/auth/acme/callback"
    async with fake_issuer() as fake, openid_server(free_port(), callback) as acme:
        path = tmp_path / "providers.toml"
        path.write_text(
            _provider("acme", acme.issuer, CLIENT_ID, CLIENT_SECRET)
            + _provider("fake", fake.url, fake.client_id, fake.client_secret)
        )
        settings = dataclasses.replace(own_settings, identity_providers=path)
        async with running_control(settings) as control:
            yield Deployment(control, acme, fake)


def _provider(name: str, issuer: str, client_id: str, client_secret: str) -> str:
    told = {"name": name, "label": name.title(), "issuer": issuer, "client_id": client_id}
    lines = [
        f"{key} = {json.dumps(value)}" for key, value in (told | {"client_secret": client_secret}).items()
    ]
    return "\n".join(["[[provider]]", *lines, ""])


@pytest.fixture
async def ada(deployment: Deployment) -> TenantSample:
    """Has an account and has connected Acme, where she is `ada@harbor.example`."""
    team = await make_tenant(deployment.control.parts.db, "Harbor", "ada@harbor.example", "Ada")
    async with deployment.control.parts.db.person(team.user_id) as conn:
        await link_identity(conn, deployment.acme.issuer, "ada@harbor.example", "ada@harbor.example")
    return team


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with walking() as session:
        yield session


async def come_back(browser: aiohttp.ClientSession, url: URL) -> URL:
    """The address that the answer of the callback leads to."""
    async with browser.get(url, allow_redirects=False) as answer:
        assert answer.status == 303
        return URL(answer.headers["Location"], encoded=True)


async def whoami(deployment: Deployment, browser: aiohttp.ClientSession) -> str | None:
    async with browser.get(deployment.at("/v1/sessions/current")) as answer:
        return (await answer.json())["user"]["email"] if answer.status == 200 else None


async def begin(deployment: Deployment, browser: aiohttp.ClientSession, name: str = "fake") -> dict[str, str]:
    """What the provider is asked for; `state` and `nonce` among it."""
    async with browser.get(deployment.at(f"/auth/{name}/start"), allow_redirects=False) as answer:
        assert answer.status == 303
        return dict(URL(answer.headers["Location"]).query)


def answer_of(deployment: Deployment, asked: dict[str, str], **changes: str) -> URL:
    """The callback with the fake provider's answer: its code is the nonce, which its token repeats."""
    query = {"code": asked["nonce"], "state": asked["state"], **changes}
    return URL(deployment.at("/auth/fake/callback")).with_query(query)


async def connect_fake(deployment: Deployment, person: TenantSample) -> None:
    async with deployment.control.parts.db.person(person.user_id) as conn:
        await link_identity(conn, deployment.fake.url, "subject-1", person.email)


async def test_a_person_comes_in_by_a_real_provider(
    deployment: Deployment, ada: TenantSample, browser: aiohttp.ClientSession
) -> None:
    back = await Walker(browser).log_in(deployment.at("/auth/acme/start?next=/members"), ada.email)

    assert await come_back(browser, back) == URL("/members")
    assert await whoami(deployment, browser) == ada.email


async def test_a_code_that_was_used_is_refused_by_us_and_by_the_provider(
    deployment: Deployment, ada: TenantSample, browser: aiohttp.ClientSession
) -> None:
    back = await Walker(browser).log_in(deployment.at("/auth/acme/start"), ada.email)
    await come_back(browser, back)

    async with walking() as thief:
        asked = await begin(deployment, thief, "acme")
        replayed = [back, back.update_query(state=asked["state"])]
        led_to = [await come_back(thief, url) for url in replayed]

        assert {str(url) for url in led_to} == {"/sign-in?problem=refused"}
        assert await whoami(deployment, thief) is None


async def test_somebody_without_an_account_signs_up_with_what_the_provider_vouches_for(
    deployment: Deployment, browser: aiohttp.ClientSession
) -> None:
    back = await Walker(browser).log_in(deployment.at("/auth/acme/start"), "grace@lighthouse.example")
    page = await come_back(browser, back)
    code = page.parts[-1]

    shown = await deployment.control.get(f"/v1/sign-ups/{code}")
    made = await deployment.control.post(
        "/v1/accounts", body={"code": code, "name": "Grace", "tenant_name": "Lighthouse"}
    )
    again = await Walker(browser).log_in(deployment.at("/auth/acme/start"), "grace@lighthouse.example")

    assert page.parts[1] == "sign-up"
    assert (shown.body["email"], shown.body["needs_password"]) == ("grace@lighthouse.example", False)
    assert made.status == 201
    assert await come_back(browser, again) == URL("/")
    assert await whoami(deployment, browser) == "grace@lighthouse.example"


async def invite(deployment: Deployment, team: TenantSample, email: str) -> str:
    code = new_token()
    async with deployment.control.parts.db.tenant(team.id) as conn:
        await put_invitation(
            conn,
            email=email,
            role="member",
            code_hash=hash_token(code),
            created_by=team.user_id,
            expires_at_utc=datetime.now(UTC) + timedelta(hours=1),
        )
    return code


async def test_who_is_invited_joins_by_the_provider_without_a_tenant_of_their_own(
    deployment: Deployment, ada: TenantSample, browser: aiohttp.ClientSession
) -> None:
    code = await invite(deployment, ada, "grace@lighthouse.example")

    back = await Walker(browser).log_in(
        deployment.at(f"/auth/acme/start?next=/invitation/{code}"), "grace@lighthouse.example"
    )
    led_to = await come_back(browser, back)
    async with browser.get(deployment.at("/v1/sessions/current")) as answer:
        session = await answer.json()

    assert led_to == URL("/")
    assert (session["tenant"]["name"], session["user"]["email"]) == ("Harbor", "grace@lighthouse.example")
    assert session["role"] == "member"


async def test_an_invitation_of_somebody_else_is_not_taken_by_the_provider(
    deployment: Deployment, ada: TenantSample, browser: aiohttp.ClientSession
) -> None:
    code = await invite(deployment, ada, "gus@lighthouse.example")

    back = await Walker(browser).log_in(
        deployment.at(f"/auth/acme/start?next=/invitation/{code}"), "grace@lighthouse.example"
    )

    assert (await come_back(browser, back)).query["problem"] == "another_invited"
    assert await whoami(deployment, browser) is None


async def test_an_address_alone_takes_over_no_account(
    deployment: Deployment, browser: aiohttp.ClientSession
) -> None:
    await make_tenant(deployment.control.parts.db, "Lighthouse", "grace@lighthouse.example", "Grace")

    back = await Walker(browser).log_in(deployment.at("/auth/acme/start"), "grace@lighthouse.example")

    assert str(await come_back(browser, back)) == "/sign-in?problem=has_account"
    assert await whoami(deployment, browser) is None


async def test_an_address_that_the_provider_did_not_verify_signs_nobody_up(
    deployment: Deployment, browser: aiohttp.ClientSession
) -> None:
    back = await Walker(browser).log_in(deployment.at("/auth/acme/start"), "unverified@lighthouse.example")

    assert str(await come_back(browser, back)) == "/sign-in?problem=no_verified_email"


async def test_an_answer_in_another_browser_is_refused_and_used_up(
    deployment: Deployment, ada: TenantSample, browser: aiohttp.ClientSession
) -> None:
    """Signing somebody else in as oneself: the victim is sent the attacker's answer."""
    await connect_fake(deployment, ada)
    asked = await begin(deployment, browser)

    async with walking() as victim:
        assert (await come_back(victim, answer_of(deployment, asked))).query["problem"] == "refused"
        assert await whoami(deployment, victim) is None
    assert (await come_back(browser, answer_of(deployment, asked))).query["problem"] == "refused"


async def test_an_answer_of_another_provider_is_refused(
    deployment: Deployment, ada: TenantSample, browser: aiohttp.ClientSession
) -> None:
    """The mix-up: begun with one provider, answered by another."""
    await connect_fake(deployment, ada)
    asked = await begin(deployment, browser, "acme")

    led_to = await come_back(browser, answer_of(deployment, asked))

    assert led_to.query["problem"] == "refused"
    assert deployment.fake.asked["token"] == 0


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"state": "made-up"}, id="made-up-state"),
        pytest.param({"state": ""}, id="no-state"),
        pytest.param({"code": ""}, id="no-code"),
        pytest.param({"code": "x" * 5000}, id="endless-code"),
        pytest.param({"iss": "https://evil.example"}, id="another-issuer"),
        pytest.param({"code": "of-another-attempt"}, id="nonce-of-another-attempt"),
    ],
)
async def test_a_changed_answer_is_refused(
    deployment: Deployment, ada: TenantSample, browser: aiohttp.ClientSession, changes: dict[str, str]
) -> None:
    await connect_fake(deployment, ada)
    asked = await begin(deployment, browser)

    led_to = await come_back(browser, answer_of(deployment, asked, **changes))

    assert led_to.query["problem"] == "refused"
    assert await whoami(deployment, browser) is None


async def test_each_attempt_has_secrets_of_its_own_and_a_challenge_that_hides_one(
    deployment: Deployment, browser: aiohttp.ClientSession
) -> None:
    one, other = await begin(deployment, browser), await begin(deployment, browser)

    assert one["code_challenge_method"] == "S256"
    assert all(one[name] != other[name] for name in ("state", "nonce", "code_challenge"))
    assert {len(one["state"]), len(one["nonce"]), len(one["code_challenge"])} == {43}


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/ok\\@evil.example",
        "/%0d%0aSet-Cookie:x=1\r\n",
        " /members",
        "",
    ],
)
def test_nobody_is_sent_on_to_another_site(path: str) -> None:
    assert own_path(path) == "/"


async def test_nobody_is_sent_on_to_another_site_after_signing_in(
    deployment: Deployment, ada: TenantSample, browser: aiohttp.ClientSession
) -> None:
    back = await Walker(browser).log_in(deployment.at("/auth/acme/start?next=//evil.example/x"), ada.email)

    assert await come_back(browser, back) == URL("/")


async def test_who_has_a_second_factor_is_asked_for_it(
    deployment: Deployment, ada: TenantSample, browser: aiohttp.ClientSession
) -> None:
    await give_app(deployment.control, ada)

    back = await Walker(browser).log_in(deployment.at("/auth/acme/start?next=/keys"), ada.email)
    led_to = await come_back(browser, back)
    told = parse_qs(led_to.raw_fragment)

    assert led_to.path == "/sign-in"
    assert json.loads(told["second-factor"][0])["methods"] == ["totp"]
    assert told["next"] == ["/keys"]
    assert await whoami(deployment, browser) is None


async def test_a_provider_that_is_away_is_said_to_be(
    deployment: Deployment, ada: TenantSample, browser: aiohttp.ClientSession
) -> None:
    asked = await begin(deployment, browser)
    deployment.fake.token_status = 503

    led_to = await come_back(browser, answer_of(deployment, asked))

    assert led_to.query["problem"] == "unavailable"


async def test_an_unknown_provider_is_not_found(deployment: Deployment) -> None:
    reply = await deployment.control.get("/auth/evil/start")

    assert reply.status == 404


async def test_providers_are_listed_without_their_secrets(deployment: Deployment) -> None:
    reply = await deployment.control.get("/v1/identity-providers")

    assert [provider["name"] for provider in reply.body["data"]] == ["acme", "fake"]
    assert CLIENT_SECRET not in json.dumps(reply.body)


async def sign_in(deployment: Deployment, person: TenantSample) -> str:
    reply = await deployment.control.post(
        "/v1/sessions", body={"email": person.email, "password": person.password}
    )
    return str(reply.body["session_token"])


async def test_a_person_connects_and_disconnects_a_provider(
    deployment: Deployment, browser: aiohttp.ClientSession
) -> None:
    control = deployment.control
    grace = await make_tenant(control.parts.db, "Lighthouse", "grace@lighthouse.example", "Grace")
    token = await sign_in(deployment, grace)

    begun = await control.post("/v1/account/identities/fake", token)
    cookie = begun.cookies[COOKIE].value
    browser.cookie_jar.update_cookies({COOKIE: cookie}, URL(control.settings.public_url))
    led_to = await come_back(browser, answer_of(deployment, dict(URL(begun.body["url"]).query)))
    listed = await control.get("/v1/account/identities", token)
    gone = await control.call("DELETE", f"/v1/account/identities/{listed.body['data'][0]['id']}", token)

    assert led_to == URL("/account")
    assert [item["provider"] for item in listed.body["data"]] == ["fake"]
    assert gone.status == 204
    assert (await control.get("/v1/account/identities", token)).body["data"] == []


async def test_an_account_of_the_providers_cannot_be_connected_to_a_second_person(
    deployment: Deployment, ada: TenantSample, browser: aiohttp.ClientSession
) -> None:
    await connect_fake(deployment, ada)
    grace = await make_tenant(deployment.control.parts.db, "Lighthouse", "grace@lighthouse.example", "Grace")
    token = await sign_in(deployment, grace)

    begun = await deployment.control.post("/v1/account/identities/fake", token)
    browser.cookie_jar.update_cookies(
        {COOKIE: begun.cookies[COOKIE].value}, URL(deployment.control.settings.public_url)
    )
    led_to = await come_back(browser, answer_of(deployment, dict(URL(begun.body["url"]).query)))

    assert led_to.query["problem"] == "taken"


async def test_the_last_way_in_cannot_be_disconnected(
    deployment: Deployment, browser: aiohttp.ClientSession
) -> None:
    back = await Walker(browser).log_in(deployment.at("/auth/acme/start"), "grace@lighthouse.example")
    code = (await come_back(browser, back)).parts[-1]
    made = await deployment.control.post(
        "/v1/accounts", body={"code": code, "name": "Grace", "tenant_name": "Lighthouse"}
    )
    token = made.body["session_token"]

    listed = await deployment.control.get("/v1/account/identities", token)
    reply = await deployment.control.call(
        "DELETE", f"/v1/account/identities/{listed.body['data'][0]['id']}", token
    )

    assert reply.status == 409
    assert len((await deployment.control.get("/v1/account/identities", token)).body["data"]) == 1


async def test_another_persons_connection_cannot_be_taken_away(
    deployment: Deployment, ada: TenantSample
) -> None:
    grace = await make_tenant(deployment.control.parts.db, "Lighthouse", "grace@lighthouse.example", "Grace")
    mine = await deployment.control.get("/v1/account/identities", await sign_in(deployment, ada))

    reply = await deployment.control.call(
        "DELETE",
        f"/v1/account/identities/{mine.body['data'][0]['id']}",
        await sign_in(deployment, grace),
    )

    assert reply.status == 404

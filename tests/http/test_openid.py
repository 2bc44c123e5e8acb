"""What an identity provider says is believed only where every part of it holds."""

import base64
import dataclasses
import hmac
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from pydantic import SecretStr

from agent.errors import AppError, ConfigError, NotAuthenticated, Unavailable
from control.people.github import GitHubProvider
from control.people.openid import OpenIdProvider
from control.people.providers import IdentityProvider, load_providers
from control.people.vouching import Request, Response
from tests.fakes.issuer import FakeIssuer, fake_issuer, unsigned

NONCE = "the-nonce-of-this-attempt"
ANSWER = Response(
    redirect_uri="http://localhost/auth/acme/callback",
    code=NONCE,
    issuer=None,
    nonce=NONCE,
    verifier="a-verifier",
)


@pytest.fixture
async def issuer() -> AsyncIterator[FakeIssuer]:
    async with fake_issuer() as fake:
        yield fake


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def settings_of(issuer: FakeIssuer, **changes: Any) -> IdentityProvider:
    told = {
        "name": "acme",
        "label": "Acme",
        "issuer": issuer.url,
        "api_url": issuer.url,
        "client_id": issuer.client_id,
        "client_secret": issuer.client_secret,
    }
    return IdentityProvider.model_validate(told | changes)


@pytest.fixture
def provider(issuer: FakeIssuer, http: aiohttp.ClientSession) -> OpenIdProvider:
    return OpenIdProvider(http, settings_of(issuer))


@pytest.fixture
def github(issuer: FakeIssuer, http: aiohttp.ClientSession) -> GitHubProvider:
    return GitHubProvider(http, settings_of(issuer, kind="github"))


async def test_a_token_that_holds_says_who_it_was(provider: OpenIdProvider, issuer: FakeIssuer) -> None:
    vouched = await provider.vouch(ANSWER)

    assert (vouched.issuer, vouched.subject) == (issuer.url, "subject-1")
    assert (vouched.email, vouched.name) == ("ada@harbor.example", "Ada")
    assert issuer.forms[0]["code_verifier"] == "a-verifier"


async def test_an_address_that_was_not_verified_is_no_address(
    provider: OpenIdProvider, issuer: FakeIssuer
) -> None:
    issuer.claims = {"email_verified": False}

    assert (await provider.vouch(ANSWER)).email is None


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"nonce": "of another attempt"}, id="wrong-nonce"),
        pytest.param({"nonce": None}, id="no-nonce"),
        pytest.param({"aud": "another-client"}, id="wrong-audience"),
        pytest.param({"aud": ["parley", "another-client"]}, id="several-audiences-without-party"),
        pytest.param({"aud": ["parley", "another"], "azp": "another"}, id="given-to-another-party"),
        pytest.param({"aud": None}, id="no-audience"),
        pytest.param({"exp": None}, id="never-expires"),
        pytest.param({"iss": "https://evil.example"}, id="mixed-up-issuer"),
        pytest.param({"iss": None}, id="no-issuer"),
        pytest.param({"sub": None}, id="no-subject"),
        pytest.param({"sub": ""}, id="empty-subject"),
        pytest.param({"sub": "x" * 256}, id="endless-subject"),
        pytest.param({"sub": 7}, id="subject-that-is-no-text"),
    ],
)
async def test_a_token_whose_claims_do_not_hold_is_refused(
    provider: OpenIdProvider, issuer: FakeIssuer, claims: dict[str, Any]
) -> None:
    issuer.claims = claims

    with pytest.raises(NotAuthenticated):
        await provider.vouch(ANSWER)


@pytest.mark.parametrize(
    ("claim", "seconds"),
    [
        pytest.param("exp", -120, id="expired"),
        pytest.param("iat", 600, id="from-the-future"),
        pytest.param("iat", -3600, id="issued-long-ago"),
    ],
)
async def test_a_token_of_another_time_is_refused(
    provider: OpenIdProvider, issuer: FakeIssuer, claim: str, seconds: int
) -> None:
    issuer.claims = {claim: int(time.time()) + seconds}

    with pytest.raises(NotAuthenticated):
        await provider.vouch(ANSWER)


def by_another_key(issuer: FakeIssuer, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "RS256", "kid": issuer.key.kid}, claims, RSAKey.generate_key(2048))


def by_the_public_key_as_a_secret(issuer: FakeIssuer, claims: dict[str, Any]) -> str:
    """The confusion of algorithms: a verifier that lets HS256 through takes the public key for the secret."""
    head = json.dumps({"alg": "HS256", "kid": issuer.key.kid}).encode()
    parts = ".".join(_base64url(part) for part in (head, json.dumps(claims).encode()))
    # By hand: the library refuses to take a public key for a secret.
    return f"{parts}.{_base64url(hmac.digest(issuer.key.as_pem(private=False), parts.encode(), 'sha256'))}"


def _base64url(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def by_the_client_secret(issuer: FakeIssuer, claims: dict[str, Any]) -> str:
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("a-secret-of-32-characters-or-more"))


def by_a_key_in_its_header(issuer: FakeIssuer, claims: dict[str, Any]) -> str:
    own = RSAKey.generate_key(2048)
    return jwt.encode({"alg": "RS256", "jwk": own.as_dict(private=False)}, claims, own)


def changed_after_signing(issuer: FakeIssuer, claims: dict[str, Any]) -> str:
    head, _, signature = issuer.sign(claims).split(".")
    _, body, _ = issuer.sign(claims | {"sub": "somebody-else"}).split(".")
    return f"{head}.{body}.{signature}"


def not_a_token(issuer: FakeIssuer, claims: dict[str, Any]) -> str:
    return "not.a.token"


@pytest.mark.parametrize(
    "forgery",
    [
        unsigned,
        by_another_key,
        by_the_public_key_as_a_secret,
        by_the_client_secret,
        by_a_key_in_its_header,
        changed_after_signing,
        not_a_token,
    ],
)
async def test_a_forged_token_is_refused(provider: OpenIdProvider, issuer: FakeIssuer, forgery: Any) -> None:
    issuer.encode = forgery

    with pytest.raises(NotAuthenticated):
        await provider.vouch(ANSWER)


async def test_forged_tokens_do_not_make_us_ask_for_the_keys_each_time(
    provider: OpenIdProvider, issuer: FakeIssuer
) -> None:
    issuer.encode = by_another_key

    for _ in range(5):
        with pytest.raises(NotAuthenticated):
            await provider.vouch(ANSWER)

    assert issuer.asked["jwks"] == 1


async def test_an_answer_in_the_name_of_another_issuer_is_refused_before_the_code_is_used(
    provider: OpenIdProvider, issuer: FakeIssuer
) -> None:
    answer = dataclasses.replace(ANSWER, issuer="https://evil.example")

    with pytest.raises(NotAuthenticated):
        await provider.vouch(answer)

    assert issuer.asked["token"] == 0


async def test_a_provider_that_names_itself_must_do_so(provider: OpenIdProvider, issuer: FakeIssuer) -> None:
    issuer.metadata = {"authorization_response_iss_parameter_supported": True}

    with pytest.raises(NotAuthenticated):
        await provider.vouch(ANSWER)

    assert await provider.vouch(dataclasses.replace(ANSWER, issuer=issuer.url))


@pytest.mark.parametrize(
    "metadata",
    [
        pytest.param({"issuer": "https://evil.example"}, id="of-another-issuer"),
        pytest.param({"token_endpoint": "http://evil.example/token"}, id="secret-in-the-clear"),
        pytest.param({"jwks_uri": "file:///etc/passwd"}, id="keys-from-a-file"),
        pytest.param({"authorization_endpoint": "javascript:alert(1)"}, id="address-that-is-a-script"),
        pytest.param({"token_endpoint": None}, id="no-token-endpoint"),
    ],
)
async def test_metadata_that_cannot_be_trusted_is_refused(
    provider: OpenIdProvider, issuer: FakeIssuer, metadata: dict[str, Any]
) -> None:
    issuer.metadata = metadata

    with pytest.raises(Unavailable):
        await provider.address(Request("http://localhost/cb", "state", NONCE, "challenge"))


async def test_a_refused_code_is_the_callers_and_an_outage_is_not(
    provider: OpenIdProvider, issuer: FakeIssuer
) -> None:
    issuer.token_status = 400
    with pytest.raises(NotAuthenticated):
        await provider.vouch(ANSWER)

    issuer.token_status = 502
    with pytest.raises(Unavailable):
        await provider.vouch(ANSWER)


async def test_a_redirect_of_the_token_endpoint_is_not_followed(
    provider: OpenIdProvider, issuer: FakeIssuer
) -> None:
    issuer.token_status = 307

    with pytest.raises(Unavailable):
        await provider.vouch(ANSWER)


async def test_github_is_known_by_number_and_primary_verified_address(
    github: GitHubProvider, issuer: FakeIssuer
) -> None:
    issuer.emails = [
        {"email": "old@harbor.example", "primary": False, "verified": True},
        {"email": "Ada@Harbor.example", "primary": True, "verified": True},
    ]

    vouched = await github.vouch(ANSWER)

    assert (vouched.issuer, vouched.subject, vouched.email) == (issuer.url, "42", "ada@harbor.example")


async def test_github_address_that_is_not_verified_is_no_address(
    github: GitHubProvider, issuer: FakeIssuer
) -> None:
    issuer.emails = [{"email": "grace@lighthouse.example", "primary": True, "verified": False}]

    assert (await github.vouch(ANSWER)).email is None


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({"token": {"error": "bad_verification_code"}}, id="replayed-code"),
        pytest.param({"user": {"login": "ada"}}, id="no-number"),
        pytest.param({"user": {"id": True}}, id="number-that-is-none"),
    ],
)
async def test_github_that_does_not_say_who_is_refused(
    github: GitHubProvider, issuer: FakeIssuer, answers: dict[str, Any]
) -> None:
    issuer.github = answers

    with pytest.raises(AppError):
        await github.vouch(ANSWER)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[provider]]\nname = 'x'", "label"),
        ("[[provider", "cannot be read"),
        (
            "[[provider]]\nname='a'\nlabel='A'\nclient_id='c'\nclient_secret='canary-secret'",
            "needs its `issuer`",
        ),
        (
            "[[provider]]\nname='a'\nlabel='A'\nissuer='http://idp.example'\nclient_id='c'\n"
            "client_secret='canary-secret'",
            "not an https address",
        ),
    ],
)
def test_a_wrong_file_of_providers_is_named_in_words_and_without_its_secrets(
    tmp_path: Any, text: str, words: str
) -> None:
    path = tmp_path / "providers.toml"
    path.write_text(text)

    with pytest.raises(ConfigError, match=words) as refused:
        load_providers(path)

    assert "canary" not in str(refused.value)


def test_a_secret_does_not_show_in_what_is_printed_of_a_provider() -> None:
    provider = IdentityProvider(
        name="a",
        label="A",
        issuer="https://idp.example",
        client_id="c",
        client_secret=SecretStr("canary"),
    )

    assert "canary" not in repr(provider)

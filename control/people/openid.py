"""OpenID Connect, authorization code with PKCE, for any issuer that publishes its metadata.

An ID token counts when its signature is by a key that the issuer publishes, under an asymmetric algorithm,
and when it was issued by that issuer, for us, for this very attempt (nonce), and has not expired.
Source: OpenID Connect Core 1.0 section 3.1.3.7, RFC 7636 (PKCE), RFC 9207 (issuer in the answer).
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import aiohttp
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from agent.errors import NotAuthenticated, Unavailable
from control.people.providers import IdentityProvider, check_url
from control.people.vouching import Request, Response, Vouched, ask

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures only: `none` proves nothing, and HS256 would make our secret a signing key of the provider's."""
SCOPES: Final = ("openid", "email", "profile")
METADATA_S: Final = 3600.0
KEYS_S: Final = 3600.0
FRESH_KEYS_S: Final = 30.0
"""An unknown key id asks for the keys again, but not more often than this."""
LEEWAY_S: Final = 60
MAX_AGE_S: Final = 600


@dataclass(frozen=True, slots=True)
class _Metadata:
    """What the issuer publishes, as far as it is used."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    takes_secret_in_body: bool
    names_itself: bool


class OpenIdProvider:
    def __init__(self, http: aiohttp.ClientSession, settings: IdentityProvider) -> None:
        self._http = http
        self._settings = settings
        self._metadata: tuple[float, _Metadata] | None = None
        self._keys: tuple[float, KeySet] | None = None

    async def address(self, request: Request) -> str:
        metadata = await self._discover()
        query = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": request.redirect_uri,
            "scope": " ".join(self._settings.scopes or SCOPES),
            "state": request.state,
            "nonce": request.nonce,
            "code_challenge": request.challenge,
            "code_challenge_method": "S256",
        }
        joint = "&" if urlsplit(metadata.authorization_endpoint).query else "?"
        return metadata.authorization_endpoint + joint + urlencode(query)

    async def vouch(self, response: Response) -> Vouched:
        metadata = await self._discover()
        self._check_issuer(metadata, response.issuer)
        token = await self._exchange(metadata, response)
        claims = await self._verify(metadata, token, response.nonce)
        email = claims.get("email") if claims.get("email_verified") in (True, "true") else None
        name = claims.get("name")
        return Vouched(
            issuer=self._settings.issuer,
            subject=claims["sub"],
            email=email.lower() if isinstance(email, str) else None,
            name=name if isinstance(name, str) else None,
        )

    def _check_issuer(self, metadata: _Metadata, named: str | None) -> None:
        """Holds off an answer that another provider gave (mix-up). Raises: NotAuthenticated."""
        if named is None and not metadata.names_itself:
            return
        if named != self._settings.issuer:
            raise NotAuthenticated("the answer is not from the identity provider that was asked")

    async def _exchange(self, metadata: _Metadata, response: Response) -> str:
        """The ID token for the code. Raises: NotAuthenticated, Unavailable."""
        form = {
            "grant_type": "authorization_code",
            "code": response.code,
            "redirect_uri": response.redirect_uri,
            "code_verifier": response.verifier,
        }
        secret = self._settings.client_secret.get_secret_value()
        if metadata.takes_secret_in_body:
            form |= {"client_id": self._settings.client_id, "client_secret": secret}
            answer = await ask(self._http, "POST", metadata.token_endpoint, data=form)
        else:
            # RFC 6749, section 2.3.1: both are form-encoded before they are joined.
            ours = aiohttp.encode_basic_auth(_form_encoded(self._settings.client_id), _form_encoded(secret))
            headers = {"Authorization": ours}
            answer = await ask(self._http, "POST", metadata.token_endpoint, data=form, headers=headers)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise NotAuthenticated("the identity provider gave no ID token")
        return token

    async def _verify(self, metadata: _Metadata, token: str, nonce: str) -> Mapping[str, Any]:
        """The claims of a token that holds. Raises: NotAuthenticated, Unavailable."""
        try:
            claims = (await self._decode(metadata, token)).claims
            jwt.JWTClaimsRegistry(
                leeway=LEEWAY_S,
                iss={"essential": True, "value": self._settings.issuer},
                aud={"essential": True, "value": self._settings.client_id},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": nonce},
            ).validate(claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise NotAuthenticated("the identity provider's ID token does not hold; start again") from error
        self._check_party(claims)
        return claims

    def _check_party(self, claims: Mapping[str, Any]) -> None:
        """Raises: NotAuthenticated for a token that was also meant for somebody else, or is stale."""
        audience, party = claims["aud"], claims.get("azp")
        is_alone = audience in (self._settings.client_id, [self._settings.client_id])
        if not is_alone and party is None:
            raise NotAuthenticated("the ID token is meant for several parties and does not say for which")
        if party is not None and party != self._settings.client_id:
            raise NotAuthenticated("the ID token was given to another party")
        if claims["iat"] < time.time() - MAX_AGE_S:
            raise NotAuthenticated("the ID token was issued too long ago")
        if not 1 <= len(claims["sub"]) <= 255:
            raise NotAuthenticated("the ID token names nobody")

    async def _decode(self, metadata: _Metadata, token: str) -> jwt.Token:
        """Raises: JoseError and the like for a token that does not hold; Unavailable."""
        try:
            return jwt.decode(token, await self._key_set(metadata, KEYS_S), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            # Keys are rotated: a token by a key that is not known yet is worth one more look.
            return jwt.decode(token, await self._key_set(metadata, FRESH_KEYS_S), algorithms=ALGORITHMS)

    async def _key_set(self, metadata: _Metadata, max_age_s: float) -> KeySet:
        if self._keys is None or time.monotonic() - self._keys[0] > max_age_s:
            payload = await ask(self._http, "GET", metadata.jwks_uri)
            try:
                keys = KeySet.import_key_set(_signing_keys(payload))
            except (JoseError, ValueError, KeyError, TypeError) as error:
                raise Unavailable("the identity provider publishes no usable keys") from error
            self._keys = (time.monotonic(), keys)
        return self._keys[1]

    async def _discover(self) -> _Metadata:
        """Raises: Unavailable, also for metadata of another issuer."""
        if self._metadata is None or time.monotonic() - self._metadata[0] > METADATA_S:
            url = self._settings.issuer.rstrip("/") + "/.well-known/openid-configuration"
            try:
                found = await ask(self._http, "GET", url)
            except NotAuthenticated as error:
                raise Unavailable("the identity provider publishes no metadata") from error
            self._metadata = (time.monotonic(), _read_metadata(found, self._settings.issuer))
        return self._metadata[1]


def _read_metadata(found: Mapping[str, Any], issuer: str) -> _Metadata:
    if found.get("issuer") != issuer:
        raise Unavailable("the identity provider's metadata is that of another issuer")
    try:
        methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return _Metadata(
            authorization_endpoint=check_url(found["authorization_endpoint"]),
            token_endpoint=check_url(found["token_endpoint"]),
            jwks_uri=check_url(found["jwks_uri"]),
            takes_secret_in_body="client_secret_basic" not in methods,
            names_itself=found.get("authorization_response_iss_parameter_supported") is True,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unavailable("the identity provider's metadata lacks an address, or one is not https") from error


def _signing_keys(payload: Mapping[str, Any]) -> Any:
    """Those for signatures: a set may hold keys for encryption, or of kinds unknown here."""
    keys = [key for key in payload["keys"] if key.get("use", "sig") == "sig" and key["kty"] in _KEY_TYPES]
    return {"keys": keys}


_KEY_TYPES: Final = frozenset({"RSA", "EC", "OKP"})


def _form_encoded(text: str) -> str:
    return urlencode({"": text})[1:]

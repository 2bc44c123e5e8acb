"""The identity providers of this deployment, as PARLEY_IDENTITY_PROVIDERS lists them.

    [[provider]]
    name = "google"                           # part of addresses: /auth/google/callback
    label = "Google"                          # what the button says
    issuer = "https://accounts.google.com"    # any OpenID Connect issuer
    client_id = "…"
    client_secret = "…"

    [[provider]]
    name = "github"
    label = "GitHub"
    kind = "github"                           # OAuth 2.0 and GitHub's API: it has no ID tokens
    client_id = "…"
    client_secret = "…"

Whoever may write that file decides who can sign in, so it belongs to the operator alone.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from agent.errors import ConfigError

LOOPBACK_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})
GITHUB: Final = "https://github.com"
GITHUB_API: Final = "https://api.github.com"


class IdentityProvider(BaseModel):
    """`issuer` is exact: what the provider's tokens say. GitHub Enterprise sets `issuer` and `api_url`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
    label: Annotated[str, Field(min_length=1, max_length=60)]
    kind: Literal["oidc", "github"] = "oidc"
    issuer: str = ""
    api_url: str = GITHUB_API
    client_id: Annotated[str, Field(min_length=1, max_length=500)]
    client_secret: SecretStr
    scopes: tuple[str, ...] = ()

    @field_validator("issuer", "api_url")
    @classmethod
    def _is_secure(cls, url: str) -> str:
        return check_url(url) if url else url

    @model_validator(mode="after")
    def _names_its_issuer(self) -> Self:
        if self.kind == "oidc" and not self.issuer:
            raise ValueError("an OpenID Connect provider needs its `issuer`")
        return self

    @property
    def asserted_issuer(self) -> str:
        """What stands beside a subject in `identities`."""
        return self.issuer or GITHUB


def check_url(url: str) -> str:
    """`url` itself. Raises: ValueError unless it is https, or http on loopback."""
    parts = urlsplit(url)
    is_local = parts.scheme == "http" and parts.hostname in LOOPBACK_HOSTS
    if not parts.hostname or not (parts.scheme == "https" or is_local) or parts.username is not None:
        raise ValueError(f"{url!r} is not an https address")
    return url


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    provider: list[IdentityProvider] = Field(default_factory=list, max_length=20)


def load_providers(path: Path | None) -> dict[str, IdentityProvider]:
    """By name, in the order of the file; none without one. Raises: ConfigError."""
    if path is None:
        return {}
    try:
        listed = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).provider
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"PARLEY_IDENTITY_PROVIDERS: {str(path)!r} cannot be read: {error}") from error
    except ValidationError as error:
        # Without the input, which may be a secret.
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigError(f"PARLEY_IDENTITY_PROVIDERS: {place}: {first['msg']}") from None
    providers = {provider.name: provider for provider in listed}
    issuers = {provider.asserted_issuer for provider in listed}
    if len(providers) != len(listed) or len(issuers) != len(listed):
        raise ConfigError("PARLEY_IDENTITY_PROVIDERS: two providers have the same name or the same issuer")
    return providers

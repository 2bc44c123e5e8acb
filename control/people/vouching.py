"""What an identity provider says of a person, and how it is asked over HTTP.

Answers are small, come from the address that was asked (no redirect is followed), and count only as JSON.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import aiohttp

from agent.errors import NotAuthenticated, Unavailable

TIMEOUT_S: Final = 8.0
MAX_ANSWER_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Vouched:
    """`email` is set only when the provider says that it verified it; lower case."""

    issuer: str
    subject: str
    email: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Request:
    """One attempt to sign in, as it is sent to a provider."""

    redirect_uri: str
    state: str
    nonce: str
    challenge: str


@dataclass(frozen=True, slots=True)
class Response:
    """What came back, with what it is held against."""

    redirect_uri: str
    code: str
    issuer: str | None
    nonce: str
    verifier: str


class Provider(Protocol):
    """One identity provider."""

    async def address(self, request: Request) -> str:
        """Where the browser goes. Raises: Unavailable."""

    async def vouch(self, response: Response) -> Vouched:
        """Raises: NotAuthenticated when the answer does not hold, Unavailable."""


async def ask(http: aiohttp.ClientSession, method: str, url: str, **options: Any) -> Mapping[str, Any]:
    """The JSON object at `url`. Raises: NotAuthenticated for a refusal (4xx), Unavailable for all else."""
    payload = await ask_any(http, method, url, **options)
    if not isinstance(payload, dict):
        raise Unavailable("the identity provider's answer is not a JSON object")
    return payload


async def ask_any(http: aiohttp.ClientSession, method: str, url: str, **options: Any) -> Any:
    """The same for JSON of any kind."""
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    try:
        async with http.request(method, url, allow_redirects=False, timeout=timeout, **options) as answer:
            if 400 <= answer.status < 500:
                raise NotAuthenticated("the identity provider refuses; start again")
            if answer.status != 200:
                raise Unavailable(f"the identity provider answers with {answer.status}")
            return json.loads(await _read(answer))
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise Unavailable("the identity provider does not answer; try again in a moment") from error


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    """Raises: Unavailable as soon as more arrives than any honest answer has."""
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            raise Unavailable("the identity provider's answer is too large")
    return bytes(body)

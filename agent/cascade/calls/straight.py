"""Model servers are asked where they are, and nowhere that they point to.

The address may be a tenant's, and was looked at before it is used (`agent/addresses.py`); a redirect would
lead past that look, to what is behind this machine, with the key. The SDKs follow redirects by themselves.
"""

from typing import Final, Protocol

ONLY_STRAIGHT: Final = {"allow_redirects": False, "follow_redirects": False}
"""For google-genai, which hands to aiohttp or httpx what each of them knows."""


class _Http(Protocol):
    follow_redirects: bool


class _Sdk(Protocol):
    @property
    def _client(self) -> _Http: ...


def keep_straight(sdk: _Sdk) -> None:
    """Of a client of OpenAI's or Anthropic's SDK, whoever made it: no redirect is followed from now on."""
    sdk._client.follow_redirects = False

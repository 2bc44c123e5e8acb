"""Cross-site request forgery: whether what a cookie authorises was sent by a page of ours.

A request that changes something has to say that it comes from here (`Origin`, `Sec-Fetch-Site`), and to carry
the session's own token in a header, which no page of another site can read or guess. The token is an HMAC of
the session's, so nothing is stored for it and it changes with the session.
"""

import base64
import hmac
from typing import Final

from aiohttp import web

from agent.errors import NotAllowed, StalePage
from control.keyring import KeyRing

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
HEADER: Final = "X-CSRF-Token"


class CsrfGuard:
    """`public_origin`: as browsers write it; a page at the very host that is asked is ours as well."""

    def __init__(self, ring: KeyRing, public_origin: str) -> None:
        self._keys = ring.subkeys("csrf token")
        self._public_origin = public_origin

    def token(self, session_token: str) -> str:
        """What a page sends as `X-CSRF-Token`; it leads back to no session."""
        return _mac(self._keys[0], session_token)

    def check_token(self, request: web.Request, session_token: str) -> None:
        """Raises: StalePage."""
        if request.method in SAFE_METHODS:
            return
        given = request.headers.get(HEADER, "").encode("utf-8", "replace")
        # Under every key of the ring, so that pages stay good while it is rotated.
        good = [hmac.compare_digest(given, _mac(key, session_token).encode("ascii")) for key in self._keys]
        if not any(good):
            raise StalePage(
                f"send the `csrf_token` of GET /v1/sessions/current as `{HEADER}`; "
                "it changes with each new session"
            )

    def check_page(self, request: web.Request, *, needs_page: bool = False) -> None:
        """Browsers name the page that sends a request that changes something; it has to be one of ours.

        `needs_page`: a request that names none is refused as well. Without a cookie it comes from a program,
        not from a page that rides on somebody's session: every current browser says where a page is from.
        Raises: NotAllowed.
        """
        if request.method in SAFE_METHODS:
            return
        origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
        if needs_page and origin is None and site is None:
            raise NotAllowed("a cookie acts for pages only: programs send their credential as a bearer token")
        own = (None, self._public_origin, f"{request.scheme}://{request.host}")
        if origin not in own or site not in (None, "same-origin", "none"):
            raise NotAllowed("a page of another site may not act for this session")


def _mac(key: bytes, session_token: str) -> str:
    digest = hmac.digest(key, session_token.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")

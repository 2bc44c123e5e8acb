"""Signing in by an identity provider: off to it, back with its answer, and in.

An attempt is bound to the browser that began it by a cookie, to the provider that it was begun with, and to
one use. An account of a provider's is connected to a person only by that person, signed in, or when they
sign up with it: the same e-mail address alone connects nothing. Who has a second factor is asked for it
here as well. All answers are redirects to our own pages; what went wrong is a closed word in the address.
"""

import base64
import hashlib
import hmac
import logging
import re
from datetime import timedelta
from enum import StrEnum
from typing import Final, Protocol
from urllib.parse import quote, urlencode, urlsplit
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel

from agent.errors import AppError, Conflict, NotAllowed, NotAuthenticated, NotFound
from agent.wire import TenantId, UserId
from control.auth import Member
from control.credentials import new_token
from control.endpoints import Answer, Call, Nothing, json_answer
from control.middleware import REQUEST_ID
from control.people.identities import Identities
from control.people.joining import Joining
from control.people.pending import SIGN_IN_S, Pending, PendingKind
from control.people.provider_clients import Offered
from control.people.starting import SessionStarter
from control.people.vouching import Provider, Request, Response, Vouched
from control.store.db import Database

logger = logging.getLogger(__name__)

METHOD: Final = "oidc"
ACCOUNT_PAGE: Final = "/account"
MAX_CODE_CHARS: Final = 4096
_INVITATION: Final = re.compile(r"/invitation/([A-Za-z0-9_-]{43})")
COOKIE_LIFE: Final = timedelta(seconds=SIGN_IN_S)


class SignInProblem(StrEnum):
    """Why nobody came in; the sign-in page has a sentence for each."""

    REFUSED = "refused"
    UNAVAILABLE = "unavailable"
    NO_VERIFIED_EMAIL = "no_verified_email"
    HAS_ACCOUNT = "has_account"
    SIGN_UP_CLOSED = "sign_up_closed"
    NO_TENANT = "no_tenant"
    TAKEN = "taken"
    ANOTHER_INVITED = "another_invited"
    NO_INVITATION = "no_invitation"


class ConnectAnswer(Answer):
    url: str


class Newcomers(Protocol):
    """What becomes of somebody whom a provider vouches for and who has no account."""

    def code_for(self, vouched: Vouched) -> str:
        """A sign-up code for their verified address. Raises: NotAllowed when sign-up is closed."""


class Attempt(BaseModel):
    """What is remembered while the person is away. `user_id`: who, signed in, connects the provider."""

    provider: str
    nonce: str
    verifier: str
    browser: str
    next: str
    tenant_id: UUID | None = None
    user_id: UUID | None = None


class ProviderSignIn:
    def __init__(
        self,
        db: Database,
        pending: Pending,
        starter: SessionStarter,
        identities: Identities,
        *,
        joining: Joining,
        newcomers: Newcomers,
        offered: Offered,
        public_url: str,
    ) -> None:
        self._db = db
        self._pending = pending
        self._starter = starter
        self._identities = identities
        self._joining = joining
        self._newcomers = newcomers
        self._offered = offered
        self._public_url = public_url
        self._is_secure = public_url.startswith("https://")
        self._cookie = "__Host-parley_provider" if self._is_secure else "parley_provider"

    async def start(self, request: web.Request) -> web.StreamResponse:
        """A browser goes off to the provider. Raises: NotFound for a provider that is not there."""
        name = request.match_info["provider"]
        self._find(name)
        try:
            address, browser = await self.begin(name, request.query.get("next", "/"))
        except AppError as error:
            return self._failed(request, error)
        response = _redirect(address)
        self.bind(response, browser)
        return response

    async def connect(self, call: Call[Member, Nothing]) -> web.Response:
        """Begins to connect an account at a provider; the browser goes to `url`.

        Raises: NotFound, Unavailable.
        """
        address, browser = await self.begin(call.path("provider"), ACCOUNT_PAGE, call.caller)
        response = json_answer(ConnectAnswer(url=address), status=201)
        self.bind(response, browser)
        return response

    async def begin(self, name: str, next_path: str, member: Member | None = None) -> tuple[str, str]:
        """Where the browser goes, and what its cookie has to be. Raises: NotFound, Unavailable."""
        provider = self._find(name)
        attempt = Attempt(
            provider=name,
            nonce=new_token(),
            verifier=new_token(),
            browser=new_token(),
            next=own_path(next_path),
            tenant_id=None if member is None else member.tenant_id,
            user_id=None if member is None else member.user_id,
        )
        state = await self._pending.put(PendingKind.PROVIDER_SIGN_IN, attempt)
        request = Request(self._redirect_uri(name), state, attempt.nonce, _challenge(attempt.verifier))
        return await provider.address(request), attempt.browser

    def bind(self, response: web.StreamResponse, browser: str) -> None:
        """Lax, since the browser comes back from another site; it opens nothing by itself."""
        response.set_cookie(
            self._cookie,
            browser,
            path="/",
            max_age=int(COOKIE_LIFE.total_seconds()),
            secure=self._is_secure,
            httponly=True,
            samesite="Lax",
        )

    async def finish(self, request: web.Request) -> web.StreamResponse:
        """A browser comes back with the provider's answer."""
        try:
            attempt = await self._attempt(request)
            vouched = await self._vouch(request, attempt)
            response = await self._enter(request, attempt, vouched)
        except AppError as error:
            response = self._failed(request, error)
        response.del_cookie(self._cookie, path="/", secure=self._is_secure, samesite="Lax")
        return response

    async def _attempt(self, request: web.Request) -> Attempt:
        """The attempt that this browser began with this provider. Raises: NotAuthenticated, Unavailable."""
        state = request.query.get("state", "")
        attempt = await self._pending.take(PendingKind.PROVIDER_SIGN_IN, state, Attempt)
        browser = request.cookies.get(self._cookie, "")
        if not hmac.compare_digest(browser.encode(), attempt.browser.encode()):
            raise NotAuthenticated("this sign-in was begun in another browser")
        if attempt.provider != request.match_info["provider"]:
            raise NotAuthenticated("this sign-in was begun with another provider")
        return attempt

    async def _vouch(self, request: web.Request, attempt: Attempt) -> Vouched:
        """Raises: NotAuthenticated, Unavailable."""
        code = request.query.get("code", "")
        if not code or len(code) > MAX_CODE_CHARS:
            raise NotAuthenticated("the identity provider says no")
        return await self._find(attempt.provider).vouch(
            Response(
                redirect_uri=self._redirect_uri(attempt.provider),
                code=code,
                issuer=request.query.get("iss"),
                nonce=attempt.nonce,
                verifier=attempt.verifier,
            )
        )

    async def _enter(self, request: web.Request, attempt: Attempt, vouched: Vouched) -> web.StreamResponse:
        if attempt.user_id is not None and attempt.tenant_id is not None:
            await self._identities.link(
                TenantId(attempt.tenant_id), UserId(attempt.user_id), vouched, request[REQUEST_ID]
            )
            return _redirect(attempt.next)
        known = await self._db.system.find_identity(vouched.issuer, vouched.subject)
        invitation = invitation_in(attempt.next)
        if known is None:
            return await self._welcome(request, vouched, invitation)
        then = attempt.next if invitation is None else "/"
        ticket = await self._starter.second_factor_ticket(known, methods=(METHOD,), invitation=invitation)
        if ticket is not None:
            # Behind the '#', which no server and no log gets to see.
            told = urlencode({"second-factor": ticket.model_dump_json(), "next": then}, quote_via=quote)
            return _redirect(f"/sign-in#{told}")
        started = await self._starter.start(request, known, methods=(METHOD,), invitation=invitation)
        return _with_session(_redirect(then), started)

    async def _welcome(
        self, request: web.Request, vouched: Vouched, invitation: str | None
    ) -> web.StreamResponse:
        """For somebody who has no account: into the tenant that invited them, or to the sign-up page."""
        if vouched.email is None:
            return _problem(SignInProblem.NO_VERIFIED_EMAIL)
        if await self._db.system.find_user(vouched.email) is not None:
            return _problem(SignInProblem.HAS_ACCOUNT)
        if invitation is not None:
            return await self._enrol(request, vouched, invitation)
        try:
            code = self._newcomers.code_for(vouched)
        except NotAllowed:
            return _problem(SignInProblem.SIGN_UP_CLOSED)
        return _redirect(f"/sign-up/{quote(code)}")

    async def _enrol(self, request: web.Request, vouched: Vouched, invitation: str) -> web.StreamResponse:
        """Raises: NotFound (the invitation)."""
        found = await self._joining.find(invitation)
        if found.email != vouched.email:
            return _problem(SignInProblem.ANOTHER_INVITED)
        name = vouched.name or found.email.partition("@")[0]
        user_id = await self._joining.enrol(request, invitation, found, name=name, vouched=vouched)
        started = await self._starter.start(request, user_id, methods=(METHOD,), tenant_id=found.tenant_id)
        return _with_session(_redirect("/"), started)

    def _find(self, name: str) -> Provider:
        found = self._offered.get(name)
        if found is None:
            raise NotFound(f"there is no identity provider {name!r} here")
        return found.client

    def _redirect_uri(self, name: str) -> str:
        return f"{self._public_url}/auth/{name}/callback"

    def _failed(self, request: web.Request, error: AppError) -> web.StreamResponse:
        logger.info(
            "sign-in by a provider failed",
            extra={"request_id": request[REQUEST_ID], "error": error.code, "provider": request.path},
        )
        match error:
            case NotAuthenticated():
                return _problem(SignInProblem.REFUSED)
            case NotAllowed():
                return _problem(SignInProblem.NO_TENANT)
            case Conflict():
                return _problem(SignInProblem.TAKEN)
            case NotFound():
                return _problem(SignInProblem.NO_INVITATION)
            case _:
                return _problem(SignInProblem.UNAVAILABLE)


def own_path(path: str) -> str:
    """`path` itself when it leads to one of our own pages, else `/`: nobody is sent on to another site."""
    parts = urlsplit(path)
    is_plain = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_plain and not parts.scheme and not parts.netloc and "\\" not in path else "/"


def invitation_in(path: str) -> str | None:
    """The code, when `path` is the page of an invitation to join a tenant."""
    found = _INVITATION.fullmatch(path)
    return None if found is None else found[1]


def _with_session(response: web.Response, started: web.Response) -> web.Response:
    """`response` with the cookie of the session that has started."""
    for name, morsel in started.cookies.items():
        response.cookies[name] = morsel
    return response


def _redirect(address: str) -> web.Response:
    return web.Response(status=303, headers={"Location": address})


def _problem(problem: SignInProblem) -> web.Response:
    return _redirect(f"/sign-in?problem={problem}")


def _challenge(verifier: str) -> str:
    """Source: RFC 7636, section 4.2, S256."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

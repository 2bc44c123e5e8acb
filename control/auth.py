"""Who is calling: a member of a tenant, a guest of one room, an API key, or an agent's job.

Each route names one of the methods of `Authenticator`, which is the only way from a request to a caller.
A session arrives as a cookie from the pages or as a bearer token from programs; an API key only as a
bearer token. What a cookie authorises is checked against cross-site requests as well (`csrf.py`).
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from aiohttp import web

from agent.errors import NotAllowed, NotAuthenticated, ReauthenticationRequired
from agent.wire import TenantId, UserId
from control.credentials import API_KEY_PREFIX, TOKEN_CHARS, Peppers, hash_token, is_api_key
from control.csrf import CsrfGuard
from control.jobs import Job, JobTokens
from control.keyring import KeyRing
from control.store.db import Database
from control.store.system import SessionFound

RECENT: Final = timedelta(minutes=15)
"""For so long after proving themselves a person may do what is delicate: long enough to finish a page of
settings, short enough that a machine left unlocked does not give the account away.
"""
ADMINS: Final = frozenset({"owner", "admin"})


CALLER: Final = web.RequestKey("caller", str)
"""Who a request acts for, for the access log: a session or a key, by ids that say nothing by themselves."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the tenant who has signed in."""

    tenant_id: TenantId
    tenant_name: str
    user_id: UserId
    session_id: UUID
    name: str
    email: str
    role: str
    methods: tuple[str, ...]
    authenticated_at_utc: datetime
    expires_at_utc: datetime


@dataclass(frozen=True, slots=True)
class Guest:
    """A person who came by an invitation: may use one room, and sees what was said since they came."""

    tenant_id: TenantId
    tenant_name: str
    session_id: UUID
    name: str
    room_name: str
    since_utc: datetime
    expires_at_utc: datetime


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A tenant's program, and what its key may be used for."""

    tenant_id: TenantId
    api_key_id: UUID
    name: str
    scopes: frozenset[str]


class Authenticator:
    def __init__(self, db: Database, jobs: JobTokens, ring: KeyRing, public_url: str) -> None:
        self._db = db
        self._jobs = jobs
        self._peppers = Peppers(ring)
        self._csrf = CsrfGuard(ring, origin_of(public_url))
        self.cookie_is_secure = public_url.startswith("https://")
        # The prefix binds a cookie to one host over TLS; loopback without TLS cannot have it.
        self.cookie_name = "__Host-parley_session" if self.cookie_is_secure else "parley_session"

    async def anyone(self, request: web.Request) -> None:
        """Routes that need no credential. Raises: NotAllowed when another site's page is calling."""
        self._csrf.check_page(request)

    async def visitor(self, request: web.Request) -> Member | None:
        """Somebody who is signed in, or anyone: None without a session that holds.

        Raises: NotAllowed when another site's page is calling, or one of ours without the session's token.
        """
        self._csrf.check_page(request)
        try:
            caller = await self.people(request)
        except NotAuthenticated:
            return None
        return caller if isinstance(caller, Member) else None

    async def people(self, request: web.Request) -> Member | Guest | ApiKey:
        """Whoever the bearer token says; the cookie counts only where there is none.

        Raises: NotAuthenticated; NotAllowed (a cookie sent along by another site's page); StalePage.
        """
        bearer = bearer_token(request)
        if bearer is not None:
            caller = await self._by_bearer(bearer)
            request[CALLER] = _named(caller)
            return caller
        cookie = request.cookies.get(self.cookie_name)
        if cookie is None:
            raise NotAuthenticated("send `Authorization: Bearer` with an API key, or sign in")
        self._csrf.check_page(request, needs_page=True)
        person = await self.by_session(cookie)
        # Before the token is checked: a forged request is to be found under whom it was forged for.
        request[CALLER] = _named(person)
        self._csrf.check_token(request, cookie)
        return person

    async def person(self, request: web.Request) -> Member | Guest:
        """The owner of a session. Raises: as `people`; NotAllowed for an API key."""
        caller = await self.people(request)
        if isinstance(caller, ApiKey):
            raise NotAllowed("an API key has no session; this is for people who signed in")
        return caller

    async def team(self, request: web.Request) -> Member | ApiKey:
        """The tenant's own people and programs. Raises: as `people`; NotAllowed for a guest."""
        caller = await self.people(request)
        if isinstance(caller, Guest):
            raise NotAllowed("a guest may not do this; ask someone of the team")
        return caller

    async def team_admin(self, request: web.Request) -> Member | ApiKey:
        """Those who run the tenant, and its programs, which have scopes. Raises: as `team`."""
        caller = await self.team(request)
        if isinstance(caller, Member):
            _check_role(caller, ADMINS)
        return caller

    async def member(self, request: web.Request) -> Member:
        """Raises: as `people`; NotAllowed for a guest and for an API key."""
        caller = await self.person(request)
        if isinstance(caller, Guest):
            raise NotAllowed("a guest may not do this; ask someone of the team")
        return caller

    async def admin(self, request: web.Request) -> Member:
        """An owner or an admin. Raises: as `member`; NotAllowed for another role."""
        caller = await self.member(request)
        _check_role(caller, ADMINS)
        return caller

    async def owner(self, request: web.Request) -> Member:
        """Raises: as `member`; NotAllowed for another role."""
        caller = await self.member(request)
        _check_role(caller, {"owner"})
        return caller

    async def recent(self, request: web.Request) -> Member:
        """Who has proved within `RECENT` who they are. Raises: as `member`; ReauthenticationRequired."""
        return _check_recent(await self.member(request))

    async def recent_admin(self, request: web.Request) -> Member:
        """Raises: as `admin`; ReauthenticationRequired."""
        return _check_recent(await self.admin(request))

    async def recent_owner(self, request: web.Request) -> Member:
        """Raises: as `owner`; ReauthenticationRequired."""
        return _check_recent(await self.owner(request))

    async def job(self, request: web.Request) -> Job:
        """The agent's job that a job token was issued for. Raises: NotAuthenticated."""
        bearer = bearer_token(request)
        if bearer is None:
            raise NotAuthenticated("send `Authorization: Bearer` with the job token")
        return self._jobs.verify(bearer)

    def session_token(self, request: web.Request) -> str | None:
        """The session token that `people` would look up, whether it still holds or not."""
        return bearer_token(request) or request.cookies.get(self.cookie_name)

    async def by_session(self, token: str) -> Member | Guest:
        """Raises: NotAuthenticated."""
        found = await self._db.system.find_session(hash_token(token)) if _is_token(token) else None
        if found is None:
            raise NotAuthenticated("this session is unknown or has ended; sign in again")
        return _person(found)

    async def _by_bearer(self, bearer: str) -> Member | Guest | ApiKey:
        if not bearer.startswith(API_KEY_PREFIX):
            return await self.by_session(bearer)
        # A typing error, or a key that was made up, costs no look-up.
        known = is_api_key(bearer)
        found = await self._db.system.find_api_key(self._peppers.digests(bearer)) if known else None
        if found is None:
            raise NotAuthenticated("this API key is unknown, has expired or was revoked")
        return ApiKey(
            tenant_id=found.tenant_id,
            api_key_id=found.api_key_id,
            name=found.name,
            scopes=frozenset(found.scopes),
        )

    def csrf_token(self, session_token: str) -> str:
        """What a page sends as `X-CSRF-Token` with whatever changes something."""
        return self._csrf.token(session_token)


def origin_of(url: str) -> str:
    """Scheme, host and port, as a browser writes them into `Origin`."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def bearer_token(request: web.Request) -> str | None:
    """The credential of an `Authorization: Bearer` header; None when there is no such header.

    Raises: NotAuthenticated when the header holds another scheme.
    """
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip() or not token.isascii():
        raise NotAuthenticated("the Authorization header is not of the form `Bearer <credential>`")
    return token.strip()


def _check_role(caller: Member, roles: Set[str]) -> None:
    if caller.role not in roles:
        raise NotAllowed(f"this needs the role {' or '.join(sorted(roles))}; yours is {caller.role}")


def _check_recent(caller: Member) -> Member:
    if caller.authenticated_at_utc < datetime.now(UTC) - RECENT:
        raise ReauthenticationRequired("prove once more that it is you; it has been a while")
    return caller


def _named(caller: Member | Guest | ApiKey) -> str:
    return f"key_{caller.api_key_id.hex}" if isinstance(caller, ApiKey) else f"sess_{caller.session_id.hex}"


def _is_token(text: str) -> bool:
    return len(text) == TOKEN_CHARS and text.isascii()


def _person(found: SessionFound) -> Member | Guest:
    """Raises: NotAuthenticated for a session that belongs to nobody any more."""
    if found.user_id is not None and found.email is not None and found.role is not None:
        return Member(
            tenant_id=found.tenant_id,
            tenant_name=found.tenant_name,
            user_id=found.user_id,
            session_id=found.session_id,
            name=found.name,
            email=found.email,
            role=found.role,
            methods=tuple(found.methods),
            authenticated_at_utc=found.authenticated_at_utc,
            expires_at_utc=found.expires_at_utc,
        )
    if found.room_name is not None:
        return Guest(
            tenant_id=found.tenant_id,
            tenant_name=found.tenant_name,
            session_id=found.session_id,
            name=found.name,
            room_name=found.room_name,
            since_utc=found.created_at,
            expires_at_utc=found.expires_at_utc,
        )
    raise NotAuthenticated("this session belongs to nobody; sign in again")

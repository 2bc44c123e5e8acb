"""What a person is told about their session, and about a sign-in that still waits for a second factor."""

from datetime import datetime

from agent.wire import TENANT_PREFIX, format_id
from control.auth import Guest, Member
from control.endpoints import Answer
from control.tokens import own_identity


class UserAnswer(Answer):
    id: str
    name: str
    email: str


class GuestAnswer(Answer):
    id: str
    name: str
    room_name: str


class TenantAnswer(Answer):
    id: str
    name: str


class SessionAnswer(Answer):
    """`user` or `guest` is set; `id` is the identity in rooms. `methods`: what was proved at sign-in.

    A page sends `csrf_token` as `X-CSRF-Token` with whatever changes something. `session_token` only when
    just signed in, and to programs.
    """

    user: UserAnswer | None = None
    guest: GuestAnswer | None = None
    tenant: TenantAnswer
    role: str
    methods: list[str]
    csrf_token: str
    expires_at: datetime
    session_token: str | None = None


class SecondFactorAnswer(Answer):
    """`methods`: what can be proved now, with the ticket."""

    ticket: str
    methods: list[str]
    expires_at: datetime


class SecondFactorNeeded(Answer):
    second_factor: SecondFactorAnswer


def describe(person: Member | Guest, csrf_token: str, session_token: str | None = None) -> SessionAnswer:
    user, guest, role = None, None, "guest"
    methods: list[str] = ["invitation"]
    match person:
        case Member():
            user = UserAnswer(id=own_identity(person), name=person.name, email=person.email)
            role, methods = person.role, list(person.methods)
        case Guest():
            guest = GuestAnswer(id=own_identity(person), name=person.name, room_name=person.room_name)
    return SessionAnswer(
        user=user,
        guest=guest,
        tenant=TenantAnswer(id=format_id(TENANT_PREFIX, person.tenant_id), name=person.tenant_name),
        role=role,
        methods=methods,
        csrf_token=csrf_token,
        expires_at=person.expires_at_utc,
        session_token=session_token,
    )

"""The addresses of sign-up, mail and members: who may call each, what goes in, what comes out."""

from dataclasses import dataclass
from typing import Any

from control.auth import Authenticator
from control.endpoints import Nothing, Route
from control.people.email_change import ConfirmationBody, EmailChange, NewEmailBody
from control.people.invitations import (
    AcceptBody,
    Invitations,
    InvitationsQuery,
    InviteBody,
    InvitedToJoinAnswer,
    MemberInvitationAnswer,
    MemberInvitationsAnswer,
)
from control.people.members import (
    MemberAnswer,
    MemberBody,
    Members,
    MembersAnswer,
    MembersQuery,
    TransferBody,
)
from control.people.password_reset import NewPasswordBody, PasswordReset, ResetBody
from control.people.session_answers import SessionAnswer
from control.people.sign_up import Accepted, ClaimAnswer, NewAccountBody, SignUp, SignUpBody
from control.people.tenants import EndBody, NewTenantBody, TenantBody, TenantNowAnswer, Tenants


@dataclass(frozen=True, slots=True)
class PeopleDesk:
    sign_up: SignUp
    password_reset: PasswordReset
    email_change: EmailChange
    members: Members
    invitations: Invitations
    tenants: Tenants

    def routes(self, auth: Authenticator) -> list[Route[Any, Any]]:
        return [*self._mail_routes(auth), *self._member_routes(auth), *self._tenant_routes(auth)]

    def _mail_routes(self, auth: Authenticator) -> list[Route[Any, Any]]:
        """What begins with a letter. Nobody is known, or only by the code of one."""
        up, reset, change, anyone = self.sign_up, self.password_reset, self.email_change, auth.anyone
        # fmt: off
        return [
            Route("POST", "/v1/sign-ups", anyone, up.ask, SignUpBody, Accepted, 202),
            Route("GET", "/v1/sign-ups/{code}", anyone, up.show, Nothing, ClaimAnswer),
            Route("POST", "/v1/accounts", anyone, up.create, NewAccountBody, SessionAnswer, 201),
            Route("POST", "/v1/password-resets", anyone, reset.ask, ResetBody, Accepted, 202),
            Route("POST", "/v1/password-resets/complete", anyone, reset.complete, NewPasswordBody, None, 204),
            Route("POST", "/v1/account/email", auth.recent, change.ask, NewEmailBody, Accepted, 202,
                  action="change email"),
            Route("POST", "/v1/email-confirmations", anyone, change.confirm, ConfirmationBody, None, 204),
        ]
        # fmt: on

    def _member_routes(self, auth: Authenticator) -> list[Route[Any, Any]]:
        people, invitations, path = self.members, self.invitations, "/v1/member-invitations"
        # fmt: off
        return [
            Route("GET", "/v1/members", auth.member, people.list, MembersQuery, MembersAnswer),
            Route("PATCH", "/v1/members/{id}", auth.admin, people.change_role, MemberBody, MemberAnswer,
                  action="change members"),
            Route("DELETE", "/v1/members/{id}", auth.member, people.remove, Nothing, None, 204,
                  action="change members"),
            Route("DELETE", "/v1/members/{id}/sessions", auth.admin, people.end_sessions, Nothing, None, 204,
                  action="change members"),
            Route("GET", path, auth.admin, invitations.list, InvitationsQuery, MemberInvitationsAnswer),
            Route("POST", path, auth.admin, invitations.invite, InviteBody, MemberInvitationAnswer, 201,
                  action="invite"),
            Route("GET", f"{path}/by-code/{{code}}", auth.anyone, invitations.show, Nothing,
                  InvitedToJoinAnswer),
            Route("POST", f"{path}/accept", auth.visitor, invitations.accept, AcceptBody, SessionAnswer, 201),
            Route("DELETE", f"{path}/{{id}}", auth.admin, invitations.revoke, Nothing, None, 204),
        ]
        # fmt: on

    def _tenant_routes(self, auth: Authenticator) -> list[Route[Any, Any]]:
        tenants, path = self.tenants, "/v1/tenant"
        # fmt: off
        return [
            Route("GET", path, auth.member, tenants.show, Nothing, TenantNowAnswer),
            Route("PATCH", path, auth.admin, tenants.change, TenantBody, TenantNowAnswer),
            Route("POST", "/v1/tenants", auth.member, tenants.found, NewTenantBody, SessionAnswer, 201,
                  action="found a tenant"),
            Route("POST", f"{path}/transfer", auth.recent_owner, tenants.transfer, TransferBody,
                  SessionAnswer, 201, action="change members"),
            Route("DELETE", path, auth.recent_owner, tenants.delete, EndBody, None, 204,
                  action="delete a tenant"),
        ]
        # fmt: on

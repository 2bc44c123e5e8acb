"""The addresses of signing in and out, and of what is a person's own: account, sessions, second factors."""

from dataclasses import dataclass
from typing import Any

from control.auth import Authenticator
from control.endpoints import Nothing, Route
from control.people.account import Account, AccountAnswer, AccountBody, PasswordBody
from control.people.factor_removal import FactorRemoval, RemovalBody
from control.people.own_factors import (
    AppAnswer,
    AppBody,
    CodesAnswer,
    ConfirmBody,
    ConfirmedAnswer,
    FactorsAnswer,
    NewPasskeyBody,
    OptionsAnswer,
    OwnFactors,
    PasskeyAnswer,
)
from control.people.own_sessions import OwnSessions, OwnSessionsAnswer, ProofBody, SwitchBody
from control.people.passkey_challenges import ChallengeBody, PasskeyChallenges
from control.people.session_answers import SecondFactorNeeded, SessionAnswer
from control.people.sessions import PasskeyBody, SecondFactorBody, Sessions, SignInBody


@dataclass(frozen=True, slots=True)
class AccountDesk:
    account: Account
    sessions: Sessions
    own_sessions: OwnSessions
    own_factors: OwnFactors
    factor_removal: FactorRemoval
    passkey_challenges: PasskeyChallenges

    def routes(self, auth: Authenticator) -> list[Route[Any, Any]]:
        return [*self._session_routes(auth), *self._factor_routes(auth)]

    def _session_routes(self, auth: Authenticator) -> list[Route[Any, Any]]:
        """Signing in and out, one's sessions, and one's account."""
        sessions, own, account = self.sessions, self.own_sessions, self.account
        current, started = "/v1/sessions/current", SessionAnswer
        # fmt: off
        return [
            Route("POST", "/v1/sessions", auth.anyone, sessions.sign_in, SignInBody, started, 201,
                  unfinished=SecondFactorNeeded),
            Route("POST", "/v1/sessions/second-factor", auth.anyone, sessions.second_factor, SecondFactorBody,
                  started, 201),
            Route("POST", "/v1/sessions/passkey", auth.anyone, sessions.passkey, PasskeyBody, started, 201),
            Route("GET", current, auth.person, sessions.current, Nothing, SessionAnswer),
            Route("DELETE", current, auth.person, sessions.sign_out, Nothing, None, 204),
            Route("POST", f"{current}/proof", auth.member, own.prove, ProofBody, started, 201),
            Route("POST", f"{current}/tenant", auth.member, own.switch, SwitchBody, started, 201),
            Route("GET", "/v1/sessions", auth.member, own.show, Nothing, OwnSessionsAnswer),
            Route("DELETE", "/v1/sessions", auth.recent, own.revoke_others, Nothing, None, 204),
            Route("DELETE", "/v1/sessions/{id}", auth.recent, own.revoke, Nothing, None, 204),
            Route("GET", "/v1/account", auth.member, account.show, Nothing, AccountAnswer),
            Route("PATCH", "/v1/account", auth.member, account.rename, AccountBody, AccountAnswer),
            Route("POST", "/v1/account/password", auth.recent, account.change_password, PasswordBody, started,
                  201, action="change password"),
        ]
        # fmt: on

    def _factor_routes(self, auth: Authenticator) -> list[Route[Any, Any]]:
        """One's second factors, and challenges for passkeys."""
        own, removal, challenges = self.own_factors, self.factor_removal, self.passkey_challenges
        factors = "/v1/account/factors"
        # fmt: off
        return [
            Route("GET", factors, auth.member, own.show, Nothing, FactorsAnswer),
            Route("POST", f"{factors}/totp", auth.recent, own.add_app, AppBody, AppAnswer, 201,
                  action="change factors"),
            Route("POST", f"{factors}/totp/{{id}}/confirm", auth.recent, own.confirm_app, ConfirmBody,
                  ConfirmedAnswer, action="change factors"),
            Route("POST", f"{factors}/passkey/options", auth.recent, own.passkey_options, Nothing,
                  OptionsAnswer, 201, action="change factors"),
            Route("POST", f"{factors}/passkey", auth.recent, own.add_passkey, NewPasskeyBody, PasskeyAnswer,
                  201, action="change factors"),
            Route("DELETE", f"{factors}/{{id}}", auth.recent, removal.remove, RemovalBody, None, 204,
                  action="change factors"),
            Route("POST", "/v1/account/recovery-codes", auth.recent, own.make_codes, Nothing, CodesAnswer,
                  201, action="change factors"),
            Route("POST", "/v1/passkeys/challenges", auth.visitor, challenges.challenge, ChallengeBody,
                  OptionsAnswer, 201),
        ]
        # fmt: on

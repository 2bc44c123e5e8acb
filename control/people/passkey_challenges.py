"""Challenges for passkeys: for a sign-in without a password, as a second factor, or to prove oneself again.

A challenge is bound to a person where a ticket or a session says who it is; then only theirs answers it.
"""

from pydantic import Field

from agent.wire import UserId
from control.auth import Member
from control.endpoints import Body, Call
from control.people.own_factors import OptionsAnswer
from control.people.passkeys import Passkeys
from control.people.pending import Pending, PendingKind
from control.people.starting import Waiting


class ChallengeBody(Body):
    """`ticket`: of a sign-in that waits for its second factor."""

    ticket: str | None = Field(default=None, max_length=64)


class PasskeyChallenges:
    def __init__(self, pending: Pending, passkeys: Passkeys) -> None:
        self._pending = pending
        self._passkeys = passkeys

    async def challenge(self, call: Call[Member | None, ChallengeBody]) -> OptionsAnswer:
        """Gives a challenge for a passkey.

        Raises: NotAuthenticated for a ticket that is over, Unavailable.
        """
        offered = await self._passkeys.request_options(await self._whose(call))
        return OptionsAnswer(ticket=offered.ticket, options=offered.options)

    async def _whose(self, call: Call[Member | None, ChallengeBody]) -> UserId | None:
        if call.input.ticket is not None:
            waiting = await self._pending.look(PendingKind.SECOND_FACTOR, call.input.ticket, Waiting)
            return waiting.user_id
        return None if call.caller is None else call.caller.user_id

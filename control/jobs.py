"""Job tokens: what lets one agent job reach one conversation, for ten minutes at a time.

A job token is a JWT under PARLEY_SECRET_KEY with an audience of its own, so neither a LiveKit token nor
a worker's report can stand in for it. It names the epoch it was issued for; the store refuses writes
once a newer epoch has begun.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import jwt

from agent.errors import NotAuthenticated
from agent.wire import CONVERSATION_PREFIX, TENANT_PREFIX, ConversationId, TenantId, format_id, parse_id

AUDIENCE: Final = "parley-job"
TTL: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Job:
    """One agent's turn of duty in one conversation. `room_name` is the short name."""

    tenant_id: TenantId
    conversation_id: ConversationId
    epoch: int
    room_name: str
    local_engines: bool


class JobTokens:
    def __init__(self, secret_key: str) -> None:
        self._secret_key = secret_key

    def issue(self, job: Job) -> tuple[str, datetime]:
        """The token and the moment it ends."""
        expires_at = datetime.now(UTC).replace(microsecond=0) + TTL
        claims: dict[str, Any] = {
            "aud": AUDIENCE,
            "tid": format_id(TENANT_PREFIX, job.tenant_id),
            "cid": format_id(CONVERSATION_PREFIX, job.conversation_id),
            "epoch": job.epoch,
            "room": job.room_name,
            "local": job.local_engines,
            "exp": expires_at,
        }
        return jwt.encode(claims, self._secret_key, algorithm="HS256"), expires_at

    def verify(self, token: str) -> Job:
        """Raises: NotAuthenticated when the token is forged, expired or meant for something else."""
        try:
            claims = jwt.decode(
                token,
                self._secret_key,
                algorithms=["HS256"],
                audience=AUDIENCE,
                options={"require": ["aud", "exp", "tid", "cid", "epoch", "room", "local"]},
            )
        except jwt.InvalidTokenError as error:
            raise NotAuthenticated("the job token is not valid, or has expired") from error
        return Job(
            tenant_id=TenantId(parse_id(TENANT_PREFIX, claims["tid"])),
            conversation_id=ConversationId(parse_id(CONVERSATION_PREFIX, claims["cid"])),
            epoch=claims["epoch"],
            room_name=claims["room"],
            local_engines=claims["local"],
        )

"""Job tokens: forged, expired and foreign ones are all refused."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest

from agent.errors import NotAuthenticated
from agent.wire import ConversationId, TenantId
from control.jobs import AUDIENCE, TTL, Job, JobTokens

SECRET = "a-secret-of-more-than-32-characters"
JOB = Job(
    tenant_id=TenantId(uuid4()),
    conversation_id=ConversationId(uuid4()),
    epoch=3,
    room_name="lounge",
    local_engines=False,
)


def forged(secret: str = SECRET, algorithm: str | None = "HS256", **changes: Any) -> str:
    token, _ = JobTokens(SECRET).issue(JOB)
    claims = jwt.decode(token, SECRET, algorithms=["HS256"], audience=AUDIENCE)
    claims.update(changes)
    return jwt.encode({key: value for key, value in claims.items() if value is not None}, secret, algorithm)


def test_a_job_token_gives_back_its_job_for_ten_minutes() -> None:
    token, expires_at = JobTokens(SECRET).issue(JOB)

    assert JobTokens(SECRET).verify(token) == JOB
    assert timedelta(0) <= datetime.now(UTC) + TTL - expires_at < timedelta(seconds=5)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="nothing"),
        pytest.param("parley_not.a.token", id="not a token"),
        pytest.param(forged(secret="another-secret-of-over-32-characters"), id="another secret"),
        pytest.param(forged(algorithm=None, secret=""), id="no signature"),
        pytest.param(forged(algorithm="HS512", secret=SECRET * 2), id="another algorithm"),
        pytest.param(forged(exp=datetime.now(UTC) - timedelta(seconds=1)), id="expired"),
        pytest.param(forged(exp=None), id="without an end"),
        pytest.param(forged(aud="parley-worker"), id="for something else"),
        pytest.param(forged(aud=None), id="for nothing"),
        pytest.param(forged(cid=None), id="without a conversation"),
        pytest.param(forged(tid=None), id="without a tenant"),
        pytest.param(forged(epoch=None), id="without an epoch"),
    ],
)
def test_every_other_token_is_refused(token: str) -> None:
    with pytest.raises(NotAuthenticated):
        JobTokens(SECRET).verify(token)

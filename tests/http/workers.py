"""A worker's report, as a worker signs it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from tests.fixtures.control import ControlUnderTest, Reply

REPORT = {
    "worker_id": "worker-1",
    "agent_name": "parley",
    "slots": 20,
    "active_jobs": 0,
    "profile": "local",
}


def worker_token(control: ControlUnderTest, **changes: Any) -> str:
    """Signed with the LiveKit key pair; a claim that is changed to None is left out."""
    livekit = control.settings.livekit
    claims = {
        "iss": livekit.api_key,
        "aud": "parley-worker",
        "exp": datetime.now(UTC) + timedelta(seconds=30),
        **changes,
    }
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(present, livekit.api_secret, algorithm="HS256")


async def report_worker(control: ControlUnderTest, **changes: Any) -> Reply:
    return await control.post("/internal/v1/workers", worker_token(control), {**REPORT, **changes})

"""The environments that the stack's processes are given: each gets what it needs and no more.

Model keys go to the worker and not to the services; the addresses of the databases go to control and never
to the worker. `source` is the environment in which the stack itself was started.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PASSED_TO_SERVICES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ")
KEPT_FROM_WORKERS = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "PARLEY_SECRET_KEY",
    "PARLEY_KEY_RING",
    "PARLEY_SMTP_URL",
    "PARLEY_AUDIT_URL",
)
KEPT_FROM_CONTROL = ("DATABASE_OWNER_URL",)
WORKER_DRAIN_S = 1
"""Long enough for a sentence to end, short enough for Ctrl-C."""


@dataclass(frozen=True, slots=True)
class LiveKitAccess:
    url: str
    api_key: str
    api_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ControlPlace:
    """Where control serves, and what it stands on. `mail_dir`: for letters, where the user named no folder.
    `demo`: the account that the sign-in page offers.
    """

    host: str
    port: int
    public_url: str
    mail_dir: Path
    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    demo: tuple[str, str] | None = field(repr=False)


def service_environment(source: Mapping[str, str]) -> dict[str, str]:
    """For LiveKit and Redis: nothing of the user's but the basics."""
    return {name: source[name] for name in PASSED_TO_SERVICES if name in source}


def control_environment(
    source: Mapping[str, str], livekit: LiveKitAccess, place: ControlPlace
) -> dict[str, str]:
    environment = _without(source, KEPT_FROM_CONTROL) | _livekit(livekit)
    environment |= {
        "DATABASE_URL": place.database_url,
        "REDIS_URL": place.redis_url,
        "PARLEY_SECRET_KEY": place.secret_key,
        "PARLEY_HOST": place.host,
        "PARLEY_PORT": str(place.port),
        "PARLEY_PUBLIC_URL": place.public_url,
        "PARLEY_MAIL_DIR": source.get("PARLEY_MAIL_DIR") or str(place.mail_dir),
    }
    if place.demo is not None:
        environment["PARLEY_DEMO_EMAIL"], environment["PARLEY_DEMO_PASSWORD"] = place.demo
    return environment


def worker_environment(
    source: Mapping[str, str], livekit: LiveKitAccess, control_url: str, spool_dir: Path
) -> dict[str, str]:
    """A drain time that the user has set is kept."""
    return (
        {"PARLEY_DRAIN_S": str(WORKER_DRAIN_S)}
        | _without(source, KEPT_FROM_WORKERS)
        | _livekit(livekit)
        | {"PARLEY_CONTROL_URL": control_url, "PARLEY_SPOOL_DIR": str(spool_dir)}
    )


def _without(source: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    return {name: value for name, value in source.items() if name not in names}


def _livekit(access: LiveKitAccess) -> dict[str, str]:
    return {
        "LIVEKIT_URL": access.url,
        "LIVEKIT_PUBLIC_URL": access.url,
        "LIVEKIT_API_KEY": access.api_key,
        "LIVEKIT_API_SECRET": access.api_secret,
        "PYTHONUNBUFFERED": "1",
    }

"""Times on their way into the database."""

from datetime import UTC, datetime


def aware(at: datetime) -> datetime:
    """`at`, in UTC when it names no zone; asyncpg would take that for the zone of this machine."""
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)

"""Moments that people write: a day or a time, by UTC where it names no zone."""

from datetime import UTC, datetime

from agent.errors import InvalidInput
from control.store.times import aware


def read_moment(text: str, option: str) -> datetime:
    """A day (its first moment) or a moment, in UTC. Raises: InvalidInput that names the option."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{option} is {text!r}: write a day like 2026-11-01, or a moment") from None
    return by_utc(at, option)


def by_utc(at: datetime, name: str) -> datetime:
    """`at` in UTC; its zone may put it before the first year, or after the last. Raises: InvalidInput."""
    try:
        return aware(at).astimezone(UTC)
    except OverflowError:
        raise InvalidInput(f"{name} is beyond the years 1 to 9999 of UTC", name) from None

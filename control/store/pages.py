"""Pages of a list, newest first, with a cursor that is opaque to whoever carries it."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from agent.errors import InvalidInput

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`next_cursor` is None on the last page."""

    items: list[T]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the row's time, and its id, since several rows may have one time."""

    at: datetime
    id: UUID


def cut_page(rows: list[T], limit: int, place_of: Callable[[T], Place]) -> Page[T]:
    """`rows`: one more than `limit` where there is a next page."""
    items = rows[:limit]
    has_more = len(rows) > limit
    return Page(items, format_cursor(place_of(items[-1])) if has_more and items else None)


def format_cursor(place: Place) -> str:
    return base64.urlsafe_b64encode(f"{place.at.isoformat()} {place.id.hex}".encode()).decode().rstrip("=")


def parse_cursor(cursor: str | None) -> Place | None:
    """None for the first page. Raises: InvalidInput for what is no cursor of ours."""
    if cursor is None:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, _, digits = text.partition(" ")
        place = Place(datetime.fromisoformat(at), UUID(hex=digits))
    except ValueError as error:
        raise InvalidInput(f"{cursor!r} is not a cursor that a page of this list gave", "cursor") from error
    if place.at.tzinfo is None:
        raise InvalidInput(f"{cursor!r} is not a cursor that a page of this list gave", "cursor")
    return place

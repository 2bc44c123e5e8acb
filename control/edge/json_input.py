"""JSON as it comes in: bounded in depth and number before anything is made of it, and its text cleaned.

Refused besides is what two readers could read in two ways: a key that stands twice, NaN and infinity, half of
a surrogate pair, and anything but UTF-8.
"""

import json
import math
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web
from multidict import MultiMapping

from agent.errors import InvalidInput
from control.edge.text import clean_text

MAX_DEPTH: Final = 32
MAX_VALUES: Final = 10_000
MAX_INTEGER: Final = 2**63 - 1
"""PostgreSQL's bigint."""
AS_WRITTEN: Final = frozenset({"password", "new_password", "current_password"})
"""Never stored nor shown, and taken to the last character as it was typed."""


def read_json(raw: bytes) -> Any:
    """What `raw` says. Raises: aiohttp's 400 when it is no JSON, InvalidInput for what may not be in it."""
    try:
        value = json.loads(raw.decode("utf-8"), object_pairs_hook=_Pairs)
    except UnicodeDecodeError:
        raise web.HTTPBadRequest(text="the body is not valid JSON: it is not UTF-8") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "a number has too many digits"
        raise web.HTTPBadRequest(text=f"the body is not valid JSON: {reason}") from None
    return _Walk().clean(value, ())


def read_query(query: "MultiMapping[str]") -> dict[str, str]:
    """Raises: InvalidInput for a parameter that stands twice, or text that cannot be stored."""
    given: dict[str, str] = {}
    for name, value in query.items():
        if name in given:
            raise InvalidInput("give it once only", name)
        given[name] = _clean(value)
    return given


class _Pairs(list[tuple[str, Any]]):
    """An object, as the pairs that were written: what stands twice is still there."""


class _Walk:
    def __init__(self) -> None:
        self._values = 0

    def clean(self, value: Any, path: tuple[str | int, ...]) -> Any:
        self._values += 1
        if self._values > MAX_VALUES:
            raise web.HTTPRequestEntityTooLarge(
                MAX_VALUES, self._values, text=f"the body holds more than {MAX_VALUES} values"
            )
        match value:
            case str():
                return _clean(value)
            case _Pairs() | list() if len(path) >= MAX_DEPTH:
                raise _too_deep()
            case _Pairs():
                return self._clean_object(value, path)
            case list():
                return [self.clean(item, (*path, place)) for place, item in enumerate(value)]
            case float() if not math.isfinite(value):
                raise InvalidInput("this is no finite number", _field(path))
            case int() if abs(value) > MAX_INTEGER:
                raise InvalidInput("this number is too large", _field(path))
            case _:
                return value

    def _clean_object(self, pairs: _Pairs, path: tuple[str | int, ...]) -> Mapping[str, Any]:
        cleaned: dict[str, Any] = {}
        for written, item in pairs:
            key = _clean(written)
            if key in cleaned:
                raise InvalidInput("this key stands twice", _field((*path, key)))
            is_secret = key in AS_WRITTEN and isinstance(item, str)
            cleaned[key] = _whole(item) if is_secret else self.clean(item, (*path, key))
        return cleaned


def _clean(text: str) -> str:
    """Raises: as `_whole`."""
    return clean_text(_whole(text))


def _whole(text: str) -> str:
    """`text` itself. Raises: aiohttp's 400 for half of a surrogate pair."""
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise web.HTTPBadRequest(text="the body is not valid JSON: half of a surrogate pair stands in it")
    return text


def _field(path: tuple[str | int, ...]) -> str | None:
    return ".".join(str(part) for part in path) or None


def _too_deep() -> web.HTTPBadRequest:
    return web.HTTPBadRequest(text=f"the body is nested deeper than {MAX_DEPTH} levels")

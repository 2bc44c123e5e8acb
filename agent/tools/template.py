"""A tool's address and body with arguments in their places: `https://HOST/orders/{id}?day={day}`.

An argument is only ever a piece of a path or of a query: the host is the tenant's own words, and no argument
makes another path of it.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from pydantic import JsonValue

from agent.addresses import check_base_url
from agent.errors import InvalidInput
from agent.wire import HttpDefinition

MAX_URL_CHARS: Final = 1_000
MAX_FILLED_CHARS: Final = 4_000

_PLACE: Final = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]{0,63})\}")

Arguments = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Filled:
    """`body` None: none is sent."""

    url: str
    body: bytes | None


def check_address(url: str, *, may_be_local: bool) -> None:
    """Of an MCP server, or of an HTTP tool, whose places for arguments are in its path and query.

    Raises: InvalidInput, whose message does not repeat the address: there may be a credential in it.
    """
    if len(url) > MAX_URL_CHARS or not url.isascii() or re.search(r"[\s\\\x00-\x20\x7f#]", url):
        raise _refusal(
            f"an address has at most {MAX_URL_CHARS} ASCII characters and no blank, backslash or #"
        )
    try:
        parts = urlsplit(url)
    except ValueError:
        raise _refusal("this is not an address of the form https://HOST/PATH") from None
    try:
        check_base_url(f"{parts.scheme}://{parts.netloc}", may_be_local=may_be_local)
    except InvalidInput as error:
        raise _refusal(str(error)) from None
    rest = _PLACE.sub("", url)
    if "{" in rest or "}" in rest:
        raise _refusal("an argument's place is its name in braces, such as {order_id}")


def places_of(url: str) -> set[str]:
    """The arguments that have a place in the address."""
    return set(_PLACE.findall(url))


def origin_of(url: str) -> str:
    """What secrets are given for: scheme, host and port."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def fill(url: str, definition: HttpDefinition, arguments: Arguments) -> Filled:
    """Raises: InvalidInput for an argument that cannot stand where it is to stand."""
    used = places_of(url)
    path, _, query = url.partition("?")
    pairs = [
        (name, _PLACE.sub(lambda found: _text(arguments.get(found[1])), value))
        for name, value in parse_qsl(query, keep_blank_values=True)
        if not (place := _PLACE.fullmatch(value)) or arguments.get(place[1]) is not None
    ]
    filled = _PLACE.sub(lambda found: _segment(found[1], arguments), path)
    rest = {name: value for name, value in arguments.items() if name not in used and value is not None}
    if definition.method in ("GET", "DELETE") and definition.body is None:
        pairs += [(name, _text(value)) for name, value in sorted(rest.items())]
    address = f"{filled}?{urlencode(pairs)}" if pairs else filled
    if len(address) > MAX_FILLED_CHARS:
        raise InvalidInput("the arguments are too long for the tool's address")
    return Filled(address, _body(definition, arguments, rest))


def _body(definition: HttpDefinition, arguments: Arguments, rest: Arguments) -> bytes | None:
    if definition.body is not None:
        return json.dumps(_put(definition.body, arguments), ensure_ascii=False).encode()
    if definition.method in ("GET", "DELETE"):
        return None
    return json.dumps(dict(rest), ensure_ascii=False).encode()


def _put(template: JsonValue, arguments: Arguments) -> JsonValue:
    """A place that is a whole text becomes the argument; what is in the midst of one, its text."""
    match template:
        case dict():
            return {
                name: _put(value, arguments)
                for name, value in template.items()
                if not _is_left_out(value, arguments)
            }
        case list():
            return [_put(value, arguments) for value in template if not _is_left_out(value, arguments)]
        case str():
            whole = _PLACE.fullmatch(template)
            if whole is not None:
                return arguments.get(whole[1])
            return _PLACE.sub(lambda found: _text(arguments.get(found[1])), template)
        case _:
            return template


def _is_left_out(template: JsonValue, arguments: Arguments) -> bool:
    whole = _PLACE.fullmatch(template) if isinstance(template, str) else None
    return whole is not None and whole[1] not in arguments


def _segment(name: str, arguments: Arguments) -> str:
    """Raises: InvalidInput for what a server could read as another path."""
    text = _text(arguments.get(name))
    if not text.strip() or set(text) <= {"."} or "/" in text or "\\" in text:
        raise InvalidInput(f"{name} cannot be empty, be dots alone, or have a slash")
    return quote(text, safe="")


def _text(value: JsonValue) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case _:
            return json.dumps(value, ensure_ascii=False)


def _refusal(message: str) -> InvalidInput:
    return InvalidInput(message, "url")

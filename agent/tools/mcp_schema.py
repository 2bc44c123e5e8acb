"""What an MCP server says that its tool takes, in the part of JSON Schema that every provider takes.

A provider refuses a whole request for one schema that it does not know, and with it every answer of the room.
So references are put in place, what is not known here is left out (the server itself holds arguments against
all of it), and a tool that cannot be described so is refused, alone.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from agent.errors import InvalidInput
from agent.tools.schema import KEYWORDS, LIMITS, TYPES

MAX_CHARS: Final = 16_000
MAX_DEPTH: Final = 16
MAX_SCHEMAS: Final = 500
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}")

Schema = dict[str, JsonValue]
Clean = Callable[[str], str]


def plain_schema(schema: Mapping[str, JsonValue], clean: Clean) -> Schema:
    """`clean`: what each text in it goes through. Raises: InvalidInput."""
    plain = _Reading(dict(schema), clean).read(dict(schema), 0, frozenset())
    if plain.get("type") != "object":
        raise InvalidInput("it is not the schema of an object")
    # No provider takes alternatives at the top, and one wants properties there even where there are none.
    plain.pop("anyOf", None)
    plain.setdefault("properties", {})
    if len(json.dumps(plain)) > MAX_CHARS:
        raise InvalidInput(f"its schema is longer than {MAX_CHARS} characters")
    return plain


@dataclass(slots=True)
class _Reading:
    """Of one schema, the whole of which is `root`, since references begin there."""

    root: Schema
    clean: Clean
    read_so_far: int = 0

    def read(self, schema: JsonValue, depth: int, within: frozenset[str]) -> Schema:
        """`within`: the references that led here; one that comes again takes anything."""
        self.read_so_far += 1
        if depth > MAX_DEPTH or self.read_so_far > MAX_SCHEMAS:
            raise InvalidInput(f"its schema has more than {MAX_DEPTH} levels or {MAX_SCHEMAS} parts")
        if not isinstance(schema, dict):
            return {}
        plain: Schema = {}
        reference = schema.get("$ref")
        if isinstance(reference, str) and reference not in within:
            plain |= self.read(self._find(reference), depth + 1, within | {reference})
        for part in _list(schema.get("allOf")):
            plain |= self.read(part, depth + 1, within)
        for name in KEYWORDS & schema.keys():
            plain |= self._keyword(name, schema[name], depth + 1, within)
        either = [*_list(schema.get("anyOf")), *_list(schema.get("oneOf"))]
        if either:
            plain["anyOf"] = [self.read(part, depth + 1, within) for part in either]
        if "required" in plain:
            known = plain.get("properties")
            plain["required"] = [
                name for name in _list(plain["required"]) if isinstance(known, dict) and name in known
            ]
        return plain

    def _keyword(self, name: str, value: JsonValue, depth: int, within: frozenset[str]) -> Schema:
        """Nothing for one that says nothing. Raises: InvalidInput."""
        match name:
            case "properties":
                return {name: self._properties(value, depth, within)}
            case "items" | "additionalProperties" if isinstance(value, dict):
                return {name: self.read(value, depth, within)}
            case "type":
                if not {*(value if isinstance(value, list) else [value])} <= TYPES:
                    raise InvalidInput("its schema has a type that JSON does not have")
                return {name: value}
            case _:
                return {name: self._words(value, depth)} if _fits(name, value) else {}

    def _properties(self, value: JsonValue, depth: int, within: frozenset[str]) -> Schema:
        if not isinstance(value, dict) or not all(map(_NAME.fullmatch, value)):
            raise InvalidInput("its schema has properties of a name that no provider takes")
        return {name: self.read(inner, depth, within) for name, inner in value.items()}

    def _words(self, value: JsonValue, depth: int) -> JsonValue:
        if depth > MAX_DEPTH:
            raise InvalidInput(f"its schema has more than {MAX_DEPTH} levels")
        match value:
            case str():
                return self.clean(value)
            case list():
                return [self._words(item, depth + 1) for item in value]
            case dict():
                return {self.clean(name): self._words(item, depth + 1) for name, item in value.items()}
            case _:
                return value

    def _find(self, reference: str) -> JsonValue:
        """What a reference within the schema leads to. None for one that leads out of it, or nowhere."""
        found: JsonValue = self.root
        way, *steps = reference.split("/")
        for step in steps:
            if not isinstance(found, dict):
                return None
            found = found.get(step.replace("~1", "/").replace("~0", "~"))
        return found if way == "#" else None


def _fits(name: str, value: JsonValue) -> bool:
    """Whether a keyword that holds no schema holds what belongs there."""
    is_bool = isinstance(value, bool)
    match name:
        case "format" | "description" | "title":
            return isinstance(value, str)
        case "enum" | "examples" | "required":
            return isinstance(value, list)
        case "additionalProperties":
            return is_bool
        case "const" | "default":
            return True
        case _:
            return name in LIMITS and isinstance(value, int | float) and not is_bool


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []

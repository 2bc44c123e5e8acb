"""The JSON Schema that a tool's parameters are written in, and arguments held against it.

A part of the standard: what models are good at. No references and no patterns: a schema is a tenant's own,
and neither may it name an address to fetch nor an expression that takes for ever. Arguments are a model's:
what is not declared is refused, so that nothing it makes up gets to a server.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import JsonValue

from agent.errors import InvalidInput

MAX_DEPTH: Final = 6
MAX_PROPERTIES: Final = 64
KEYWORDS: Final = frozenset(
    {
        "type", "properties", "required", "items", "enum", "const", "description", "title", "default",
        "format", "examples", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems",
        "additionalProperties",
    }
)  # fmt: skip
LIMITS: Final = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")
TYPES: Final = frozenset({"object", "array", "string", "integer", "number", "boolean", "null"})

Schema = Mapping[str, JsonValue]


def check_schema(schema: Schema) -> None:
    """Raises: InvalidInput for what is no schema of an object in the keywords that are known here."""
    if schema.get("type") != "object":
        raise InvalidInput('parameters are the JSON Schema of an object: {"type": "object", …}')
    for problem in _flaws(dict(schema), "parameters", 0):
        raise InvalidInput(problem)


def check_arguments(schema: Schema, arguments: Mapping[str, JsonValue]) -> str | None:
    """What is wrong with them, in words for the model that wrote them; None when nothing is."""
    return next(_problems(schema, dict(arguments), ""), None)


def _flaws(schema: JsonValue, place: str, depth: int) -> Iterator[str]:
    if not isinstance(schema, dict) or depth > MAX_DEPTH:
        yield f"{place} is not a schema of at most {MAX_DEPTH} levels"
        return
    unknown = sorted(set(schema) - KEYWORDS)
    if unknown:
        yield f"{place} has {unknown[0]!r}, which is not known here; there are {', '.join(sorted(KEYWORDS))}"
    if not set(_types(schema)) <= TYPES:
        yield f"{place} has a type that JSON does not have"
    yield from _flaws_of_limits(schema, place)
    properties = schema.get("properties", {})
    if not isinstance(properties, dict) or len(properties) > MAX_PROPERTIES:
        yield f"{place}.properties is not an object of at most {MAX_PROPERTIES}"
        return
    required = schema.get("required", [])
    if not isinstance(required, list) or not {str(name) for name in required} <= set(properties):
        yield f"{place}.required is not a list of names that are in its properties"
    for name, inner in properties.items():
        yield from _flaws(inner, f"{place}.{name}", depth + 1)
    if "items" in schema:
        yield from _flaws(schema["items"], f"{place}.items", depth + 1)


def _flaws_of_limits(schema: Schema, place: str) -> Iterator[str]:
    for name in LIMITS:
        value = schema.get(name, 0)
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield f"{place}.{name} is not a number"
    if not isinstance(schema.get("enum", []), list):
        yield f"{place}.enum is not a list"


def _types(schema: Schema) -> list[str]:
    kind = schema.get("type", [])
    return [str(item) for item in kind] if isinstance(kind, list) else [str(kind)]


def _problems(schema: Schema, value: JsonValue, place: str) -> Iterator[str]:
    name = place or "the arguments"
    types = _types(schema)
    if types and not any(_is_of(kind, value) for kind in types):
        yield f"{name} must be {' or '.join(types)}"
        return
    allowed = schema.get("enum")
    if isinstance(allowed, list) and value not in allowed:
        yield f"{name} must be one of {', '.join(map(repr, allowed[:20]))}"
    if "const" in schema and value != schema["const"]:
        yield f"{name} must be {schema['const']!r}"
    match value:
        case dict():
            yield from _problems_of_object(schema, value, place)
        case list():
            yield from _out_of_bounds(schema, len(value), "Items", name)
            items = schema.get("items", {})
            for number, item in enumerate(value):
                yield from _problems(items if isinstance(items, dict) else {}, item, f"{place}[{number}]")
        case str():
            yield from _out_of_bounds(schema, len(value), "Length", name)
        case int() | float() if not isinstance(value, bool):
            yield from _out_of_bounds(schema, value, "imum", name)


def _problems_of_object(schema: Schema, value: dict[str, JsonValue], place: str) -> Iterator[str]:
    properties = schema.get("properties")
    known = properties if isinstance(properties, dict) else {}
    required = schema.get("required")
    for name in required if isinstance(required, list) else []:
        if name not in value:
            yield f"{_join(place, str(name))} is missing"
    for name, item in value.items():
        inner = known.get(name)
        if isinstance(inner, dict):
            yield from _problems(inner, item, _join(place, name))
        elif schema.get("additionalProperties") is not True:
            yield f"there is no {_join(place, name)}"


def _out_of_bounds(schema: Schema, size: float, kind: str, name: str) -> Iterator[str]:
    least, most = schema.get(f"min{kind}"), schema.get(f"max{kind}")
    what = {"Items": "items", "Length": "characters", "imum": ""}[kind]
    if isinstance(least, int | float) and size < least:
        yield f"{name} must be at least {least} {what}".rstrip()
    if isinstance(most, int | float) and size > most:
        yield f"{name} must be at most {most} {what}".rstrip()


def _is_of(kind: str, value: JsonValue) -> bool:
    match kind:
        case "object":
            return isinstance(value, dict)
        case "array":
            return isinstance(value, list)
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "null":
            return value is None
        case "integer":
            return not isinstance(value, bool) and (
                isinstance(value, int) or (isinstance(value, float) and value.is_integer())
            )
        case _:
            return isinstance(value, int | float) and not isinstance(value, bool)


def _join(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name

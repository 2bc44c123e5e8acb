"""The JSON Schema of a tool's parameters, and a model's arguments held against it."""

from typing import Any

import pytest

from agent.errors import InvalidInput
from agent.tools.schema import check_arguments, check_schema

BOOKING: dict[str, Any] = {
    "type": "object",
    "properties": {
        "people": {"type": "integer", "minimum": 1, "maximum": 12},
        "day": {"type": "string", "enum": ["friday", "saturday"], "description": "Which day."},
        "notes": {"type": "array", "items": {"type": "string", "maxLength": 5}, "maxItems": 2},
        "guest": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
        "window": {"type": ["boolean", "null"]},
        "budget": {"type": "number"},
    },
    "required": ["people"],
}


@pytest.mark.parametrize(
    "arguments",
    [
        {"people": 2},
        {"people": 2.0, "day": "friday", "notes": ["a", "b"], "window": None, "budget": 1.5},
        {"people": 12, "guest": {"name": "Ada"}, "window": True},
    ],
)
def test_arguments_that_fit_are_taken(arguments: dict[str, Any]) -> None:
    check_schema(BOOKING)

    assert check_arguments(BOOKING, arguments) is None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({}, "people is missing"),
        ({"people": "2"}, "people must be integer"),
        ({"people": True}, "people must be integer"),
        ({"people": 2.5}, "people must be integer"),
        ({"people": 0}, "people must be at least 1"),
        ({"people": 13}, "people must be at most 12"),
        ({"people": 2, "day": "monday"}, "day must be one of"),
        ({"people": 2, "notes": ["a", "b", "c"]}, "notes must be at most 2 items"),
        ({"people": 2, "notes": ["a", 7]}, "notes[1] must be string"),
        ({"people": 2, "notes": ["too long"]}, "notes[0] must be at most 5 characters"),
        ({"people": 2, "guest": {}}, "guest.name is missing"),
        ({"people": 2, "admin": True}, "there is no admin"),
        ({"people": 2, "guest": {"name": "A", "role": "owner"}}, "there is no guest.role"),
    ],
)
def test_what_is_wrong_with_arguments_is_said_in_words(arguments: dict[str, Any], says: str) -> None:
    problem = check_arguments(BOOKING, arguments)

    assert problem is not None
    assert says in problem


def test_an_object_that_takes_anything_takes_anything() -> None:
    schema: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": True}

    assert check_arguments(schema, {"whatever": [1]}) is None


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "string"},
        {"type": "object", "properties": {"a": {"$ref": "http://evil.example/schema"}}},
        {"type": "object", "properties": {"a": {"type": "string", "pattern": "(a+)+$"}}},
        {"type": "object", "properties": {"a": {"type": "text"}}},
        {"type": "object", "properties": {"a": "string"}},
        {"type": "object", "properties": []},
        {"type": "object", "properties": {}, "required": ["a"]},
        {"type": "object", "properties": {"a": {"minimum": "1"}}},
        {"type": "object", "properties": {"a": {"enum": "b"}}},
        {"type": "object", "properties": {f"p{number}": {} for number in range(65)}},
    ],
)
def test_what_is_no_schema_that_is_known_here_is_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        check_schema(schema)


def test_a_schema_is_bounded_in_depth() -> None:
    deep: dict[str, Any] = {"type": "object", "properties": {}}
    for _ in range(10):
        deep = {"type": "object", "properties": {"in": deep}}

    with pytest.raises(InvalidInput, match="levels"):
        check_schema(deep)

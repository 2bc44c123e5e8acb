"""What an answer cites exists, its numbers stand in what was given, and its JSON keeps to the schema."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.cascade.verify import Answer, Basis, verify

PASSAGES = ("The warranty lasts 24 months from delivery.", "A visit costs $40, plus $35 per hour.")


def failed(text: str, **basis: Any) -> list[str]:
    return [check.name for check in verify(Answer(text), Basis("What does it cost?", **basis)).failed]


@pytest.mark.parametrize("text", ["See [3].", "It says so [0].", "Both say so [1, 4].", "As stated.[7]"])
def test_citation_of_no_passage_fails(text: str) -> None:
    assert failed(text, passages=PASSAGES) == ["citations"]


def test_quotation_that_stands_nowhere_fails() -> None:
    assert failed("It says “the warranty lasts for ever and ever”.", passages=PASSAGES) == ["citations"]


@pytest.mark.parametrize(
    "text",
    [
        "It says “the warranty lasts 24 months”.",
        'It says "The warranty … from delivery" and no more.',
        "It says “the [whole] warranty lasts 24 months”.",
        "The so-called “visit fee” is low.",
    ],
)
def test_quotation_that_was_given_passes(text: str) -> None:
    assert failed(text, passages=PASSAGES) == []


def test_quotation_may_stand_in_the_context() -> None:
    context = "Ann: we meet at the old mill on the river."

    assert failed("Ann said “we meet at the old mill”.", passages=PASSAGES, context=context) == []


@pytest.mark.parametrize(
    "text", ["The warranty lasts 36 months.", "A visit costs $55.", "It is 99.5 % sure."]
)
def test_number_that_was_not_given_fails(text: str) -> None:
    assert failed(text, passages=PASSAGES) == ["grounding"]


@pytest.mark.parametrize(
    "text",
    [
        "A visit of an hour costs $75.",
        "Three hours: $40 + 3 * $35 = $145.",
        "Call 2 times.",
        "24 months is 2 years.",
    ],
)
def test_number_that_follows_from_what_was_given_passes(text: str) -> None:
    assert failed(text, passages=PASSAGES) == []


def test_number_may_be_knowledge_where_nothing_was_retrieved() -> None:
    assert failed("Einstein was born in 1879.") == []


SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer", "minimum": 1}},
    "required": ["city"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    "text", ['{"city": "Oslo"}', '```json\n{"city": "Oslo", "days": 2}\n```', ' {"city": ""}\n']
)
def test_json_that_keeps_to_the_schema_passes(text: str) -> None:
    assert failed(text, schema=SCHEMA) == []


@pytest.mark.parametrize(
    "text",
    [
        "Oslo",
        "{}",
        '{"city": 5}',
        '{"city": "Oslo", "days": 0}',
        '{"city": "Oslo"',
        "NaN",
        '{"city":"a","x":1}',
        "[",
    ],
)
def test_json_that_breaks_the_schema_fails(text: str) -> None:
    assert "schema" in failed(text, schema=SCHEMA)


def test_broken_schema_is_nobodys_mistake() -> None:
    assert failed("{}", schema={"type": "no such type"}) == []
    assert failed("{}", schema={"$ref": "https://example.org/never-fetched.json"}) == []
    assert failed("{}", schema={"$ref": "#"}) == []


def test_hostile_pattern_of_a_schema_is_not_run() -> None:
    assert failed(json.dumps("a" * 5_000 + "!"), schema={"type": "string", "pattern": "^(a+)+$"}) == []


@pytest.mark.parametrize(
    ("name", "arguments", "passed"),
    [
        ("weather", '{"city": "Oslo"}', True),
        ("weather", '{"city": 5}', False),
        ("weather", "{city: Oslo}", False),
        ("weather", "", False),
        ("wether", '{"city": "Oslo"}', False),
    ],
)
def test_tool_call_is_held_to_the_tool(name: str, arguments: str, passed: bool) -> None:
    answer = Answer("", tool_calls=((name, arguments),))

    verdict = verify(answer, Basis("Weather in Oslo?", tools={"weather": SCHEMA}))

    assert [check.name for check in verdict.failed] == ([] if passed else ["tools"])


def test_tool_call_that_comes_before_the_json_is_no_broken_schema() -> None:
    answer = Answer("", tool_calls=(("weather", '{"city": "Oslo"}'),))

    verdict = verify(answer, Basis("Weather as JSON?", schema=SCHEMA, tools={"weather": SCHEMA}))

    assert verdict.failed == ()


def test_json_by_order_is_not_read_as_a_reckoning() -> None:
    question = "How many pens are 12 boxes of 8 pens? Answer as JSON."

    verdict = verify(Answer('{"city": "Oslo", "days": 96}'), Basis(question, schema=SCHEMA))

    assert set(verdict.features) == {0.0}


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=20))
def test_any_json_passes_the_schema_that_allows_all(value: object) -> None:
    assert "schema" not in failed(json.dumps(value), schema={})

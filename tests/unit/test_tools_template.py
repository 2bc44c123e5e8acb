"""Arguments in the address and body of a tool: pieces of a path or a query, and nothing else."""

import json
from typing import Any

import pytest
from pydantic import JsonValue

from agent.errors import InvalidInput
from agent.tools.template import check_address, fill, origin_of, places_of
from agent.wire import HttpDefinition

ORDER = "https://shop.example/orders/{order}"


def filled(url: str, arguments: dict[str, JsonValue], **definition: Any) -> tuple[str, Any]:
    got = fill(url, HttpDefinition(**definition), arguments)
    return got.url, None if got.body is None else json.loads(got.body)


def test_an_argument_goes_where_its_name_stands_and_the_rest_into_the_query() -> None:
    assert filled(ORDER, {"order": "A 7", "lang": "de", "full": True}) == (
        "https://shop.example/orders/A%207?full=true&lang=de",
        None,
    )


def test_an_argument_of_the_query_that_was_left_out_takes_its_name_along() -> None:
    url = "https://shop.example/find?q={words}&page={page}&sort=price"

    assert filled(url, {"words": "a&b=c"}) == ("https://shop.example/find?q=a%26b%3Dc&sort=price", None)


def test_what_is_not_in_the_address_becomes_the_json_body() -> None:
    assert filled(ORDER, {"order": "7", "items": [1, 2]}, method="POST") == (
        "https://shop.example/orders/7",
        {"items": [1, 2]},
    )


def test_a_template_of_the_body_takes_arguments_as_they_are_and_leaves_out_what_is_not_there() -> None:
    body = {"order": {"id": "{order}", "note": "from {who}"}, "gift": "{gift}", "tags": ["a", "{tag}"]}

    _, got = filled("https://shop.example/x", {"order": 7, "who": "Ada"}, method="POST", body=body)

    assert got == {"order": {"id": 7, "note": "from Ada"}, "tags": ["a"]}


@pytest.mark.parametrize("value", ["", " ", ".", "..", "a/b", "../admin", "a\\b", None])
def test_an_argument_cannot_make_another_path_of_it(value: JsonValue) -> None:
    with pytest.raises(InvalidInput, match="order"):
        fill(ORDER, HttpDefinition(), {"order": value})


@pytest.mark.parametrize(
    "value", ["?admin=1", "#x", "@evil.example", "%2e%2e", "\r\nHost: evil.example", "ü", ";a=b", "a:b@c"]
)
def test_an_argument_stays_within_its_segment(value: str) -> None:
    url, _ = filled(ORDER, {"order": value})

    path = url.removeprefix("https://shop.example/orders/")
    assert not set(path) & set("/?#@;:\r\n ")
    assert url.isascii()


def test_an_address_that_the_arguments_make_too_long_is_refused() -> None:
    with pytest.raises(InvalidInput, match="too long"):
        fill(ORDER, HttpDefinition(), {"order": "x" * 5_000})


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/x",
        "https://{host}/x",
        "https://shop.example:{port}/x",
        "https://user:pass@shop.example/x",
        "https://127.0.0.1/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://db.internal/x",
        "https://shop/x",
        "https://shop.example/x#part",
        "https://shop.example/{a b}",
        "https://shop.example/{a",
        "https://shop.example/a b",
        "ftp://shop.example/x",
        "https:///x",
        "https://shop.example\\@evil.example/x",
    ],
)
def test_an_address_that_a_tool_may_not_have_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_address(url, may_be_local=False)

    assert refused.value.field == "url"


def test_an_address_of_the_same_machine_is_for_a_stack_on_one_machine() -> None:
    check_address("http://127.0.0.1:8000/x/{a}?b={b}", may_be_local=True)
    with pytest.raises(InvalidInput):
        check_address("http://127.0.0.1:8000/x", may_be_local=False)
    with pytest.raises(InvalidInput):
        check_address("http://169.254.169.254/x", may_be_local=True)


def test_places_and_origins_are_read_from_an_address() -> None:
    assert places_of("https://shop.example/{a}/b?c={d}&e={a}") == {"a", "d"}
    assert origin_of("https://Shop.example:8443/a/{b}") == "https://shop.example:8443"

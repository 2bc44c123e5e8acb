"""What a model calls the functions of an agent: each one by a name of its own, in every job the same."""

import pytest

from agent.tools.names import function_names
from agent.wire import HttpDefinition, McpDefinition, ToolSpec


def server(name: str, *allowed: str) -> ToolSpec:
    return tool(name, mcp=McpDefinition(allowed=list(allowed)))


def tool(name: str, **kind: HttpDefinition | McpDefinition) -> ToolSpec:
    return ToolSpec.model_validate(
        {"name": name, "description": name, "url": "https://shop.example/", "timeout_s": 1}
        | {"is_repeatable": False, **kind}
    )


def test_a_function_has_a_name_that_every_provider_takes() -> None:
    names = function_names([server("desk", "files/read.all", "x" * 64)])["desk"]

    assert names["files/read.all"] == "desk_files_read_all"
    assert len(names["x" * 64]) == 64


@pytest.mark.parametrize(
    "specs",
    [
        [server("desk", "a.b", "a/b", "c")],
        [server("desk", "x" * 63 + "1", "x" * 63 + "2")],
        [server("desk", "a_b"), server("desk_a", "b")],
        [server("desk", "book", "look"), tool("desk_book", http=HttpDefinition())],
    ],
    ids=["letters", "length", "servers", "a tool of HTTP"],
)
def test_names_that_would_be_the_same_are_told_apart_and_in_another_order_are_the_same(
    specs: list[ToolSpec],
) -> None:
    there, back = function_names(specs), function_names(specs[::-1])

    called = [name for names in there.values() for name in names.values()]
    called += [spec.name for spec in specs if spec.http is not None]
    assert len(set(called)) == len(called)
    assert all(len(name) <= 64 for name in called)
    assert there == back

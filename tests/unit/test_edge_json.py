"""Text that comes in is cleaned, but for passwords, which are taken as they were typed."""

import pytest
from aiohttp import web

from control.edge.json_input import AS_WRITTEN, read_json

ZERO_WIDTH = "\u200b"


@pytest.mark.parametrize("field", sorted(AS_WRITTEN))
def test_no_character_of_a_password_is_dropped(field: str) -> None:
    typed = f"correct{ZERO_WIDTH}horse\u202e battery\u00ad staple"

    assert read_json(f'{{"{field}": "{typed}"}}'.encode()) == {field: typed}


def test_the_same_characters_are_dropped_everywhere_else() -> None:
    assert read_json(f'{{"name": "A{ZERO_WIDTH}da", "list": ["{ZERO_WIDTH}"]}}'.encode()) == {
        "name": "Ada",
        "list": [""],
    }


def test_half_of_a_surrogate_pair_is_refused_in_a_password_too() -> None:
    with pytest.raises(web.HTTPBadRequest):
        read_json(b'{"password": "\\ud800"}')


def test_what_only_calls_itself_a_password_hides_nothing_in_it() -> None:
    assert read_json(f'{{"password": {{"name": "{ZERO_WIDTH}x"}}}}'.encode()) == {"password": {"name": "x"}}

"""Lines are put into the order in which a person reads them."""

from agent.local.screen_lines import Box, in_reading_order


def order(*boxes: Box) -> list[int]:
    return in_reading_order(boxes)


def lines(left: int, top: int, count: int, width: int = 400, pitch: int = 30) -> list[Box]:
    return [Box(left, top + number * pitch, width, 20) for number in range(count)]


def test_a_paragraph_is_read_from_the_top() -> None:
    first, second, third = lines(40, 100, 3)

    assert order(third, first, second) == [1, 2, 0]


def test_two_columns_of_prose_are_read_one_after_the_other() -> None:
    left, right = lines(40, 100, 4), lines(500, 100, 4)

    assert order(*left, *right) == [0, 1, 2, 3, 4, 5, 6, 7]
    assert order(*right, *left) == [4, 5, 6, 7, 0, 1, 2, 3]


def test_a_table_is_read_row_by_row() -> None:
    names, prices = lines(40, 100, 3, width=120), lines(300, 100, 3, width=60)

    assert order(*names, *prices) == [0, 3, 1, 4, 2, 5]


def test_a_dialog_over_a_list_is_not_mixed_into_its_rows() -> None:
    behind = lines(40, 100, 12, width=480)
    dialog = [Box(620, 205, 260, 26), Box(620, 241, 300, 20)]

    assert order(*behind, *dialog) == [*range(12), 12, 13]


def test_a_menu_bar_is_read_from_the_left() -> None:
    bar = [Box(300, 11, 60, 20), Box(20, 10, 60, 20), Box(160, 12, 60, 20)]

    assert order(*bar) == [1, 2, 0]


def test_a_heading_comes_before_what_stands_under_it() -> None:
    body = lines(40, 160, 2)

    assert order(*body, Box(40, 60, 300, 48)) == [2, 0, 1]


def test_nothing_has_an_order_too() -> None:
    assert order() == []

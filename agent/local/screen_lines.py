"""Lines of text found on a screen, and the order in which a person would read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

GAP_IN_HEIGHTS = 1.3
"""Lines further apart than this do not belong to one paragraph."""

LEAST_OVERLAP = 0.3
MOST_HEIGHT_RATIO = 1.7
MOST_CELL_WIDTH_IN_HEIGHTS = 14
"""Side by side, wider lines than this are two columns of prose; narrower ones are cells of a table."""

ROW_PX = 24


@dataclass(frozen=True, slots=True)
class Box:
    """In pixels of the picture that was sent."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Line:
    """`confidence`: the recogniser's own, 0 to 1."""

    text: str
    box: Box
    confidence: float


def in_reading_order(boxes: Sequence[Box]) -> list[int]:
    """Indices of `boxes`: paragraph by paragraph from the top left, rows of a table as rows."""
    blocks: list[list[int]] = []
    for index in sorted(range(len(boxes)), key=lambda i: (boxes[i].top, boxes[i].left)):
        home = next((block for block in reversed(blocks) if _continues(boxes[block[-1]], boxes[index])), None)
        if home is None:
            blocks.append([index])
        else:
            home.append(index)
    groups = _join_columns(blocks, boxes)
    groups.sort(key=lambda group: _corner(group, boxes))
    return [index for group in groups for row in rows(group, boxes) for index in row]


def rows(indices: Sequence[int], boxes: Sequence[Box]) -> list[list[int]]:
    """The boxes grouped into rows from the top, each from the left."""
    found: list[list[int]] = []
    for index in sorted(indices, key=lambda i: boxes[i].top + boxes[i].height / 2):
        if found and _same_row(boxes[found[-1][0]], boxes[index]):
            found[-1].append(index)
        else:
            found.append([index])
    return [sorted(row, key=lambda i: boxes[i].left) for row in found]


def _continues(upper: Box, lower: Box) -> bool:
    tall, small = max(upper.height, lower.height), max(1, min(upper.height, lower.height))
    gap = lower.top - upper.bottom
    overlap = min(upper.right, lower.right) - max(upper.left, lower.left)
    return (
        -small / 2 <= gap <= GAP_IN_HEIGHTS * small
        and overlap >= LEAST_OVERLAP * min(upper.width, lower.width)
        and tall / small <= MOST_HEIGHT_RATIO
    )


def _join_columns(blocks: list[list[int]], boxes: Sequence[Box]) -> list[list[int]]:
    """Puts blocks side by side whose lines stand in the same rows, as the columns of a table do, into one."""
    groups: list[list[int]] = []
    for block in blocks:
        home = next((group for group in groups if _is_column_of(block, group, boxes)), None)
        if home is None:
            groups.append(list(block))
        else:
            home.extend(block)
    return groups


def _is_column_of(block: Sequence[int], group: Sequence[int], boxes: Sequence[Box]) -> bool:
    shared = sum(any(_same_row(boxes[one], boxes[other]) for other in group) for one in block)
    if shared < len(block) or len(block) < 0.6 * len(rows(group, boxes)):
        return False
    return len(block) == 1 or min(_width(block, boxes), _width(group, boxes)) <= MOST_CELL_WIDTH_IN_HEIGHTS


def _width(block: Sequence[int], boxes: Sequence[Box]) -> float:
    """The median width of the lines, in their heights."""
    return median(boxes[index].width / max(1, boxes[index].height) for index in block)


def _same_row(one: Box, other: Box) -> bool:
    middles = abs((one.top + one.height / 2) - (other.top + other.height / 2))
    return middles <= 0.35 * min(one.height, other.height)


def _corner(group: Sequence[int], boxes: Sequence[Box]) -> tuple[int, int]:
    return min(boxes[i].top for i in group) // ROW_PX, min(boxes[i].left for i in group)

"""What an operator's reports are printed with: columns that stand under each other, money, sentences."""

import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len

from agent.cascade.money.purse_lines import dollars
from agent.wire import TENANT_PREFIX, TenantId, format_id

LINE: Final = 110
INDENT: Final = "  "


def align(rows: Sequence[tuple[str, ...]], words: int = 2) -> list[str]:
    """The first `words` columns to the left, numbers to the right. A letter may be two places wide."""
    widths = [max(cell_len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return ["  ".join(_cells(row, widths, words)).rstrip() for row in rows]


def _cells(row: tuple[str, ...], widths: Sequence[int], words: int) -> list[str]:
    gaps = [" " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True)]
    return [
        cell + gap if place < words else gap + cell
        for place, (cell, gap) in enumerate(zip(row, gaps, strict=True))
    ]


def sentence(name: str, text: str) -> list[str]:
    """`name: text`, in lines that a terminal holds."""
    return textwrap.wrap(f"{name}: {text}", LINE, subsequent_indent=INDENT)


def money(usd_micros: int) -> str:
    return f"-{dollars(-usd_micros)}" if usd_micros < 0 else dollars(usd_micros)


def titles(tenants: Sequence[tuple[TenantId, str]]) -> dict[TenantId, str]:
    """What each is called in a table: its name, with its id where several have that."""
    count = Counter(name for _, name in tenants)
    return {
        tenant_id: name if count[name] == 1 else f"{name} ({format_id(TENANT_PREFIX, tenant_id)})"
        for tenant_id, name in tenants
    }

"""`python -m control savings`: the figures of `GET /v1/usage` for who runs the deployment, tenant by tenant.

Each tenant's ledger is read in that tenant's own context, so the command sees nothing that the address would
not show to the tenant; which tenants there are says `list_tenants`, a function of parley_lookup.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from agent.cascade.money.purse_lines import dollars
from agent.errors import InvalidInput, NotFound
from agent.wire import TENANT_PREFIX, TenantId, format_id
from control.spending.figures import COMPUTED, FiguresAnswer, figures
from control.spending.usage_desk import span
from control.store.db import Database
from control.store.usage import GROUPS, Group, Sums, add_up, sum_calls

COLUMNS: Final = (
    "turns",
    "calls",
    "cost",
    "always large",
    "saved",
    "%",
    "best single",
    "saved",
    "cache",
    "strong",
    "escalated",
    "unpriced",
    "left out",
)
SENTENCES: Final = (
    "always_large_usd_micros",
    "best_single_usd_micros",
    "cache_effect_usd_micros",
    "strong_share",
    "escalation_rate",
    "unpriced_calls",
)
"""What a reader of the table has to know of its columns."""


@dataclass(frozen=True, slots=True)
class TenantSums:
    """`groups`: told apart by key, without the total."""

    id: TenantId
    name: str
    total: Sums
    groups: Sequence[Sums]


@dataclass(frozen=True, slots=True)
class Savings:
    since: datetime
    until: datetime
    by: Group
    tenants: Sequence[TenantSums]


def read_group(text: str) -> Group:
    """Raises: InvalidInput that lists them."""
    if text not in GROUPS:
        raise InvalidInput(f"--by is {text!r}; it can be {', '.join(GROUPS)}")
    return text


async def sum_savings(
    db: Database, since: datetime | None, until: datetime | None, tenant: str | None, by: Group
) -> Savings:
    """`tenant`: a name or an id. Tenants without a call in that time are left out.

    Raises: InvalidInput for the times, NotFound for an unknown tenant, DatabaseUnavailable.
    """
    start, end = span(since, until)
    known = await db.system.list_tenants()
    wanted = [each for each in known if tenant in (None, each.name, format_id(TENANT_PREFIX, each.id))]
    if not wanted and tenant is not None:
        raise NotFound(f"no tenant is called {tenant!r}, or has it as its id")
    found = []
    for each in wanted:
        async with db.tenant(each.id) as conn:
            total, *groups = await sum_calls(conn, start, end, by)
        if total.calls:
            found.append(TenantSums(each.id, each.name, total, groups))
    return Savings(start, end, by, found)


def as_json(savings: Savings) -> str:
    return json.dumps(
        {
            "since": savings.since.isoformat(),
            "until": savings.until.isoformat(),
            "by": savings.by,
            "total": figures(add_up(each.total for each in savings.tenants)).model_dump(),
            "tenants": [
                {
                    "id": format_id(TENANT_PREFIX, each.id),
                    "name": each.name,
                    "total": figures(each.total).model_dump(),
                    "data": [
                        {"key": sums.key or "", "figures": figures(sums).model_dump()} for sums in each.groups
                    ],
                }
                for each in savings.tenants
            ],
            "computed": dict(COMPUTED),
        }
    )


def as_table(savings: Savings) -> list[str]:
    """The lines: a table with a row for each tenant and group, and how its columns are computed."""
    time = f"from {_moment(savings.since)} to {_moment(savings.until)} UTC"
    if not savings.tenants:
        return [f"The ledger has no call {time}: nothing was spent, and nothing can be said of savings."]
    rows: list[tuple[str, ...]] = [("tenant", savings.by, *COLUMNS)]
    for each in savings.tenants:
        rows += [(each.name, sums.key or "-", *_cells(figures(sums))) for sums in each.groups]
        rows.append((each.name, "all", *_cells(figures(each.total))))
    if len(savings.tenants) > 1:
        rows.append(("all", "all", *_cells(figures(add_up(each.total for each in savings.tenants)))))
    computed = [f"{name.removesuffix('_usd_micros')}: {COMPUTED[name]}" for name in SENTENCES]
    return [
        f"What calls to models cost {time}, and what the same turns would have cost another way.",
        "",
        *_align(rows),
        "",
        "How it is computed, from sums over rows of the ledger alone:",
        *computed,
        "saved: the sum to its left minus the cost of the same calls; calls that a comparison leaves out, "
        "because a price is not known, stand under `left out`.",
    ]


def _cells(it: FiguresAnswer) -> tuple[str, ...]:
    return (
        str(it.turns),
        str(it.calls),
        _money(it.cost_usd_micros),
        _money(it.always_large_usd_micros),
        _money(it.saved_usd_micros),
        _percent(it.saved_share),
        _money(it.best_single_usd_micros),
        _money(it.saved_against_best_single_usd_micros),
        _money(it.cache_effect_usd_micros),
        _percent(it.strong_share),
        _percent(it.escalation_rate),
        str(it.unpriced_calls),
        f"{it.uncompared_calls}/{it.unrivalled_calls}",
    )


def _align(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Words to the left, numbers to the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if place < 2 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def _money(usd_micros: int) -> str:
    return f"-{dollars(-usd_micros)}" if usd_micros < 0 else dollars(usd_micros)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")

"""`python -m control savings`: the figures of `GET /v1/usage` for who runs the deployment, tenant by tenant.

Each tenant's ledger is read in that tenant's own context, so the command sees nothing that the address would
not show to the tenant; which tenants there are says `list_tenants`, a function of parley_lookup.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from agent.errors import InvalidInput
from agent.wire import TENANT_PREFIX, TenantId, format_id
from control.spending.figures import COMPUTED, FiguresAnswer, figures
from control.spending.table import align, money, sentence, titles
from control.spending.usage_desk import span
from control.store.db import Database
from control.store.usage import GROUPS, Group, Sums, add_up, sum_calls
from control.tenant_choice import chosen_tenants

COLUMNS: Final = (
    "turns",
    "calls",
    "cost",
    "always large",
    "saved",
    "%",
    "best single",
    "against it",
    "cache",
    "strong",
    "escalated",
    "unpriced",
    "left out",
)
SENTENCES: Final = {
    "turns": "turns",
    "calls": "calls",
    "cost": "cost_usd_micros",
    "always large": "always_large_usd_micros",
    "best single": "best_single_usd_micros",
    "cache": "cache_effect_usd_micros",
    "strong": "strong_share",
    "escalated": "escalation_rate",
    "unpriced": "unpriced_calls",
}
"""By column, the figure whose sentence says how it is computed."""


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

    Raises: InvalidInput for the times or a name that several have, NotFound, DatabaseUnavailable.
    """
    start, end = span(since, until)
    found = []
    for each in await chosen_tenants(db, tenant):
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
    called = titles([(each.id, each.name) for each in savings.tenants])
    rows: list[tuple[str, ...]] = [("tenant", savings.by, *COLUMNS)]
    for each in savings.tenants:
        rows += [(called[each.id], sums.key or "-", *_cells(figures(sums))) for sums in each.groups]
        rows.append((called[each.id], "all", *_cells(figures(each.total))))
    if len(savings.tenants) > 1:
        rows.append(("all", "all", *_cells(figures(add_up(each.total for each in savings.tenants)))))
    return [
        f"What calls to models cost {time}, and what the same turns would have cost another way.",
        "",
        *align(rows),
        "",
        "How it is computed, from sums over rows of the ledger alone:",
        *(line for column, name in SENTENCES.items() for line in sentence(column, COMPUTED[name])),
        *sentence("saved, against it", "The sum to its left minus the cost of the same calls."),
        *sentence(
            "left out", "Calls that the first and the second comparison leave out: a price is not known."
        ),
    ]


def _cells(it: FiguresAnswer) -> tuple[str, ...]:
    return (
        str(it.turns),
        str(it.calls),
        money(it.cost_usd_micros),
        money(it.always_large_usd_micros),
        money(it.saved_usd_micros),
        _percent(it.saved_share),
        money(it.best_single_usd_micros),
        money(it.saved_against_best_single_usd_micros),
        money(it.cache_effect_usd_micros),
        _percent(it.strong_share),
        _percent(it.escalation_rate),
        str(it.unpriced_calls),
        f"{it.uncompared_calls}/{it.unrivalled_calls}",
    )


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")

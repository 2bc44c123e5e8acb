"""`python -m control budgets`: what `GET /v1/budgets` says, for who runs the deployment, tenant by tenant."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from agent.wire import TENANT_PREFIX, TenantId, format_id
from control.spending.budgets_desk import BudgetAnswer, describe
from control.spending.table import align, money, sentence, titles
from control.store.db import Database
from control.tenant_choice import chosen_tenants

COLUMNS = ("tenant", "budget for", "cap", "spent", "held", "left", "state", "near", "begins anew (UTC)")
KINDS = {
    "turn": "each turn",
    "conversation": "each conversation",
    "user": "each person and day",
    "tenant": "the month",
}


@dataclass(frozen=True, slots=True)
class TenantBudgets:
    id: TenantId
    name: str
    budgets: Sequence[BudgetAnswer]


async def list_budgets(db: Database, tenant: str | None) -> list[TenantBudgets]:
    """`tenant`: a name or an id. Raises: NotFound, InvalidInput, DatabaseUnavailable."""
    found = []
    for each in await chosen_tenants(db, tenant):
        async with db.tenant(each.id) as conn:
            found.append(TenantBudgets(each.id, each.name, (await describe(conn)).data))
    return found


def as_json(tenants: Sequence[TenantBudgets]) -> str:
    return json.dumps(
        {
            "tenants": [
                {
                    "id": format_id(TENANT_PREFIX, each.id),
                    "name": each.name,
                    "data": [budget.model_dump(mode="json") for budget in each.budgets],
                }
                for each in tenants
            ]
        }
    )


def as_table(tenants: Sequence[TenantBudgets]) -> list[str]:
    """A row for each budget, and who has none."""
    called = titles([(each.id, each.name) for each in tenants])
    rows = [(called[each.id], *_cells(budget)) for each in tenants for budget in each.budgets]
    free = [called[each.id] for each in tenants if not each.budgets]
    lines = []
    if rows:
        lines += [
            *align([COLUMNS, *rows]),
            "",
            *sentence(
                "held",
                "What running conversations may still spend of what is left. Of one that died it is free "
                "again within seven minutes.",
            ),
            *sentence("near", "How many people or conversations are at thrift or beyond; --json names them."),
        ]
    if free:
        lines.append(
            f"Without a budget: {', '.join(free)}. Their admins set one with PUT /v1/budgets, signed in."
        )
    return lines or ["There is no tenant yet."]


def _cells(it: BudgetAnswer) -> tuple[str, ...]:
    return (
        KINDS[it.scope],
        money(it.cap_usd_micros),
        _known(it.spent_usd_micros),
        _known(it.held_usd_micros),
        _known(it.left_usd_micros),
        it.state or "-",
        str(len(it.near)) if it.scope in ("user", "conversation") else "-",
        "-" if it.resets_at is None else f"{it.resets_at:%Y-%m-%d %H:%M}",
    )


def _known(usd_micros: int | None) -> str:
    return "-" if usd_micros is None else money(usd_micros)

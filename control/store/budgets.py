"""What a tenant has spent this month, and whether it lets itself spend more."""

from control.store.db import Connection


async def is_budget_spent(conn: Connection) -> bool:
    """Whether this month's calls cost the tenant's monthly cap or more. Without a cap never.

    A month begins at midnight UTC. Calls whose price is unknown count nothing; the ledger shows them.
    """
    spent = await conn.fetchval(
        """
        select coalesce((
            select sum(c.cost_usd_micros) from model_calls c
            where c.started_at >= date_trunc('month', now() at time zone 'utc') at time zone 'utc'
        ), 0) >= b.cap_usd_micros
        from budgets b
        where b.scope = 'tenant' and b.period = 'month'
        """
    )
    return bool(spent)

"""What is due to go by a tenant's own rule, in its context."""

from control.store.db import Connection


async def delete_expired_conversations(conn: Connection, limit: int) -> int:
    """At most `limit` conversations whose time is over, with all that is in them; how many.

    The time counts from the end; for one that is open, from the last that happened in it. One that is being
    written to at this moment is passed over.
    """
    count: int = await conn.fetchval(
        """
        with due as (
            select c.id
            from conversations c
            join tenants t on t.id = c.tenant_id
            where t.retention_days is not null
                and coalesce(c.closed_at, greatest(c.updated_at, c.dispatched_at))
                    < now() - make_interval(days => t.retention_days)
            limit $1
            for update of c skip locked
        ), gone as (
            delete from conversations c using due where c.id = due.id returning 1
        )
        select count(*) from gone
        """,
        limit,
    )
    return count

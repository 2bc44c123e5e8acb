"""What asking for a token to join needs to know, in one round trip."""

from dataclasses import dataclass

from agent.wire import TenantId
from control.store.db import Database


@dataclass(frozen=True, slots=True)
class Joining:
    """`is_removed`: they were shown out. `is_noted`: the open conversation has them by that name."""

    is_removed: bool
    is_noted: bool


async def look_up(
    db: Database, tenant_id: TenantId, room_name: str, identity: str, person: str, name: str
) -> Joining:
    """`person`: the identity without the suffix of a tab. Raises: DatabaseUnavailable."""
    row = await db.fetch_row(
        """
        with context as materialized (select set_config('app.tenant_id', $1, true) as tenant)
        select found.is_removed, found.is_noted
        from context cross join lateral (
            select
                exists (
                    select from removals x
                    where x.tenant_id = context.tenant::uuid and x.identity = $4 and x.expires_at > now()
                        and (x.room_id is null or x.room_id = r.id)
                ) as is_removed,
                exists (
                    select from conversations c
                    join participants p on p.tenant_id = c.tenant_id and p.conversation_id = c.id
                    where c.tenant_id = context.tenant::uuid and c.room_id = r.id and c.closed_at is null
                        and p.identity = $3 and p.name = $5 and p.left_at is null
                ) as is_noted
            from (select) as once
            left join rooms r on r.tenant_id = context.tenant::uuid and r.name = $2
        ) found
        """,
        str(tenant_id),
        room_name,
        identity,
        person,
        name,
    )
    return Joining(row["is_removed"], row["is_noted"])

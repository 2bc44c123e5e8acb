"""What asking for a token to join needs to know, in one statement for all who ask a tenant at once."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.wire import TenantId
from control.store.db import Database
from control.store.gathering import Gathering


@dataclass(frozen=True, slots=True)
class Joiner:
    """`person`: the identity without the suffix of a tab."""

    tenant_id: TenantId
    room_name: str
    identity: str
    person: str
    name: str


@dataclass(frozen=True, slots=True)
class Joining:
    """`is_removed`: they were shown out. `is_noted`: the open conversation has them by that name."""

    is_removed: bool
    is_noted: bool


class Joinings:
    """Raises everywhere: DatabaseUnavailable."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._reads = Gathering(self._read)

    async def look_up(self, joiner: Joiner) -> Joining:
        return await self._reads.get(joiner) or Joining(is_removed=False, is_noted=False)

    async def _read(self, joiners: Sequence[Joiner]) -> Mapping[Joiner, Joining]:
        of_tenant: dict[TenantId, list[Joiner]] = {}
        for joiner in joiners:
            of_tenant.setdefault(joiner.tenant_id, []).append(joiner)
        reads = [_read_tenant(self._db, tenant_id, wanted) for tenant_id, wanted in of_tenant.items()]
        return dict(found for rows in await asyncio.gather(*reads) for found in rows)


async def look_up(
    db: Database, tenant_id: TenantId, room_name: str, identity: str, person: str, name: str
) -> Joining:
    """Of one alone. Raises: DatabaseUnavailable."""
    ((_, joining),) = await _read_tenant(
        db, tenant_id, [Joiner(tenant_id, room_name, identity, person, name)]
    )
    return joining


async def _read_tenant(
    db: Database, tenant_id: TenantId, joiners: Sequence[Joiner]
) -> list[tuple[Joiner, Joining]]:
    row = await db.fetch_row(
        """
        with context as materialized (select set_config('app.tenant_id', $1, true) as tenant)
        select found.removed, found.noted
        from context cross join lateral (
            select array_agg(one.is_removed order by w.place) as removed,
                array_agg(one.is_noted order by w.place) as noted
            from unnest($2::text[], $3::text[], $4::text[], $5::text[])
                with ordinality as w (room_name, identity, person, name, place)
            cross join lateral (
                select
                    exists (
                        select from removals x
                        where x.tenant_id = context.tenant::uuid and x.identity = w.person
                            and x.expires_at > now() and (x.room_id is null or x.room_id = r.id)
                    ) as is_removed,
                    exists (
                        select from conversations c
                        join participants p on p.tenant_id = c.tenant_id and p.conversation_id = c.id
                        where c.tenant_id = context.tenant::uuid and c.room_id = r.id and c.closed_at is null
                            and p.identity = w.identity and p.name = w.name and p.left_at is null
                    ) as is_noted
                from (select) as once
                left join rooms r on r.tenant_id = context.tenant::uuid and r.name = w.room_name
            ) one
            offset 0
        ) found
        """,
        str(tenant_id),
        [joiner.room_name for joiner in joiners],
        [joiner.identity for joiner in joiners],
        [joiner.person for joiner in joiners],
        [joiner.name for joiner in joiners],
    )
    return [
        (joiner, Joining(is_removed, is_noted))
        for joiner, is_removed, is_noted in zip(joiners, row["removed"], row["noted"], strict=True)
    ]

"""Versions of a tenant's fit, which of them is in use, and the thresholds of its agents.

A version is never changed, only followed by another. Where none is active, the scorer is used as it ships.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from control.store.db import Connection

SHIPPED = 0
"""The version that is the scorer as it ships."""


@dataclass(frozen=True, slots=True)
class Quality:
    """APGR on held-out labels with its 95 % interval, and the shipped scorer's on the same labels.

    `base` is None where nothing can be told of it, and the interval where it has no meaning.
    """

    apgr: float
    low: float | None
    high: float | None
    base: float | None


@dataclass(frozen=True, slots=True)
class Fit:
    """A fit to be stored. `quantiles`: rising scores of the labelled turns, by "before" and "after"."""

    features_version: str
    weights: Mapping[str, Sequence[float]]
    quantiles: Mapping[str, Sequence[float]]
    labels: int
    quality: Quality | None


@dataclass(frozen=True, slots=True)
class Router:
    """A stored version. `activated_at`: when it was last taken into use; None never."""

    version: int
    fit: Fit
    created_at: datetime
    activated_at: datetime | None
    is_active: bool
    is_held: bool


@dataclass(frozen=True, slots=True)
class RouterState:
    """Which version is in use (None: as it ships), and when the newest fit was made, on which features."""

    active: Router | None
    newest_version: int = SHIPPED
    newest_features_version: str | None = None
    newest_created_at: datetime | None = None


async def lock_routers(conn: Connection) -> None:
    """Until the transaction ends, nobody else of this tenant adds a version or takes one into use."""
    await conn.execute(
        """
        select pg_advisory_xact_lock(
            hashtextextended('routers ' || current_setting('app.tenant_id', true), 0)
        )
        """
    )


async def active_router(conn: Connection) -> Router | None:
    row = await conn.fetchrow(
        """
        select version, features_version, weights, quantiles, labels, apgr, apgr_low, apgr_high, base_apgr,
            created_at, activated_at, is_active, is_held
        from routers where is_active
        """
    )
    return None if row is None else _router(row)


async def router_state(conn: Connection) -> RouterState:
    newest = await conn.fetchrow(
        """
        select version, features_version, created_at from routers
        where version > 0 order by version desc limit 1
        """
    )
    active = await active_router(conn)
    if newest is None:
        return RouterState(active)
    return RouterState(active, newest["version"], newest["features_version"], newest["created_at"])


async def list_routers(conn: Connection, limit: int, before: int | None) -> list[Router]:
    """Newest first. `before`: only older ones."""
    rows = await conn.fetch(
        """
        select version, features_version, weights, quantiles, labels, apgr, apgr_low, apgr_high, base_apgr,
            created_at, activated_at, is_active, is_held
        from routers
        where $1::integer is null or version < $1
        order by version desc
        limit $2
        """,
        before,
        limit,
    )
    return [_router(row) for row in rows]


async def add_router(conn: Connection, fit: Fit) -> int:
    """The number of the version it became, which is not in use yet. Call `lock_routers` before."""
    quality = fit.quality
    version: int = await conn.fetchval(
        """
        insert into routers (
            version, features_version, weights, quantiles, labels, apgr, apgr_low, apgr_high, base_apgr
        )
        select coalesce(max(version), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8 from routers
        returning version
        """,
        fit.features_version,
        json.dumps({name: list(values) for name, values in fit.weights.items()}),
        json.dumps({name: list(values) for name, values in fit.quantiles.items()}),
        fit.labels,
        quality and quality.apgr,
        quality and quality.low,
        quality and quality.high,
        quality and quality.base,
    )
    return version


async def put_shipped(conn: Connection, features_version: str) -> None:
    """Version 0, so that it can be taken into use like any other."""
    await conn.execute(
        """
        insert into routers (version, features_version, weights, labels) values (0, $1, '{}', 0)
        on conflict (tenant_id, version) do update set features_version = excluded.features_version
        """,
        features_version,
    )


async def activate_router(conn: Connection, version: int, *, is_held: bool) -> bool:
    """Takes that version into use; False when there is none. Call `lock_routers` before."""
    found = await conn.fetchval("select exists (select from routers where version = $1)", version)
    if not found:
        return False
    # First the one, then the other: at no moment may two be active.
    await conn.execute(
        "update routers set is_active = false, is_held = false where is_active and version <> $1", version
    )
    await conn.execute(
        """
        update routers set is_active = true, is_held = $2,
            activated_at = case when is_active then activated_at else now() end
        where version = $1
        """,
        version,
        is_held,
    )
    return True


def _router(row: asyncpg.Record) -> Router:
    quality = None
    if row["apgr"] is not None:
        quality = Quality(row["apgr"], row["apgr_low"], row["apgr_high"], row["base_apgr"])
    fit = Fit(
        row["features_version"],
        _decode(row["weights"]),
        _decode(row["quantiles"]),
        row["labels"],
        quality,
    )
    return Router(
        row["version"], fit, row["created_at"], row["activated_at"], row["is_active"], row["is_held"]
    )


def _decode(text: str) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(text)
    return decoded

"""Versions of a fit are numbered, kept, and one at a time is in use."""

from control.store.db import Connection, Database
from control.store.routers import (
    Fit,
    Quality,
    activate_router,
    active_router,
    add_router,
    list_routers,
    lock_routers,
    put_shipped,
    router_state,
)
from tests.fixtures.database import TenantSample


def a_fit(labels: int = 120, apgr: float = 0.7) -> Fit:
    quality = Quality(apgr, apgr - 0.1, apgr + 0.1, 0.6)
    return Fit("1", {"before": [0.5, -1.0], "after": [0.25]}, {"before": [0.1, 0.9]}, labels, quality)


async def test_a_version_is_read_as_it_was_written(conn: Connection) -> None:
    version = await add_router(conn, a_fit())

    (router,) = await list_routers(conn, 10, None)

    assert version == router.version == 1
    assert router.fit == a_fit()
    assert (router.is_active, router.activated_at) == (False, None)


async def test_versions_are_counted_and_the_newest_comes_first(conn: Connection) -> None:
    for labels in (100, 120, 140):
        await add_router(conn, a_fit(labels))

    assert [router.fit.labels for router in await list_routers(conn, 2, None)] == [140, 120]
    assert [router.version for router in await list_routers(conn, 2, 2)] == [1]


async def test_one_version_at_a_time_is_in_use(conn: Connection) -> None:
    await lock_routers(conn)
    first, second = await add_router(conn, a_fit(100)), await add_router(conn, a_fit(120))

    assert await activate_router(conn, first, is_held=False)
    assert await activate_router(conn, second, is_held=False)

    state = await router_state(conn)
    assert state.active is not None
    assert (state.active.version, state.newest_version) == (second, second)
    assert await conn.fetchval("select count(*) from routers where is_active") == 1


async def test_an_older_version_can_be_taken_back(conn: Connection) -> None:
    first, second = await add_router(conn, a_fit(100)), await add_router(conn, a_fit(120))
    await activate_router(conn, second, is_held=False)

    await activate_router(conn, first, is_held=True)

    active = await active_router(conn)
    assert active is not None
    assert (active.version, active.is_held) == (first, True)


async def test_a_version_that_there_is_not_changes_nothing(conn: Connection) -> None:
    version = await add_router(conn, a_fit())
    await activate_router(conn, version, is_held=False)

    assert not await activate_router(conn, 7, is_held=False)

    active = await active_router(conn)
    assert active is not None
    assert active.version == version


async def test_the_shipped_scorer_can_be_taken_back_as_version_0(conn: Connection) -> None:
    await activate_router(conn, await add_router(conn, a_fit()), is_held=False)

    await put_shipped(conn, "1")
    await activate_router(conn, 0, is_held=True)

    active = await active_router(conn)
    assert active is not None
    assert (active.version, active.fit.weights, active.fit.quality) == (0, {}, None)


async def test_a_fit_after_version_0_is_version_1(conn: Connection) -> None:
    await put_shipped(conn, "1")

    assert await add_router(conn, a_fit()) == 1


async def test_another_tenants_versions_do_not_exist(
    conn: Connection, database: Database, other_tenant: TenantSample
) -> None:
    await activate_router(conn, await add_router(conn, a_fit()), is_held=False)

    async with database.tenant(other_tenant.id) as theirs:
        assert await active_router(theirs) is None
        assert await list_routers(theirs, 10, None) == []
        assert not await activate_router(theirs, 1, is_held=False)

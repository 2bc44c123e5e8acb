"""Learns each tenant's routing in the background: fits its labels, draws its agents' lines, tells of drift.

One process does it at a time, by a lock of the database. A fit is computed in a process of its own and lines
in a thread, between two transactions: one that reads and one that writes, which looks again at what may have
changed meanwhile. A tenant that fails is logged and does not keep the others.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from agent.cascade.score.learn import MIN_LABELS
from agent.cascade.score.scorer import Scorer
from agent.errors import AppError
from agent.wire import TENANT_PREFIX, TenantId, format_id
from control.audit.actions import AuditAction
from control.audit.record import SYSTEM, AuditEvent, record
from control.learning.drawing import MOST_CALLS, draw_all, seen_since, usable
from control.learning.fit_process import propose_apart
from control.learning.fitting import MOST_LABELS, REFIT_LABELS, Proposal
from control.store.db import Database
from control.store.labels import count_labels, newest_labels
from control.store.routers import (
    Router,
    activate_router,
    active_router,
    add_router,
    lock_routers,
    router_state,
)
from control.store.thresholds import (
    AnsweredTurn,
    StoredThresholds,
    agent_targets,
    answered_turns,
    delete_thresholds,
    list_thresholds,
    put_thresholds,
)

logger = logging.getLogger(__name__)

INTERVAL_S: Final = 300.0
LOCK: Final = "parley learning"


@dataclass(frozen=True, slots=True)
class Learnt:
    """What one pass did. `stale`: labels of other features, which no fit takes."""

    fits: int = 0
    lines: int = 0
    stale: int = 0


class Learner:
    def __init__(self, db: Database, scorer: Scorer) -> None:
        self._db = db
        self._scorer = scorer
        self._tried: dict[TenantId, datetime] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="learner")

    async def aclose(self) -> None:
        """What is under way comes to nothing, and is done again by the next pass, here or elsewhere."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def learn(self) -> Learnt | None:
        """One pass over all tenants; None when another process is at it. Raises: DatabaseUnavailable."""
        async with self._db.leading(LOCK) as leads:
            if not leads:
                return None
            passes = [await self._attempt(tenant.id) for tenant in await self._db.system.list_tenants()]
        return Learnt(
            sum(each.fits for each in passes),
            sum(each.lines for each in passes),
            sum(each.stale for each in passes),
        )

    async def learn_of(self, tenant_id: TenantId) -> Learnt:
        """Raises: DatabaseUnavailable."""
        fitted, stale = await self._fit(tenant_id)
        return Learnt(int(fitted), await self._draw(tenant_id), stale)

    async def _attempt(self, tenant_id: TenantId) -> Learnt:
        try:
            return await self.learn_of(tenant_id)
        except AppError as error:
            logger.warning("learning failed", extra={**_told(tenant_id), "error": error.code})
        except Exception as error:  # the boundary of one tenant
            logger.error(
                "learning failed unexpectedly", extra={**_told(tenant_id), "error": type(error).__name__}
            )
        return Learnt()

    # Fits

    async def _fit(self, tenant_id: TenantId) -> tuple[bool, int]:
        """Whether a version was stored, and how many labels are stale."""
        version = self._scorer.version
        async with self._db.tenant(tenant_id) as conn:
            state = await router_state(conn)
            is_known = state.newest_features_version == version
            moments = [state.newest_created_at if is_known else None, self._tried.get(tenant_id)]
            last = max((moment for moment in moments if moment is not None), default=None)
            count = await count_labels(conn, version, last)
            if count.usable < MIN_LABELS or (last is not None and count.fresh < REFIT_LABELS):
                return False, count.stale
            labels = await newest_labels(conn, version, MOST_LABELS)
        self._tried[tenant_id] = datetime.now(UTC)
        proposal = await propose_apart(labels, state.active)
        if proposal is None or not proposal.is_taken:
            logger.info("a fit is no better than what is used", extra=_compared(tenant_id, proposal))
            return False, count.stale
        return await self._store(tenant_id, proposal, state.active), count.stale

    async def _store(self, tenant_id: TenantId, proposal: Proposal, compared: Router | None) -> bool:
        """Not where another version came into use while this one was made."""
        async with self._db.tenant(tenant_id) as conn:
            await lock_routers(conn)
            active = await active_router(conn)
            if (active and active.version) != (compared and compared.version):
                return False
            version = await add_router(conn, proposal.fit)
            is_held = active is not None and active.is_held
            if not is_held:
                await activate_router(conn, version, is_held=False)
            event = AuditEvent(
                AuditAction.ROUTER_FITTED,
                SYSTEM,
                target={"tenant": format_id(TENANT_PREFIX, tenant_id)},
                details={"version": version, "labels": proposal.fit.labels, "is_active": not is_held},
            )
            await record(conn, tenant_id, event)
        logger.info("a fit was stored", extra={**_compared(tenant_id, proposal), "version": version})
        return True

    # Lines

    async def _draw(self, tenant_id: TenantId) -> int:
        """How many agents got a line of their own."""
        async with self._db.tenant(tenant_id) as conn:
            agents, stored = await agent_targets(conn), await list_thresholds(conn)
            for agent in agents:
                if agent.target is None and agent.agent_id in stored:
                    await delete_thresholds(conn, agent.agent_id)
            router = usable(await active_router(conn), self._scorer)
            turns: list[AnsweredTurn] = []
            if any(agent.target is not None for agent in agents):
                turns = await answered_turns(conn, seen_since(router), MOST_CALLS)
        drawn = await asyncio.to_thread(draw_all, agents, turns, router, stored, self._scorer)
        async with self._db.tenant(tenant_id) as conn:
            for given in drawn:
                await put_thresholds(conn, given)
        for given in drawn:
            _tell_of_drift(tenant_id, given, stored.get(given.agent_id))
        return len(drawn)

    async def _run(self) -> None:
        while True:
            try:
                learnt = await self.learn()
                if learnt is not None:
                    fields = {"fits": learnt.fits, "lines": learnt.lines, "stale_labels": learnt.stale}
                    logger.info("learnt", extra=fields)
            except AppError as error:
                logger.warning("learning failed", extra={"error": error.code})
            except Exception as error:
                logger.error("learning failed unexpectedly", extra={"error": type(error).__name__})
            await asyncio.sleep(INTERVAL_S)


def _tell_of_drift(tenant_id: TenantId, now: StoredThresholds, before: StoredThresholds | None) -> None:
    """Once, when an alarm comes up, and once when the last has gone."""
    alarms, known = now.observed["alarms"], before.observed.get("alarms", []) if before else []
    fields = {
        **_told(tenant_id),
        "agent": now.agent_id.hex,
        "alarms": alarms,
        "target": now.target.kind,
        "target_value": now.target.value,
        "share": now.observed["share"],
        "spend_usd_micros": now.observed["spend"],
    }
    if set(alarms) - set(known):
        logger.warning("routing strays from its target", extra=fields)
    elif known and not alarms:
        logger.info("routing is back at its target", extra=fields)


def _told(tenant_id: TenantId) -> dict[str, object]:
    return {"tenant": format_id(TENANT_PREFIX, tenant_id)}


def _compared(tenant_id: TenantId, proposal: Proposal | None) -> dict[str, object]:
    if proposal is None:
        return _told(tenant_id)
    return {
        **_told(tenant_id),
        "labels": proposal.fit.labels,
        "apgr": proposal.challenger,
        "apgr_in_use": proposal.incumbent,
    }

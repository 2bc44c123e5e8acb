"""`/v1/router`: what was learnt of a tenant's turns, how it holds its targets, and the way back."""

from typing import Any, Final, Literal

from agent.cascade.score.learn import MIN_LABELS
from agent.cascade.score.scorer import Scorer
from agent.errors import Conflict, NotFound
from agent.wire import TENANT_PREFIX, format_id
from control.audit.actions import AuditAction
from control.audit.calls import record_call
from control.auth import ApiKey, Authenticator, Member
from control.endpoints import Call, Nothing, Route
from control.learning.bodies import (
    AgentRoutingAnswer,
    LabelsAnswer,
    RouterAnswer,
    RouterVersionAnswer,
    RouterVersionsAnswer,
    VersionsQuery,
    line_answer,
    observed_answer,
    target_answer,
    version_answer,
)
from control.learning.delivery import is_of, line_for
from control.learning.drawing import MOST_CALLS, current_line, seen_since, usable
from control.learning.observing import observe
from control.scopes import Scope
from control.store.db import Connection, Database
from control.store.labels import LabelCount, count_labels
from control.store.routers import (
    SHIPPED,
    Router,
    activate_router,
    active_router,
    list_routers,
    lock_routers,
    put_shipped,
    router_state,
)
from control.store.thresholds import (
    AgentTarget,
    AnsweredTurn,
    StoredThresholds,
    agent_targets,
    answered_turns,
    list_thresholds,
)

VERSION_DIGITS: Final = 9


class RouterDesk:
    def __init__(self, db: Database, scorer: Scorer) -> None:
        self._db = db
        self._scorer = scorer

    def routes(self, auth: Authenticator) -> list[Route[Any, Any]]:
        read, write, versions = Scope.AGENTS_READ, Scope.AGENTS_WRITE, "/v1/router/versions"
        # fmt: off
        return [
            Route("GET", "/v1/router", auth.team, self.show, Nothing, RouterAnswer, scope=read),
            Route("GET", versions, auth.team, self.versions, VersionsQuery, RouterVersionsAnswer, scope=read),
            Route("POST", f"{versions}/{{version}}/activate", auth.team_admin, self.activate, Nothing,
                  RouterVersionAnswer, scope=write),
        ]
        # fmt: on

    async def show(self, call: Call[Member | ApiKey, Nothing]) -> RouterAnswer:
        """Tells what the tenant's routing has learnt, and how each agent holds its target."""
        async with self._db.tenant(call.caller.tenant_id) as conn:
            active = await active_router(conn)
            count = await count_labels(conn, self._scorer.version)
            agents, stored = await agent_targets(conn), await list_thresholds(conn)
            turns = await answered_turns(conn, seen_since(usable(active, self._scorer)), MOST_CALLS)
        return RouterAnswer(
            active=None if active is None else version_answer(active),
            labels=_labels(count),
            agents=[
                self._agent(agent, stored.get(agent.agent_id), usable(active, self._scorer), turns)
                for agent in agents
            ],
            says=_sentence(active, count, self._scorer),
        )

    async def versions(self, call: Call[Member | ApiKey, VersionsQuery]) -> RouterVersionsAnswer:
        """Lists the versions of the tenant's fit, newest first. Version 0 is the scorer as it ships."""
        limit, cursor = call.input.limit, call.input.cursor
        async with self._db.tenant(call.caller.tenant_id) as conn:
            found = await list_routers(conn, limit + 1, None if cursor is None else int(cursor))
        has_more = len(found) > limit
        return RouterVersionsAnswer(
            data=[version_answer(router) for router in found[:limit]],
            next_cursor=str(found[limit - 1].version) if has_more else None,
        )

    async def activate(self, call: Call[Member | ApiKey, Nothing]) -> RouterVersionAnswer:
        """Takes a version into use, from the next job on; 0 goes back to the scorer as it ships.

        An older one than the newest is held: later fits are kept, and not taken until the newest is chosen.
        Raises: NotFound; Conflict for one that this version of Parley cannot use.
        """
        async with self._db.tenant(call.caller.tenant_id) as conn:
            await lock_routers(conn)
            version = await self._known(conn, call.path("version"))
            newest = (await router_state(conn)).newest_version
            await activate_router(conn, version, is_held=version < newest)
            active = await active_router(conn)
            if active is None:
                raise NotFound(f"the router has no version {version}")
            target = {"tenant": format_id(TENANT_PREFIX, call.caller.tenant_id)}
            await record_call(conn, call, AuditAction.ROUTER_ACTIVATED, target, {"version": version})
        return version_answer(active)

    async def _known(self, conn: Connection, text: str) -> int:
        """Raises: NotFound, Conflict."""
        if not (text.isascii() and text.isdigit() and len(text) <= VERSION_DIGITS):
            raise NotFound(f"the router has no version {text!r}")
        version, count = int(text), await count_labels(conn, self._scorer.version)
        found = await list_routers(conn, 1, version + 1)
        if version == SHIPPED and (await router_state(conn)).newest_version > SHIPPED:
            await put_shipped(conn, self._scorer.version)
            return version
        if not found or found[0].version != version:
            missing = max(0, MIN_LABELS - count.usable)
            why = f": {_more(missing)} until there is a first fit" if missing else ""
            raise NotFound(f"the router has no version {version}{why}")
        if found[0].fit.features_version != self._scorer.version:
            raise Conflict(
                f"version {version} was fitted on features that this version of Parley computes otherwise; "
                "choose a newer one, or 0"
            )
        return version

    def _agent(
        self,
        agent: AgentTarget,
        stored: StoredThresholds | None,
        router: Router | None,
        turns: list[AnsweredTurn],
    ) -> AgentRoutingAnswer:
        target, scorer = agent.target, self._scorer
        source: Literal["turns", "labels", "shipped"] = "shipped"
        if stored is not None and target is not None and is_of(stored, router, target, scorer):
            source = "turns"
        elif line_for(router, stored, target, scorer) is not None:
            source = "labels"
        return AgentRoutingAnswer(
            name=agent.name,
            target=target_answer(target),
            thresholds=line_answer(current_line(router, stored, target, scorer)),
            source=source,
            observed=observed_answer(observe([t for t in turns if t.agent_name == agent.name], target)),
        )


def _labels(count: LabelCount) -> LabelsAnswer:
    missing = max(0, MIN_LABELS - count.usable)
    return LabelsAnswer(usable=count.usable, stale=count.stale, missing=missing)


def _sentence(active: Router | None, count: LabelCount, scorer: Scorer) -> str:
    if active is not None and active.fit.features_version != scorer.version:
        return (
            f"Version {active.version} was fitted on features that this version of Parley computes "
            f"otherwise; the shipped score routes until it has {MIN_LABELS} labels, {count.usable} so far."
        )
    if active is not None and active.version != SHIPPED:
        held = "; it is held, so newer ones are not taken" if active.is_held else ""
        return f"Version {active.version} routes, fitted on {active.fit.labels} labels{held}."
    if active is not None:
        return "The shipped score routes, as somebody chose; newer fits are kept and not taken."
    if count.usable < MIN_LABELS:
        missing = MIN_LABELS - count.usable
        return (
            f"The shipped score routes: {_more(missing)} until the first fit. Labels come from turns that "
            "both tiers answer, for which an agent's model policy sets a shadow_share."
        )
    return f"The shipped score routes; a fit on {count.usable} labels is on its way, or was no better."


def _more(missing: int) -> str:
    return f"{missing} more label is needed" if missing == 1 else f"{missing} more labels are needed"

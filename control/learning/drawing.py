"""The lines that are drawn for a tenant's agents in one pass, from what the ledger has of their turns.

Computed from rows that were read before, so that it can run in a thread; what is stored and told of it is
`learner.py`'s part.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from agent.cascade.score.scorer import Scorer
from agent.wire import AgentId
from control.learning.delivery import is_of, line_for
from control.learning.line import Line, draw_line
from control.learning.observing import Observation, observe
from control.store.routers import SHIPPED, Router
from control.store.thresholds import AgentTarget, AnsweredTurn, StoredThresholds, Target

TURNS_SINCE: Final = timedelta(days=14)
MOST_CALLS: Final = 8_000
"""Of a tenant's ledger in one pass."""


def usable(router: Router | None, scorer: Scorer) -> Router | None:
    """None for a version of other features: the shipped score is used in its place."""
    return router if router is not None and router.fit.features_version == scorer.version else None


def seen_since(router: Router | None) -> datetime:
    """From when on turns were scored by what is used now."""
    earliest = datetime.now(UTC) - TURNS_SINCE
    return max(earliest, router.activated_at) if router and router.activated_at else earliest


def draw_all(
    agents: Sequence[AgentTarget],
    turns: Sequence[AnsweredTurn],
    router: Router | None,
    stored: Mapping[AgentId, StoredThresholds],
    scorer: Scorer,
) -> list[StoredThresholds]:
    """The line of each agent that has a target and turns enough."""
    drawn = []
    for agent in agents:
        if agent.target is None:
            continue
        own = [turn for turn in turns if turn.agent_name == agent.name]
        now = stored.get(agent.agent_id)
        was_drawn = now is not None and is_of(now, router, agent.target, scorer)
        line = draw_line(
            own, agent.target, current_line(router, now, agent.target, scorer), was_drawn=was_drawn
        )
        if line is not None:
            drawn.append(_stored(agent, agent.target, line, router, scorer, observe(own, agent.target)))
    return drawn


def current_line(
    router: Router | None, stored: StoredThresholds | None, target: Target | None, scorer: Scorer
) -> Line:
    """Which line jobs are given now, the shipped one included."""
    line = line_for(router, stored, target, scorer)
    if line is not None:
        return line
    share = target.value if target is not None and target.kind == "share" else None
    shipped = scorer.thresholds_for(share)
    return Line(shipped.voice, shipped.text, shipped.after)


def _stored(
    agent: AgentTarget, target: Target, line: Line, router: Router | None, scorer: Scorer, seen: Observation
) -> StoredThresholds:
    return StoredThresholds(
        agent_id=agent.agent_id,
        router_version=SHIPPED if router is None else router.version,
        features_version=scorer.version,
        target=target,
        voice=line.voice,
        text=line.text,
        after=line.after,
        turns=seen.turns,
        observed={"alarms": list(seen.alarms), "share": seen.share, "spend": seen.spend_usd_micros},
        computed_at=datetime.now(UTC),
    )

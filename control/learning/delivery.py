"""What a job gets of its tenant's learning: the fit in use, and the line of its agent.

Weights that were fitted on other features than this program's are not given to anybody. Nothing is computed
here but a line from quantiles, for a target that too few turns have been seen of.
"""

from collections.abc import Mapping, Sequence

from agent.cascade.score.scorer import BEFORE_CALL, Scorer
from agent.cascade.score.threshold import USUAL_SHARE, cut
from agent.wire import RouterSpec, ThresholdsSpec
from control.learning.line import Line
from control.store.agents import AgentRef
from control.store.db import Connection
from control.store.routers import SHIPPED, Router, active_router
from control.store.thresholds import StoredThresholds, Target, find_thresholds


async def router_for(
    conn: Connection, agent: AgentRef | None, target: Target | None, scorer: Scorer
) -> RouterSpec | None:
    """None where nothing was learnt that this program can use. `target`: of the version that the job is."""
    found = await active_router(conn)
    router = found if found is not None and found.fit.features_version == scorer.version else None
    stored = None if agent is None else await find_thresholds(conn, agent.id)
    line = line_for(router, stored, target, scorer)
    if line is None and (router is None or router.version == SHIPPED):
        return None
    weights = {} if router is None else router.fit.weights
    return RouterSpec(
        version=SHIPPED if router is None else router.version,
        labels=0 if router is None else router.fit.labels,
        features_version=scorer.version,
        weights={name: list(values) for name, values in weights.items()},
        thresholds=None if line is None else _spec(line),
    )


def _spec(line: Line) -> ThresholdsSpec:
    return ThresholdsSpec(voice=line.voice, text=line.text, after=line.after)


def line_for(
    router: Router | None, stored: StoredThresholds | None, target: Target | None, scorer: Scorer
) -> Line | None:
    """The line drawn from the agent's own turns, else from what the labelled ones scored; None takes the
    shipped one.
    """
    if stored is not None and target is not None and is_of(stored, router, target, scorer):
        return Line(stored.voice, stored.text, stored.after)
    if router is None or router.version == SHIPPED:
        return None
    if target is not None and target.kind == "spend":
        return line_of_quantiles(router.fit.quantiles, USUAL_SHARE)
    return line_of_quantiles(router.fit.quantiles, USUAL_SHARE if target is None else target.value)


def is_of(stored: StoredThresholds, router: Router | None, target: Target, scorer: Scorer) -> bool:
    """Whether these thresholds are of the scores and the target that there are now."""
    now = (SHIPPED if router is None else router.version, scorer.version, target)
    return (stored.router_version, stored.features_version, stored.target) == now


def line_of_quantiles(quantiles: Mapping[str, Sequence[float]], share: float) -> Line | None:
    """As `Scorer.thresholds_for`, on a tenant's own scores; None without them."""
    if not quantiles.get("before"):
        return None
    first = share * BEFORE_CALL if share < 1 else 1.0
    rest = (share - first) / (1 - first) if first < 1 else 1.0
    return Line(
        voice=cut(quantiles["before"], share),
        text=cut(quantiles["before"], first),
        after=cut(quantiles.get("after", ()), rest),
    )

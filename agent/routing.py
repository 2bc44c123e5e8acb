"""What a job routes by: the score with its tenant's fit over it, and the line of its agent.

A fit of another version of the scorer, or one that it refuses, is left aside with its line: the shipped score
and the shipped line for the same target are a pair as well.
"""

import logging
from dataclasses import dataclass

from agent.cascade.score.scorer import Scorer
from agent.cascade.score.threshold import Thresholds
from agent.errors import ConfigError
from agent.wire import ModelPolicy, RouterSpec

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Routing:
    """`version`: of the tenant's fit, 0 for the score as it ships."""

    scorer: Scorer
    thresholds: Thresholds
    version: int


def routing_for(shipped: Scorer, router: RouterSpec | None, policy: ModelPolicy) -> Routing:
    """`router`: of the job's context; None where nothing was learnt."""
    usual = Routing(shipped, shipped.thresholds_for(policy.strong_share), 0)
    if router is None or router.features_version not in (None, shipped.version):
        return usual
    try:
        scorer = shipped.with_tenant(router.weights) if router.weights else shipped
    except ConfigError:
        logger.warning("a tenant's fit is not of this scorer", extra={"version": router.version})
        return usual
    line = router.thresholds
    if line is None:
        return Routing(scorer, usual.thresholds, router.version)
    return Routing(scorer, Thresholds(line.voice, line.text, line.after), router.version)

"""How likely it is that the large model would answer a turn better than the small one."""

from agent.cascade.score.scorer import Scorer
from agent.cascade.score.threshold import Thresholds

__all__ = ["Scorer", "Thresholds"]

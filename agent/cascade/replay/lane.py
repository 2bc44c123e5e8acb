"""The lane that a replay decides in: a preset's models for text, as if each of their providers had a key."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from livekit.agents import llm

from agent.cascade.calls.breaker import Breakers
from agent.cascade.calls.request import Request
from agent.cascade.decide import Decider, Decision
from agent.cascade.facts import TurnFacts
from agent.cascade.models import prices
from agent.cascade.models.catalog import TIERS, Catalog, Lane, Tier
from agent.cascade.models.prices import PriceTable, TokenUsage
from agent.cascade.models.resolved import Candidate, Resolved, Speech
from agent.cascade.money.budget import Unlimited
from agent.cascade.replay.recorded import Recorded
from agent.cascade.score.scorer import Scorer
from agent.cascade.score.threshold import Thresholds
from agent.cascade.score.weights import fingerprint
from agent.cascade.session import Sessions
from agent.errors import ConfigError


@dataclass(frozen=True, slots=True)
class PresetLane:
    """`notes`: what was left out of it."""

    resolved: Resolved
    notes: tuple[str, ...]

    def decider(self, scorer: "NotingScorer | None", thresholds: Thresholds | None) -> Decider:
        """Decides as a room would: every model well, nothing spent, each row a conversation of its own."""
        return Decider(
            self.resolved,
            breakers=Breakers(),
            sessions=Sessions(),
            table=PriceTable(),
            purse=Unlimited(),
            scorer=scorer,
            thresholds=thresholds,
        )


class NotingScorer:
    """The score before a call; `seen` counts questions that its weights were trained on."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self.seen = 0

    def before(self, question: str) -> float:
        features = self._scorer.features_before(question)
        self.seen += fingerprint(features) in self._scorer.weights.seen
        return self._scorer.before_of(features)


def preset_lane(catalog: Catalog, preset: str, today: date) -> PresetLane:
    """Raises: ConfigError for an unknown preset, a tier whose models are all retired, or a missing tier."""
    lists = catalog.preset(preset, "--preset")["talk"]
    candidates: list[Candidate] = []
    notes: list[str] = []
    refused: list[str] = []
    for tier in TIERS:
        models = [catalog.models[name] for name in lists[tier]]
        if not models:
            raise ConfigError(f"preset {preset!r} names no {tier} model for talk: there is nothing to decide")
        gone = [f"lane talk: {catalog.retired(m, today)}" for m in models if m.is_retired(today)]
        living = [Candidate(tier, model) for model in models if not model.is_retired(today)]
        candidates += living
        (notes if living else refused).extend(gone)
    if refused:
        raise ConfigError(f"preset {preset!r} cannot answer. {'. '.join(refused)}. Name another --preset.")
    for tier in TIERS:
        see = [catalog.models[name] for name in catalog.presets[preset]["see"][tier]]
        notes += [f"lane see: {catalog.retired(m, today)}" for m in see if m.is_retired(today)]
    notes.append(_apart(candidates, today))
    local = Speech("local")
    lanes: dict[Lane, tuple[Candidate, ...]] = {"talk": tuple(candidates), "see": ()}
    resolved = Resolved(profile="replay", lanes=lanes, stt=local, tts=local, endpoints={}, today=today)
    return PresetLane(resolved, tuple(f"{note}." for note in notes))


def _apart(candidates: list[Candidate], today: date) -> str:
    """How far the prices of the lane's first two models are apart, for a question and an answer."""
    small, large = (next(c.model for c in candidates if c.tier == tier) for tier in TIERS)
    noon = datetime.combine(today, time(12), tzinfo=UTC)
    costs = [prices.cost_micros(m, TokenUsage(1_000_000, 0, 0, 300_000), noon) for m in (small, large)]
    if not costs[0] or not costs[1]:
        return f"The prices of {small.name} and {large.name} are not both known"
    return f"At the list's prices {large.name} costs {costs[1] / costs[0]:.1f} times as much as {small.name}"


def decide(decider: Decider, row: Recorded) -> Decision | None:
    """None where no model of the lane can take the turn."""
    told = [llm.ChatMessage(role="system", content=[row.context])] if row.context else []
    asked = llm.ChatMessage(role="user", content=[row.prompt])
    request = Request("talk", llm.ChatContext([*told, asked]), [], TurnFacts())
    try:
        return decider.decide(request)
    except ConfigError:
        return None


def only_tier(decision: Decision) -> Tier | None:
    """The tier that answers because the other cannot; None where there is a choice."""
    tiers = {candidate.tier for candidate in decision.candidates}
    return tiers.pop() if len(tiers) == 1 else None

"""Decides, before any call, in which order models are asked for a turn, and why.

The steps are policy, budget, dominance, session, score and threshold, in this order; each leaves a sentence
in `Decision.reasons`, which goes into the ledger with the call. Nothing here waits: it takes well under a
millisecond (`make bench ARGS="--only cascade"`). Calling, verifying and escalating is `reply.py`'s part.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from agent.cascade.calls.breaker import Breakers, Key, sort_by_health
from agent.cascade.calls.ledger import Yardsticks
from agent.cascade.calls.request import Request
from agent.cascade.models.catalog import LANES, Lane, Model, Tier
from agent.cascade.models.prices import PriceTable, TokenUsage
from agent.cascade.models.resolved import Candidate, Resolved
from agent.cascade.money.budget import BudgetState, Purse
from agent.cascade.score.threshold import Thresholds
from agent.cascade.session import MIN_CACHED_TOKENS, Sessions, Warm, keeps_tier
from agent.errors import BudgetSpent, ConfigError
from agent.wire import ModelPolicy

TYPICAL_OUTPUT_TOKENS = 300
"""For comparing prices only."""

OWN_SERVERS = ("local", "ollama", "custom")
"""Where a model without a price costs its owner nothing by the call."""


class Scores(Protocol):
    """What a decision takes of `score.Scorer`."""

    def before(self, question: str) -> float: ...


@dataclass(frozen=True, slots=True)
class Decision:
    """`candidates`: in the order in which they are asked. `takeover`: the large ones that may answer in place
    of a small one whose answer is weak; empty where none may. `probes`: models that failed and may be back.
    `followed_up`: the large tier answers only because it answered before."""

    lane: Lane
    candidates: tuple[Candidate, ...]
    takeover: tuple[Candidate, ...]
    yardsticks: Yardsticks
    first: str
    reasons: Mapping[str, str]
    score: float | None = None
    threshold: float | None = None
    probes: tuple[Candidate, ...] = ()
    followed_up: bool = False


@dataclass(slots=True)
class _Draft:
    """A decision in the making: what one turn's steps hand on. `last`: asked only when all others failed.
    `first`: why the large tier is asked without a score."""

    request: Request
    at: datetime
    candidates: Sequence[Candidate]
    last: list[Candidate] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)
    probes: tuple[Candidate, ...] = ()
    score: float | None = None
    threshold: float | None = None
    followed_up: bool = False
    first: str | None = None

    def tier(self, tier: Tier) -> list[Candidate]:
        return [candidate for candidate in self.candidates if candidate.tier == tier]

    @property
    def has_choice(self) -> bool:
        return len({candidate.tier for candidate in self.candidates}) > 1


class Decider:
    """One deployment's, or one tenant's, way to decide. `sessions` and `breakers` change with each turn."""

    def __init__(
        self,
        resolved: Resolved,
        *,
        breakers: Breakers,
        sessions: Sessions,
        table: PriceTable,
        purse: Purse,
        scorer: Scores | None = None,
        thresholds: Thresholds | None = None,
        policy: ModelPolicy | None = None,
    ) -> None:
        self._resolved = resolved
        self._breakers = breakers
        self._sessions = sessions
        self._table = table
        self._purse = purse
        self._scorer = scorer
        self._thresholds = thresholds
        self._allowed = frozenset(policy.providers) if policy and policy.providers else None
        self._yardsticks = {lane: _yardsticks(resolved, lane) for lane in LANES}

    def key(self, model: Model) -> Key:
        """A model's name for the breakers."""
        return model.name, self._resolved.endpoints.get(model.provider)

    def decide(self, request: Request) -> Decision:
        """Raises: BudgetSpent when only models that cost are there and nothing may be spent; ConfigError when
        the policy leaves no model."""
        draft = _Draft(request, datetime.now(UTC), self._resolved.lanes[request.lane])
        self._apply_policy(draft)
        state = self._apply_budget(draft)
        self._apply_dominance(draft)
        warm = self._apply_session(draft)
        first = self._choose_tier(draft, warm)
        ordered = (*draft.tier(first), *draft.tier("small" if first == "large" else "large"), *draft.last)
        may_rise = first == "small" and state == BudgetState.OPEN
        return Decision(
            lane=request.lane,
            candidates=ordered,
            takeover=tuple(draft.tier("large")) if may_rise and draft.has_choice else (),
            yardsticks=self._yardsticks[request.lane],
            first=_said_first(draft, first),
            reasons=draft.reasons,
            score=draft.score,
            threshold=draft.threshold,
            probes=draft.probes,
            followed_up=draft.followed_up,
        )

    # The steps, in their order

    def _apply_policy(self, draft: _Draft) -> None:
        """Allowed, alive, within the context, with tools where they are a must; then the breakers."""
        fitting, passed = [], []
        for candidate in draft.candidates:
            why = self._unfit(candidate.model, draft)
            if why is None:
                fitting.append(candidate)
            else:
                passed.append(f"{candidate.model.name} {why}")
        if not fitting:
            raise ConfigError(
                f"no model of lane {draft.request.lane} can answer this: " + "; ".join(passed)
                if passed
                else f"no model was chosen for lane {draft.request.lane}"
            )
        health = sort_by_health(self._breakers, fitting, self.key)
        draft.candidates = health.alive
        if draft.request.tools:
            # Stable: within a tier those come first that can use what is offered.
            draft.candidates = sorted(health.alive, key=lambda candidate: not candidate.model.tools)
        draft.last = [] if health.is_desperate else list(health.resting)
        draft.probes = tuple(c for c in health.resting if self._breakers.opens_for_s(self.key(c.model)) == 0)
        passed += [f"{c.model.name} rests after failures" for c in health.resting]
        if health.is_desperate:
            passed = ["every model failed lately, the one that may be back soonest is asked"]
        draft.reasons["policy"] = _sentence(passed) or f"all {len(fitting)} models fit"

    def _unfit(self, model: Model, draft: _Draft) -> str | None:
        request = draft.request
        if self._allowed is not None and model.provider not in self._allowed:
            return "is not among the allowed providers"
        if model.retires is not None and draft.at.date() >= model.retires:
            return f"was retired on {model.retires}"
        if request.needs_tools and not model.tools:
            return "takes no tools"
        limit = model.context_tokens
        if limit is not None and request.input_tokens + request.max_output_tokens > limit:
            return f"holds {limit} tokens, the turn has about {request.input_tokens}"
        return None

    def _apply_budget(self, draft: _Draft) -> BudgetState:
        state = self._purse.state_of(draft.request.facts.speaker)
        if state == BudgetState.OPEN:
            draft.reasons["budget"] = "open"
        elif state == BudgetState.STOP:
            free = [c for c in draft.candidates if self._is_free(c.model, draft.at)]
            if not free:
                self._refuse(draft.request)
            draft.candidates, draft.last = free, [c for c in draft.last if self._is_free(c.model, draft.at)]
            draft.reasons["budget"] = "spent: only what costs nothing answers"
        elif small := draft.tier("small"):
            draft.candidates, draft.last = small, [c for c in draft.last if c.tier == "small"]
            draft.reasons["budget"] = "nearly spent: only the small tier answers"
        else:
            draft.reasons["budget"] = "nearly spent, but there is no small tier"
        return state

    def _is_free(self, model: Model, at: datetime) -> bool:
        rates = self._table.rates(model, at)
        if rates is None:
            return model.provider in OWN_SERVERS
        return rates.cost(TokenUsage(1_000_000, 0, 0, 1_000_000)) == 0

    def _refuse(self, request: Request) -> None:
        """Raises: BudgetSpent, in the purse's own words where it has some."""
        hold = self._purse.reserve(1, speaker=request.facts.speaker, turn=request.facts.turn)
        self._purse.settle(hold, 0)
        raise BudgetSpent("the budget is spent, and every model of this turn costs something", 60.0)

    def _apply_dominance(self, draft: _Draft) -> None:
        """A small model that costs as much as a large one is worse and no cheaper: it comes last."""
        large = [cost for c in draft.tier("large") if (cost := self._cost(c.model, draft)) is not None]
        if not large or not draft.has_choice:
            draft.reasons["dominance"] = "nothing to compare"
            return
        bar = min(large)
        beaten = [c for c in draft.tier("small") if (self._cost(c.model, draft) or 0) >= max(bar, 1)]
        names = ", ".join(candidate.model.name for candidate in beaten)
        draft.reasons["dominance"] = (
            f"{names} costs no less than a large model" if beaten else "the small tier is cheaper"
        )
        if beaten:
            draft.candidates = [c for c in draft.candidates if c not in beaten]
            draft.last = beaten + draft.last

    def _cost(self, model: Model, draft: _Draft) -> int | None:
        usage = TokenUsage(draft.request.input_tokens or 1, 0, 0, TYPICAL_OUTPUT_TOKENS)
        return self._table.cost(model, usage, draft.at)

    def _apply_session(self, draft: _Draft) -> Warm | None:
        warm = self._sessions.warm(draft.request.facts.conversation)
        if warm is None:
            draft.reasons["session"] = "no warm cache"
            return None
        if warm.prompt_tokens < MIN_CACHED_TOKENS:
            draft.reasons["session"] = f"{warm.prompt_tokens} tokens are too few for a cache"
        elif any(c.model == warm.model for c in draft.candidates):
            # Stable: within its tier the warm one comes first, the others stay as they were.
            draft.candidates = sorted(draft.candidates, key=lambda c: c.model != warm.model)
            draft.reasons["session"] = f"{warm.model.name} has {warm.prompt_tokens} tokens warm"
        else:
            draft.reasons["session"] = f"{warm.model.name} is warm but does not take part"
        return warm

    def _choose_tier(self, draft: _Draft, warm: Warm | None) -> Tier:
        if not draft.has_choice:
            draft.reasons["score"] = "not needed: there is one tier"
            return draft.candidates[0].tier
        if self._sessions.was_handed_up(draft.request.facts.turn, draft.request.question):
            draft.first = "large first: this turn was handed up"
            draft.reasons["score"] = "not needed: this turn was handed up already"
            return "large"
        if keeps_tier(warm, draft.request.question):
            draft.followed_up = True
            draft.first = "large first: a follow-up"
            draft.reasons["score"] = "a follow-up to what the large tier answered"
            return "large"
        if self._scorer is None or self._thresholds is None:
            draft.reasons["score"] = "there is no scorer: small first"
            return "small"
        draft.score = score = probability(self._scorer.before(draft.request.question))
        delivery = draft.request.facts.delivery
        threshold = self._thresholds.voice if delivery == "voice" else self._thresholds.text
        draft.threshold = threshold = max(threshold, 0.0)
        draft.reasons["score"] = f"{score:.3f} that the large tier does better"
        draft.reasons["threshold"] = f"{threshold:.3f} for {delivery}"
        return "large" if score >= threshold else "small"


def probability(score: float) -> float:
    """0 to 1, as the ledger takes it; what is no number says nothing for the large tier."""
    return min(max(score, 0.0), 1.0) if math.isfinite(score) else 0.0


def _yardsticks(resolved: Resolved, lane: Lane) -> Yardsticks:
    baseline = resolved.baseline(lane)
    large = tuple(c.model for c in resolved.lanes[lane] if c.tier == "large")
    return Yardsticks(baseline, large or ((baseline,) if baseline is not None else ()))


def _said_first(draft: _Draft, first: Tier) -> str:
    """Why the first model is asked, in the words of the ledger."""
    if first == "small":
        return "small first" if draft.has_choice else "small only"
    if not draft.has_choice:
        return "large only"
    if draft.first is not None:
        return draft.first
    return f"large first: score {draft.score or 0.0:.2f} reaches {draft.threshold or 0.0:.2f}"


def _sentence(parts: list[str]) -> str:
    return "; ".join(parts)[:200]

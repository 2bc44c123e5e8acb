"""What a tenant is told of its routing."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from control.endpoints import Answer, Body
from control.learning.drift import Alarm
from control.learning.line import Line
from control.learning.observing import Observation
from control.store.routers import Quality, Router
from control.store.thresholds import Target


class QualityAnswer(Answer):
    """Performance gap recovered (APGR) on labels that were not fitted on: 0.5 is chance, 1 is the most there
    is. `low` to `high` is the 95 % interval, `shipped` what the scorer as it ships reaches on the same.
    """

    apgr: float
    low: float | None
    high: float | None
    shipped: float | None


class RouterVersionAnswer(Answer):
    """`is_held`: somebody chose it over a newer one, so later fits are kept and not taken. `learns`: it has
    weights of the tenant's own; without, it is the shipped score with lines of the tenant's own.
    """

    version: int
    labels: int
    learns: bool
    quality: QualityAnswer | None
    created_at: datetime
    activated_at: datetime | None
    is_active: bool
    is_held: bool


class RouterVersionsAnswer(Answer):
    data: list[RouterVersionAnswer]
    next_cursor: str | None


class LabelsAnswer(Answer):
    """`usable`: of the scorer in use. `stale`: of others, which nothing is learnt from. `missing`: until the
    first fit.
    """

    usable: int
    stale: int
    missing: int


class TargetAnswer(Answer):
    """`value`: a share of turns, or millionths of a US dollar a turn."""

    kind: Literal["share", "spend"]
    value: float


class LineAnswer(Answer):
    """From which score on the large model answers: before a spoken turn, before a written one, and with the
    small model's answer read. Above 1 is never.
    """

    voice: float
    text: float
    after: float


class ObservedAnswer(Answer):
    """Of the agent's newest `turns`. `alarms` names what strays: share, spend, or scores, which have moved.

    `chance`: of so large a deviation when nothing is wrong. `scores_distance`: between the scores of these
    turns and of as many before them (Kolmogorov-Smirnov).
    """

    turns: int
    strong_share: float | None
    spend_per_turn_usd_micros: float | None
    chance: float | None
    scores_distance: float | None
    alarms: list[Alarm]


class AgentRoutingAnswer(Answer):
    """`source`: whether the line is drawn from the agent's own turns, from the tenant's labels, or shipped.

    `target` null follows the deployment.
    """

    name: str
    target: TargetAnswer | None
    thresholds: LineAnswer
    source: Literal["turns", "labels", "shipped"]
    observed: ObservedAnswer


class RouterAnswer(Answer):
    """`active` null is the scorer as it ships. `says`: in a sentence."""

    active: RouterVersionAnswer | None
    labels: LabelsAnswer
    agents: list[AgentRoutingAnswer]
    says: str


class VersionsQuery(Body):
    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: Annotated[str, Field(pattern=r"^[0-9]{1,9}$")] | None = None


def version_answer(router: Router) -> RouterVersionAnswer:
    return RouterVersionAnswer(
        version=router.version,
        labels=router.fit.labels,
        learns=bool(router.fit.weights),
        quality=None if router.fit.quality is None else _quality(router.fit.quality),
        created_at=router.created_at,
        activated_at=router.activated_at,
        is_active=router.is_active,
        is_held=router.is_held,
    )


def _quality(quality: Quality) -> QualityAnswer:
    return QualityAnswer(apgr=quality.apgr, low=quality.low, high=quality.high, shipped=quality.base)


def target_answer(target: Target | None) -> TargetAnswer | None:
    return None if target is None else TargetAnswer(kind=target.kind, value=target.value)


def line_answer(line: Line) -> LineAnswer:
    return LineAnswer(voice=line.voice, text=line.text, after=line.after)


def observed_answer(seen: Observation) -> ObservedAnswer:
    return ObservedAnswer(
        turns=seen.turns,
        strong_share=seen.share,
        spend_per_turn_usd_micros=seen.spend_usd_micros,
        chance=seen.chance,
        scores_distance=seen.scores_distance,
        alarms=list(seen.alarms),
    )

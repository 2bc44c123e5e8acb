"""What a tenant's own routing is made of: fitted weights, thresholds, labels."""

from typing import Annotated, Literal

from pydantic import Field

from agent.wire.shapes import Integer, Moment, Wire

Probability = Annotated[float, Field(ge=0, le=1)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Features = Annotated[list[Number], Field(max_length=512)]


class ThresholdsSpec(Wire):
    """From which score on the large model answers: before a spoken turn, before a written one, after the
    small model's answer was read. Above 1 is never."""

    voice: Number
    text: Number
    after: Number


class RouterSpec(Wire):
    """A tenant's fit, as a job gets it with its context. `weights`: what `Scorer.with_tenant` takes.

    Version 0 is the scorer as it ships: without weights, but with thresholds. `features_version`: of the
    scorer that the weights fit; one of another version goes on without them, and without the thresholds.
    """

    version: int
    labels: Integer
    features_version: str | None = Field(default=None, max_length=64)
    weights: dict[str, list[float]] = Field(default_factory=dict)
    thresholds: ThresholdsSpec | None = None


class LabelWrite(Wire):
    """Whether the large model was better on one turn. `before`, `after`: features, never words.

    `quality_small` and `quality_large` are 0 to 1 as the judge gave them.
    """

    client_id: str = Field(min_length=1, max_length=64)
    turn_client_id: str | None = Field(default=None, max_length=64)
    lane: Literal["talk", "see"]
    features_version: str = Field(max_length=64)
    before: Features
    after: Features = Field(default_factory=list)
    quality_small: Probability
    quality_large: Probability
    at: Moment


class LabelsBody(Wire):
    """POST /internal/v1/labels: idempotent by `client_id`. Few at a time, of a hundred numbers each."""

    epoch: Integer
    labels: Annotated[list[LabelWrite], Field(min_length=1, max_length=50)]

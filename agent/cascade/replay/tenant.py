"""A tenant's policy as a JSON file: its target, its fitted weights, its thresholds."""

from pathlib import Path

from pydantic import Field, ValidationError

from agent.cascade.replay.scoring import Policy, default_policy
from agent.cascade.score.scorer import Scorer
from agent.cascade.score.threshold import Thresholds
from agent.errors import ConfigError, InvalidInput
from agent.wire.learning import RouterSpec

MICROS = 1_000_000


class PolicyFile(RouterSpec):
    """A tenant's routing as it is stored, and its target; all of it optional."""

    version: int = 0
    labels: int = Field(default=0, ge=0)
    strong_share: float | None = Field(default=None, ge=0, le=1)
    spend_per_turn_usd_micros: int | None = Field(default=None, ge=1)


def read_policy(path: Path, base: Scorer) -> Policy:
    """Raises: InvalidInput that names the file, and the field in it."""
    try:
        told = PolicyFile.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InvalidInput(f"cannot read {path}: {error.strerror}") from error
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, e['loc'])) or 'file'}: {e['msg'].lower()}" for e in error.errors()]
        raise InvalidInput(f"{path}: {'; '.join(wrong)}") from None
    spend = told.spend_per_turn_usd_micros
    if told.strong_share is not None and spend is not None:
        raise InvalidInput(f"{path}: set strong_share or spend_per_turn_usd_micros, not both targets")
    try:
        scorer = base.with_tenant(told.weights) if told.weights else base
    except ConfigError as error:
        raise InvalidInput(f"{path}: weights: {error}") from None
    thresholds = scorer.thresholds_for(told.strong_share)
    if told.thresholds is not None:
        thresholds = Thresholds(told.thresholds.voice, told.thresholds.text, told.thresholds.after)
    spend_usd = None if spend is None else spend / MICROS
    return default_policy(scorer, thresholds, name=path.name, spend_usd=spend_usd)

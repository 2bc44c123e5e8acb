"""One replay from its arguments: the preset is checked, the policy built, the file read and measured."""

from datetime import date
from pathlib import Path

from agent.cascade.catalog import Catalog
from agent.cascade.replay.outcome import Outcome, replay
from agent.cascade.replay.recorded import read_recorded
from agent.cascade.replay.scoring import Policy, length_policy, random_policy, unknown_policy


def run(
    file: Path,
    preset: str,
    policy: str,
    labels: Path | None,
    *,
    seed: int,
    today: date,
    catalog: Catalog | None = None,
) -> Outcome:
    """Raises: InvalidInput, ConfigError: one sentence on what is wrong with the arguments or the file."""
    return replay(read_recorded(file), _policy(policy), seed=seed)


def _policy(name: str) -> Policy:
    match name:
        case "length":
            return length_policy()
        case "random":
            return random_policy()
        case _:
            raise unknown_policy(name)

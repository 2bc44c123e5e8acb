"""A tenant's policy file in a replay: what it may say, and what is refused."""

import json
from pathlib import Path

import pytest

from agent.errors import InvalidInput
from tests.fakes.recorded_turns import replayed, rows, write


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "rows.jsonl", rows())


@pytest.mark.parametrize(
    ("policy", "low", "high"),
    [
        ({"strong_share": 0.0}, 0.0, 0.0),
        ({"strong_share": 1.0}, 1.0, 1.0),
        ({"thresholds": {"voice": 0, "text": 0, "after": 0}}, 1.0, 1.0),
    ],
)
def test_a_tenants_target_places_its_threshold(
    tmp_path: Path, file: Path, policy: dict[str, object], low: float, high: float
) -> None:
    path = tmp_path / "tenant.json"
    path.write_text(json.dumps(policy), encoding="utf-8")

    found = replayed(file, str(path))

    assert found.operating is not None
    assert low <= found.operating.share <= high
    assert found.as_json()["policy"] == "tenant.json"


def test_a_target_in_dollars_is_held_on_the_rows_own_costs(tmp_path: Path) -> None:
    priced = [{**row, "cost_weak": 0.001, "cost_strong": 0.021} for row in rows()]
    policy = tmp_path / "tenant.json"
    policy.write_text('{"spend_per_turn_usd_micros": 6000}', encoding="utf-8")

    found = replayed(write(tmp_path / "rows.jsonl", priced), str(policy))

    assert found.operating is not None
    assert [found.operating.share, found.operating.cost] == pytest.approx([0.25, 6 / 21])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "file: invalid json"),
        ('{"share": 0.1}', "share: extra inputs are not permitted"),
        ('{"strong_share": 2}', "strong_share: input should be less than or equal to 1"),
        ('{"strong_share": 0.1, "spend_per_turn_usd_micros": 5}', "not both targets"),
        ('{"weights": {"before": [1.0]}}', "weights: "),
        ('{"weights": {"voice": [1.0]}}', "weights: "),
    ],
)
def test_a_wrong_policy_file_is_refused_by_its_field(
    tmp_path: Path, file: Path, text: str, says: str
) -> None:
    path = tmp_path / "tenant.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(InvalidInput) as refused:
        replayed(file, str(path))

    assert str(path) in str(refused.value)
    assert says in str(refused.value)

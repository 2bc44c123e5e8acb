"""The catalogue of what is recorded is closed, and nothing stands in it that is never recorded."""

from pathlib import Path

import pytest

from control.audit.actions import AuditAction
from control.audit.ocsf import ACTIVITIES

CONTROL = Path(__file__).parents[2] / "control"
WRITERS = "".join(
    path.read_text(encoding="utf-8")
    for path in sorted(CONTROL.rglob("*.py"))
    if path.name not in ("actions.py", "ocsf.py")
)


@pytest.mark.parametrize("action", AuditAction)
def test_every_action_is_recorded_somewhere_and_has_its_class(action: AuditAction) -> None:
    assert f"AuditAction.{action.name}" in WRITERS
    assert action in ACTIVITIES

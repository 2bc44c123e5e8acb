"""Checks of the small model's answer that need no model: what can be recomputed, looked up or seen."""

from agent.cascade.verify.check import verify
from agent.cascade.verify.features import ANSWER_FEATURES
from agent.cascade.verify.handup import HAND_UP_MARKER, hand_up
from agent.cascade.verify.verdict import Answer, Basis, Check, Verdict

__all__ = ["ANSWER_FEATURES", "HAND_UP_MARKER", "Answer", "Basis", "Check", "Verdict", "hand_up", "verify"]

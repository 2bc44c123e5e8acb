"""Checks of the small model's answer that need no model: what can be recomputed, looked up or seen."""

from agent.cascade.verify.verdict import Answer, Basis, Check, Verdict

__all__ = ["Answer", "Basis", "Check", "Verdict"]

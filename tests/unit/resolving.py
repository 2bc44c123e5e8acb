"""What the tests of resolving begin with."""

from datetime import date

from agent.cascade import Resolved
from agent.settings import ProviderSettings

TODAY = date(2026, 11, 24)
ALL_KEYS = ProviderSettings(openai_api_key="o", google_api_key="g", anthropic_api_key="a")


def lane_names(resolved: Resolved, lane: str) -> list[str]:
    lanes = {str(name): candidates for name, candidates in resolved.lanes.items()}
    return [f"{candidate.tier} {candidate.model.name}" for candidate in lanes[lane]]

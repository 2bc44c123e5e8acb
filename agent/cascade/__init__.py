"""The model cascade: which model answers a turn, what happens when it fails, and what it cost.

A library for the room's agent and for control's chat API. It speaks livekit's `llm` types and knows no
room, no database and no web server. Importing it imports no provider plugin.
"""

from agent.cascade.calls.deadlines import Deadlines
from agent.cascade.calls.ledger import speech_call
from agent.cascade.calls.providers import build_llm
from agent.cascade.cascade import Cascade
from agent.cascade.facts import TURN_KEY, TurnFacts
from agent.cascade.models.catalog import Catalog, Lane, Model, Tier
from agent.cascade.models.discover import Found, discover
from agent.cascade.models.models_file import load_catalog
from agent.cascade.models.policy import check_policy
from agent.cascade.models.resolve import resolve
from agent.cascade.models.resolved import Endpoint, Resolved, Speech

__all__ = [
    "TURN_KEY",
    "Cascade",
    "Catalog",
    "Deadlines",
    "Endpoint",
    "Found",
    "Lane",
    "Model",
    "Resolved",
    "Speech",
    "Tier",
    "TurnFacts",
    "build_llm",
    "check_policy",
    "discover",
    "load_catalog",
    "resolve",
    "speech_call",
]

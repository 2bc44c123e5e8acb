"""Which models answer and at what price, as the worker resolves them from the same environment."""

import asyncio
import importlib
from collections.abc import Mapping
from datetime import UTC, datetime

from agent.settings import load_provider_settings


async def describe_models(environment: Mapping[str, str]) -> tuple[str, ...]:
    """One line per lane and tier, prices included. Raises: ConfigError."""
    # Seconds of imports: off the loop, and only where somebody wants to read the answer.
    await asyncio.to_thread(importlib.import_module, "agent.cascade")
    from agent.cascade import discover, resolve

    providers = load_provider_settings(environment)
    found = await discover(providers)
    return resolve(providers, today=datetime.now(UTC).date(), found=found).lines()

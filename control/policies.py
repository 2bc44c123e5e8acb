"""What a tenant's agent may ask of the cascade, checked against the catalog before it is stored."""

import asyncio
import importlib
from datetime import UTC, datetime

from agent.wire import ModelPolicy


async def check_model_policy(policy: ModelPolicy) -> None:
    """Raises: InvalidInput that names the field."""
    if policy.preset is None and policy.small_model is None and policy.large_model is None:
        return
    # A second of imports: off the loop, and only where somebody names a model.
    await asyncio.to_thread(importlib.import_module, "agent.cascade")
    from agent.cascade import check_policy

    check_policy(policy, today=datetime.now(UTC).date())

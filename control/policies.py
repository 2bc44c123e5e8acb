"""What a tenant's agent may ask of the cascade, checked against the catalog before it is stored."""

import asyncio
import importlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from agent.wire import ModelPolicy

NAMES_NO_MODEL: Final = {"stt", "tts", "strong_share", "shadow_share"}


async def check_model_policy(
    policy: ModelPolicy,
    models_file: Path | None = None,
    brought: Mapping[str, str | None] | None = None,
) -> None:
    """`models_file`: the operator's own. `brought`: the tenant's own providers, with their addresses.

    Raises: InvalidInput that names the field, ConfigError.
    """
    if policy.model_dump(exclude_defaults=True).keys() <= NAMES_NO_MODEL:
        return
    # A second of imports: off the loop, and only where somebody names a model.
    await asyncio.to_thread(importlib.import_module, "agent.cascade")
    from agent.cascade import check_policy, load_catalog

    catalog = await asyncio.to_thread(load_catalog, own=models_file)
    check_policy(policy, today=datetime.now(UTC).date(), catalog=catalog, brought=brought)

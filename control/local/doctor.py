"""."""

from collections.abc import Mapping
from pathlib import Path


async def examine(data_dir: Path, environment: Mapping[str, str]) -> int:
    return 0

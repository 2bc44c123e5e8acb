"""What a model calls each function of an agent: a tool by its name, one of an MCP server's by both names.

They come from what the tenant wrote alone, so that they are the same in every job, whoever answers first.
Where two would be called the same, or a name has to be cut, a part of its hash tells it from others.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from agent.wire import ToolSpec

MAX_FUNCTION_CHARS: Final = 64


def function_names(specs: Sequence[ToolSpec]) -> dict[str, dict[str, str]]:
    """Of each MCP server: its tools that are allowed, and what each is called."""
    written = {
        spec.name: {tool: _written(spec.name, tool) for tool in spec.mcp.allowed}
        for spec in specs
        if spec.mcp is not None
    }
    times = Counter(spec.name for spec in specs if spec.http is not None)
    for names in written.values():
        times.update(names.values())
    return {
        server: {
            tool: name
            if times[name] == 1 and len(name) <= MAX_FUNCTION_CHARS
            else _marked(name, server, tool)
            for tool, name in names.items()
        }
        for server, names in written.items()
    }


def _written(server: str, tool: str) -> str:
    """In the letters that every provider takes."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", f"{server}_{tool}")


def _marked(name: str, server: str, tool: str) -> str:
    mark = hashlib.sha256(f"{server} {tool}".encode()).hexdigest()[:8]
    return f"{name[: MAX_FUNCTION_CHARS - len(mark) - 1]}_{mark}"

"""What an MCP server offers of what its tenant allowed, page by page, and what a model calls it."""

import hashlib
import logging
import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

from mcp import ClientSession, types

logger = logging.getLogger(__name__)

MAX_PAGES: Final = 20
MAX_LISTED: Final = 2_000
MAX_FUNCTION_CHARS: Final = 64


async def list_allowed(client: ClientSession, server: str, allowed: Iterable[str]) -> list[types.Tool]:
    """In the order of the list; of two with one name the first. Reads no further than it has to."""
    wanted = set(allowed)
    found: list[types.Tool] = []
    cursor, listed = None, 0
    for _ in range(MAX_PAGES):
        page = await client.list_tools(params=types.PaginatedRequestParams(cursor=cursor))
        listed += len(page.tools)
        for tool in page.tools:
            if tool.name in wanted:
                wanted.remove(tool.name)
                found.append(tool)
        cursor = page.next_cursor
        if not wanted or not cursor or listed > MAX_LISTED:
            break
    if wanted and cursor:
        logger.warning("an MCP server's list of tools was cut", extra={"tool": server, "listed": listed})
    if wanted:
        logger.info("an MCP server lacks tools", extra={"tool": server, "lacks": sorted(wanted)})
    return found


def function_names(server: str, tools: Iterable[str]) -> dict[str, str]:
    """What the model calls each tool. Where two would be called the same, or a name has to be cut, a part of
    its hash tells it from others, and is the same in every job.
    """
    tools = list(tools)
    written = {tool: re.sub(r"[^A-Za-z0-9_-]", "_", f"{server}_{tool}") for tool in tools}
    times = Counter(written.values())
    return {
        tool: name if times[name] == 1 and len(name) <= MAX_FUNCTION_CHARS else _marked(name, tool)
        for tool, name in written.items()
    }


def _marked(name: str, tool: str) -> str:
    mark = hashlib.sha256(tool.encode()).hexdigest()[:8]
    return f"{name[: MAX_FUNCTION_CHARS - len(mark) - 1]}_{mark}"

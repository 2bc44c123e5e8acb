"""What an MCP server offers of what its tenant allowed, page by page."""

import logging
from collections.abc import Iterable
from typing import Final

from mcp import ClientSession, types

logger = logging.getLogger(__name__)

MAX_PAGES: Final = 20
MAX_LISTED: Final = 2_000


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

"""What an API key may be used for. A route names the scope that it asks of a key."""

from enum import StrEnum
from typing import Final


class Scope(StrEnum):
    ROOMS_READ = "rooms:read"
    ROOMS_WRITE = "rooms:write"
    ROOMS_JOIN = "rooms:join"
    CONVERSATIONS_READ = "conversations:read"
    CONVERSATIONS_WRITE = "conversations:write"
    AGENTS_READ = "agents:read"
    AGENTS_WRITE = "agents:write"
    DOCUMENTS_READ = "documents:read"
    DOCUMENTS_WRITE = "documents:write"
    TOOLS_READ = "tools:read"
    TOOLS_WRITE = "tools:write"
    AUDIT_READ = "audit:read"
    USAGE_READ = "usage:read"


DEFAULT_SCOPES: Final = (
    Scope.ROOMS_READ,
    Scope.ROOMS_WRITE,
    Scope.ROOMS_JOIN,
    Scope.CONVERSATIONS_READ,
    Scope.AGENTS_READ,
    Scope.DOCUMENTS_READ,
)
"""Enough for a page of one's own that lets people join and shows transcripts."""

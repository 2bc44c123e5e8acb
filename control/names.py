"""How rooms and participants are called, here and in LiveKit.

A room has a short name in its tenant; LiveKit's name carries the tenant in front, so that no name a
caller may choose can ever address another tenant's room.
"""

import re
from uuid import UUID

from agent.errors import InvalidInput
from agent.wire import TenantId

ROOM_NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
DEFAULT_ROOM = "lounge"
SELFCHECK_ROOM_PREFIX = "selfcheck-"

USER_IDENTITY_PREFIX = "user_"
GUEST_IDENTITY_PREFIX = "guest_"
AGENT_IDENTITY_PREFIX = "agent_"
KEY_IDENTITY_PREFIX = "key_"
RESERVED_IDENTITY_PREFIXES = (
    USER_IDENTITY_PREFIX,
    GUEST_IDENTITY_PREFIX,
    AGENT_IDENTITY_PREFIX,
    KEY_IDENTITY_PREFIX,
)

PERSON_IDENTITY = re.compile(r"(user|guest)_([0-9a-f]{32})(?:-[a-z0-9]{1,16})?")
PROGRAM_IDENTITY = re.compile(r"key_([0-9a-f]{32})_[0-9a-f]{8}")
"""What the server hands out: somebody's own, with or without the suffix of a tab, and one for a key."""

_ROOM_NAME = re.compile(ROOM_NAME_PATTERN)
_TENANT_HEX = re.compile(r"[0-9a-f]{32}")
_TAB_SUFFIX = re.compile(r"-[a-z0-9]{1,16}")


def is_room_name(text: str) -> bool:
    return _ROOM_NAME.fullmatch(text) is not None


def check_room_name(name: str, field: str | None = None) -> str:
    """`name` itself. Raises: InvalidInput when it is not a room's short name."""
    if not is_room_name(name):
        raise InvalidInput(
            f"{name!r} is not a room name: 1 to 64 letters, digits, '.', '_' or '-', "
            "the first of them a letter or digit",
            field,
        )
    return name


def livekit_room_name(tenant_id: TenantId, name: str) -> str:
    """LiveKit's name for a tenant's room: 32 hexadecimal digits, `_`, the short name."""
    return f"{tenant_id.hex}_{name}"


def parse_livekit_room_name(text: str) -> tuple[TenantId, str] | None:
    """The tenant and the short name; None for a room that is not one of ours."""
    tenant_hex, separator, name = text.partition("_")
    if not separator or not _TENANT_HEX.fullmatch(tenant_hex) or not is_room_name(name):
        return None
    return TenantId(UUID(hex=tenant_hex)), name


def is_own_identity(own: str, wanted: str) -> bool:
    """Whether `wanted` is `own`, or `own` with the suffix that lets two tabs of one person coexist."""
    return wanted == own or (wanted.startswith(own) and bool(_TAB_SUFFIX.fullmatch(wanted, len(own))))


def base_identity(identity: str) -> str:
    """Without the suffix of a tab, which only identities that the server hands out to people have."""
    found = PERSON_IDENTITY.fullmatch(identity)
    return identity if found is None else f"{found[1]}_{found[2]}"


def is_reserved_identity(identity: str) -> bool:
    """Whether only the server may hand this identity out."""
    return identity.startswith(RESERVED_IDENTITY_PREFIXES)

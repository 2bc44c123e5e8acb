"""Who may do what to whom in a tenant: owners to everybody, admins to all but owners, members to themselves.

An admin makes admins and members, and unmakes them; only an owner makes or unmakes an owner. A tenant always
has an owner.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from agent.errors import Conflict, NotAllowed


class MemberRole(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"


_MANAGES: Final[Mapping[str, frozenset[str]]] = {
    MemberRole.OWNER: frozenset(MemberRole),
    MemberRole.ADMIN: frozenset({MemberRole.ADMIN, MemberRole.MEMBER}),
    MemberRole.MEMBER: frozenset(),
}


def check_may_manage(own: str | None, *roles: str) -> None:
    """Whether somebody with the role `own` may give and take all of `roles`. Raises: NotAllowed."""
    manages = _MANAGES.get(own or "", frozenset())
    for role in roles:
        if role not in manages:
            raise NotAllowed(
                f"the role {role!r} is for an owner to give and take"
                if manages
                else "this is for admins and owners of the tenant"
            )


def check_owner_stays(role_before: str, role_after: str | None, *, has_another_owner: bool) -> None:
    """`role_after` None: they leave. Raises: Conflict when the tenant would be without an owner."""
    if role_before == MemberRole.OWNER and role_after != MemberRole.OWNER and not has_another_owner:
        raise Conflict(
            "a tenant needs an owner, and this is the only one: make somebody else an owner first, "
            "transfer the tenant, or delete it"
        )

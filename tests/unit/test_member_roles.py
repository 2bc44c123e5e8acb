"""Which role may give and take which, for every pair there is."""

import pytest

from agent.errors import Conflict, NotAllowed
from control.people.roles import MemberRole, check_may_manage, check_owner_stays

OWNER, ADMIN, MEMBER = MemberRole


@pytest.mark.parametrize(
    ("own", "role"), [(OWNER, OWNER), (OWNER, ADMIN), (OWNER, MEMBER), (ADMIN, ADMIN), (ADMIN, MEMBER)]
)
def test_a_role_manages_those_that_are_not_above_it(own: str, role: str) -> None:
    check_may_manage(own, role)


@pytest.mark.parametrize(
    ("own", "role"),
    [(ADMIN, OWNER), (MEMBER, OWNER), (MEMBER, ADMIN), (MEMBER, MEMBER), (None, MEMBER), ("root", MEMBER)],
)
def test_a_role_does_not_manage_what_is_above_it(own: str | None, role: str) -> None:
    with pytest.raises(NotAllowed):
        check_may_manage(own, role)


@pytest.mark.parametrize("roles", [(ADMIN, OWNER), (OWNER, ADMIN), (MEMBER, OWNER)])
def test_an_admin_needs_both_the_role_before_and_the_role_after(roles: tuple[str, str]) -> None:
    with pytest.raises(NotAllowed, match="owner"):
        check_may_manage(ADMIN, *roles)


@pytest.mark.parametrize("after", [ADMIN, MEMBER, None])
def test_the_only_owner_stays(after: str | None) -> None:
    with pytest.raises(Conflict, match="transfer"):
        check_owner_stays(OWNER, after, has_another_owner=False)


@pytest.mark.parametrize(
    ("before", "after", "another"),
    [
        (OWNER, None, True),
        (OWNER, ADMIN, True),
        (OWNER, OWNER, False),
        (ADMIN, None, False),
        (MEMBER, ADMIN, False),
    ],
)
def test_whoever_is_not_the_only_owner_may_go(before: str, after: str | None, another: bool) -> None:
    check_owner_stays(before, after, has_another_owner=another)

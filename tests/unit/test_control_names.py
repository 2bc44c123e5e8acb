"""Names of rooms and identities: what keeps tenants and people apart in LiveKit."""

from uuid import uuid4

import pytest

from agent.errors import InvalidInput
from agent.wire import TenantId
from control.names import (
    check_room_name,
    is_own_identity,
    is_reserved_identity,
    livekit_room_name,
    parse_livekit_room_name,
)


@pytest.mark.parametrize("name", ["lounge", "A", "7", "team.room_1-x", "a" * 64])
def test_a_room_name_round_trips_through_livekit(name: str) -> None:
    tenant_id = TenantId(uuid4())

    assert parse_livekit_room_name(livekit_room_name(tenant_id, check_room_name(name))) == (tenant_id, name)


@pytest.mark.parametrize("name", ["", "-a", ".a", "a b", "a/b", "a" * 65, "é", "a\n", "a\x00"])
def test_what_is_no_room_name_is_refused_with_the_field_that_held_it(name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_room_name(name, "room_name")

    assert refused.value.field == "room_name"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lounge",
        "x_lounge",
        f"{'a' * 31}_lounge",
        f"{'A' * 32}_lounge",
        f"{'a' * 32}lounge",
        f"{'a' * 32}_",
        f"{'a' * 32}_a b",
    ],
)
def test_a_livekit_room_of_somebody_else_is_not_ours(text: str) -> None:
    assert parse_livekit_room_name(text) is None


@pytest.mark.parametrize("wanted", ["user_ab", "user_ab-2", "user_ab-tab2", f"user_ab-{'z' * 16}"])
def test_a_person_may_add_a_suffix_for_another_tab(wanted: str) -> None:
    assert is_own_identity("user_ab", wanted)


@pytest.mark.parametrize(
    "wanted",
    ["user_abc", "user_a", "user_ab-", f"user_ab-{'z' * 17}", "user_ab-A", "user_ab-2\n", "user_cd-2", ""],
)
def test_every_other_identity_is_somebody_elses(wanted: str) -> None:
    assert not is_own_identity("user_ab", wanted)


@pytest.mark.parametrize("identity", ["user_1", "guest_1", "agent_1", "agent_", "key_1"])
def test_identities_that_only_the_server_hands_out_are_reserved(identity: str) -> None:
    assert is_reserved_identity(identity)


@pytest.mark.parametrize("identity", ["alice", "keys", "users", "my_agent_1"])
def test_other_identities_are_free(identity: str) -> None:
    assert not is_reserved_identity(identity)

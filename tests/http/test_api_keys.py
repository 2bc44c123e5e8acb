"""API keys, and every way in which one might be forged, kept alive or made to do more."""

import dataclasses
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agent.wire import parse_id
from control.app import open_parts
from control.credentials import Peppers, is_api_key, new_api_key
from control.keyring import KeyRing
from control.store.members import set_role
from tests.fixtures.control import ControlUnderTest, assert_problem, running_control
from tests.fixtures.database import SECRET_KEY, TenantSample
from tests.http.callers import come_as_guest, sign_in
from tests.http.keys import key_with

ROTATED = {"ring": "1:" + "MTEx" * 10 + "MTE=", "newer": "2:" + "MjIy" * 10 + "MjI="}
"""A ring before and after a key was put in front of it: 32 times the same digit, in base64."""


async def made(control: ControlUnderTest, session: str, **body: Any) -> dict[str, Any]:
    reply = await control.post("/v1/api-keys", session, {"name": "ci", "scopes": ["rooms:read"], **body})
    assert reply.status == 201, reply.body
    return reply.body


async def opens(control: ControlUnderTest, key: str) -> bool:
    reply = await control.get("/v1/rooms", key)
    assert reply.status in (200, 401), reply.body
    return reply.status == 200


async def test_a_key_is_shown_once_and_only_its_beginning_afterwards(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)

    key = await made(control, session)
    listed = await control.get("/v1/api-keys", session)

    assert is_api_key(key["key"])
    assert key["hint"] == key["key"][:12]
    newest = listed.body["data"][0]
    assert (newest["id"], newest["hint"]) == (key["id"], key["hint"])
    assert key["key"] not in str(listed.body)
    assert await opens(control, key["key"])
    assert (await control.get("/v1/api-keys", session)).body["data"][0]["last_used_at"] is not None


async def test_a_copy_of_the_database_holds_no_key(control: ControlUnderTest, team: TenantSample) -> None:
    key = (await made(control, await sign_in(control, team)))["key"]

    async with control.parts.db.tenant(team.id) as conn:
        stored = await conn.fetch("select k::text as row, key_hash from api_keys k")

    assert all(key[12:] not in row["row"] for row in stored)
    assert Peppers(KeyRing.from_settings(None, SECRET_KEY)).digest(key) in {row["key_hash"] for row in stored}


async def test_a_key_with_a_broken_checksum_never_reaches_the_database(
    own_settings: Any, own_team: TenantSample
) -> None:
    broken = own_team.api_key[:-1] + ("a" if own_team.api_key[-1] != "a" else "b")

    async with running_control(own_settings) as control:
        await control.parts.db.aclose()  # from here on every look-up fails

        refused = await control.get("/v1/rooms", broken)
        looked_up = await control.get("/v1/rooms", new_api_key())

    assert_problem(refused, 401, "not_authenticated")
    assert looked_up.status >= 500


@pytest.mark.parametrize("change", ["parley_", "parley_" + "A" * 43, "parley_" + "A" * 43 + "_000000"])
async def test_what_only_looks_like_a_key_opens_nothing(control: ControlUnderTest, change: str) -> None:
    assert_problem(await control.get("/v1/rooms", change), 401, "not_authenticated")


async def test_a_revoked_key_is_refused_by_the_next_request(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    key = await made(control, session)
    assert await opens(control, key["key"])

    revoked = await control.call("DELETE", f"/v1/api-keys/{key['id']}", session)

    assert revoked.status == 204
    assert not await opens(control, key["key"])
    assert (await control.get("/v1/api-keys", session)).body["data"][0]["revoked_at"] is not None


async def test_a_key_that_has_expired_opens_nothing(control: ControlUnderTest, team: TenantSample) -> None:
    expired = await key_with(control, team, expires_at=datetime.now(UTC) - timedelta(seconds=1))

    assert not await opens(control, expired)


async def test_a_key_cannot_be_made_that_has_expired_already(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    body = {"name": "ci", "scopes": ["rooms:read"], "expires_at": "2020-01-01T00:00:00Z"}

    assert_problem(await control.post("/v1/api-keys", session, body), 422, "invalid_input", "expires_at")


async def test_after_a_rotation_both_keys_hold_until_the_overlap_is_over(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    old = await made(control, session)

    new = (await control.post(f"/v1/api-keys/{old['id']}/rotation", session, {"overlap_s": 3600})).body
    both = await opens(control, old["key"]), await opens(control, new["key"])
    listed = {item["id"]: item for item in (await control.get("/v1/api-keys", session)).body["data"]}
    async with control.parts.db.tenant(team.id) as conn:
        await conn.execute("update api_keys set expires_at = now() where id = $1", parse_id("key", old["id"]))

    assert both == (True, True)
    assert listed[old["id"]]["replaced_by"] == new["id"]
    ends = datetime.fromisoformat(listed[old["id"]]["expires_at"])
    assert timedelta(minutes=59) < ends - datetime.now(UTC) <= timedelta(hours=1)
    assert (new["name"], new["scopes"], new["expires_at"]) == (old["name"], old["scopes"], None)
    assert (await opens(control, old["key"]), await opens(control, new["key"])) == (False, True)


async def test_a_rotation_without_overlap_ends_the_old_key_at_once(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    old = await made(control, session)

    new = (await control.post(f"/v1/api-keys/{old['id']}/rotation", session, {"overlap_s": 0})).body

    assert (await opens(control, old["key"]), await opens(control, new["key"])) == (False, True)


async def test_a_rotation_cannot_make_a_key_live_longer_than_it_was_to(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    until = datetime.now(UTC) + timedelta(minutes=5)
    old = await made(control, session, expires_at=until.isoformat())

    await control.post(f"/v1/api-keys/{old['id']}/rotation", session, {})
    listed = (await control.get("/v1/api-keys", session)).body["data"]

    assert datetime.fromisoformat(listed[1]["expires_at"]) == until
    assert datetime.fromisoformat(listed[0]["expires_at"]) - until < timedelta(minutes=1)


@pytest.mark.parametrize("before", ["rotation", "revocation"])
async def test_a_key_that_was_rotated_or_has_ended_cannot_be_brought_back_by_rotating_it(
    control: ControlUnderTest, team: TenantSample, before: str
) -> None:
    session = await sign_in(control, team)
    key = await made(control, session)
    path = f"/v1/api-keys/{key['id']}"
    if before == "rotation":
        await control.post(f"{path}/rotation", session, {})
    else:
        await control.call("DELETE", path, session)

    assert_problem(await control.post(f"{path}/rotation", session, {}), 409, "conflict")


async def test_another_tenants_keys_can_be_neither_seen_nor_rotated_nor_revoked(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    ours = await made(control, await sign_in(control, team))
    thief = await sign_in(control, other_team)

    listed = await control.get("/v1/api-keys", thief)
    rotated = await control.post(f"/v1/api-keys/{ours['id']}/rotation", thief, {})
    revoked = await control.call("DELETE", f"/v1/api-keys/{ours['id']}", thief)

    assert ours["id"] not in str(listed.body)
    assert_problem(rotated, 404, "not_found")
    assert_problem(revoked, 404, "not_found")
    assert await opens(control, ours["key"])


@pytest.mark.parametrize("text", ["key_1", "user_" + "0" * 32, "key_" + "0" * 32, "%00", "..%2F.."])
async def test_an_id_that_is_none_is_not_found(
    control: ControlUnderTest, team: TenantSample, text: str
) -> None:
    session = await sign_in(control, team)

    assert_problem(await control.call("DELETE", f"/v1/api-keys/{text}", session), 404, "not_found")


async def test_a_key_with_every_scope_can_make_read_rotate_and_revoke_no_keys(
    control: ControlUnderTest, team: TenantSample
) -> None:
    key, own = await key_with(control, team), await made(control, await sign_in(control, team))
    attacks = [
        ("GET", "/v1/api-keys", None),
        ("POST", "/v1/api-keys", {"name": "mine", "scopes": ["rooms:read"]}),
        ("POST", f"/v1/api-keys/{own['id']}/rotation", {}),
        ("DELETE", f"/v1/api-keys/{own['id']}", None),
        ("GET", "/v1/provider-keys", None),
        ("PUT", "/v1/provider-keys/openai", {"api_key": "sk-from-a-program"}),
        ("DELETE", "/v1/provider-keys/openai", None),
    ]

    for method, path, body in attacks:
        assert_problem(await control.call(method, path, key, json=body), 403, "not_allowed")
    assert await opens(control, own["key"])


async def test_members_and_guests_manage_no_keys(control: ControlUnderTest, team: TenantSample) -> None:
    guest, member = await come_as_guest(control, team, "standup"), await sign_in(control, team)
    await become(control, team, "member")

    for credential in (guest, member):
        assert_problem(await control.get("/v1/api-keys", credential), 403, "not_allowed")
        body = {"name": "mine", "scopes": ["rooms:read"]}
        assert_problem(await control.post("/v1/api-keys", credential, body), 403, "not_allowed")


async def test_a_session_that_is_old_makes_no_key_before_its_owner_proves_themselves_again(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    async with control.parts.db.person(team.user_id) as conn:
        await conn.execute("update sessions set authenticated_at = now() - interval '1 hour'")

    reply = await control.post("/v1/api-keys", session, {"name": "ci", "scopes": ["rooms:read"]})

    assert_problem(reply, 403, "reauthentication_required")
    assert (await control.get("/v1/api-keys", session)).status == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["rooms:read", "everything"]}, "scopes.1"),
        ({"scopes": ["*"]}, "scopes.0"),
        ({"name": ""}, "name"),
        ({"expires_at": "2999-01-01T00:00:00"}, "expires_at"),
        ({"tenant_id": "ten_1"}, "tenant_id"),
    ],
)
async def test_a_key_of_no_or_unknown_scopes_is_refused(
    control: ControlUnderTest, team: TenantSample, change: dict[str, Any], field: str
) -> None:
    body = {"name": "ci", "scopes": ["rooms:read"], **change}

    reply = await control.post("/v1/api-keys", await sign_in(control, team), body)

    assert_problem(reply, 422, "invalid_input", field)


async def test_keys_are_listed_newest_first_in_pages(control: ControlUnderTest, team: TenantSample) -> None:
    session = await sign_in(control, team)
    for name in ("one", "two"):
        await made(control, session, name=name)

    first = await control.get("/v1/api-keys?limit=2", session)
    rest = await control.get(f"/v1/api-keys?limit=2&cursor={first.body['next_cursor']}", session)

    assert [item["name"] for item in first.body["data"]] == ["two", "one"]
    assert [item["id"] for item in rest.body["data"]] == [f"key_{team.api_key_id.hex}"]


async def test_when_the_pepper_is_rotated_keys_still_hold_and_move_to_the_new_one(own_settings: Any) -> None:
    before = dataclasses.replace(own_settings, key_ring=ROTATED["ring"])
    both = dataclasses.replace(own_settings, key_ring=f"{ROTATED['newer']} {ROTATED['ring']}")
    after = dataclasses.replace(own_settings, key_ring=ROTATED["newer"])
    used, unused = new_api_key(), new_api_key()
    async with open_parts(before, watch=False) as parts:
        peppers = Peppers(parts.ring)
        tenant_id, _ = await parts.db.system.create_tenant("Harbor", "ada@harbor.example", "Ada", None)
        async with parts.db.tenant(tenant_id) as conn:
            for key in (used, unused):
                await conn.execute(
                    "insert into api_keys (name, key_hash, scopes) values ('ci', $1, '{rooms:read}')",
                    peppers.digest(key),
                )

    async with running_control(both) as control:
        while_both = await opens(control, used)
    async with running_control(after) as control:
        afterwards = await opens(control, used), await opens(control, unused)

    assert while_both
    assert afterwards == (True, False)


async def test_making_rotating_and_revoking_are_in_the_audit_trail_without_the_key(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    key = await made(control, session)
    new = await control.post(f"/v1/api-keys/{key['id']}/rotation", session, {})
    await control.call("DELETE", f"/v1/api-keys/{key['id']}", session)

    async with control.parts.db.tenant(team.id) as conn:
        rows = await conn.fetch("select action, e::text as line from audit_events e order by seq")

    recorded = [row["action"] for row in rows if row["action"].startswith("api_key.")]
    assert recorded == ["api_key.made", "api_key.rotated", "api_key.revoked"]
    assert all(secret not in row["line"] for row in rows for secret in (key["key"], new.body["key"]))


async def become(control: ControlUnderTest, team: TenantSample, role: str) -> None:
    async with control.parts.db.tenant(team.id) as conn:
        await set_role(conn, team.user_id, role)

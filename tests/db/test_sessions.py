"""Coming in: sessions, API keys and invitations hold while they should, and not a moment longer."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from agent.errors import Conflict, NotAllowed, NotAuthenticated, NotFound
from agent.wire import TenantId
from control.store.accounts import create_user, find_own_user, set_password
from control.store.api_keys import create_api_key, revoke_api_key
from control.store.db import Database
from control.store.rooms import create_invitation, ensure_room
from control.store.sessions import end_session_of, list_sessions, revoke_other_sessions, revoke_session
from control.store.tenants import current_tenant, delete_tenant
from tests.fixtures.database import PEPPERS, TenantSample
from tests.fixtures.sessions import put_guest_session, put_session

# Read when the tests are collected: the suite may take most of an hour to come to them.
LATER = datetime.now(UTC) + timedelta(hours=6)
PAST = datetime.now(UTC) - timedelta(seconds=1)


async def invite(db: Database, tenant: TenantSample, code_hash: bytes, until: datetime = LATER) -> None:
    async with db.tenant(tenant.id) as conn:
        room = await ensure_room(conn, "lounge")
        await create_invitation(conn, room.id, code_hash, tenant.user_id, until)


async def test_a_person_is_found_by_e_mail_whatever_its_capitals(
    database: Database, tenant: TenantSample
) -> None:
    login = await database.system.find_user("ADA@Harbor.Example")

    assert login is not None
    assert (login.user_id, login.tenant_id, login.role) == (tenant.user_id, tenant.id, "owner")
    assert (login.email, login.name) == (tenant.email, tenant.user_name)
    assert login.password_hash is not None
    assert await database.system.find_user("nobody@harbor.example") is None


async def test_a_session_says_who_is_signed_in_and_where(database: Database, tenant: TenantSample) -> None:
    session_id = await put_session(database, b"token", tenant.user_id, tenant.id, LATER)

    found = await database.system.find_session(b"token")

    assert found is not None
    assert (found.session_id, found.kind, found.user_id) == (session_id, "user", tenant.user_id)
    assert (found.tenant_id, found.tenant_name) == (tenant.id, tenant.name)
    assert (found.name, found.email, found.role) == (tenant.user_name, tenant.email, "owner")
    assert (found.room_name, found.expires_at_utc) == (None, LATER)
    assert timedelta(0) <= datetime.now(UTC) - found.created_at < timedelta(minutes=1)


async def test_an_unknown_an_expired_and_an_ended_session_are_alike(
    database: Database, tenant: TenantSample
) -> None:
    await put_session(database, b"expired", tenant.user_id, tenant.id, PAST)
    await put_session(database, b"ended", tenant.user_id, tenant.id, LATER)
    async with database.person(tenant.user_id) as conn:
        await end_session_of(conn, [b"ended", b"never there"])

    found = [await database.system.find_session(token) for token in (b"unknown", b"expired", b"ended")]

    assert found == [None, None, None]


async def test_nobody_is_signed_in_to_a_tenant_they_are_no_member_of(
    database: Database, tenant: TenantSample, other_tenant: TenantSample
) -> None:
    with pytest.raises(NotAllowed):
        await put_session(database, b"token", tenant.user_id, other_tenant.id, LATER)


async def test_who_leaves_the_tenant_is_signed_out(database: Database, tenant: TenantSample) -> None:
    await put_session(database, b"token", tenant.user_id, tenant.id, LATER)

    async with database.tenant(tenant.id) as conn:
        await conn.execute("delete from memberships where user_id = $1", tenant.user_id)

    assert await database.system.find_session(b"token") is None


async def test_nobody_ends_another_persons_sessions(
    database: Database, tenant: TenantSample, other_tenant: TenantSample
) -> None:
    own = await put_session(database, b"own", tenant.user_id, tenant.id, LATER)
    other = await put_session(database, b"other", other_tenant.user_id, other_tenant.id, LATER)

    async with database.member(tenant.id, tenant.user_id) as conn:
        await end_session_of(conn, [b"other"])
        with pytest.raises(NotFound):
            await revoke_session(conn, other)
        assert await revoke_other_sessions(conn, own) == 0
        listed = await list_sessions(conn, 10)

    assert [row.id for row in listed] == [own]
    assert await database.system.find_session(b"other") is not None


async def test_a_person_ends_a_guests_session_by_none_of_their_own_means(
    database: Database, tenant: TenantSample
) -> None:
    own = await put_session(database, b"own", tenant.user_id, tenant.id, LATER)
    await invite(database, tenant, b"code")
    guest = await put_guest_session(database, b"guest", tenant.id, b"code", "Gus", LATER)

    async with database.member(tenant.id, tenant.user_id) as conn:
        with pytest.raises(NotFound):
            await revoke_session(conn, guest)
        await revoke_other_sessions(conn, own)
        await end_session_of(conn, [b"guest"])

    assert await database.system.find_session(b"guest") is not None


async def test_a_guest_of_one_tenant_does_not_come_by_anothers_invitation(
    database: Database, tenant: TenantSample, other_tenant: TenantSample
) -> None:
    await invite(database, other_tenant, b"code")

    with pytest.raises(NotAuthenticated):
        await put_guest_session(database, b"token", tenant.id, b"code", "Gus", LATER)


async def test_a_guest_comes_by_an_invitation_to_its_room(database: Database, tenant: TenantSample) -> None:
    await invite(database, tenant, b"code")

    session_id = await put_guest_session(database, b"token", tenant.id, b"code", "Gus", LATER)

    created = await database.system.find_session(b"token")
    assert created is not None
    assert created.session_id == session_id
    assert (created.kind, created.user_id, created.email, created.role) == ("guest", None, None, None)
    assert (created.tenant_id, created.name, created.room_name) == (tenant.id, "Gus", "lounge")


@pytest.mark.parametrize("code_hash", [b"expired", b"unknown"])
async def test_nobody_comes_by_an_invitation_that_does_not_hold(
    database: Database, tenant: TenantSample, code_hash: bytes
) -> None:
    await invite(database, tenant, b"expired", PAST)

    with pytest.raises(NotAuthenticated):
        await put_guest_session(database, b"token", tenant.id, code_hash, "Gus", LATER)

    assert await database.system.find_invitation(code_hash) is None
    assert await database.system.find_session(b"token") is None


async def test_a_guest_is_out_when_the_invitation_is_taken_back(
    database: Database, tenant: TenantSample
) -> None:
    await invite(database, tenant, b"code")
    await put_guest_session(database, b"token", tenant.id, b"code", "Gus", LATER)

    async with database.tenant(tenant.id) as conn:
        await conn.execute("delete from invitations")

    assert await database.system.find_session(b"token") is None


async def test_an_api_key_names_its_tenant(database: Database, tenant: TenantSample) -> None:
    found = await database.system.find_api_key([PEPPERS.digest(tenant.api_key)])

    assert found is not None
    assert (found.api_key_id, found.tenant_id) == (tenant.api_key_id, tenant.id)
    assert await database.system.find_api_key([b"another"]) is None


async def test_an_api_key_ends_when_it_expires_or_is_revoked(
    database: Database, tenant: TenantSample
) -> None:
    async with database.tenant(tenant.id) as conn:
        await create_api_key(conn, "expired", b"expired", PAST)
        await create_api_key(conn, "holds", b"holds", LATER)
        await revoke_api_key(conn, await create_api_key(conn, "revoked", b"revoked"))

    found = [await database.system.find_api_key([key]) for key in (b"expired", b"revoked", b"holds")]

    assert [key and key.name for key in found] == [None, None, "holds"]


async def test_a_tenant_can_revoke_its_own_keys_only(
    database: Database, tenant: TenantSample, other_tenant: TenantSample
) -> None:
    async with database.tenant(tenant.id) as conn:
        with pytest.raises(NotFound):
            await revoke_api_key(conn, other_tenant.api_key_id)

    assert await database.system.find_api_key([PEPPERS.digest(other_tenant.api_key)]) is not None


async def test_one_key_cannot_be_stored_twice(database: Database, tenant: TenantSample) -> None:
    with pytest.raises(Conflict):
        async with database.tenant(tenant.id) as conn:
            await create_api_key(conn, "copy", PEPPERS.digest(tenant.api_key))


async def test_an_e_mail_has_one_account(database: Database, tenant: TenantSample) -> None:
    with pytest.raises(Conflict):
        await database.system.create_tenant("Copy", tenant.email.upper(), "Ada", None)
    with pytest.raises(Conflict):
        await create_user(database, tenant.id, email=tenant.email, name="Ada", password_hash=None)


async def test_a_member_is_added_with_an_account_of_their_own(
    database: Database, tenant: TenantSample
) -> None:
    user_id = await create_user(
        database, tenant.id, email="Lin@Harbor.example", name="Lin", password_hash="hash"
    )

    login = await database.system.find_user("lin@harbor.example")
    async with database.person(user_id) as conn:
        own = await find_own_user(conn)
        others = await conn.fetchval("select count(*) from users where id <> $1", user_id)

    assert login is not None
    assert (login.user_id, login.tenant_id, login.role) == (user_id, tenant.id, "member")
    assert own is not None
    assert (own.email, own.name, others) == ("lin@harbor.example", "Lin", 0)


async def test_nobody_is_added_to_a_tenant_that_is_not_there(database: Database) -> None:
    with pytest.raises(NotFound):
        await create_user(
            database, TenantId(uuid4()), email="lin@harbor.example", name="Lin", password_hash=None
        )

    assert await database.system.find_user("lin@harbor.example") is None


async def test_a_new_password_ends_the_persons_sessions_and_no_others(
    database: Database, tenant: TenantSample, other_tenant: TenantSample
) -> None:
    await put_session(database, b"own", tenant.user_id, tenant.id, LATER)
    await put_session(database, b"other", other_tenant.user_id, other_tenant.id, LATER)

    async with database.person(tenant.user_id) as conn:
        await set_password(conn, "new hash")

    login = await database.system.find_user(tenant.email)
    assert login is not None
    assert login.password_hash == "new hash"
    assert await database.system.find_session(b"own") is None
    assert await database.system.find_session(b"other") is not None


async def test_a_tenant_sees_and_removes_itself(
    database: Database, tenant: TenantSample, other_tenant: TenantSample
) -> None:
    async with database.tenant(tenant.id) as conn:
        seen = await current_tenant(conn)
        await delete_tenant(conn)
        with pytest.raises(NotFound):
            await current_tenant(conn)

    assert (seen.id, seen.name) == (tenant.id, tenant.name)
    # Its people keep their accounts: they may be in other tenants, or come into one.
    logins = [await database.system.find_user(sample.email) for sample in (tenant, other_tenant)]
    assert [login and login.tenant_id for login in logins] == [None, other_tenant.id]

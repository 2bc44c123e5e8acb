"""Erasing a person, proved by a look into every cell of every table."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from agent.errors import Conflict, NotFound, StaleEpoch, Unavailable
from agent.wire import Channel, ConversationId, Role, Speaker, TenantId, TurnState, TurnWrite, UserId
from control.audit.actions import AuditAction
from control.audit.record import SYSTEM, AuditActor, AuditEvent, record
from control.records.erasure import By, Erasure
from control.store.accounts import create_user
from control.store.calls import append_calls
from control.store.conversations import open_conversation
from control.store.db import Database
from control.store.rooms import create_invitation, ensure_room, record_participant
from control.store.turns import append_turns, list_turns
from tests.db.samples import a_call
from tests.db.trail import flaws, write_trail
from tests.db.whole import places_of, see_everything
from tests.fixtures.database import TenantSample
from tests.fixtures.sessions import put_guest_session, put_session

NAME = "Zora Quillfeather"
EMAIL = "zora.quillfeather@canary.example"
SECRET = "the vault code is xylophone"
AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
BY = By(AuditActor("operator"))


@dataclass
class Door:
    """Where people are shown out. `error`: what it raises."""

    error: Exception | None = None
    shown_out: list[tuple[TenantId, str]] = field(default_factory=list)

    async def disconnect(self, tenant_id: TenantId, identity: str) -> None:
        if self.error is not None:
            raise self.error
        self.shown_out.append((tenant_id, identity))


def turn(client_id: str, text: str, identity: str, name: str, *, by_agent: bool = False) -> TurnWrite:
    return TurnWrite(
        client_id=client_id,
        role=Role.AGENT if by_agent else Role.USER,
        channel=Channel.VOICE,
        speaker=Speaker(identity=identity, name=name),
        text=text,
        state=TurnState.COMPLETE,
        at=AT,
        metrics={"heard": f"{text[:8]}"},
    )


async def talk(database: Database, tenant_id: TenantId, user_id: UserId) -> ConversationId:
    """Zora and Gus speak, and the agent answers both."""
    me = f"user_{user_id.hex}"
    async with database.tenant(tenant_id) as conn:
        room = await ensure_room(conn, "lounge")
        conversation = await open_conversation(conn, room.id)
        await record_participant(conn, conversation.id, me, NAME, "human")
        await record_participant(conn, conversation.id, f"{me}-tab2", NAME, "human")
        await record_participant(conn, conversation.id, "gus", "Gus", "guest")
        said = [
            turn("zora-1", SECRET, me, NAME),
            turn("agent-1", f"Noted, {NAME}. {NAME}s everywhere.", "agent_1", "Parley", by_agent=True),
            turn("gus-1", "And what about lunch?", "gus", "Gus"),
            turn("zora-2", "xylophone again", f"{me}-tab2", NAME),
        ]
        await append_turns(conn, conversation.id, 0, said)
    call = a_call().model_copy(update={"turn_client_id": "zora-1", "speaker_identity": f"{me}-tab2"})
    await append_calls(database, tenant_id, conversation.id, 0, [call])
    async with database.tenant(tenant_id) as conn:
        await conn.execute(
            """
            insert into frames (conversation_id, speaker_identity, at, width_px, height_px, sent_px, reason)
            values ($1, $2, now(), 8, 6, 48, 'changed')
            """,
            conversation.id,
            me,
        )
        await conn.execute(
            """
            insert into budget_holds (
                conversation_id, epoch, scope, speaker, subject, period_start, expires_at
            )
            values ($1, 0, 'user', $2 || '-tab2', $2, current_date, now())
            """,
            conversation.id,
            me,
        )
    return conversation.id


async def leave_traces(database: Database, tenant: TenantSample, user_id: UserId) -> None:
    """Whatever of a person's is kept anywhere."""
    later = datetime.now(UTC) + timedelta(days=1)
    async with database.member(tenant.id, user_id) as conn:
        room = await ensure_room(conn, "lounge")
        await create_invitation(conn, room.id, uuid4().bytes, user_id, later)
        for statement in (
            "insert into identities (issuer, subject, email) values ('https://idp.example', $1, $1)",
            "insert into recovery_codes (code_hash) values (convert_to($1, 'utf8'))",
            """
            insert into mfa_factors (kind, name, credential_id, public_key)
            values ('passkey', $1, convert_to($1, 'utf8'), convert_to($1, 'utf8'))
            """,
            """
            insert into email_tokens (purpose, email, token_hash, expires_at)
            values ('change_email', $1, convert_to($1, 'utf8'), now())
            """,
            """
            insert into outbox (user_id, kind, payload)
            select id, 'letter', convert_to($1, 'utf8') from users
            """,
            """
            insert into idempotency_keys (principal, key, request_hash, answer, expires_at)
            select 'user ' || replace(id::text, '-', ''), 'k', '', convert_to($1, 'utf8'), now() from users
            """,
            """
            insert into removals (identity, expires_at)
            select 'user_' || replace(id::text, '-', ''), now() from users where $1 <> ''
            """,
        ):
            await conn.execute(statement, EMAIL)
        await record(
            conn,
            tenant.id,
            AuditEvent(
                AuditAction.SIGNED_IN,
                AuditActor("member", user_id=user_id),
                target={"person": f"user_{user_id.hex}"},
            ),
        )
    await put_session(database, uuid4().bytes, user_id, tenant.id, later, user_agent=NAME)


@pytest.fixture
async def zora(database: Database, tenant: TenantSample, other_tenant: TenantSample) -> UserId:
    """A member of Harbor who also spoke in Lighthouse, left it, and is asked to come back."""
    user_id = await create_user(database, tenant.id, email=EMAIL, name=NAME, password_hash=f"hash of {EMAIL}")
    await leave_traces(database, tenant, user_id)
    async with database.member(other_tenant.id, user_id) as conn:
        await conn.execute("insert into memberships (user_id, role) values ($1, 'member')", user_id)
    for each in (tenant, other_tenant):
        await talk(database, each.id, user_id)
    async with database.tenant(other_tenant.id) as conn:
        await conn.execute("delete from memberships where user_id = $1", user_id)
        await conn.execute(
            """
            insert into member_invitations (email, role, code_hash, expires_at)
            values ($1, 'admin', '', now() + interval '1 day')
            """,
            EMAIL,
        )
        await conn.execute(
            "insert into removals (identity, expires_at) values ($1, now())", f"user_{user_id.hex}"
        )
    return user_id


@pytest.mark.parametrize("word", [NAME, EMAIL, "xylophone", "zora"])
async def test_no_cell_of_any_table_holds_the_person_any_more(
    database: Database, zora: UserId, owner_connection: asyncpg.Connection, word: str
) -> None:
    await see_everything(owner_connection)
    assert "turns.text" in await places_of(owner_connection, "xylophone")

    await Erasure(database, Door()).erase_person(zora, BY)

    assert await places_of(owner_connection, word) == expected_left(word)


def expected_left(word: str) -> set[str]:
    """Of her name, what is part of another word in an agent's answer; of her words, nothing."""
    return {"turns.text"} if word in (NAME, "zora") else set()


async def test_no_cell_holds_the_persons_id_or_what_the_trail_calls_them_by(
    database: Database, tenant: TenantSample, zora: UserId, owner_connection: asyncpg.Connection
) -> None:
    before = await places_of(owner_connection, str(zora))
    assert {"users.id", "turns.speaker_identity", "idempotency_keys.principal"} <= before
    assert {"model_calls.speaker_identity", "budget_counters.subject", "budget_holds.speaker"} <= before

    await Erasure(database, Door()).erase_person(zora, BY)

    assert await places_of(owner_connection, str(zora)) == set()


async def test_the_scan_finds_what_it_looks_for(zora: UserId, owner_connection: asyncpg.Connection) -> None:
    found = await places_of(owner_connection, EMAIL)

    assert {
        "users.email",
        "users.password_hash",
        "identities.subject",
        "recovery_codes.code_hash",
        "mfa_factors.public_key",
        "email_tokens.email",
        "outbox.payload",
        "idempotency_keys.answer",
        "member_invitations.email",
    } <= found


async def test_the_places_of_turns_stay_and_others_words_are_untouched(
    database: Database, tenant: TenantSample, zora: UserId, owner_connection: asyncpg.Connection
) -> None:
    erased = await Erasure(database, Door()).erase_person(zora, BY)

    async with database.tenant(tenant.id) as conn:
        conversation_id = await conn.fetchval("select id from conversations")
        said = await list_turns(conn, conversation_id)
        names = await conn.fetch("select identity, name from participants order by joined_at, identity")
    assert [(one.seq, one.text, one.erased) for one in said] == [
        (1, "", True),
        (2, f"Noted, someone. {NAME}s everywhere.", False),
        (3, "And what about lunch?", False),
        (4, "", True),
    ]
    assert {one.speaker.identity for one in said if one.erased} == {"erased"}
    assert all(one.metrics == {} for one in said if one.erased)
    assert erased.turns == 4
    assert {row["name"] for row in names} == {"", "Gus"}
    assert sum(row["identity"].startswith("erased_") for row in names) == 2


async def test_the_ledger_keeps_its_numbers_and_its_link_to_the_tombstone(
    database: Database, tenant: TenantSample, zora: UserId
) -> None:
    await Erasure(database, Door()).erase_person(zora, BY)

    async with database.tenant(tenant.id) as conn:
        rows = await conn.fetch(
            """
            select m.cost_usd_micros, t.seq from model_calls m
            join turns t on t.conversation_id = m.conversation_id and t.client_id = m.turn_client_id
            """
        )
    assert [(row["cost_usd_micros"], row["seq"]) for row in rows] == [(120, 1)]


async def test_the_trail_stays_whole_and_its_pseudonym_leads_to_nobody(
    database: Database, tenant: TenantSample, zora: UserId
) -> None:
    await Erasure(database, Door()).erase_person(zora, BY)

    async with database.tenant(tenant.id) as conn:
        line = json.loads(await conn.fetchval("select line from audit_events where action = 'person.erased'"))
        subjects = await conn.fetchval("select count(*) from audit_subjects")
    assert line["user"]["uid"].startswith("person_")
    assert line["unmapped"]["details"] == {"turns": 2}
    assert subjects == 0
    assert await flaws(database) == []


async def test_an_agent_that_has_them_in_mind_can_store_nothing_any_more(
    database: Database, tenant: TenantSample, zora: UserId
) -> None:
    async with database.tenant(tenant.id) as conn:
        conversation_id = await conn.fetchval("select id from conversations")

    await Erasure(database, Door()).erase_person(zora, BY)

    late = turn("zora-1", SECRET, f"user_{zora.hex}", NAME)
    with pytest.raises(StaleEpoch):
        async with database.tenant(tenant.id) as conn:
            await append_turns(conn, conversation_id, 0, [late])


async def test_an_arrival_that_is_reported_late_leaves_no_trace(
    database: Database, tenant: TenantSample, zora: UserId, owner_connection: asyncpg.Connection
) -> None:
    async with database.tenant(tenant.id) as conn:
        conversation_id = await conn.fetchval("select id from conversations")

    async def arrive(number: int) -> None:
        async with database.tenant(tenant.id) as conn:
            await record_participant(conn, conversation_id, f"user_{zora.hex}-tab{number}", NAME, "human")

    await asyncio.gather(
        *(arrive(number) for number in range(4)),
        Erasure(database, Door()).erase_person(zora, BY),
        *(arrive(number) for number in range(4, 8)),
    )
    await arrive(9)

    assert await places_of(owner_connection, str(zora)) == set()


async def test_they_are_shown_out_of_every_tenant_where_they_were(
    database: Database, tenant: TenantSample, other_tenant: TenantSample, zora: UserId
) -> None:
    door = Door()

    await Erasure(database, door).erase_person(zora, BY)

    identity = f"user_{zora.hex}"
    assert set(door.shown_out) == {(tenant.id, identity), (other_tenant.id, identity)}


async def test_a_media_server_that_is_away_does_not_keep_them(
    database: Database, zora: UserId, owner_connection: asyncpg.Connection
) -> None:
    await Erasure(database, Door(Unavailable("away"))).erase_person(zora, BY)

    assert await places_of(owner_connection, EMAIL) == set()


async def test_the_only_owner_of_a_tenant_with_others_must_transfer_it_first(
    database: Database, tenant: TenantSample, zora: UserId, owner_connection: asyncpg.Connection
) -> None:
    with pytest.raises(Conflict, match="only owner of 'Harbor'"):
        await Erasure(database, Door()).erase_person(tenant.user_id, BY)

    assert "users.email" in await places_of(owner_connection, tenant.email)


async def test_a_tenant_that_nobody_else_belongs_to_goes_with_them(
    database: Database, tenant: TenantSample, other_tenant: TenantSample
) -> None:
    await write_trail(database, tenant)

    erased = await Erasure(database, Door()).erase_person(tenant.user_id, BY)

    assert list(erased.tenants) == [tenant.id]
    assert [found.id for found in await database.system.list_tenants()] == [other_tenant.id]


async def test_somebody_else_with_a_similar_identity_keeps_their_words(
    database: Database, tenant: TenantSample, zora: UserId
) -> None:
    async with database.tenant(tenant.id) as conn:
        conversation_id = await conn.fetchval("select id from conversations")
        other = turn("other-1", "keep me", f"user_{zora.hex}x", "Other")
        await append_turns(conn, conversation_id, 0, [other])

    await Erasure(database, Door()).erase_person(zora, BY)

    async with database.tenant(tenant.id) as conn:
        assert await conn.fetchval("select text from turns where client_id = 'other-1'") == "keep me"


async def test_erasing_twice_finds_nobody(database: Database, zora: UserId) -> None:
    await Erasure(database, Door()).erase_person(zora, BY)

    with pytest.raises(NotFound):
        await Erasure(database, Door()).erase_person(zora, BY)


async def test_two_last_members_who_go_at_once_leave_nothing_behind(
    database: Database, tenant: TenantSample, zora: UserId, owner_connection: asyncpg.Connection
) -> None:
    async with database.tenant(tenant.id) as conn:
        await conn.execute("update memberships set role = 'owner'")

    await asyncio.gather(
        Erasure(database, Door()).erase_person(zora, BY),
        Erasure(database, Door()).erase_person(tenant.user_id, BY),
    )

    assert await places_of(owner_connection, str(tenant.id)) == set()


async def test_one_speaker_of_one_conversation_can_be_erased_and_a_guests_session_ends(
    database: Database, tenant: TenantSample, owner_connection: asyncpg.Connection
) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    async with database.tenant(tenant.id) as conn:
        room = await ensure_room(conn, "lounge")
        await create_invitation(conn, room.id, b"code", None, later)
        conversation = await open_conversation(conn, room.id)
    session_id = await put_guest_session(database, b"guest", tenant.id, b"code", NAME, later)
    guest = f"guest_{session_id.hex}"
    async with database.tenant(tenant.id) as conn:
        await record_participant(conn, conversation.id, guest, NAME, "guest")
        await append_turns(conn, conversation.id, 0, [turn("g-1", SECRET, guest, NAME)])
        actor = AuditActor("guest", session_id=session_id)
        await record(conn, tenant.id, AuditEvent(AuditAction.SIGNED_IN, actor))
    door = Door()

    turns = await Erasure(database, door).erase_speaker(tenant.id, conversation.id, f"{guest}-tab2", BY)

    assert turns == 1
    assert door.shown_out == [(tenant.id, guest)]
    for word in (NAME, "xylophone", str(session_id)):
        assert await places_of(owner_connection, word) == set()


async def test_a_speaker_who_was_never_there_is_not_found(
    database: Database, tenant: TenantSample, zora: UserId
) -> None:
    async with database.tenant(tenant.id) as conn:
        conversation_id = await conn.fetchval("select id from conversations")
        await record(conn, tenant.id, AuditEvent(AuditAction.ROOM_MADE, SYSTEM))

    with pytest.raises(NotFound):
        await Erasure(database, Door()).erase_speaker(tenant.id, conversation_id, "nobody", BY)


async def test_another_tenants_conversation_cannot_be_reached_by_its_id(
    database: Database, tenant: TenantSample, other_tenant: TenantSample, zora: UserId
) -> None:
    async with database.tenant(other_tenant.id) as conn:
        theirs = await conn.fetchval("select id from conversations")

    with pytest.raises(NotFound):
        await Erasure(database, Door()).erase_speaker(tenant.id, theirs, "gus", BY)

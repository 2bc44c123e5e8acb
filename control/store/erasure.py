"""Taking a speaker out of what a tenant keeps, in its context: their words and who they were, not that
somebody spoke. Turns stay in their places as tombstones, so that the order has no gaps.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from agent.wire import ConversationId, TenantId, UserId
from control.store.db import Connection

ERASED: Final = "erased"
"""The identity of a tombstone."""
SOMEONE: Final = "someone"
"""What an agent's answer calls them from now on."""


@dataclass(frozen=True, slots=True)
class Traces:
    """Where somebody spoke or was, and under which names."""

    conversations: list[ConversationId]
    names: set[str]


async def find_traces(
    conn: Connection, identity: str, *, with_tabs: bool, conversation_id: ConversationId | None = None
) -> Traces:
    """`with_tabs`: of `identity` followed by `-` as well. `conversation_id` None: in all conversations."""
    rows = await conn.fetch(
        """
        select conversation_id, name from participants
        where (identity = $1 or ($2 and starts_with(identity, $1 || '-')))
            and ($3::uuid is null or conversation_id = $3)
        union
        select conversation_id, speaker_name from turns
        where (speaker_identity = $1 or ($2 and starts_with(speaker_identity, $1 || '-')))
            and ($3::uuid is null or conversation_id = $3)
        """,
        identity,
        with_tabs,
        conversation_id,
    )
    return Traces(
        sorted({ConversationId(row["conversation_id"]) for row in rows}), {row["name"] for row in rows}
    )


async def end_jobs(conn: Connection, conversations: Collection[ConversationId]) -> None:
    """Nothing of what an agent has in mind of these can be stored any more; a new one comes in its place."""
    await conn.fetch(
        "select id from conversations where id = any($1) order by id for no key update", conversations
    )
    await conn.execute("update conversations set epoch = epoch + 1 where id = any($1)", conversations)


async def bury_turns(
    conn: Connection, identity: str, *, with_tabs: bool, conversations: Collection[ConversationId]
) -> int:
    """Makes tombstones of a speaker's turns; how many. What they were called by their writer goes as well,
    and what was to be learnt from them.
    """
    count: int = await conn.fetchval(
        """
        with gone as (
            select tenant_id, conversation_id, seq, client_id from turns
            where conversation_id = any($3)
                and (speaker_identity = $1 or ($2 and starts_with(speaker_identity, $1 || '-')))
        ), calls as (
            update model_calls m set turn_client_id = 'erased-' || g.seq
            from gone g
            where m.conversation_id = g.conversation_id and m.turn_client_id = g.client_id
        ), seen as (
            update frames f set turn_client_id = 'erased-' || g.seq
            from gone g
            where f.conversation_id = g.conversation_id and f.turn_client_id = g.client_id
        ), unlearnt as (
            delete from labels l using gone g
            where l.conversation_id = g.conversation_id and l.turn_client_id = g.client_id
        ), buried as (
            update turns t
            set text = '', speaker_identity = $4, speaker_name = '', metrics = '{}', erased_at = now(),
                client_id = 'erased-' || t.seq, updated_at = now(),
                state = case when t.state = 'streaming' then 'interrupted' else t.state end
            from gone g
            where t.conversation_id = g.conversation_id and t.seq = g.seq
            returning 1
        )
        select count(*) from buried
        """,
        identity,
        with_tabs,
        conversations,
        ERASED,
    )
    return count


async def forget_calls(
    conn: Connection, identity: str, *, with_tabs: bool, conversations: Collection[ConversationId]
) -> None:
    """That a tool was called stays; for whom, with which words, and what it said is gone."""
    await conn.execute(
        """
        update tool_calls
        set speaker_identity = $4, turn_client_id = 'erased', arguments = null, arguments_hash = '',
            result = null, told_at = coalesce(told_at, now())
        where conversation_id = any($3)
            and (speaker_identity = $1 or ($2 and starts_with(speaker_identity, $1 || '-')))
        """,
        identity,
        with_tabs,
        conversations,
        ERASED,
    )


async def forget_presence(
    conn: Connection, identity: str, *, with_tabs: bool, conversations: Collection[ConversationId]
) -> None:
    """Somebody was there, nobody knows who; neither whose screen it was."""
    await conn.execute(
        """
        update participants
        set identity = 'erased_' || replace(gen_random_uuid()::text, '-', ''), name = '',
            left_at = coalesce(left_at, now())
        where conversation_id = any($3) and (identity = $1 or ($2 and starts_with(identity, $1 || '-')))
        """,
        identity,
        with_tabs,
        conversations,
    )
    await conn.execute(
        """
        update frames set speaker_identity = $4
        where conversation_id = any($3)
            and (speaker_identity = $1 or ($2 and starts_with(speaker_identity, $1 || '-')))
        """,
        identity,
        with_tabs,
        conversations,
        ERASED,
    )
    await conn.execute("delete from removals where identity = $1", identity)
    await _forget_spending(conn, identity, with_tabs=with_tabs, conversations=conversations)


async def _forget_spending(
    conn: Connection, identity: str, *, with_tabs: bool, conversations: Collection[ConversationId]
) -> None:
    """What was spent stays in the ledger and in the tenant's month; who it was for does not."""
    await conn.execute(
        """
        update model_calls set speaker_identity = $4
        where conversation_id = any($3)
            and (speaker_identity = $1 or ($2 and starts_with(speaker_identity, $1 || '-')))
        """,
        identity,
        with_tabs,
        conversations,
        ERASED,
    )
    await conn.execute("delete from budget_counters where scope = 'user' and subject = $1", identity)
    await conn.execute(
        "delete from budget_holds where scope = 'user' and subject = $1 and conversation_id = any($2)",
        identity,
        conversations,
    )


async def forget_names(
    conn: Connection, names: Collection[str], conversations: Collection[ConversationId]
) -> None:
    """Replaces each name, where it stands as a word of its own, in the agents' answers.

    A name of one letter is left: it would be found in every sentence.
    """
    spoken = sorted((name for name in names if len(name.strip()) > 1), key=len, reverse=True)
    if not spoken:
        return
    rows = await conn.fetch(
        """
        select conversation_id, seq, text from turns
        where role = 'agent' and conversation_id = any($1)
            and exists (select from unnest($2::text[]) as given (name) where strpos(text, name) > 0)
        """,
        conversations,
        spoken,
    )
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in spoken))
    changed = [(row, pattern.sub(SOMEONE, row["text"])) for row in rows]
    changed = [(row, text) for row, text in changed if text != row["text"]]
    await conn.execute(
        """
        update turns t set text = g.text, updated_at = now()
        from unnest($1::uuid[], $2::int[], $3::text[]) as g (conversation_id, seq, text)
        where t.conversation_id = g.conversation_id and t.seq = g.seq
        """,
        [row["conversation_id"] for row, _ in changed],
        [row["seq"] for row, _ in changed],
        [text for _, text in changed],
    )


async def delete_guest_session(conn: Connection, session_id: UUID) -> None:
    """With it goes the name that the guest came under."""
    await conn.execute("delete from sessions where id = $1 and user_id is null", session_id)


async def tenants_of_traces(conn: Connection, identity: str) -> list[TenantId]:
    """Every tenant that has something of them, the ones they left included."""
    rows = await conn.fetch("select tenant_id from tenants_with_traces($1)", identity)
    return [TenantId(row["tenant_id"]) for row in rows]


async def lock_person(conn: Connection) -> str | None:
    """The name of the person of the context, whose account nobody changes until this transaction ends."""
    name: str | None = await conn.fetchval("select name from users for update")
    return name


async def is_alone(conn: Connection, user_id: UserId) -> bool:
    """Whether nobody else belongs to the tenant of the context."""
    found: bool = await conn.fetchval(
        "select not exists (select from memberships where user_id <> $1)", user_id
    )
    return found


async def delete_person(conn: Connection) -> None:
    """The person of the context, and all that is theirs: memberships, sessions, factors, identities, codes,
    letters, and what tells in the audit trails who they were.
    """
    await conn.execute("select delete_own_leftovers()")
    await conn.execute("delete from users")

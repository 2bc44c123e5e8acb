"""Turns: what was said, in one gapless order per conversation.

Two statements rather than one: the first locks the conversation, and only a statement that begins after the
lock was granted sees what the writer before us stored.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg
from pydantic import JsonValue

from agent.errors import InvalidInput
from agent.wire import Channel, ConversationId, Role, Speaker, TurnAck, TurnState, TurnWrite
from control.edge.text import clean_line, clean_text
from control.store.conversations import check_epoch
from control.store.db import Connection
from control.store.times import aware

_NUL_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")


@dataclass(frozen=True, slots=True)
class Turn:
    """`at`: when it began, by its writer's clock. `erased`: its speaker was, and with them their words."""

    seq: int
    role: Role
    channel: Channel
    speaker: Speaker
    text: str
    state: TurnState
    at: datetime
    metrics: dict[str, JsonValue]
    erased: bool = False


async def append_turns(
    conn: Connection, conversation_id: ConversationId, epoch: int, turns: Sequence[TurnWrite]
) -> list[TurnAck]:
    """An acknowledgement for each client id, in order. `seq` counts from 1, without gaps.

    A client id that is stored already keeps its `seq`; what may change of it says `TurnWrite`.
    Raises: StaleEpoch, NotFound, InvalidInput.
    """
    conversation = await conn.fetchrow(
        "select epoch, last_seq from conversations where id = $1 for no key update", conversation_id
    )
    current, last_seq = conversation or (None, 0)
    check_epoch(conversation_id, epoch, current)
    written = _fold(turns)
    rows = await conn.fetch(
        """
        with given as (
            select *
            from unnest(
                $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                $10::jsonb[], $11::timestamptz[]
            ) with ordinality as g (
                client_id, role, channel, speaker_identity, speaker_name, text, state, metrics, at, place
            )
        ), placed as (
            select g.*, t.seq as known_seq,
                row_number() over (partition by t.seq is null order by g.place) as fresh_place
            from given g
            left join turns t on t.conversation_id = $1 and t.client_id = g.client_id
        ), counted as (
            update conversations
            set last_seq = $12::int + (select count(*) from placed where known_seq is null),
                updated_at = now()
            where id = $1
            returning tenant_id
        ), stored as (
            insert into turns (
                tenant_id, conversation_id, seq, client_id, epoch, role, channel, speaker_identity,
                speaker_name, text, state, metrics, at
            )
            select c.tenant_id, $1, coalesce(p.known_seq, $12::int + p.fresh_place), p.client_id, $2, p.role,
                p.channel, p.speaker_identity, p.speaker_name, p.text, p.state, p.metrics, p.at
            from placed p cross join counted c
            on conflict (tenant_id, conversation_id, client_id) do update set
                text = excluded.text,
                metrics = excluded.metrics,
                state = case when turns.state = 'streaming' then excluded.state else turns.state end,
                updated_at = now()
            where turns.erased_at is null and (turns.state = 'streaming' or excluded.state <> 'streaming')
        )
        select p.client_id, coalesce(p.known_seq, $12::int + p.fresh_place)::int as seq
        from placed p
        order by p.place
        """,
        conversation_id,
        epoch,
        [turn.client_id for turn in written],
        [turn.role for turn in written],
        [turn.channel for turn in written],
        [clean_text(turn.speaker.identity) for turn in written],
        [clean_line(turn.speaker.name) for turn in written],
        [clean_text(turn.text) for turn in written],
        [turn.state for turn in written],
        [_storable_json(turn.metrics) for turn in written],
        [aware(turn.at) for turn in written],
        last_seq,
    )
    return [TurnAck(client_id=row["client_id"], seq=row["seq"]) for row in rows]


async def list_turns(
    conn: Connection,
    conversation_id: ConversationId,
    *,
    since_utc: datetime | None = None,
    newest: int | None = None,
) -> list[Turn]:
    """In the order of `seq`. `since_utc`: that began then or later; `newest`: at most so many, the latest."""
    rows = await conn.fetch(
        """
        select seq, role, channel, speaker_identity, speaker_name, text, state, at, metrics,
            erased_at is not null as erased
        from turns
        where conversation_id = $1 and ($2::timestamptz is null or at >= $2)
        order by seq desc
        limit $3
        """,
        conversation_id,
        since_utc,
        newest,
    )
    return [_turn(row) for row in reversed(rows)]


def _fold(turns: Iterable[TurnWrite]) -> list[TurnWrite]:
    """One write for each client id, by the rules that hold between two requests as well."""
    folded: dict[str, TurnWrite] = {}
    for turn in turns:
        earlier = folded.get(turn.client_id)
        if earlier is None:
            folded[turn.client_id] = turn
            continue
        has_ended = earlier.state is not TurnState.STREAMING
        if has_ended and turn.state is TurnState.STREAMING:
            continue
        state = earlier.state if has_ended else turn.state
        changes = {"text": turn.text, "metrics": turn.metrics, "state": state}
        folded[turn.client_id] = earlier.model_copy(update=changes)
    return list(folded.values())


def _storable_json(value: dict[str, JsonValue]) -> str:
    try:
        return _NUL_ESCAPE.sub(r"\1", json.dumps(value, allow_nan=False))
    except ValueError as error:
        raise InvalidInput("metrics hold a number that is not finite", "turns.metrics") from error


def _turn(row: asyncpg.Record) -> Turn:
    return Turn(
        seq=row["seq"],
        role=Role(row["role"]),
        channel=Channel(row["channel"]),
        speaker=Speaker(identity=row["speaker_identity"], name=row["speaker_name"]),
        text=row["text"],
        state=TurnState(row["state"]),
        at=row["at"],
        metrics=json.loads(row["metrics"]),
        erased=row["erased"],
    )

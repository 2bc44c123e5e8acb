"""Labels are added once, belong to their conversation, and go with what they are about."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from agent.errors import NotFound, StaleEpoch
from agent.wire import ConversationId, LabelWrite
from control.store.conversations import Conversation, delete_conversation
from control.store.db import Connection, Database
from control.store.erasure import bury_turns
from control.store.labels import LabelCount, append_labels, count_labels, newest_labels
from control.store.turns import append_turns
from tests.db.samples import a_turn
from tests.fixtures.database import TenantSample

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def a_label(client_id: str = "label-1", **changes: object) -> LabelWrite:
    return LabelWrite.model_validate(
        {
            "client_id": client_id,
            "turn_client_id": "turn-1",
            "lane": "talk",
            "features_version": "1",
            "before": [0.5, -1.25],
            "after": [0.125],
            "quality_small": 0.4,
            "quality_large": 1.0,
            "at": NOON,
            **changes,
        }
    )


async def add(database: Database, tenant: TenantSample, talk: Conversation, *labels: LabelWrite) -> None:
    await append_labels(database, tenant.id, talk.id, talk.epoch, labels)


async def test_a_label_is_read_as_it_was_written(
    database: Database, tenant: TenantSample, conn: Connection, conversation: Conversation
) -> None:
    await add(database, tenant, conversation, a_label())

    (label,) = await newest_labels(conn, "1", 10)

    assert (label.lane, label.before, label.after) == ("talk", (0.5, -1.25), (0.125,))
    assert (label.quality_small, label.quality_large, label.at) == (0.4, 1.0, NOON)


async def test_a_label_without_features_of_the_answer_has_none(
    database: Database, tenant: TenantSample, conn: Connection, conversation: Conversation
) -> None:
    await add(database, tenant, conversation, a_label(after=[]))

    (label,) = await newest_labels(conn, "1", 10)

    assert label.after == ()


async def test_a_label_counts_once_however_often_it_is_sent(
    database: Database, tenant: TenantSample, conn: Connection, conversation: Conversation
) -> None:
    await add(database, tenant, conversation, a_label("a"))

    await add(database, tenant, conversation, a_label("a", quality_small=0.9), a_label("b"), a_label("b"))

    assert [label.quality_small for label in await newest_labels(conn, "1", 10)] == [0.4, 0.4]


async def test_the_newest_labels_come_first_and_those_of_other_features_not_at_all(
    database: Database, tenant: TenantSample, conn: Connection, conversation: Conversation
) -> None:
    labels = [a_label(f"l{n}", at=NOON + timedelta(minutes=n), quality_small=n / 10) for n in range(4)]
    await add(database, tenant, conversation, *labels, a_label("old", features_version="0"))

    newest = await newest_labels(conn, "1", 3)

    assert [label.quality_small for label in newest] == [0.3, 0.2, 0.1]
    assert await count_labels(conn, "1") == LabelCount(usable=4, fresh=4, stale=1)


async def test_a_job_that_was_replaced_labels_nothing(
    database: Database, tenant: TenantSample, conn: Connection, conversation: Conversation
) -> None:
    with pytest.raises(StaleEpoch):
        await append_labels(database, tenant.id, conversation.id, conversation.epoch - 1, [a_label()])

    assert await count_labels(conn, "1") == LabelCount(0, 0, 0)


async def test_an_unknown_conversation_has_no_labels(database: Database, tenant: TenantSample) -> None:
    with pytest.raises(NotFound):
        await append_labels(database, tenant.id, ConversationId(uuid4()), 1, [a_label()])


async def test_another_tenants_conversation_cannot_be_labelled(
    database: Database,
    tenant: TenantSample,
    other_tenant: TenantSample,
    conn: Connection,
    conversation: Conversation,
) -> None:
    with pytest.raises(NotFound):
        await append_labels(database, other_tenant.id, conversation.id, conversation.epoch, [a_label()])

    assert await count_labels(conn, "1") == LabelCount(0, 0, 0)


async def test_labels_go_with_their_conversation(
    database: Database, tenant: TenantSample, conn: Connection, conversation: Conversation
) -> None:
    await add(database, tenant, conversation, a_label())

    await delete_conversation(conn, conversation.id)

    assert await count_labels(conn, "1") == LabelCount(0, 0, 0)


async def test_erasing_a_speaker_takes_what_was_to_be_learnt_from_their_turns(
    database: Database, tenant: TenantSample, conn: Connection, conversation: Conversation
) -> None:
    await append_turns(conn, conversation.id, conversation.epoch, [a_turn("turn-1")])
    await conn.execute("update turns set speaker_identity = 'user_ada'")
    await add(database, tenant, conversation, a_label("a"), a_label("b", turn_client_id="turn-of-another"))

    await bury_turns(conn, "user_ada", with_tabs=False, conversations=[conversation.id])

    assert await conn.fetchval("select array_agg(client_id) from labels") == ["b"]

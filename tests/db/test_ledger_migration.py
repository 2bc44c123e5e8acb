"""A ledger that was written before the cascade keeps its sums."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from control.store.migrate import MIGRATIONS, migrate
from tests.fixtures.database import with_database


@pytest.fixture
async def empty_database(database_server: str) -> AsyncIterator[str]:
    """As its owner."""
    name = f"parley_test_{secrets.token_hex(6)}"
    server = await asyncpg.connect(database_server)
    await server.execute(f"create database {name}")
    yield with_database(database_server, name)
    await server.execute(f"drop database {name} with (force)")
    await server.close()


async def test_the_baseline_moves_to_the_call_that_answered_and_what_was_spent_is_counted(
    tmp_path: Path, empty_database: str
) -> None:
    for path in MIGRATIONS.glob("*.sql"):
        if path.name < "0014":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    await migrate(empty_database, tmp_path)
    owner = await asyncpg.connect(empty_database)
    await owner.execute(_BEFORE)

    await migrate(empty_database)

    unfenced = await owner.fetchval(
        "select count(*) from pg_class where relkind = 'r' and relrowsecurity and not relforcerowsecurity"
    )
    await owner.execute("alter table model_calls no force row level security")
    await owner.execute("alter table budget_counters no force row level security")
    calls = await owner.fetch(
        """
        select client_id, answered, purpose, baseline_usd_micros, single_usd_micros, speaker_identity,
            agent_name, agent_version
        from model_calls order by client_id
        """
    )
    counters = await owner.fetch(
        "select scope, sum(spent_usd_micros)::int as micros from budget_counters group by 1"
    )
    await owner.close()
    assert [tuple(row) for row in calls] == [
        ("answered", True, "fallback", 3_000, None, "user_ada", "support", 1),
        ("earlier", True, "answer", 2_000, None, None, None, None),
        ("failed", False, "answer", 0, 0, "user_ada", "support", 1),
        ("spoken", False, "speech", 90, None, None, "support", 1),
    ]
    assert {row["scope"]: row["micros"] for row in counters} == {
        "tenant": 460,
        "conversation": 460,
        "user": 150,
    }
    assert unfenced == 0


_BEFORE = """
    insert into tenants (id, name) values ('11111111-1111-1111-1111-111111111111', 'Harbor');
    select set_config('app.tenant_id', '11111111-1111-1111-1111-111111111111', false);
    alter table rooms no force row level security;
    alter table agents no force row level security;
    alter table agent_versions no force row level security;
    alter table conversations no force row level security;
    alter table turns no force row level security;
    alter table model_calls no force row level security;
    insert into rooms (id, name) values ('22222222-2222-2222-2222-222222222222', 'lounge');
    insert into agents (id, name) values ('33333333-3333-3333-3333-333333333333', 'support');
    insert into agent_versions (agent_id, version, display_name, prompt, greeting, language)
    values ('33333333-3333-3333-3333-333333333333', 1, 'Sue', '', '', 'en');
    insert into conversations (id, room_id, epoch, agent_id, agent_version)
    values ('44444444-4444-4444-4444-444444444444', '22222222-2222-2222-2222-222222222222', 2,
        '33333333-3333-3333-3333-333333333333', 1);
    insert into turns (
        conversation_id, seq, client_id, epoch, role, channel, speaker_identity, speaker_name, text, state,
        metrics, at
    ) values ('44444444-4444-4444-4444-444444444444', 1, 't1', 2, 'user', 'voice', 'user_ada', 'Ada', 'Hi',
        'complete', '{}', now());
    insert into model_calls (
        conversation_id, client_id, turn_client_id, epoch, kind, tier, provider, model, outcome, reason,
        started_at, total_ms, input_tokens, cached_tokens, output_tokens, audio_ms, characters,
        cost_usd_micros, baseline_usd_micros
    )
    select '44444444-4444-4444-4444-444444444444', v.*
    from (values
        ('answered', 't1', 2, 'talk', 'small', 'openai', 'm', 'ok', 'fallback after timeout from openai/n',
            now(), 1, 1, 0, 1, 0, 0, 150, 3000),
        ('failed', 't1', 2, 'talk', 'small', 'openai', 'n', 'timeout', 'small first', now(), 1, 0, 0, 0, 0, 0,
            0, 20),
        ('earlier', null, 1, 'talk', 'small', 'openai', 'm', 'ok', 'small first', now(), 1, 1, 0, 1, 0, 0,
            220, 2000),
        ('spoken', null, 2, 'tts', null, 'openai', 'v', 'ok', 'text to speech', now(), 1, 0, 0, 0, 0, 9, 90,
            90)
    ) v;
    alter table rooms force row level security;
    alter table agents force row level security;
    alter table agent_versions force row level security;
    alter table conversations force row level security;
    alter table turns force row level security;
    alter table model_calls force row level security;
"""

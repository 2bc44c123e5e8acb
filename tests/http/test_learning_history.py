"""A tenant's own history as a file, and what a replay makes of it; with nobody else's words in it."""

import asyncio
import json
import stat
import sys
from asyncio.subprocess import PIPE
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from agent.settings import ControlSettings
from agent.wire import Channel, LabelWrite, ModelCall, Role, Speaker, TurnState, TurnWrite
from control.store.calls import append_calls
from control.store.conversations import begin_epoch, open_conversation
from control.store.db import Database
from control.store.labels import append_labels
from control.store.rooms import ensure_room
from control.store.turns import append_turns
from tests.fixtures.database import TenantSample, make_tenant
from tests.http.test_operator_commands import Ran, run
from tests.http.test_serve import ROOT

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ADA, DESK = Speaker(identity="user_ada", name="Ada"), Speaker(identity="agent-desk", name="Desk")


def a_turn(client_id: str, role: Role, text: str, at: datetime) -> TurnWrite:
    return TurnWrite(
        client_id=client_id,
        role=role,
        channel=Channel.TEXT,
        speaker=ADA if role == Role.USER else DESK,
        text=text,
        state=TurnState.COMPLETE,
        at=at,
    )


def a_call(client_id: str, turn: str, at: datetime, **changes: Any) -> ModelCall:
    return ModelCall.model_validate(
        {
            "client_id": client_id,
            "turn_client_id": turn,
            "kind": "talk",
            "tier": "small",
            "provider": "openai",
            "model": "gpt-6-luna",
            "outcome": "ok",
            "reason": "small first",
            "started_at": at,
            "total_ms": 800,
            "cost_usd_micros": 100,
            "baseline_usd_micros": 2_000,
            "answered": True,
            **changes,
        }
    )


def a_label(turn: str, at: datetime, small: float, large: float) -> LabelWrite:
    return LabelWrite(
        client_id=f"label of {turn}",
        turn_client_id=turn,
        lane="talk",
        features_version="1",
        before=[0.5],
        quality_small=small,
        quality_large=large,
        at=at,
    )


async def talk(
    database: Database,
    team: TenantSample,
    questions: list[str],
    *,
    word: str = "Sure",
    shadow_cost: int | None = 2_000,
) -> None:
    """One labelled turn for each question, which the small tier answered; every third one badly."""
    async with database.tenant(team.id) as conn:
        room = await ensure_room(conn, "lounge")
        conversation = await open_conversation(conn, room.id)
        epoch = await begin_epoch(conn, conversation.id)
        turns = []
        for place, question in enumerate(questions):
            at = NOON + timedelta(minutes=place)
            turns += [
                a_turn(f"q{place}", Role.USER, question, at),
                a_turn(f"a{place}", Role.AGENT, f"{word}, {place}.", at),
            ]
        for start in range(0, len(turns), 100):
            await append_turns(conn, conversation.id, epoch, turns[start : start + 100])
    for place in range(len(questions)):
        at = NOON + timedelta(minutes=place)
        tier: Literal["large"] = "large"
        shadow = {"tier": tier, "purpose": "shadow", "answered": False, "cost_usd_micros": shadow_cost}
        judge = {"tier": tier, "purpose": "judge", "answered": False, "cost_usd_micros": 7_000}
        calls = [
            a_call(f"c{place}", f"q{place}", at),
            a_call(f"s{place}", f"q{place}", at, **shadow),
            a_call(f"j{place}", f"q{place}", at, **judge),
        ]
        await append_calls(database, team.id, conversation.id, epoch, calls)
        label = a_label(f"q{place}", at, 0.2 if place % 3 == 0 else 0.9, 1.0)
        await append_labels(database, team.id, conversation.id, epoch, [label])


def rows(ran: Ran) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.out.decode().splitlines()]


async def replay(file: Path) -> Ran:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "agent.cascade", "replay", str(file), "--policy", "length", "--json",
        cwd=ROOT, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    return Ran(process.returncode, out, (out + err).decode())


async def test_a_labelled_turn_is_a_row_with_what_was_said_and_what_it_cost(
    own_settings: ControlSettings, database: Database, own_team: TenantSample
) -> None:
    await talk(database, own_team, ["What is the refund period?"])

    (row,) = rows(await run(own_settings, "history", "--tenant", "Harbor", "--since", "2026-11-01"))

    assert row.pop("id").startswith("conv_")
    assert row == {
        "prompt": "What is the refund period?",
        "weak": 0.2,
        "strong": 1.0,
        "weak_response": "Sure, 0.",
        "cost_weak": 0.0001,
        "cost_strong": 0.002,
    }


async def test_a_replay_of_a_tenants_own_history_prints_numbers(
    own_settings: ControlSettings, database: Database, own_team: TenantSample, tmp_path: Path
) -> None:
    questions = [f"Question {n}? " + "Please be thorough. " * (3 if n % 3 == 0 else 1) for n in range(60)]
    await talk(database, own_team, questions)
    file = tmp_path / "history.jsonl"

    written = await run(
        own_settings, "history", "--tenant", "Harbor", "--since", "2026-11-01", "--out", str(file)
    )
    replayed = await replay(file)

    assert (written.status, written.out) == (0, b""), written.said
    assert "60 labelled turns of 'Harbor'" in written.said
    assert replayed.status == 0, replayed.said
    said = json.loads(replayed.out)
    assert (said["n"], said["policy"]) == (60, "length")
    assert said["apgr"] > 0.7


async def test_the_file_is_its_owners_alone(
    own_settings: ControlSettings, database: Database, own_team: TenantSample, tmp_path: Path
) -> None:
    await talk(database, own_team, ["What is the refund period?"])
    file = tmp_path / "history.jsonl"

    await run(own_settings, "history", "--tenant", "Harbor", "--since", "2026-11-01", "--out", str(file))

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_a_cost_that_is_not_known_is_left_out_with_the_other_one(
    own_settings: ControlSettings, database: Database, own_team: TenantSample
) -> None:
    await talk(database, own_team, ["What is the refund period?"], shadow_cost=None)

    (row,) = rows(await run(own_settings, "history", "--tenant", "Harbor", "--since", "2026-11-01"))

    assert not {"cost_weak", "cost_strong"} & set(row)


async def test_only_what_was_labelled_since_then_is_in_it(
    own_settings: ControlSettings, database: Database, own_team: TenantSample
) -> None:
    await talk(database, own_team, ["First?", "Second?", "Third?"])

    ran = await run(own_settings, "history", "--tenant", "Harbor", "--since", "2026-11-24T12:01Z")

    assert [row["prompt"] for row in rows(ran)] == ["Second?", "Third?"]


async def test_nobody_elses_words_are_in_it(
    own_settings: ControlSettings, database: Database, own_team: TenantSample
) -> None:
    other = await make_tenant(database, "Lighthouse", "grace@lighthouse.example", "Grace")
    await talk(database, own_team, ["Ours?"])
    await talk(database, other, ["Theirs?"], word="Secret")

    ran = await run(own_settings, "history", "--tenant", "Harbor", "--since", "2026-11-01")

    assert [row["prompt"] for row in rows(ran)] == ["Ours?"]
    assert b"Secret" not in ran.out


async def test_a_tenant_without_labels_is_told_how_to_get_some(
    own_settings: ControlSettings, own_team: TenantSample, tmp_path: Path
) -> None:
    file = tmp_path / "history.jsonl"

    ran = await run(
        own_settings, "history", "--tenant", "Harbor", "--since", "2026-11-01", "--out", str(file)
    )

    assert ran.status == 1
    assert "no labels" in ran.said
    assert "shadow_share" in ran.said
    assert not file.exists()


@pytest.mark.parametrize(
    ("tenant", "since", "words"),
    [
        ("Nobody", "2026-11-01", "no tenant 'Nobody'"),
        ("Harbor", "yesterday", "--since is 'yesterday': write a day like 2026-11-01, or a moment"),
        ("Harbor", "0001-01-01T00:00+10:00", "--since is beyond the years 1 to 9999 of UTC"),
    ],
)
async def test_what_cannot_be_read_is_said(
    own_settings: ControlSettings, own_team: TenantSample, tenant: str, since: str, words: str
) -> None:
    ran = await run(own_settings, "history", "--tenant", tenant, "--since", since)

    assert ran.status == 1
    assert words in ran.said


async def test_a_name_that_two_tenants_have_needs_the_id(
    own_settings: ControlSettings, database: Database, own_team: TenantSample
) -> None:
    await make_tenant(database, "Harbor", "bo@harbor.example", "Bo")

    ran = await run(own_settings, "history", "--tenant", "Harbor", "--since", "2026-11-01")

    assert ran.status == 1
    assert "2 tenants are called 'Harbor'" in ran.said

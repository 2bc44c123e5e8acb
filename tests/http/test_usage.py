"""Usage is sums over the ledger's rows, and says how each figure is computed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from agent.wire import ModelCall
from control.spending.figures import COMPUTED, FiguresAnswer
from control.store import calls
from tests.db.samples import a_call
from tests.fixtures.control import ControlUnderTest, Reply, assert_problem
from tests.fixtures.database import TenantSample
from tests.http.callers import begin_job
from tests.http.keys import key_with

NOVEMBER = {"since": "2026-11-01T00:00:00Z", "until": "2026-12-01T00:00:00Z"}


def call(
    client_id: str, cost: int | None, baseline: int | None, single: int | None, **changes: Any
) -> ModelCall:
    return a_call(client_id).model_copy(
        update={
            "started_at": datetime(2026, 11, 24, 12, tzinfo=UTC),
            "cost_usd_micros": cost,
            "baseline_usd_micros": baseline,
            "single_usd_micros": single,
            "uncached_usd_micros": cost,
            **changes,
        }
    )


LEDGER = [
    call("a1", 100, 2_000, 900, answered=True, cached_tokens=50, uncached_usd_micros=130),
    call("b1", 90, 0, 0, reason="weak"),
    call("b2", 1_500, 1_500, 800, answered=True, tier="large", purpose="escalation", model="gpt-4o"),
    call("c1", None, None, None, answered=True, provider="custom", model="ours"),
    call("d1", 40, None, 300, answered=True, speaker_identity="user_bo", kind="see"),
    call("s1", 700, 700, None, kind="tts", tier=None, purpose="speech", characters=90, input_tokens=0),
    call("old", 5, 5, 5, answered=True, started_at=datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC)),
]


async def fill(control: ControlUnderTest, team: TenantSample, room_name: str = "standup") -> None:
    job = await begin_job(control.parts.db, team, room_name)
    await calls.append_calls(control.parts.db, team.id, job.conversation_id, job.epoch, LEDGER)


async def usage(control: ControlUnderTest, team: TenantSample, **query: str) -> Reply:
    key = await key_with(control, team, ["usage:read"])
    return await control.get("/v1/usage", key, params={**NOVEMBER, **query})


async def test_the_total_is_the_sum_of_rows_and_what_is_unknown_is_left_out_and_counted(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    await fill(control, team)
    await fill(control, other_team)

    total = (await usage(control, team)).body["total"]

    assert total == {
        "calls": 6,
        "turns": 4,
        "cost_usd_micros": 100 + 90 + 1_500 + 40 + 700,
        "unpriced_calls": 1,
        "compared_cost_usd_micros": 100 + 90 + 1_500,
        "always_large_usd_micros": 2_000 + 1_500,
        "saved_usd_micros": 3_500 - 1_690,
        "saved_share": pytest.approx(1_810 / 3_500, abs=1e-6),
        "uncompared_calls": 2,
        "rivalled_cost_usd_micros": 100 + 90 + 1_500 + 40,
        "best_single_usd_micros": 900 + 800 + 300,
        "saved_against_best_single_usd_micros": 2_000 - 1_730,
        "unrivalled_calls": 1,
        "cache_effect_usd_micros": 30,
        "strong_share": 0.25,
        "escalation_rate": 0.25,
        "tokens": {"input": 1_500, "cached": 50, "cache_write": 0, "output": 240},
        "audio_ms": 0,
        "characters": 90,
    }


@pytest.mark.parametrize(
    ("group", "keys"),
    [
        ("lane", ["see", "talk", "tts"]),
        ("tier", ["", "large", "small"]),
        ("agent", [""]),
        ("day", ["2026-11-24"]),
        ("model", ["custom/ours", "openai/gpt-4o", "openai/gpt-4o-mini"]),
        ("purpose", ["answer", "escalation", "speech"]),
        ("speaker", ["", "user_bo"]),
    ],
)
async def test_groups_add_up_to_the_total(
    control: ControlUnderTest, team: TenantSample, group: str, keys: list[str]
) -> None:
    await fill(control, team)

    body = (await usage(control, team, group=group)).body

    assert [item["key"] for item in body["data"]] == keys
    for figure in ("calls", "turns", "cost_usd_micros", "saved_usd_micros", "unpriced_calls"):
        assert sum(item["figures"][figure] for item in body["data"]) == body["total"][figure], figure


async def test_usage_of_one_room_is_of_that_room_alone(control: ControlUnderTest, team: TenantSample) -> None:
    await fill(control, team, "standup")

    assert (await usage(control, team, room_name="standup")).body["total"]["calls"] == 6
    assert (await usage(control, team, room_name="lounge")).body["total"]["calls"] == 0


async def test_an_empty_ledger_has_no_shares(control: ControlUnderTest, team: TenantSample) -> None:
    body = (await usage(control, team)).body

    assert body["data"] == []
    assert (body["total"]["saved_usd_micros"], body["total"]["saved_share"]) == (0, None)
    assert body["total"]["strong_share"] is None


async def test_every_figure_says_how_it_is_computed(control: ControlUnderTest, team: TenantSample) -> None:
    body = (await usage(control, team)).body

    units = {"audio_ms", "characters"}
    assert set(body["computed"]) == set(COMPUTED) == set(FiguresAnswer.model_fields) - units


async def test_without_times_it_is_this_month(control: ControlUnderTest, team: TenantSample) -> None:
    key = await key_with(control, team, ["usage:read"])
    now = datetime.now(UTC)

    body = (await control.get("/v1/usage", key)).body

    assert datetime.fromisoformat(body["since"]) == now.replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
    assert abs((datetime.fromisoformat(body["until"]) - now).total_seconds()) < 60


@pytest.mark.parametrize(
    ("until", "since"),
    [
        ("2026-12-01T00:00:00Z", "2026-11-01T00:00:00Z"),
        ("2026-12-01T00:00:00.000001Z", "2026-12-01T00:00:00Z"),
        ("2026-01-01T00:00:00Z", "2025-12-01T00:00:00Z"),
        ("2026-12-01T01:00:00+01:00", "2026-11-01T00:00:00Z"),
    ],
)
async def test_without_a_beginning_it_is_the_month_that_the_end_ends(
    control: ControlUnderTest, team: TenantSample, until: str, since: str
) -> None:
    key = await key_with(control, team, ["usage:read"])

    reply = await control.get("/v1/usage", key, params={"until": until})

    assert (reply.status, reply.body["since"]) == (200, since)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"since": "yesterday"}, "since"),
        ({"since": "2026-12-02T00:00:00Z"}, "since"),
        ({"since": "2020-01-01T00:00:00Z"}, "since"),
        ({"since": "0001-01-01T00:00:00+10:00"}, "since"),
        ({"until": "0001-01-01T00:00:00+10:00"}, "until"),
        ({"until": "0001-01-01T00:00:00Z"}, "since"),
        ({"until": "9999-12-31T23:59:59-10:00"}, "until"),
        ({"group": "phase"}, "group"),
        ({"room_name": "no room"}, "room_name"),
        ({"sine": "2026-11-01"}, "sine"),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused_by_name(
    control: ControlUnderTest, team: TenantSample, query: dict[str, str], field: str
) -> None:
    assert_problem(await usage(control, team, **query), 422, "invalid_input", field)

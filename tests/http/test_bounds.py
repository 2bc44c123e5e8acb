"""What is too much, twice, or to be read in two ways does not come in."""

import asyncio
import json

import pytest

from tests.fixtures.control import ControlUnderTest, Reply, assert_problem
from tests.fixtures.database import TenantSample
from tests.http.callers import begin_job, job_token, sign_in
from tests.http.limited import beside
from tests.http.test_internal import model_call, turn

JSON = {"Content-Type": "application/json"}


async def send(control: ControlUnderTest, team: TenantSample, raw: str | bytes, **headers: str) -> Reply:
    return await control.call("POST", "/v1/token", team.api_key, data=raw, headers={**JSON, **headers})


def nested(levels: int) -> str:
    return '{"room_name": "standup", "x": ' + "[" * levels + "]" * levels + "}"


async def test_json_may_be_32_levels_deep_and_not_33(control: ControlUnderTest, team: TenantSample) -> None:
    taken, refused = await send(control, team, nested(31)), await send(control, team, nested(32))

    assert taken.status == 201
    assert_problem(refused, 400, "malformed")


@pytest.mark.parametrize("opening", ["[", '{"a":'])
async def test_json_of_ten_thousand_levels_is_refused_without_a_stack_of_them(
    control: ControlUnderTest, team: TenantSample, opening: str
) -> None:
    reply = await send(control, team, opening * 10_000)

    assert_problem(reply, 400, "malformed")
    assert (await control.get("/livez")).status == 200


async def test_json_of_ten_thousand_values_is_refused(control: ControlUnderTest, team: TenantSample) -> None:
    reply = await send(control, team, json.dumps({"x": [0] * 10_001}))

    assert_problem(reply, 413, "too_large")


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ('{"room_name": "mine", "room_name": "standup"}', "room_name"),
        ('{"room_name": "mine", "room\\u005fname": "standup"}', "room_name"),
        ('{"room_name": "mine", "room_na\u200bme": "standup"}', "room_name"),
        ('{"participant_attributes": {"a": "1", "a": "2"}}', "participant_attributes.a"),
        ('{"x": [{"a": 1, "a": 2}]}', "x.0.a"),
    ],
)
async def test_a_key_that_stands_twice_is_refused(
    control: ControlUnderTest, team: TenantSample, raw: str, field: str
) -> None:
    assert_problem(await send(control, team, raw.encode()), 422, "invalid_input", field)
    assert (await control.rows(team.id))["rooms"] == 0


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", str(2**63), "-" + "9" * 400])
async def test_a_number_that_no_column_holds_is_refused(
    control: ControlUnderTest, team: TenantSample, number: str
) -> None:
    reply = await send(control, team, f'{{"x": {number}}}')

    assert_problem(reply, 422, "invalid_input", "x")


async def test_a_number_of_ten_thousand_digits_is_refused(
    control: ControlUnderTest, team: TenantSample
) -> None:
    assert_problem(await send(control, team, f'{{"x": {"9" * 10_000}}}'), 400, "malformed")


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "utf-7"])
async def test_json_in_another_charset_is_refused(
    control: ControlUnderTest, team: TenantSample, charset: str
) -> None:
    reply = await control.call(
        "POST",
        "/v1/token",
        team.api_key,
        data=b"{}",
        headers={"Content-Type": f"application/json; charset={charset}"},
    )

    assert_problem(reply, 415, "unsupported_media_type")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
async def test_json_that_is_secretly_in_another_encoding_is_refused(
    control: ControlUnderTest, team: TenantSample, encoding: str
) -> None:
    assert_problem(await send(control, team, "{}".encode(encoding)), 400, "malformed")


async def test_a_parameter_that_stands_twice_is_refused(
    control: ControlUnderTest, team: TenantSample
) -> None:
    reply = await control.get("/v1/rooms?limit=1&limit=100", team.api_key)

    assert_problem(reply, 422, "invalid_input", "limit")


async def test_a_path_is_bounded(control: ControlUnderTest) -> None:
    assert_problem(await control.get(f"/v1/rooms/{'x' * 2048}"), 414, "too_long")
    assert_problem(await control.get(f"/?{'x' * 7000}"), 414, "too_long")


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"X-Large: " + b"x" * 9000 + b"\r\n", id="one header of 9 KB"),
        pytest.param(b"".join(b"X-%d: x\r\n" % n for n in range(200)), id="two hundred headers"),
        pytest.param(b"X-Null: \x00\r\n", id="a NUL in a header"),
        pytest.param(b"Content-Length: 5\r\nContent-Length: 6\r\n", id="two lengths"),
        pytest.param(b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", id="a length and chunks"),
        pytest.param(b"Bad Name: x\r\n", id="a name with a space"),
    ],
)
async def test_a_head_that_is_too_large_or_ambiguous_is_refused_by_the_parser(
    control: ControlUnderTest, head: bytes
) -> None:
    reader, writer = await asyncio.open_connection(control.settings.host, control.settings.port)
    writer.write(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n")

    status_line = await asyncio.wait_for(reader.readline(), 5)
    writer.close()

    assert status_line.split()[1] in (b"400", b"431")


async def test_a_head_that_cannot_be_read_is_logged_without_what_stood_in_it(
    control: ControlUnderTest, caplog: pytest.LogCaptureFixture
) -> None:
    reader, writer = await asyncio.open_connection(control.settings.host, control.settings.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer canary\x00secret\r\n\r\n")

    await asyncio.wait_for(reader.read(), 5)
    writer.close()

    lines = [record for record in caplog.records if record.message == "a request could not be read"]
    assert [line.__dict__["error"] for line in lines] == ["BadHttpMessage"]
    assert "canary" not in str([record.__dict__ for record in caplog.records])


async def test_text_is_cleaned_before_any_route_sees_it(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)

    reply = await control.call(
        "PATCH", "/v1/account", session, json={"name": "A\u202eda\u200b Zoe\u0308\x07"}
    )

    assert (reply.status, reply.body["user"]["name"]) == (200, "Ada Zo\u00eb")


async def test_words_of_an_agent_are_cleaned_and_keep_their_lines(
    control: ControlUnderTest, team: TenantSample
) -> None:
    job = await begin_job(control.parts.db, team)
    said = turn("t1", text="one\r\n\u202etwo\x00", speaker={"identity": "user_1", "name": "A\u200bda"})

    await control.post("/internal/v1/turns", job_token(control, job), {"epoch": job.epoch, "turns": [said]})

    (kept,) = (await control.get("/internal/v1/context", job_token(control, job))).body["turns"]
    assert (kept["text"], kept["speaker"]["name"]) == ("one\ntwo", "Ada")


INTEGERS = (
    "first_token_ms",
    "total_ms",
    "input_tokens",
    "audio_ms",
    "cost_usd_micros",
    "baseline_usd_micros",
)


@pytest.mark.parametrize("field", INTEGERS)
@pytest.mark.parametrize("number", [-1, 2**63, 10**30])
async def test_a_count_beyond_postgresql_is_refused_by_its_field(
    control: ControlUnderTest, team: TenantSample, field: str, number: int
) -> None:
    job = await begin_job(control.parts.db, team)
    body = {"epoch": job.epoch, "calls": [model_call("c1", **{field: number})]}

    reply = await control.post("/internal/v1/model-calls", job_token(control, job), body)

    assert_problem(reply, 422, "invalid_input", f"calls.0.{field}")
    assert (await control.rows(team.id))["model_calls"] == 0


@pytest.mark.parametrize(("field", "most"), [("total_ms", 2**31 - 1), ("cost_usd_micros", 2**63 - 1)])
async def test_the_largest_count_that_a_column_holds_is_taken(
    control: ControlUnderTest, team: TenantSample, field: str, most: int
) -> None:
    job = await begin_job(control.parts.db, team)
    body = {"epoch": job.epoch, "calls": [model_call("c1", **{field: most})]}

    reply = await control.post("/internal/v1/model-calls", job_token(control, job), body)

    assert reply.status == 204


@pytest.mark.parametrize(
    "at", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "1999-12-31T00:00:00Z"]
)
async def test_a_moment_that_no_clock_shows_is_refused(
    control: ControlUnderTest, team: TenantSample, at: str
) -> None:
    job = await begin_job(control.parts.db, team)
    token = job_token(control, job)

    turns = await control.post(
        "/internal/v1/turns", token, {"epoch": job.epoch, "turns": [turn("t1", at=at)]}
    )
    calls = await control.post(
        "/internal/v1/model-calls", token, {"epoch": job.epoch, "calls": [model_call("c1", started_at=at)]}
    )

    assert_problem(turns, 422, "invalid_input", "turns.0.at")
    assert_problem(calls, 422, "invalid_input", "calls.0.started_at")


async def test_behind_a_trusted_proxy_a_session_notes_the_clients_own_address(
    control: ControlUnderTest, team: TenantSample
) -> None:
    body = {"email": team.email, "password": team.password}
    spoofing = {"X-Forwarded-For": "192.0.2.66, 198.51.100.7"}

    async with beside(control, trusted_proxies=("127.0.0.0/8",)) as behind:
        reply = await behind.post("/v1/sessions", body=body, headers=spoofing)
    own = await control.get("/v1/sessions", reply.body["session_token"])

    assert [session["address"] for session in own.body["data"]] == ["198.51.100.7"]

"""Alive and ready, in words; and what anyone may know about the installation."""

import dataclasses

import pytest

from agent.settings import ControlSettings
from tests.fixtures.control import ControlUnderTest, running_control
from tests.http.workers import report_worker


@pytest.mark.parametrize("path", ["/livez", "/healthz"])
async def test_a_process_that_runs_is_alive(control: ControlUnderTest, path: str) -> None:
    reply = await control.get(path)

    assert (reply.status, reply.body) == (200, {"status": "alive"})


async def test_control_is_ready_when_everything_answers(control: ControlUnderTest) -> None:
    reply = await control.get("/readyz")

    assert reply.status == 200
    assert reply.body == {
        "status": "ready",
        "postgresql": "answers",
        "redis": "answers",
        "livekit": "answers",
    }


async def test_a_missing_redis_is_named(control_without_redis: ControlUnderTest) -> None:
    reply = await control_without_redis.get("/readyz")

    assert reply.status == 503
    assert reply.body == {
        "status": "not ready",
        "postgresql": "answers",
        "redis": "does not answer",
        "livekit": "answers",
    }
    assert (await control_without_redis.get("/livez")).status == 200


async def test_a_missing_media_server_is_named(control_without_media: ControlUnderTest) -> None:
    reply = await control_without_media.get("/readyz")

    assert (reply.status, reply.body["livekit"]) == (503, "does not answer")


async def test_a_wrong_livekit_key_is_not_ready(own_settings: ControlSettings) -> None:
    livekit = dataclasses.replace(own_settings.livekit, api_secret="x" * 32)
    async with running_control(dataclasses.replace(own_settings, livekit=livekit)) as control:
        reply = await control.get("/readyz")

    assert (reply.status, reply.body["livekit"]) == (503, "does not answer")


async def test_a_browser_on_this_machine_is_told_of_the_demo(control: ControlUnderTest) -> None:
    for host in ("localhost:8080", "127.0.0.1", "[::1]:8080", "localhost"):
        reply = await control.get("/v1/deployment", headers={"Host": host})

        assert reply.body == {
            "agent_name": "parley",
            "profile": None,
            "workers": 0,
            "demo": {"email": "demo@parley.example", "password": "demo password"},
            "sign_up": "open",
            "mail_dir": str(control.settings.mail_dir),
        }


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "parley.example"},
        {"Host": "localhost.evil.example:8080"},
        {"Host": "evil.example:127"},
        {"Host": "localhost", "X-Forwarded-For": "203.0.113.9"},
        {"Host": "localhost", "Forwarded": "for=203.0.113.9"},
        {"Host": "localhost", "Via": "1.1 proxy"},
    ],
)
async def test_nobody_else_is_told_of_the_demo(control: ControlUnderTest, headers: dict[str, str]) -> None:
    reply = await control.get("/v1/deployment", headers=headers)

    assert (reply.status, reply.body["demo"]) == (200, None)


async def test_an_installation_without_a_demo_has_none_to_tell(own_settings: ControlSettings) -> None:
    settings = dataclasses.replace(own_settings, demo_email=None, demo_password=None)
    async with running_control(settings) as control:
        assert (await control.get("/v1/deployment")).body["demo"] is None


async def test_the_profile_is_what_the_workers_say(control: ControlUnderTest) -> None:
    await report_worker(control, profile="gpt-6-luna, openai speech")

    deployment = (await control.get("/v1/deployment")).body

    assert (deployment["workers"], deployment["profile"]) == (1, "gpt-6-luna, openai speech")


async def test_without_redis_no_worker_is_known(control_without_redis: ControlUnderTest) -> None:
    reply = await control_without_redis.get("/v1/deployment")

    assert (reply.status, reply.body["workers"], reply.body["profile"]) == (200, 0, None)

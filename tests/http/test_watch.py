"""The watch: rooms with people and without an agent are served, whatever was lost, and never twice."""

import asyncio
import dataclasses

from agent.settings import ControlSettings
from control.dispatch import Dispatcher
from control.local.ports import LOOPBACK, free_ports
from control.media import Presence
from control.watch import LEADER_KEY, Watch
from tests.fixtures.control import ControlUnderTest, eventually, running_control
from tests.fixtures.database import TenantSample
from tests.http.people import (
    agent_in,
    dispatches,
    epoch_of,
    let_pass,
    person_in,
    room_of,
    wait_for_presence,
)
from tests.http.workers import report_worker

ONE_PERSON = Presence(humans=1, agents=0)


def watch_of(control: ControlUnderTest) -> Watch:
    return Watch(control.parts.dispatcher, control.parts.media, control.parts.redis)


async def test_a_join_whose_webhook_was_lost_is_still_served(
    own_settings: ControlSettings, own_team: TenantSample
) -> None:
    # LiveKit's webhooks go to another control, which does not know this tenant.
    async with running_control(own_settings, watch=True) as control, person_in(control, own_team):

        async def is_sent() -> bool:
            return len(await dispatches(control, own_team)) == 1

        await eventually(is_sent, "a dispatch", timeout_s=12)


async def test_a_pass_sends_one_agent_and_the_next_waits_for_it(
    own_settings: ControlSettings, own_team: TenantSample
) -> None:
    async with running_control(own_settings) as control, person_in(control, own_team):
        await wait_for_presence(control, own_team, ONE_PERSON)

        await watch_of(control).reconcile()
        await watch_of(control).reconcile()

        assert await epoch_of(control, own_team) == 1
        assert len(await dispatches(control, own_team)) == 1


async def test_an_agent_that_does_not_come_is_followed_by_another_in_its_place(
    own_settings: ControlSettings, own_team: TenantSample
) -> None:
    async with running_control(own_settings) as control, person_in(control, own_team):
        await wait_for_presence(control, own_team, ONE_PERSON)
        await watch_of(control).reconcile()
        await let_pass(control, own_team)

        await watch_of(control).reconcile()

        assert [item.epoch for item in await dispatches(control, own_team)] == [2]


async def test_agents_that_do_not_come_are_given_more_and_more_time(
    own_settings: ControlSettings, own_team: TenantSample
) -> None:
    async with running_control(own_settings) as control, person_in(control, own_team):
        await wait_for_presence(control, own_team, ONE_PERSON)
        epochs = []

        for seconds in (7, 7, 7, 13, 13, 25):
            await let_pass(control, own_team, seconds)
            await watch_of(control).reconcile()
            epochs.append(await epoch_of(control, own_team))

        assert epochs == [1, 2, 2, 3, 3, 4]


async def test_a_new_worker_is_sent_at_once_to_who_has_waited_longest(
    own_settings: ControlSettings, own_team: TenantSample
) -> None:
    async with running_control(own_settings, watch=True) as control, person_in(control, own_team):

        async def is_sent() -> bool:
            return await epoch_of(control, own_team) == 2

        await wait_for_presence(control, own_team, ONE_PERSON)
        await control.parts.dispatcher.attend(room_of(own_team))
        await let_pass(control, own_team)

        await report_worker(control)

        await eventually(is_sent, "an agent for the new worker", timeout_s=3)


async def test_a_room_that_has_its_agent_is_left_alone(
    own_settings: ControlSettings, own_team: TenantSample
) -> None:
    async with (
        running_control(own_settings) as control,
        person_in(control, own_team),
        agent_in(control, own_team),
    ):
        await wait_for_presence(control, own_team, Presence(humans=1, agents=1))

        await watch_of(control).reconcile()

        assert await epoch_of(control, own_team) == 0
        assert (await control.get("/v1/rooms/standup", own_team.api_key)).body["agent"] == {"state": "joined"}
        assert (await control.get("/v1/rooms/standup", own_team.api_key)).body["humans"] == 1


async def test_a_room_where_only_an_agent_is_left_is_left_alone(
    own_settings: ControlSettings, own_team: TenantSample
) -> None:
    async with running_control(own_settings) as control:
        await control.post("/v1/token", own_team.api_key, {"room_name": "standup"})
        async with agent_in(control, own_team):
            await wait_for_presence(control, own_team, Presence(humans=0, agents=1))

            await watch_of(control).reconcile()

            assert await epoch_of(control, own_team) == 0


async def test_two_processes_that_see_a_room_at_once_send_one_agent(
    own_settings: ControlSettings, own_team: TenantSample
) -> None:
    async with running_control(own_settings) as control, person_in(control, own_team):
        await wait_for_presence(control, own_team, ONE_PERSON)
        # Each has locks of its own, as two processes have.
        several = [
            Dispatcher(control.parts.db, control.parts.media, control.parts.jobs, "parley") for _ in range(6)
        ]

        sent = await asyncio.gather(*(one.attend(room_of(own_team)) for one in several))

        assert sorted(sent) == [False] * 5 + [True]
        assert await epoch_of(control, own_team) == 1
        assert len(await dispatches(control, own_team)) == 1


async def test_a_pass_without_the_media_server_is_survived(
    control_without_media: ControlUnderTest,
) -> None:
    watch = watch_of(control_without_media)

    watch.start()

    async def has_tried() -> bool:
        return await control_without_media.parts.redis.exists(LEADER_KEY) == 1

    await eventually(has_tried, "leadership")
    assert watch.is_running
    await watch.aclose()
    assert not watch.is_running


async def test_one_of_two_nodes_watches_and_the_other_takes_over(
    own_settings: ControlSettings, own_team: TenantSample
) -> None:
    async with running_control(own_settings) as control:
        first, second = watch_of(control), watch_of(control)

        assert await first.leads()
        assert not await second.leads()
        assert await first.leads()
        await first.aclose()
        assert await second.leads()
        await second.aclose()


async def test_without_redis_every_node_watches(control_without_redis: ControlUnderTest) -> None:
    first, second = watch_of(control_without_redis), watch_of(control_without_redis)

    assert await first.leads()
    assert await second.leads()


async def test_a_media_server_that_comes_back_finds_people_served(
    own_settings: ControlSettings, own_team: TenantSample
) -> None:
    (port,) = free_ports(1)
    livekit = own_settings.livekit
    away = dataclasses.replace(
        own_settings, livekit=dataclasses.replace(livekit, url=f"ws://{LOOPBACK}:{port}")
    )
    async with running_control(own_settings) as control, person_in(control, own_team):
        await wait_for_presence(control, own_team, ONE_PERSON)
        other = dataclasses.replace(away, port=free_ports(1)[0])
        async with running_control(other) as cut_off:
            # An outage is not read as missing agents: nothing begins.
            watch = watch_of(cut_off)
            await watch.attempt()
            await watch.aclose()
            assert await epoch_of(cut_off, own_team) == 0

        await watch_of(control).attempt()

        assert await epoch_of(control, own_team) == 1

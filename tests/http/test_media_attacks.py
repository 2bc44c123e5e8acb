"""The media server under attack: junk in place of media, junk in place of signals, a flood at its door.

It is LiveKit's; what is proved is that the version that is pinned, as it is configured here, goes on serving.
"""

import asyncio
import os
import socket
from contextlib import suppress
from urllib.parse import urlsplit

import aiohttp
import jwt
import pytest
from aiohttp import ClientConnectionResetError
from livekit import rtc

from tests.fixtures.control import ControlUnderTest
from tests.fixtures.database import TenantSample
from tests.http.people import person_in, room_of

RTP = bytes([0x80, 0x6F])
"""Version 2, payload type 111: what Opus comes as. Source: RFC 3550, section 5.1."""
DTLS = bytes([22, 0xFE, 0xFD])
STUN = bytes.fromhex("000100002112a442")


def media_address(control: ControlUnderTest) -> tuple[str, int]:
    """Of the tests' LiveKit, whose one UDP port has the number of its TCP port."""
    parts = urlsplit(control.settings.livekit.url)
    return parts.hostname or "", parts.port or 0


async def token_of(control: ControlUnderTest, team: TenantSample, identity: str) -> str:
    body = {"room_name": "standup", "participant_identity": identity}
    reply = await control.post("/v1/token", team.api_key, body)
    return str(reply.body["participant_token"])


async def hears(room: rtc.Room, other: rtc.Room) -> bool:
    """Whether what one sends arrives at the other."""
    arrived = asyncio.Event()
    other.on("data_received", lambda packet: arrived.set())
    for _ in range(50):
        await room.local_participant.publish_data(b"are you there", reliable=True)
        try:
            async with asyncio.timeout(0.2):
                await arrived.wait()
                return True
        except TimeoutError:
            continue
    return False


async def test_packets_that_are_no_media_neither_get_in_nor_end_a_meeting(
    control: ControlUnderTest, team: TenantSample
) -> None:
    async with (
        person_in(control, team, identity="ann") as ann,
        person_in(control, team, identity="bob") as bob,
    ):
        tracks: list[object] = []
        bob.on("track_published", lambda *published: tracks.append(published))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as attacker:
            for number in range(2_000):
                head = (RTP, DTLS, STUN, b"")[number % 4]
                attacker.sendto(head + os.urandom(1 + number * 7 % 1200), media_address(control))

        assert await hears(ann, bob)
        assert tracks == []
        assert {person.identity for person in bob.remote_participants.values()} == {"ann"}


@pytest.mark.parametrize("is_text", [False, True], ids=["bytes", "text"])
async def test_signals_that_cannot_be_read_end_nobody_elses_meeting(
    control: ControlUnderTest, team: TenantSample, is_text: bool
) -> None:
    token = await token_of(control, team, "mallory")
    async with (
        person_in(control, team, identity="ann") as ann,
        person_in(control, team, identity="bob") as bob,
    ):
        address = f"{control.settings.livekit.url}/rtc?access_token={token}&protocol=16&auto_subscribe=1"
        async with control.http.ws_connect(address) as signals:
            for number in range(200):
                junk = os.urandom(1 + number * 17 % 4096)
                # A client may be shown the door for it.
                with suppress(ClientConnectionResetError):
                    await (signals.send_str(junk.hex()) if is_text else signals.send_bytes(junk))

        assert await hears(ann, bob)


async def test_a_flood_of_signals_from_inside_keeps_nobody_from_joining_and_being_heard(
    control: ControlUnderTest, team: TenantSample
) -> None:
    async def flood(number: int) -> int:
        token, sent = await token_of(control, team, f"mallory-{number}"), 0
        address = f"{control.settings.livekit.url}/rtc?access_token={token}&protocol=16&auto_subscribe=1"
        async with control.http.ws_connect(address) as signals:
            with suppress(ClientConnectionResetError):
                # `ping` of LiveKit's SignalRequest (field 14), which is answered each time.
                while sent < 2_000:
                    await signals.send_bytes(bytes([14 << 3, 1]))
                    sent += 1
        return sent

    async with asyncio.TaskGroup() as tasks:
        floods = [tasks.create_task(flood(number)) for number in range(10)]
        async with (
            person_in(control, team, identity="ann") as ann,
            person_in(control, team, identity="bob") as bob,
        ):
            assert await hears(ann, bob)

    assert sum(task.result() for task in floods) > 5_000


async def test_a_flood_at_the_door_does_not_keep_out_who_has_a_token(
    control: ControlUnderTest, team: TenantSample
) -> None:
    livekit = control.settings.livekit
    forged = jwt.encode({"iss": livekit.api_key, "video": {"roomJoin": True}}, "s" * 32, "HS256")

    async def knock() -> int:
        async with aiohttp.ClientSession() as http:
            try:
                async with http.ws_connect(f"{livekit.url}/rtc?access_token={forged}"):
                    return 101
            except aiohttp.WSServerHandshakeError as error:
                return error.status

    async def flood() -> list[int]:
        return list(await asyncio.gather(*(knock() for _ in range(300))))

    flooding = asyncio.create_task(flood())
    async with person_in(control, team) as ann:
        assert ann.isconnected()
    assert set(await flooding) == {401}


async def test_nobody_joins_with_the_token_of_another_room_or_none(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    token = await token_of(control, other_team, "mallory")
    async with person_in(control, team, identity="ann") as ann:
        for query in (f"access_token={token}&room={room_of(team)}", "", "access_token=x"):
            # The first leads into the room that its token names, and no other.
            with suppress(aiohttp.WSServerHandshakeError):
                async with control.http.ws_connect(f"{control.settings.livekit.url}/rtc?{query}") as signals:
                    await signals.receive(timeout=5)

        assert dict(ann.remote_participants) == {}


async def test_whoever_reaches_the_media_server_without_its_key_administers_nothing(
    control: ControlUnderTest, team: TenantSample
) -> None:
    token = await token_of(control, team, "mallory")
    base = control.settings.livekit.url.replace("ws", "http", 1)
    async with person_in(control, team, identity="ann") as ann:
        for method, body in (
            ("RoomService/ListRooms", {}),
            ("RoomService/DeleteRoom", {"room": room_of(team)}),
            ("RoomService/RemoveParticipant", {"room": room_of(team), "identity": "ann"}),
            ("RoomService/ListParticipants", {"room": room_of(team)}),
            ("Egress/StartRoomCompositeEgress", {"room_name": room_of(team)}),
        ):
            for headers in ({}, {"Authorization": f"Bearer {token}"}):
                async with control.http.post(
                    f"{base}/twirp/livekit.{method}", json=body, headers=headers
                ) as answer:
                    assert answer.status in (401, 403, 404), method

        assert ann.isconnected()

"""The two that are compared, on one LiveKit server and one set of fake providers."""

import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from livekit import api

from control.local.folder import StackFolder
from tests.bench.bare import AGENT_NAME
from tests.fixtures.meeting import Meeting
from tests.fixtures.participant import Participant
from tests.fixtures.stack import ROOT, Stack, clean_environment, start_stack


@dataclass(frozen=True, slots=True)
class Parley:
    """`greets`: it speaks first, so that its first words are there to be interrupted."""

    stack: Stack
    name: str = "parley"
    greets: bool = True

    async def join(self) -> Participant:
        """Somebody who enters a fresh room that this agent serves."""
        return await Meeting.fresh(self.stack.url, self.stack.api_key).join("Ann")


@dataclass(frozen=True, slots=True)
class Bare:
    url: str
    key: str
    secret: str
    name: str = "bare"
    greets: bool = False

    async def join(self) -> Participant:
        room = f"bare-{uuid.uuid4().hex[:8]}"
        async with api.LiveKitAPI(self.url, self.key, self.secret) as livekit:
            await livekit.room.create_room(api.CreateRoomRequest(name=room, empty_timeout=60))
            await livekit.agent_dispatch.create_dispatch(
                api.CreateAgentDispatchRequest(agent_name=AGENT_NAME, room=room)
            )
        token = (
            api.AccessToken(self.key, self.secret)
            .with_identity("ann")
            .with_ttl(timedelta(minutes=10))
            .with_grants(api.VideoGrants(room_join=True, room=room))
        )
        return Participant(self.url, token.to_jwt())


Subject = Parley | Bare


@contextmanager
def start_subjects(folder: Path, providers: dict[str, str]) -> Iterator[tuple[Parley, Bare]]:
    """`providers`: the environment that sends both to the fakes."""
    settings = providers | {
        "PARLEY_SMALL_MODEL": "openai/gpt-4o-mini",
        "PARLEY_LARGE_MODEL": "openai/gpt-4o",
        "PARLEY_STT": "openai",
        "PARLEY_TTS": "openai",
        "PARLEY_IDLE_PROCESSES": "2",
    }
    with start_stack(folder, settings) as stack:
        access = Bare(stack.livekit_url, "parley", StackFolder(folder).secrets().livekit_secret)
        with _bare_worker(access, providers, folder):
            yield Parley(stack), access


@contextmanager
def _bare_worker(access: Bare, providers: dict[str, str], folder: Path) -> Iterator[None]:
    environment = clean_environment() | providers
    environment |= {
        "LIVEKIT_URL": access.url,
        "LIVEKIT_API_KEY": access.key,
        "LIVEKIT_API_SECRET": access.secret,
    }
    with (folder / "bare.log").open("w") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.bare"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            yield
        finally:
            worker.send_signal(signal.SIGINT)
            try:
                worker.wait(20)
            except subprocess.TimeoutExpired:
                worker.kill()

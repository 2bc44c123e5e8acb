"""The stack's LiveKit server: its configuration, and how one knows that it is ready.

Everything is bound to loopback, media included, and no STUN server outside the machine is named to
clients, so that a room works without a network and nothing is told to anyone. It has no Redis: rooms live
as long as the server, and the stack ends with it.
"""

import json
from pathlib import Path

import aiohttp

from control.local.child import Child, Program
from control.local.environment import LiveKitAccess
from control.local.folder import StackFolder, write_private
from control.local.pids import PidFile
from control.local.ports import LOOPBACK

API_KEY = "parley"
READY_TIMEOUT_S = 30.0
DISCARD_PORT = 9
STOP_GRACE_S = 0.5
"""It keeps nothing, but would wait five seconds for connections that the others have dropped."""


class LocalLiveKit:
    def __init__(
        self,
        folder: StackFolder,
        pids: PidFile,
        environment: dict[str, str],
        *,
        port: int,
        udp_port: int,
        webhook_url: str | None,
    ) -> None:
        self._folder = folder
        self._pids = pids
        self._environment = environment
        self._port = port
        self._udp_port = udp_port
        self._webhook_url = webhook_url
        self.child: Child | None = None

    @property
    def access(self) -> LiveKitAccess:
        secret = self._folder.secrets().livekit_secret
        return LiveKitAccess(f"ws://{LOOPBACK}:{self._port}", API_KEY, secret)

    async def start(self, server: Path) -> None:
        """Returns when it answers. Raises: StackError."""
        config = self._folder.path / "livekit.json"
        write_private(config, json.dumps(self.configuration(), indent=2))
        command = [str(server), "--config", str(config), "--node-ip", LOOPBACK, "--bind", LOOPBACK]
        program = Program("livekit", command, self._environment, self._folder.log("livekit"), STOP_GRACE_S)
        self.child = Child(program, self._pids)
        await self.child.start()
        await self.child.wait_ready(self._answers, READY_TIMEOUT_S)

    def configuration(self) -> dict[str, object]:
        """LiveKit's configuration; its YAML reader takes JSON."""
        webhook = {"api_key": API_KEY, "urls": [self._webhook_url]} if self._webhook_url else {}
        return {
            "port": self._port,
            "bind_addresses": [LOOPBACK],
            "rtc": {
                "udp_port": self._udp_port,
                "tcp_port": 0,  # LiveKit binds this one to every interface; UDP on loopback never fails
                "use_external_ip": False,
                "enable_loopback_candidate": True,
                "ips": {"includes": [f"{LOOPBACK}/32"]},
                # Without one LiveKit names public STUN servers to every client. Nothing listens there; at
                # the port of the media themselves it would keep clients from connecting.
                "stun_servers": [f"{LOOPBACK}:{DISCARD_PORT}"],
            },
            "keys": {API_KEY: self.access.api_secret},
            "room": {"auto_create": False},
            "webhook": webhook,
            "logging": {"level": "info", "json": True},
        }

    async def _answers(self) -> bool:
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=1.0)) as http,
                http.get(f"http://{LOOPBACK}:{self._port}/") as answer,
            ):
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

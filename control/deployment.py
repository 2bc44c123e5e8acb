"""What anyone may know about this installation: its agent, its workers, and whether strangers may sign up.

The demo's password, and where letters are while there is no mail server, are told only to a browser on the
same machine that asked for it by a loopback name, and never through a proxy.
"""

import ipaddress
from typing import Final, Literal

from aiohttp import web

from agent.settings import ControlSettings
from control.endpoints import Answer, Call, Nothing
from control.workers import Workers

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
PROXY_HEADERS: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


class DemoAnswer(Answer):
    email: str
    password: str


class DeploymentAnswer(Answer):
    """`profile` says what the workers hear, think and speak with; None while none has reported. `mail_dir`:
    the folder that letters go to, told on this machine only; None where they are sent.
    """

    agent_name: str
    profile: str | None
    workers: int
    sign_up: Literal["open", "closed"]
    demo: DemoAnswer | None
    mail_dir: str | None


class Deployment:
    def __init__(self, settings: ControlSettings, workers: Workers) -> None:
        self._settings = settings
        self._workers = workers

    async def show(self, call: Call[None, Nothing]) -> DeploymentAnswer:
        """Tells about this installation: its agent, its workers, how people sign up."""
        workers = await self._workers.present(self._settings.agent_name) or []
        return DeploymentAnswer(
            agent_name=self._settings.agent_name,
            profile=workers[0].profile if workers else None,
            workers=len(workers),
            sign_up="open" if self._settings.is_sign_up_open else "closed",
            demo=self._demo(call.request),
            mail_dir=self._mail_dir(call.request),
        )

    def _mail_dir(self, request: web.Request) -> str | None:
        if self._settings.smtp_url is not None or not _is_this_machine(request):
            return None
        return str(self._settings.mail_dir.absolute())

    def _demo(self, request: web.Request) -> DemoAnswer | None:
        email, password = self._settings.demo_email, self._settings.demo_password
        if email is None or password is None or not _is_this_machine(request):
            return None
        return DemoAnswer(email=email, password=password)


def _is_this_machine(request: web.Request) -> bool:
    if any(name in request.headers for name in PROXY_HEADERS):
        return False
    name = request.host.rpartition(":")[0] if ":" in request.host.rpartition("]")[2] else request.host
    try:
        return name in LOOPBACK_NAMES and ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False

"""The stack's PostgreSQL: the one that DATABASE_URL names, else an embedded one in the stack's folder.

Either way the schema is brought up to date with the owner's address, and control is given the address of
the unprivileged role.
"""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

from agent.errors import StackError
from control.local.folder import StackFolder
from control.local.postgres import EmbeddedPostgres
from control.local.waiting import until
from control.store.migrate import APP_ROLE, migrate, set_app_password

POLL_S = 0.5


class LocalDatabase:
    def __init__(self, folder: StackFolder, environment: Mapping[str, str], port: int) -> None:
        self._port = port
        self._url: str | None = None
        self._password = folder.secrets().database_password
        self._given_url = environment.get("DATABASE_URL") or None
        self._given_owner_url = environment.get("DATABASE_OWNER_URL") or None
        is_given = self._given_url or self._given_owner_url
        self._embedded = (
            None if is_given else EmbeddedPostgres(folder.path / "postgres", folder.log("postgres"))
        )

    @property
    def pid(self) -> int | None:
        return None if self._embedded is None else self._embedded.pid

    @property
    def owner_url(self) -> str:
        """Raises: StackError before `start`."""
        if self._embedded is not None:
            return self._embedded.owner_url
        return self._given_owner_url or self._given_url or ""

    @property
    def url(self) -> str:
        """As the application's role. Raises: StackError before `migrate`."""
        if self._url is None:
            raise StackError("the database was not migrated, so the application has no address yet")
        return self._url

    async def start(self) -> None:
        """Raises: StackError."""
        if self._embedded is not None:
            await self._embedded.start(self._port)

    async def migrate(self) -> None:
        """Raises: ConfigError, DatabaseUnavailable."""
        await migrate(self.owner_url)
        given = self._given_url
        if given is not None and (self._given_owner_url is not None or urlsplit(given).username == APP_ROLE):
            self._url = given
        else:
            self._url = await set_app_password(self.owner_url, self._password)

    async def wait_for_end(self) -> None:
        """Returns when an embedded server has ended; a given one is none of our business."""
        if self._embedded is None:
            await asyncio.Event().wait()

        async def has_ended() -> bool:
            return self.pid is None

        await until(has_ended, timeout_s=None, poll_s=POLL_S)

    async def stop(self) -> None:
        if self._embedded is not None:
            await self._embedded.stop()

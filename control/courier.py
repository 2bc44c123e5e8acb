"""Takes what is due from the outbox, sends it, and settles or postpones it.

At least once: who sends and dies before settling leaves it to be sent again when its lease ends. A courier
`in_order` puts a batch that failed back into its place and rests, so that one process sends in the order of
writing; otherwise each parcel waits on its own and the others go on. Several processes take side by side.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

from agent.errors import AppError, InvalidInput
from control.store.db import Database
from control.store.outbox import OutboxKind
from control.store.system import Parcel

logger = logging.getLogger(__name__)

Send = Callable[[Sequence[Parcel]], Awaitable[None]]
"""Raises: Unavailable, OSError or TimeoutError to try again; InvalidInput to give up what was handed over."""

IDLE_S: Final = 2.0
"""Between two looks, since another process may have put something in; ours wake us."""
SEND_TIMEOUT_S: Final = 30.0
LEASE_S: Final = 90
FIRST_REST_S: Final = 1.0
LONGEST_REST_S: Final = 300.0


class Courier:
    """`batch`: how many parcels `send` gets at most. With more than one, they fail and succeed together.

    `first_rest_s`, `longest_rest_s`: how long a parcel rests after it failed, doubling from one to the other.
    """

    def __init__(
        self,
        db: Database,
        kind: OutboxKind,
        send: Send,
        *,
        batch: int = 1,
        in_order: bool = False,
        first_rest_s: float = FIRST_REST_S,
        longest_rest_s: float = LONGEST_REST_S,
    ) -> None:
        self._db = db
        self._kind = kind
        self._send = send
        self._batch = batch
        self._in_order = in_order
        self._first_rest_s = first_rest_s
        self._longest_rest_s = longest_rest_s
        self._failures = 0
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=f"courier {self._kind}")

    def wake(self) -> None:
        """Something was put in: look now, unless the other side is being left in peace."""
        self._woken.set()

    async def aclose(self) -> None:
        """What is being sent is left, and sent again by the next process."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def deliver(self) -> int:
        """Sends until nothing is due, or until a batch in order fails; how many parcels arrived.

        Raises: DatabaseUnavailable.
        """
        arrived = 0
        while True:
            parcels = await self._db.system.take_outbox(self._kind, self._batch, LEASE_S)
            if not parcels:
                self._failures = 0
                return arrived
            error = await self._try(parcels)
            if error is None:
                arrived += len(parcels)
                self._failures = 0
            elif self._in_order:
                self._failures += 1
                return arrived

    async def _try(self, parcels: Sequence[Parcel]) -> str | None:
        """None when they arrived or can never arrive, else why not."""
        try:
            async with asyncio.timeout(SEND_TIMEOUT_S):
                await self._send(parcels)
        except InvalidInput as error:
            logger.error("parcels given up", extra={"kind": self._kind, "error": error.code})
        except Exception as error:
            reason = error.code if isinstance(error, AppError) else type(error).__name__
            logger.warning(
                "parcels not sent", extra={"kind": self._kind, "count": len(parcels), "error": reason}
            )
            for parcel in parcels:
                await self._db.system.postpone_outbox(parcel.id, self._due_at(parcel), reason)
            return reason
        for parcel in parcels:
            await self._db.system.settle_outbox(parcel.id)
        return None

    def _due_at(self, parcel: Parcel) -> datetime:
        if self._in_order:
            return parcel.created_at
        return datetime.now(UTC) + timedelta(
            seconds=_rest_s(parcel.attempts, self._first_rest_s, self._longest_rest_s)
        )

    async def _run(self) -> None:
        while True:
            self._woken.clear()
            try:
                await self.deliver()
            except AppError as error:
                self._failures += 1
                logger.warning("outbox not read", extra={"kind": self._kind, "error": error.code})
            except Exception as error:
                self._failures += 1
                logger.error("courier failed", extra={"kind": self._kind, "error": type(error).__name__})
            if self._failures:
                await asyncio.sleep(_rest_s(self._failures, FIRST_REST_S, LONGEST_REST_S))
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(IDLE_S):
                    await self._woken.wait()


def _rest_s(failures: int, first_s: float, longest_s: float) -> float:
    """Twice as long each time; drawn by lot within a quarter, so that many do not come back together."""
    rest_s = min(first_s * 2.0 ** min(failures - 1, 16), longest_s)
    return rest_s * random.uniform(0.75, 1.0)  # noqa: S311 - spreads load, guards nothing

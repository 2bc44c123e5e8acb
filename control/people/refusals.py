"""Sign-ins that were refused: a line in the log for each, and an audit event for a person who is known.

The event is written beside the answer and not before it. A refusal of somebody unknown writes nothing, so
waiting for the database would tell by the time of the answer which addresses have accounts.
"""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Final, Literal

from agent.wire import UserId
from control.audit.actions import AuditAction
from control.audit.record import AuditActor, AuditEvent, record
from control.store.db import Database
from control.store.members import own_memberships

logger = logging.getLogger(__name__)

MAX_UNWRITTEN: Final = 100
"""Events that wait for the database at once; what comes on top is in the log alone."""

Step = Literal["password", "second_factor", "proof"]


class Refusals:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._tasks: set[asyncio.Task[None]] = set()

    async def aclose(self) -> None:
        """Waits until what was noted is written."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def note(self, step: Step, request_id: str, user_id: UserId | None) -> None:
        """`user_id` is None where there is no such person."""
        logger.info("sign-in refused", extra={"step": step, "request_id": request_id})
        if user_id is None:
            return
        if len(self._tasks) >= MAX_UNWRITTEN:
            logger.warning("a refused sign-in is missing in the audit", extra={"request_id": request_id})
            return
        event = AuditEvent(
            AuditAction.SIGN_IN_FAILED,
            AuditActor("stranger"),
            succeeded=False,
            request_id=request_id,
            subject_user_id=user_id,
            details={"step": step},
        )
        self._own(self._write(user_id, event))

    async def _write(self, user_id: UserId, event: AuditEvent) -> None:
        """In the tenant that the person joined first; nowhere for somebody who is in none."""
        try:
            async with self._db.person(user_id) as conn:
                memberships = await own_memberships(conn)
            if memberships:
                async with self._db.tenant(memberships[0].tenant_id) as conn:
                    await record(conn, memberships[0].tenant_id, event)
        except Exception as error:  # the end of a task that nobody awaits
            logger.warning(
                "a refused sign-in is missing in the audit",
                extra={"request_id": event.request_id, "error": type(error).__name__},
            )

    def _own(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

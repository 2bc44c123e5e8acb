"""What a job tells of turns that both tiers answered: its labels, into its own conversation."""

from typing import Any

from aiohttp import web

from agent.errors import InvalidInput
from agent.wire import LabelsBody
from control.auth import Authenticator
from control.endpoints import INTERNAL_BODY_BYTES, Call, Route
from control.jobs import Job
from control.store.db import Database
from control.store.labels import append_labels


class LabelDesk:
    def __init__(self, db: Database) -> None:
        self._db = db

    def routes(self, auth: Authenticator) -> list[Route[Any, Any]]:
        return [
            Route(
                "POST",
                "/internal/v1/labels",
                auth.job,
                self.append,
                LabelsBody,
                None,
                204,
                INTERNAL_BODY_BYTES,
            )
        ]

    async def append(self, call: Call[Job, LabelsBody]) -> web.Response:
        """Raises: StaleEpoch, NotFound, InvalidInput."""
        job, body = call.caller, call.input
        if body.epoch != job.epoch:
            raise InvalidInput(f"epoch {body.epoch} is not the job token's, which is {job.epoch}", "epoch")
        await append_labels(self._db, job.tenant_id, job.conversation_id, job.epoch, body.labels)
        return web.Response(status=204)

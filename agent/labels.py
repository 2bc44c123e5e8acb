"""Brings labels to control. One that cannot be brought within a few tries is given up: another turn brings
the next, and nobody misses it.
"""

import asyncio
import logging
from typing import Final, Protocol

from agent.errors import AppError, ControlUnavailable, TooMany
from agent.wire import LabelsBody, LabelWrite

logger = logging.getLogger(__name__)

WAITS_S: Final = (1.0, 5.0, 20.0)


class LabelStore(Protocol):
    async def append_labels(self, body: LabelsBody) -> None: ...


class LabelWriter:
    """For one job. Sending a label again changes nothing."""

    def __init__(self, store: LabelStore, epoch: int, waits_s: tuple[float, ...] = WAITS_S) -> None:
        self._store = store
        self._epoch = epoch
        self._waits_s = waits_s

    async def write(self, label: LabelWrite) -> None:
        """Returns when control has it, or it was given up. Cancelling gives it up."""
        body = LabelsBody(epoch=self._epoch, labels=[label])
        for wait_s in (*self._waits_s, None):
            try:
                await self._store.append_labels(body)
            except (ControlUnavailable, TooMany) as error:
                if wait_s is None:
                    logger.warning("a label was given up", extra={"error": error.code})
                    return
                await asyncio.sleep(wait_s)
            except AppError as error:
                logger.warning("control refused a label", extra={"error": error.code})
                return
            else:
                return

"""Events → bounded queue → one writer → control: what is said becomes stored turns, in order.

A turn is sent the moment it is written; what arrives meanwhile goes out together. While control is away
the writer puts the queue into the spool, acknowledges from there, and tries again with backoff; the queue
stays the one order, the spool is its durable copy. A stale epoch, an expired job token or a deleted
conversation ends the writing: the owner is told to leave and the next job takes the spool over. What a job
that was replaced has spent it still reports as it leaves, since control takes that from it.
"""

import asyncio
import logging
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol, TypeVar

from agent.backlog import BATCH, Backlog, CallEntry, Entry
from agent.errors import (
    AppError,
    ControlUnavailable,
    NotAuthenticated,
    NotFound,
    StaleEpoch,
    TooMany,
    Unavailable,
)
from agent.spool import Spool
from agent.wire import ModelCall, ModelCallsBody, TurnsAnswer, TurnsBody, TurnWrite

logger = logging.getLogger(__name__)

FLUSH_S: Final = 3.0
FIRST_RETRY_S: Final = 0.2
LAST_RETRY_S: Final = 5.0

Result = TypeVar("Result")


class TurnStore(Protocol):
    async def append_turns(self, body: TurnsBody) -> TurnsAnswer: ...

    async def append_calls(self, body: ModelCallsBody) -> None: ...


class Recorder:
    """`on_stale` is called once, from the event loop, when this job may not write any more."""

    def __init__(
        self,
        store: TurnStore,
        *,
        epoch: int,
        spool: Spool,
        on_stale: Callable[[], None] = lambda: None,
        backlog: Backlog | None = None,
        flush_s: float = FLUSH_S,
        first_retry_s: float = FIRST_RETRY_S,
    ) -> None:
        self._store = store
        self._epoch = epoch
        self._spool = spool
        self._on_stale = on_stale
        self._flush_s = flush_s
        self._first_retry_s = first_retry_s
        self._backlog = Backlog() if backlog is None else backlog
        self._seqs: dict[str, int] = {}
        self._disk = ThreadPoolExecutor(max_workers=1, thread_name_prefix="spool")
        self._wake = asyncio.Event()
        self._retry_at_s: float | None = None
        self._retry_s = first_retry_s
        self._batch = BATCH
        self._closing = False
        self._ended: AppError | None = None
        self._writer: asyncio.Task[None] | None = None
        self._log_fields: dict[str, object] = {"conversation": spool.conversation, "epoch": epoch}

    async def start(self) -> None:
        """Begins to write; first what an ended job of this conversation left in the spool."""
        await self._take_over()
        self._writer = asyncio.create_task(self._guard(), name="recorder")

    async def aclose(self) -> None:
        """Delivers what is waiting, for `flush_s` at most; the rest goes into the spool.

        Of a job that was replaced: the model calls alone.
        """
        if self._writer is not None:
            await self._take_over()
            self._closing = True
            self._wake.set()
            try:
                async with asyncio.timeout(self._flush_s):
                    await self._writer
            except TimeoutError:
                logger.warning("turns were still waiting at the end", extra=self._log_fields)
        if self._ended is None:
            await self._keep()
            self._end(ControlUnavailable("the recorder was closed"))
        elif isinstance(self._ended, StaleEpoch):
            await self._report_spent()
        await self._on_disk(self._spool.close)
        self._disk.shutdown(wait=False)

    def write_turn(self, turn: TurnWrite) -> "asyncio.Future[None]":
        """The acknowledgement: done when control has stored the turn or the spool holds it durably.

        It fails with StaleEpoch (or what else ended the writing), with InvalidInput when control refuses
        the turn, and with ControlUnavailable when a full queue dropped it: only a turn of the agent's can
        be, and a streaming update first. Cancelling the future does not take the turn back.
        """
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        future.add_done_callback(_retrieve)
        entry = Entry(turn, [future])
        if self._ended is not None:
            entry.fail(self._ended)
            return future
        self._backlog.put(entry)
        self._wake.set()
        return future

    def write_call(self, call: ModelCall) -> None:
        """Also of a job that was replaced: the money is spent. The row says which job made the call, since
        another may have to send it."""
        if self._ended is None or isinstance(self._ended, StaleEpoch):
            self._backlog.put_call(CallEntry(call.model_copy(update={"epoch": self._epoch})))
            self._wake.set()

    def seq_of(self, client_id: str) -> int | None:
        """The turn's place in the conversation; None until control has stored it."""
        return self._seqs.get(client_id)

    # The writer

    async def _guard(self) -> None:
        try:
            await self._write()
        except Exception as error:  # the boundary of a task: an agent that cannot record has to leave
            logger.exception("the recorder broke down", extra=self._log_fields)
            await self._keep()
            self._end(ControlUnavailable(f"the recorder broke down: {type(error).__name__}"))
            self._on_stale()

    async def _write(self) -> None:
        while self._ended is None and (self._backlog or not self._closing):
            if not self._backlog:
                await self._woken()
            elif self._retry_at_s is None:
                await self._deliver()
            else:
                await self._keep()
                if self._closing:
                    return
                await self._woken()

    async def _woken(self) -> None:
        """Returns when something was written, `aclose` was called, or it is time to try control again."""
        try:
            async with asyncio.timeout_at(self._retry_at_s):
                await self._wake.wait()
        except TimeoutError:
            self._retry_at_s = None
        if self._closing:
            self._retry_at_s = None
        self._wake.clear()

    async def _deliver(self) -> None:
        turns = self._backlog.take_turns(self._batch)
        calls = [] if turns else self._backlog.take_calls(self._batch)
        try:
            if turns:
                self._stored(turns, await self._store.append_turns(_turns_body(self._epoch, turns)))
            else:
                await self._store.append_calls(_calls_body(self._epoch, calls))
        except StaleEpoch as error:
            self._backlog.put_back(turns, calls)
            self._stop(error)
        except NotFound as error:
            # The conversation was deleted: there is nothing to keep these words for.
            self._backlog.put_back(turns, calls)
            await self._clear_spool()
            self._stop(error)
        except NotAuthenticated as error:
            self._backlog.put_back(turns, calls)
            await self._keep()
            self._stop(error)
        except (Unavailable, TooMany) as error:
            self._backlog.put_back(turns, calls)
            self._away(error)
        except AppError as error:
            self._refused(turns, calls, error)
        except BaseException:
            # The deadline of `aclose`, or a defect: what was on its way is kept for the spool.
            self._backlog.put_back(turns, calls)
            raise
        else:
            await self._back()

    def _stored(self, entries: Sequence[Entry], answer: TurnsAnswer) -> None:
        """Raises: ControlUnavailable when control did not acknowledge each of them."""
        seqs = {ack.client_id: ack.seq for ack in answer.acks}
        if any(entry.turn.client_id not in seqs for entry in entries):
            raise ControlUnavailable("control acknowledged fewer turns than it was sent")
        self._seqs.update(seqs)
        for entry in entries:
            entry.acknowledge()

    async def _back(self) -> None:
        """Control answered: the backoff starts over, and an emptied spool is removed."""
        self._batch = BATCH
        self._retry_s = self._first_retry_s
        if self._spool.is_used and not self._backlog.holds_kept:
            await self._clear_spool()

    def _away(self, error: AppError) -> None:
        now_s = asyncio.get_running_loop().time()
        self._retry_at_s = now_s + self._retry_s * random.uniform(0.8, 1.2)  # noqa: S311 — spreads load
        self._retry_s = min(self._retry_s * 2, LAST_RETRY_S)
        logger.warning("control is away: turns are spooled", extra={**self._log_fields, "error": error.code})

    def _refused(self, turns: Sequence[Entry], calls: Sequence[CallEntry], error: AppError) -> None:
        """One bad entry must not hold up the others: what was sent together is sent one by one."""
        if len(turns) + len(calls) > 1:
            self._backlog.put_back(turns, calls)
            self._batch = 1
            return
        logger.error("control refused an entry", extra={**self._log_fields, "error": error.code})
        for entry in turns:
            entry.fail(error)
        self._batch = BATCH

    def _stop(self, error: AppError) -> None:
        logger.warning("this job may not write any more", extra={**self._log_fields, "error": error.code})
        self._end(error)
        self._on_stale()

    def _end(self, error: AppError) -> None:
        self._ended = error
        for entry in self._backlog.turns():
            entry.fail(error)

    async def _report_spent(self) -> None:
        """Sends the calls that are waiting; the next job finds in the spool what cannot be sent now."""
        calls: list[CallEntry] = []
        try:
            async with asyncio.timeout(self._flush_s):
                while calls := self._backlog.take_calls(BATCH):
                    await self._store.append_calls(_calls_body(self._epoch, calls))
        except (Unavailable, TooMany, NotAuthenticated, StaleEpoch, TimeoutError):
            self._backlog.put_back([], calls)
            waiting = [entry.call for entry in self._backlog.calls() if not entry.is_kept]
            try:
                await self._on_disk(self._spool.append, [], waiting)
            except OSError as error:
                self._log_disk(error)
        except AppError as error:
            logger.error("control refused model calls", extra={**self._log_fields, "error": error.code})

    # The spool

    async def _take_over(self) -> None:
        if self._ended is not None:
            return
        try:
            left = await self._on_disk(self._spool.take_over)
        except OSError as error:
            self._log_disk(error)
            return
        if not left.turns and not left.calls:
            return
        logger.info(
            "turns of an ended job are replayed", extra={**self._log_fields, "turns": len(left.turns)}
        )
        self._backlog.put_back(
            [Entry(turn, is_kept=True, was_kept=True) for turn in left.turns],
            [CallEntry(call, is_kept=True) for call in left.calls],
        )
        self._wake.set()

    async def _keep(self) -> None:
        """Puts what only memory holds into the spool, and acknowledges it."""
        turns = [(entry, entry.turn) for entry in self._backlog.turns() if not entry.is_kept]
        calls = [entry for entry in self._backlog.calls() if not entry.is_kept]
        if not turns and not calls:
            return
        try:
            await self._on_disk(
                self._spool.append, [turn for _, turn in turns], [entry.call for entry in calls]
            )
            if self._spool.is_full:
                everything = [entry.turn for entry in self._backlog.turns()]
                await self._on_disk(
                    self._spool.rewrite, everything, [entry.call for entry in self._backlog.calls()]
                )
        except OSError as error:
            self._log_disk(error)
            return
        for entry, written in turns:
            if entry.turn is written:
                entry.mark_kept()
        for call_entry in calls:
            call_entry.is_kept = True

    async def _clear_spool(self) -> None:
        try:
            await self._on_disk(self._spool.clear)
        except OSError as error:
            self._log_disk(error)

    async def _on_disk(self, work: Callable[..., Result], *values: object) -> Result:
        """Runs `work` in the one thread that touches the spool, so that nothing there overlaps."""
        return await asyncio.get_running_loop().run_in_executor(self._disk, work, *values)

    def _log_disk(self, error: OSError) -> None:
        logger.error("the spool cannot be used", extra={**self._log_fields, "error": type(error).__name__})


def _turns_body(epoch: int, entries: Sequence[Entry]) -> TurnsBody:
    return TurnsBody(epoch=epoch, turns=[entry.turn for entry in entries])


def _calls_body(epoch: int, entries: Sequence[CallEntry]) -> ModelCallsBody:
    return ModelCallsBody(epoch=epoch, calls=[entry.call for entry in entries])


def _retrieve(future: "asyncio.Future[None]") -> None:
    """Marks a failure as seen: most writers of a turn do not await its acknowledgement."""
    if not future.cancelled():
        future.exception()

"""Reads that arrive while others are under way go together in the next statement, each thing once.

A read never joins a statement that has begun: what it is told was true after it was asked. Alone it costs one
statement as before; under load the price of a round trip is shared by all that wait.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import Final, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

FLIGHTS: Final = 2
"""Statements at a time: one may be slow without holding up everything behind it."""
MOST_AT_ONCE: Final = 100


class Gathering(Generic[K, V]):
    """`read` is given each key once; a key that is missing in its answer reads as None.

    What `read` raises reaches everybody who waited for that statement. Cancelling a waiting read cancels
    nothing else.
    """

    def __init__(self, read: Callable[[Sequence[K]], Awaitable[Mapping[K, V]]]) -> None:
        self._read = read
        self._waiting: dict[K, asyncio.Future[V | None]] = {}
        self._flights: set[asyncio.Task[None]] = set()

    async def get(self, key: K) -> V | None:
        answer = self._waiting.get(key)
        if answer is None:
            answer = self._waiting[key] = asyncio.get_running_loop().create_future()
            if len(self._flights) < FLIGHTS:
                self._flights.add(asyncio.create_task(self._fly(), name="gathered reads"))
        # Several may wait for the same: one that goes away must not take it from the others.
        return await asyncio.shield(answer)

    async def aclose(self) -> None:
        """Waits for what is being read."""
        await asyncio.gather(*self._flights)

    async def _fly(self) -> None:
        try:
            await self._read_all()
        finally:
            # At once and not in a callback: whoever asks next must see that nobody is flying.
            task = asyncio.current_task()
            if task is not None:
                self._flights.discard(task)

    async def _read_all(self) -> None:
        while self._waiting:
            taken = dict(list(self._waiting.items())[:MOST_AT_ONCE])
            for key in taken:
                del self._waiting[key]
            try:
                found = await self._read(list(taken))
            except asyncio.CancelledError:
                for answer in taken.values():
                    answer.cancel()
                raise
            except Exception as error:  # whoever waits raises it
                for answer in taken.values():
                    answer.set_exception(error)
                    answer.exception()  # it was seen, even if everybody has gone away
            else:
                for key, answer in taken.items():
                    answer.set_result(found.get(key))

"""Reads that wait go together, each once, never with one that has begun, and nobody waits for ever."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from agent.errors import DatabaseUnavailable
from control.store.gathering import FLIGHTS, MOST_AT_ONCE, Gathering


class Shelf:
    """What is read from; a read ends when the test lets it."""

    def __init__(self, *, held: bool = False) -> None:
        self.reads: list[list[int]] = []
        self.content = {number: f"book {number}" for number in range(1000)}
        self.let_go = asyncio.Event()
        if not held:
            self.let_go.set()

    async def read(self, keys: Sequence[int]) -> Mapping[int, str]:
        self.reads.append(list(keys))
        found = {key: self.content[key] for key in keys if key in self.content}
        await self.let_go.wait()
        return found


async def until_begun(shelf: Shelf, reads: int) -> None:
    async with asyncio.timeout(5):
        while await asyncio.sleep(0, len(shelf.reads)) < reads:
            pass


async def test_each_gets_their_own_and_none_for_what_is_not_there() -> None:
    books = Gathering(Shelf().read)

    assert await asyncio.gather(*(books.get(number) for number in (1, 2, 5000, 1))) == [
        "book 1",
        "book 2",
        None,
        "book 1",
    ]


async def test_who_comes_while_reads_are_under_way_goes_together_in_the_next() -> None:
    shelf = Shelf(held=True)
    books = Gathering(shelf.read)
    first = [asyncio.create_task(books.get(number)) for number in range(FLIGHTS)]
    await until_begun(shelf, 1)
    later = [asyncio.create_task(books.get(number % 10 + 100)) for number in range(50)]
    await asyncio.sleep(0)
    shelf.let_go.set()

    assert await asyncio.gather(*later) == [f"book {number % 10 + 100}" for number in range(50)]
    await asyncio.gather(*first)
    assert sum(len(read) for read in shelf.reads) == FLIGHTS + 10


async def test_a_read_is_never_told_what_was_true_before_it_asked() -> None:
    shelf = Shelf(held=True)
    books = Gathering(shelf.read)
    before = asyncio.create_task(books.get(1))
    await until_begun(shelf, 1)
    del shelf.content[1]
    after = asyncio.create_task(books.get(1))
    await until_begun(shelf, 2)
    shelf.let_go.set()

    assert (await before, await after) == ("book 1", None)


async def test_no_read_takes_more_than_so_many() -> None:
    shelf = Shelf()
    books = Gathering(shelf.read)

    await asyncio.gather(*(books.get(number) for number in range(MOST_AT_ONCE * 3)))

    assert max(len(read) for read in shelf.reads) == MOST_AT_ONCE


async def test_who_asks_in_the_moment_in_which_the_last_read_ends_is_answered_too() -> None:
    books = Gathering(Shelf().read)

    async def ask_again_and_again(number: int) -> None:
        for turn in range(200):
            assert await books.get((number * 31 + turn) % 1000) is not None

    async with asyncio.timeout(10):
        await asyncio.gather(*(ask_again_and_again(number) for number in range(7)))


async def test_a_failure_reaches_everybody_who_waited_and_nobody_after() -> None:
    shelf = Shelf()
    is_away = True

    async def read(keys: Sequence[int]) -> Mapping[int, str]:
        if is_away:
            raise DatabaseUnavailable("away")
        return await shelf.read(keys)

    books = Gathering(read)
    outcomes = await asyncio.gather(*(books.get(number) for number in range(5)), return_exceptions=True)
    is_away = False

    assert [type(outcome) for outcome in outcomes] == [DatabaseUnavailable] * 5
    assert await books.get(1) == "book 1"


async def test_one_that_goes_away_takes_the_answer_from_nobody() -> None:
    shelf = Shelf(held=True)
    books = Gathering(shelf.read)
    leaving, staying = asyncio.create_task(books.get(1)), asyncio.create_task(books.get(1))
    await until_begun(shelf, 1)
    leaving.cancel()
    shelf.let_go.set()

    assert await staying == "book 1"
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_closing_waits_for_what_is_being_read() -> None:
    shelf = Shelf(held=True)
    books = Gathering(shelf.read)
    asking = asyncio.create_task(books.get(1))
    await until_begun(shelf, 1)
    closing = asyncio.create_task(books.aclose())
    await asyncio.sleep(0)
    assert not closing.done()
    shelf.let_go.set()
    await closing

    assert await asking == "book 1"

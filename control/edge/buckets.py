"""Buckets in Redis: several asks are granted together or not at all, in one script under Redis's own clock.

A bucket is the moment at which it is full again (the generic cell rate algorithm), so it holds one number and
forgets itself when it is full. Asks that arrive while a script runs go together in the next one: under load
the cost of a round trip is shared, and without load nobody waits.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from redis.asyncio import Redis

from control.edge.rates import Rate, Tier

KNOWN_MS: Final = 10_000
"""For so long Redis remembers whether a tenant may spend; then PostgreSQL is asked again."""
GROUPS_AT_ONCE: Final = 100

SCRIPT: Final = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local key, arg, asked, out = 0, 2, {}, {}
for number in string.gmatch(ARGV[1], '%S+') do asked[#asked + 1] = tonumber(number) end
local known_ms = asked[2]
local function keep(name, moment)
    redis.call('SET', name, string.format('%.0f', moment), 'PX', math.ceil((moment - now) / 1000) + 1)
end
for group = 1, asked[1] do
    local count, purse, known = asked[arg + 1], asked[arg + 2], asked[arg + 3]
    arg = arg + 3
    local status, full, over = 0, {}, {}
    for i = 1, count do
        local every, quota = asked[arg + 2 * i - 1], asked[arg + 2 * i]
        full[i] = math.max(tonumber(redis.call('GET', KEYS[key + i]) or now), now) + every
        over[i] = full[i] - now - every * quota
        if over[i] > 0 then status = 1 end
    end
    if purse == 1 then
        local name = KEYS[key + count + 1]
        if known >= 0 then redis.call('SET', name, known, 'PX', known_ms) end
        local spent = redis.call('GET', name)
        if status == 0 and spent == '1' then status = 2 end
        if status == 0 and not spent then status = 3 end
    end
    out[#out + 1] = status
    for i = 1, count do
        local every = asked[arg + 2 * i - 1]
        if status == 0 then keep(KEYS[key + i], full[i]) end
        out[#out + 1] = string.format('%.0f', over[i])
        out[#out + 1] = string.format('%.0f', full[i] - now - (status == 0 and 0 or every))
    end
    key, arg = key + count + purse, arg + 2 * count
end
return table.concat(out, ' ')
"""
"""Numbers go in and out as one text each: the client library spends most on a list of them."""

GIVE_BACK: Final = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
for i, name in ipairs(KEYS) do
    local moment = tonumber(redis.call('GET', name) or 0) - tonumber(ARGV[i])
    if moment <= now then
        redis.call('DEL', name)
    else
        redis.call('SET', name, string.format('%.0f', moment), 'PX', math.ceil((moment - now) / 1000) + 1)
    end
end
"""

GRANTED, LIMITED, SPENT, SPENDING_UNKNOWN = 0, 1, 2, 3


@dataclass(frozen=True, slots=True)
class Ask:
    """One of a bucket. `subject` is whose bucket it is; Redis sees a digest of it only."""

    tier: Tier
    subject: str
    rate: Rate

    @property
    def key(self) -> str:
        return f"parley:limit:{self.tier}:{digest(self.subject)}"


@dataclass(frozen=True, slots=True)
class Bucket:
    """As it is after the ask. `wait_s`: until one more is there, 0 while one is; `full_s`: until all are."""

    tier: Tier
    rate: Rate
    remaining: int
    wait_s: float
    full_s: float


@dataclass(frozen=True, slots=True)
class Verdict:
    status: int
    buckets: list[Bucket]


@dataclass(frozen=True, slots=True)
class Group:
    """Asks that are granted together. `purse`: whose spending is looked at; `may_spend` None: not known."""

    asks: Sequence[Ask]
    purse: str | None = None
    may_spend: bool | None = None


class RedisBuckets:
    """Raises everywhere: redis.exceptions.RedisError."""

    def __init__(self, redis: Redis) -> None:
        self._take = redis.register_script(SCRIPT)
        self._give = redis.register_script(GIVE_BACK)
        self._waiting: list[tuple[Group, asyncio.Future[Verdict]]] = []
        self._sender: asyncio.Task[None] | None = None

    async def take(self, group: Group) -> Verdict:
        """Granted: one of each bucket is gone. Anything else: nothing is."""
        answer: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        self._waiting.append((group, answer))
        if self._sender is None or self._sender.done():
            self._sender = asyncio.create_task(self._send(), name="limits")
        return await answer

    async def give_back(self, asks: Sequence[Ask]) -> None:
        await self._give(keys=[ask.key for ask in asks], args=[ask.rate.every_us for ask in asks])

    async def aclose(self) -> None:
        """Whoever still waits is told that there is no answer."""
        if self._sender is not None:
            self._sender.cancel()
            await asyncio.wait([self._sender])
        for _, answer in self._waiting:
            answer.cancel()

    async def _send(self) -> None:
        while self._waiting:
            sent, self._waiting = self._waiting[:GROUPS_AT_ONCE], self._waiting[GROUPS_AT_ONCE:]
            try:
                verdicts = await self._ask([group for group, _ in sent])
            except asyncio.CancelledError:
                for _, answer in sent:
                    answer.cancel()
                raise
            except Exception as error:  # whoever waits raises it, and there it is told apart
                _tell(sent, error)
            else:
                for (_, answer), verdict in zip(sent, verdicts, strict=True):
                    if not answer.done():
                        answer.set_result(verdict)

    async def _ask(self, groups: Sequence[Group]) -> list[Verdict]:
        keys: list[str] = []
        numbers: list[int] = [len(groups), KNOWN_MS]
        for group in groups:
            known = -1 if group.may_spend is None else int(not group.may_spend)
            numbers += [len(group.asks), int(group.purse is not None), known]
            for ask in group.asks:
                keys.append(ask.key)
                numbers += [ask.rate.every_us, ask.rate.quota]
            if group.purse is not None:
                keys.append(f"parley:spent:{digest(group.purse)}")
        said: str = await self._take(keys=keys, args=[" ".join(map(str, numbers))])
        answer = map(int, said.split())
        return [
            Verdict(next(answer), [_bucket(ask, next(answer), next(answer)) for ask in group.asks])
            for group in groups
        ]


def digest(subject: str) -> str:
    """So that Redis holds neither addresses of people nor of machines."""
    return hashlib.sha256(subject.encode()).hexdigest()[:32]


def _bucket(ask: Ask, over_us: int, full_us: int) -> Bucket:
    spare_us = ask.rate.every_us * ask.rate.quota - full_us
    return Bucket(
        tier=ask.tier,
        rate=ask.rate,
        remaining=max(0, spare_us // ask.rate.every_us),
        wait_s=max(0, over_us) / 1_000_000,
        full_s=max(0, full_us) / 1_000_000,
    )


def _tell(sent: Sequence[tuple[Group, "asyncio.Future[Verdict]"]], error: Exception) -> None:
    for _, answer in sent:
        if not answer.done():
            answer.set_exception(error)

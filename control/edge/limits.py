"""How often what may be done, by whom, and what a tenant may spend: counted in Redis, shared by all nodes.

While Redis is away what guards credentials and delicate actions lets nothing through, what a tenant spent is
read from PostgreSQL, and everything else is counted by this process alone, with smaller quotas.
"""

import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from agent.errors import BudgetSpent, NotAuthenticated, TooMany, Unavailable
from agent.wire import TenantId
from control.edge.buckets import LIMITED, SPENDING_UNKNOWN, SPENT, Ask, Bucket, Group, RedisBuckets, Verdict
from control.edge.local_buckets import LocalBuckets
from control.edge.rates import RATES, Rates, Tier
from control.store.budgets import is_budget_spent
from control.store.db import Database
from control.store.gathering import Gathering

logger = logging.getLogger(__name__)

ADDRESS_PREFIX: Final = "address "
"""Of a subject that is a place and no account: many people may be behind it, so it has no daily quota."""

CLOSED_TIERS: Final = frozenset({Tier.CREDENTIAL, Tier.CREDENTIAL_DAILY, Tier.ACTION})
RETRY_REDIS_S: Final = 1.0
LOG_EVERY_S: Final = 60.0
MAX_REFUSED: Final = 10_000


class LimitReached(TooMany):
    """`buckets`: all that were asked, for the headers of the answer."""

    def __init__(self, message: str, retry_after_s: float, buckets: Sequence[Bucket]) -> None:
        super().__init__(message, retry_after_s)
        self.buckets = buckets


class Limits:
    """One for a process; `rates` differ in tests and benchmarks only."""

    def __init__(self, redis: Redis, db: Database, rates: Rates = RATES) -> None:
        self._db = db
        self._rates = rates
        self._shared = RedisBuckets(redis)
        self._local = LocalBuckets()
        self._spending = Gathering(self._read_spending)
        # Until when an address is over its limit, in seconds.
        self._refused: OrderedDict[str, float] = OrderedDict()
        self._away_until_s = 0.0
        self._logged_at_s = -LOG_EVERY_S

    async def aclose(self) -> None:
        await self._shared.aclose()
        await self._spending.aclose()

    def ask(self, tier: Tier, subject: str) -> Ask:
        return Ask(tier, subject, self._rates[tier])

    async def admit(self, asks: Sequence[Ask], spender: TenantId | None = None) -> list[Bucket]:
        """Takes one of each bucket, or of none. `spender`: whose money what follows will cost.

        Raises: LimitReached; BudgetSpent; Unavailable when only Redis could tell and is away.
        """
        try:
            verdict = await self._ask_redis(asks, spender)
        except RedisError as error:
            self._note_outage(error)
            verdict = await self._ask_nobody(asks, spender)
        if verdict.status == LIMITED:
            raise self._refuse(asks, verdict)
        if verdict.status == SPENT:
            raise BudgetSpent(
                "this month's budget is spent: raise it, or wait until next month", _rest_of_month_s()
            )
        return verdict.buckets

    @asynccontextmanager
    async def attempt(self, *subjects: str) -> AsyncIterator[None]:
        """Around something that may be tried so often by each subject. Only NotAuthenticated counts.

        The attempt is counted before it is made, so that parallel ones cannot slip past the limit together.
        Raises: LimitReached; Unavailable when Redis does not answer.
        """
        asks = [self.ask(Tier.CREDENTIAL, subject) for subject in subjects]
        asks += [
            self.ask(Tier.CREDENTIAL_DAILY, subject)
            for subject in subjects
            if not subject.startswith(ADDRESS_PREFIX)
        ]
        await self.admit(asks)
        try:
            yield
        except NotAuthenticated:
            raise
        except BaseException:
            await self._give_back(asks)
            raise
        await self._give_back(asks)

    def refuse_known(self, address: str) -> None:
        """Spares the work for an address that cannot have come by another request yet. Raises: LimitReached.

        Time alone fills a bucket, so what Redis said stays true until then.
        """
        until_s = self._refused.get(address)
        if until_s is None:
            return
        wait_s = until_s - time.monotonic()
        if wait_s <= 0:
            del self._refused[address]
            return
        rate = self._rates[Tier.ADDRESS]
        raise LimitReached(
            _sentence(Tier.ADDRESS), wait_s, [Bucket(Tier.ADDRESS, rate, 0, wait_s, rate.window_s)]
        )

    async def may_spend(self, tenant_id: TenantId) -> bool:
        """As PostgreSQL has it now. Raises: DatabaseUnavailable."""
        return bool(await self._spending.get(tenant_id))

    async def _read_spending(self, tenants: Sequence[TenantId]) -> dict[TenantId, bool]:
        """Everybody of a tenant asks at once when Redis has just forgotten the answer."""
        found = {}
        for tenant_id in tenants:
            async with self._db.tenant(tenant_id) as conn:
                found[tenant_id] = not await is_budget_spent(conn)
        return found

    async def _ask_redis(self, asks: Sequence[Ask], spender: TenantId | None) -> Verdict:
        """Raises: RedisError, also without asking when there was no answer just now."""
        if time.monotonic() < self._away_until_s:
            raise RedisError("no answer just now")
        purse = None if spender is None else spender.hex
        verdict = await self._shared.take(Group(asks, purse))
        if verdict.status == SPENDING_UNKNOWN and spender is not None:
            may_spend = await self.may_spend(spender)
            verdict = await self._shared.take(Group(asks, purse, may_spend))
        return verdict

    async def _ask_nobody(self, asks: Sequence[Ask], spender: TenantId | None) -> Verdict:
        """Raises: Unavailable."""
        if any(ask.tier in CLOSED_TIERS for ask in asks):
            raise Unavailable("this is closed for the moment: its limits cannot be checked")
        if spender is not None and not await self.may_spend(spender):
            return Verdict(SPENT, [])
        return self._local.take(asks)

    def _refuse(self, asks: Sequence[Ask], verdict: Verdict) -> LimitReached:
        nearest = max(verdict.buckets, key=lambda bucket: bucket.wait_s)
        for ask, bucket in zip(asks, verdict.buckets, strict=True):
            if ask.tier is Tier.ADDRESS and bucket.wait_s > 0:
                self._refused[ask.subject] = time.monotonic() + bucket.wait_s
                if len(self._refused) > MAX_REFUSED:
                    self._refused.popitem(last=False)
        return LimitReached(_sentence(nearest.tier), nearest.wait_s, verdict.buckets)

    async def _give_back(self, asks: Sequence[Ask]) -> None:
        """Best effort: at worst a success counts as a failure for a while."""
        try:
            await self._shared.give_back(asks)
        except RedisError as error:
            self._note_outage(error)

    def _note_outage(self, error: RedisError) -> None:
        now_s = time.monotonic()
        if now_s >= self._away_until_s:
            self._away_until_s = now_s + RETRY_REDIS_S
        if now_s - self._logged_at_s >= LOG_EVERY_S:
            self._logged_at_s = now_s
            logger.warning("limits are counted without redis", extra={"error": type(error).__name__})


def _rest_of_month_s() -> float:
    now = datetime.now(UTC)
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return ((first + timedelta(days=32)).replace(day=1) - now).total_seconds()


def _sentence(tier: Tier) -> str:
    match tier:
        case Tier.ADDRESS:
            return "too many requests from this address; wait a moment"
        case Tier.CREDENTIAL:
            return "too many failed attempts; wait a minute"
        case Tier.CREDENTIAL_DAILY:
            return "too many failed attempts today; wait a while, or reset what you sign in with"
        case Tier.PRINCIPAL:
            return "too many requests with this session or key; wait a moment"
        case Tier.ACTION:
            return "this was done very often; wait a while before doing it again"
        case Tier.TENANT:
            return "too many requests of this tenant; wait a moment"

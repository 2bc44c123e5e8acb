"""Buckets of this process alone, for while Redis is away: the same rule, smaller quotas, bounded memory."""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Final

from control.edge.buckets import GRANTED, LIMITED, Ask, Bucket, Verdict
from control.edge.rates import Rate

MAX_BUCKETS: Final = 10_000


class LocalBuckets:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        # Seconds at which each is full again. When there are too many, who came longest ago begins afresh.
        self._full_at_s: OrderedDict[str, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at_s)

    def take(self, asks: Sequence[Ask]) -> Verdict:
        """Granted: one of each bucket is gone, of the reduced quotas. Otherwise nothing is."""
        now_s = self._clock()
        rates = [ask.rate.reduced() for ask in asks]
        before = [max(self._full_at_s.get(ask.key, now_s), now_s) - now_s for ask in asks]
        after = [full_s + rate.every_us / 1e6 for full_s, rate in zip(before, rates, strict=True)]
        over = [full_s - _whole_s(rate) for full_s, rate in zip(after, rates, strict=True)]
        is_granted = max(over, default=0.0) <= 1e-9
        if is_granted:
            for ask, full_s in zip(asks, after, strict=True):
                self._keep(ask.key, now_s + full_s)
        shown = after if is_granted else before
        buckets = [
            _bucket(ask, rate, full_s, over_s)
            for ask, rate, full_s, over_s in zip(asks, rates, shown, over, strict=True)
        ]
        return Verdict(GRANTED if is_granted else LIMITED, buckets)

    def _keep(self, key: str, full_at_s: float) -> None:
        self._full_at_s[key] = full_at_s
        self._full_at_s.move_to_end(key)
        if len(self._full_at_s) > MAX_BUCKETS:
            self._full_at_s.popitem(last=False)


def _whole_s(rate: Rate) -> float:
    return rate.every_us * rate.quota / 1e6


def _bucket(ask: Ask, rate: Rate, full_s: float, over_s: float) -> Bucket:
    remaining = int((_whole_s(rate) - full_s) / (rate.every_us / 1e6) + 1e-9)
    return Bucket(ask.tier, rate, max(0, remaining), max(0.0, over_s), full_s)

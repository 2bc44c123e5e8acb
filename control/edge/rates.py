"""How often what may be done: the whole table, and why each number is what it is.

A rate is a quota and the window in which it comes back, evenly: whoever used all of it gets one more after
`window_s / quota` seconds. The sixth tier, what a tenant spends, is money and not a rate; see `spending.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Tier(StrEnum):
    """As clients read them in the RateLimit headers."""

    ADDRESS = "address"
    CREDENTIAL = "credential"
    CREDENTIAL_DAILY = "credential-daily"
    PRINCIPAL = "principal"
    ACTION = "action"
    TENANT = "tenant"


@dataclass(frozen=True, slots=True)
class Rate:
    """`quota` at once, and as much again spread over `window_s`. `why`: for whoever wants to change it."""

    quota: int
    window_s: int
    why: str

    @property
    def every_us(self) -> int:
        """Microseconds after which one more is there."""
        return self.window_s * 1_000_000 // self.quota

    def reduced(self) -> "Rate":
        """For a process that counts alone: several of them together stay near the whole."""
        return Rate(max(1, self.quota // 4), self.window_s, self.why)


Rates = Mapping[Tier, Rate]

RATES: Final[Rates] = {
    Tier.ADDRESS: Rate(
        600, 12, "An office of 200 behind one address, each page asking once every four seconds: 50 a second."
    ),
    Tier.CREDENTIAL: Rate(
        10, 60, "Failures only. Somebody who mistypes a password has five tries and five more; a guesser too."
    ),
    Tier.CREDENTIAL_DAILY: Rate(
        100, 86_400, "Failures against one account. NIST SP 800-63B-4, section 3.2.2: at most 100 in a row."
    ),
    Tier.PRINCIPAL: Rate(
        200, 10, "A page at its busiest asks five times a second; a program that lets people join, twenty."
    ),
    Tier.ACTION: Rate(
        20,
        1200,
        "What is delicate is done by hand: enough to set up a team, too little to abuse a stolen tab.",
    ),
    Tier.TENANT: Rate(
        2000, 20, "Five programs at their limit: one tenant may not use up what the others need."
    ),
}
"""Closed: a tier that is not in here does not exist."""

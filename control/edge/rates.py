"""How often what may be done: the whole table, and why each number is what it is.

A rate is a quota and the window in which it comes back, evenly: whoever used all of it gets one more after
`window_s / quota` seconds. The sixth tier, what a tenant spends, is money and not a rate; see `spending.py`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from agent.errors import ConfigError


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
        600, 12, "A page at its busiest asks five times a second; a program lets a hall of 600 join at once."
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

_WISH = re.compile(r"([a-z-]+)=([1-9][0-9]{0,6})/([1-9][0-9]{0,5})")


def rates_with(wishes: str | None) -> Rates:
    """The table with what PARLEY_RATES changes in it, such as `principal=2000/20 tenant=5000/20`.

    Raises: ConfigError that names what is wrong.
    """
    changed = dict(RATES)
    for wish in (wishes or "").replace(",", " ").split():
        found = _WISH.fullmatch(wish)
        if found is None or found[1] not in set(Tier):
            raise ConfigError(
                f"PARLEY_RATES: {wish!r} is not of the form TIER=QUOTA/SECONDS with one of {', '.join(Tier)}"
            )
        tier = Tier(found[1])
        changed[tier] = Rate(int(found[2]), int(found[3]), "As PARLEY_RATES says.")
    return changed

"""What a job may spend of a tenant's budgets, asked for ahead of need.

All amounts are millionths of a US dollar and count up from the job's beginning, so that a request which is
sent again, or whose answer was lost, neither grants nor counts anything twice.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from agent.wire.shapes import BigInteger, Integer, Moment, Wire

HeldScope = Literal["tenant", "user", "conversation"]
"""Caps that outlive a job. A turn's own is the job's to keep."""
State = Literal["open", "thrift", "stop"]
"""The values of `agent.cascade.money.budget.BudgetState`."""


class AllowanceKey(Wire):
    """`speaker`: who asks, for the scope `user`; empty elsewhere. `period_start`: the first day of the month,
    the day, by UTC; None for a conversation."""

    scope: HeldScope
    speaker: str = Field(default="", max_length=256)
    period_start: date | None = None


class AllowanceLine(AllowanceKey):
    """`settled`: what the job's calls cost; `reserved`: what those under way may cost at most; `kept`: what
    those took whose cost nobody knows; `returned`: what it will never spend. `want`: how much more the job
    would like to have; `need`: how much of that its next call takes."""

    settled_usd_micros: BigInteger = 0
    reserved_usd_micros: BigInteger = 0
    kept_usd_micros: BigInteger = 0
    returned_usd_micros: BigInteger = 0
    need_usd_micros: BigInteger = 0
    want_usd_micros: BigInteger = 0


class AllowanceBody(Wire):
    """POST /internal/v1/allowance. `is_closing`: the job makes no calls any more; what it did not use is free
    for others, and nothing is granted to it from now on."""

    epoch: Integer
    is_closing: bool = False
    lines: Annotated[list[AllowanceLine], Field(max_length=200)]


class AllowanceGrant(AllowanceKey):
    """`granted`: all that the job may spend here since it began, what it spent included. `spent` is
    everybody's, as far as the ledger has it. `resets_at` is None where no period begins anew."""

    cap_usd_micros: BigInteger
    granted_usd_micros: BigInteger
    spent_usd_micros: BigInteger
    state: State
    resets_at: Moment | None = None


class AllowanceAnswer(Wire):
    """`grants`: of the lines that were asked for, those that a cap stands against. `limited`: the scopes that
    have a cap. What was granted may be spent for `good_for_s` from when it was asked for."""

    turn_cap_usd_micros: BigInteger | None
    limited: list[HeldScope]
    grants: list[AllowanceGrant]
    good_for_s: float

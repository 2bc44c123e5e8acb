"""What a job may spend: the internal address at which it asks, ahead of need."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from agent.errors import InvalidInput
from agent.wire import (
    AllowanceAnswer,
    AllowanceBody,
    AllowanceGrant,
    AllowanceKey,
    AllowanceLine,
    HeldScope,
)
from control.auth import Authenticator
from control.endpoints import INTERNAL_BODY_BYTES, Call, Route
from control.jobs import Job
from control.store import allowances, budgets
from control.store.allowances import GOOD_FOR_S, Granted
from control.store.budgets import Cap
from control.store.db import Database

HELD: Final[tuple[HeldScope, ...]] = ("tenant", "user", "conversation")
MOST_OF_A_LINE_USD_MICROS: Final = 1_000_000_000_000_000
"""A billion dollars: no job has spent as much, and sums of such amounts are numbers that PostgreSQL holds."""


class AllowanceDesk:
    def __init__(self, db: Database) -> None:
        self._db = db

    def routes(self, auth: Authenticator) -> list[Route[Any, Any]]:
        path, size = "/internal/v1/allowance", INTERNAL_BODY_BYTES
        # fmt: off
        return [
            Route("POST", path, auth.job, self.renew, AllowanceBody, AllowanceAnswer, 200, size),
        ]
        # fmt: on

    async def renew(self, call: Call[Job, AllowanceBody]) -> AllowanceAnswer:
        """Lines of a scope that has no cap are left out of the answer.

        Raises: StaleEpoch, unless the job is closing; NotFound, InvalidInput.
        """
        job, body = call.caller, call.input
        if body.epoch != job.epoch:
            raise InvalidInput(f"epoch {body.epoch} is not the job token's, which is {job.epoch}", "epoch")
        _check(body.lines, datetime.now(UTC).date())
        async with self._db.tenant(job.tenant_id) as conn:
            caps = await budgets.list_caps(conn)
            granted = await allowances.renew_allowance(
                conn,
                job.conversation_id,
                job.epoch,
                [line for line in body.lines if line.scope in caps],
                caps,
                is_closing=body.is_closing,
            )
        turn = caps.get("turn")
        return AllowanceAnswer(
            turn_cap_usd_micros=None if turn is None else turn.cap_usd_micros,
            limited=[scope for scope in HELD if scope in caps],
            grants=[_grant(grant, caps[grant.line.scope]) for grant in granted],
            good_for_s=GOOD_FOR_S,
        )


def period_of(key: AllowanceKey, day: date) -> date | None:
    """The beginning of the period of that scope that `day` is in."""
    match key.scope:
        case "tenant":
            return day.replace(day=1)
        case "user":
            return day
        case "conversation":
            return None


def resets_at(key: AllowanceKey) -> datetime | None:
    """When the period after that of `key` begins."""
    if key.period_start is None:
        return None
    following = key.period_start + timedelta(days=1)
    if key.scope == "tenant":
        following = (key.period_start + timedelta(days=32)).replace(day=1)
    return datetime(following.year, following.month, following.day, tzinfo=UTC)


def _check(lines: list[AllowanceLine], today: date) -> None:
    """A job's clock may be a little off, and it asks before midnight. Raises: InvalidInput."""
    near = {today + timedelta(days=days) for days in (-1, 0, 1)}
    seen = set()
    for place, line in enumerate(lines):
        if line.period_start not in {period_of(line, day) for day in near}:
            raise InvalidInput(
                f"{line.period_start} begins no period of {line.scope!r} that is near",
                f"lines.{place}.period_start",
            )
        if (line.scope == "user") != bool(line.speaker):
            raise InvalidInput(
                "a line of the scope 'user' names a speaker, and no other does", f"lines.{place}.speaker"
            )
        for field in ("settled_usd_micros", "reserved_usd_micros", "kept_usd_micros", "returned_usd_micros"):
            if getattr(line, field) > MOST_OF_A_LINE_USD_MICROS:
                raise InvalidInput("this is more than a billion dollars", f"lines.{place}.{field}")
        name = (line.scope, line.speaker, line.period_start)
        if name in seen:
            raise InvalidInput("this line is there twice", f"lines.{place}")
        seen.add(name)


def _grant(granted: Granted, cap: Cap) -> AllowanceGrant:
    line = granted.line
    return AllowanceGrant(
        scope=line.scope,
        speaker=line.speaker,
        period_start=line.period_start,
        cap_usd_micros=cap.cap_usd_micros,
        granted_usd_micros=granted.granted_usd_micros,
        spent_usd_micros=granted.spent_usd_micros,
        state=cap.state(granted.spent_usd_micros),
        resets_at=resets_at(line),
    )

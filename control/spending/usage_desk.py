"""`GET /v1/usage`: what a tenant's calls cost, and what the same turns would have cost another way."""

from datetime import MINYEAR, UTC, datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import Field

from agent.errors import InvalidInput
from control.auth import ApiKey, Authenticator, Member
from control.endpoints import Answer, Body, Call, Route
from control.moments import by_utc
from control.names import ROOM_NAME_PATTERN
from control.scopes import Scope
from control.spending.figures import COMPUTED, FiguresAnswer, figures
from control.store.db import Database
from control.store.usage import Group, sum_calls

LONGEST: Final = timedelta(days=400)
"""A year with something to compare it with; one request reads so much of the ledger at most."""


class UsageQuery(Body):
    """`since` and `until` are moments (RFC 3339); calls count by when they began, by the clock of the job
    that made them. Without `until` it is now, without `since` the beginning of the month (UTC) that `until`
    ends. `group`: what the figures are also told apart by.
    """

    since: datetime | None = None
    until: datetime | None = None
    group: Group = "lane"
    room_name: Annotated[str, Field(pattern=ROOM_NAME_PATTERN)] | None = None


class GroupAnswer(Answer):
    """`key`: the lane, tier, agent, day (UTC), model, purpose or speaker; empty for what has none: speech has
    no tier, and the deployment's own agent no name.
    """

    key: str
    figures: FiguresAnswer


class UsageAnswer(Answer):
    """`computed`: how each figure is computed, by its name. All are sums over rows of the ledger."""

    since: datetime
    until: datetime
    group: Group
    total: FiguresAnswer
    data: list[GroupAnswer]
    computed: dict[str, str]


class UsageDesk:
    def __init__(self, db: Database) -> None:
        self._db = db

    def routes(self, auth: Authenticator) -> list[Route[Any, Any]]:
        who, scope = auth.team_admin, Scope.USAGE_READ
        return [Route("GET", "/v1/usage", who, self.show, UsageQuery, UsageAnswer, scope=scope)]

    async def show(self, call: Call[Member | ApiKey, UsageQuery]) -> UsageAnswer:
        """Sums up what calls to models cost, and what the same turns would have cost another way.

        Raises: InvalidInput for a time that ends before it begins, or is longer than 400 days.
        """
        query = call.input
        since, until = span(query.since, query.until)
        async with self._db.tenant(call.caller.tenant_id) as conn:
            total, *groups = await sum_calls(conn, since, until, query.group, query.room_name)
        return UsageAnswer(
            since=since,
            until=until,
            group=query.group,
            total=figures(total),
            data=[GroupAnswer(key=sums.key or "", figures=figures(sums)) for sums in groups],
            computed=dict(COMPUTED),
        )


def span(since: datetime | None, until: datetime | None) -> tuple[datetime, datetime]:
    """Both ends in UTC, which they are in where they name no zone. Raises: InvalidInput."""
    ends = "until" if until is not None else "now"
    until = datetime.now(UTC) if until is None else by_utc(until, "until")
    since = _month_before(until) if since is None else by_utc(since, "since")
    if since >= until:
        raise InvalidInput(f"since, {since.isoformat()}, is not before {ends}, {until.isoformat()}", "since")
    if until - since > LONGEST:
        raise InvalidInput(f"this is longer than {LONGEST.days} days: ask for less at a time", "since")
    return since, until


def _month_before(until: datetime) -> datetime:
    """The beginning of the month that has the last moment before `until`."""
    month = until.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    if month < until or month.year == MINYEAR:
        return month
    return (month - timedelta(days=1)).replace(day=1)

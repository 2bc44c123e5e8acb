"""`/v1/budgets`: what a tenant lets itself spend, how much of it is left, and who is near their end."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field

from agent.cascade.money.purse_lines import dollars
from agent.wire import CONVERSATION_PREFIX, AllowanceKey, format_id
from control.audit.actions import AuditAction
from control.audit.record import AuditEvent, actor_of, record
from control.auth import ApiKey, Authenticator, Member
from control.endpoints import Answer, Body, Call, Nothing, Route
from control.middleware import REQUEST_ID
from control.scopes import Scope
from control.spending.allowances import period_of, resets_at
from control.store import budgets
from control.store.budgets import PERIODS, Cap, Spending
from control.store.db import Connection, Database

MAX_USD_MICROS: Final = 1_000_000_000_000
"""A million dollars."""


class CapBody(Body):
    """In millionths of a US dollar. From `thrift_percent` of it on only small models answer; at 100 never."""

    cap_usd_micros: Annotated[int, Field(ge=0, le=MAX_USD_MICROS)]
    thrift_percent: Annotated[int, Field(ge=1, le=100)] = 80


class BudgetsBody(Body):
    """What is left out, or null, has no cap. Days and months are by UTC."""

    turn: CapBody | None = None
    conversation: CapBody | None = None
    user_day: CapBody | None = None
    tenant_month: CapBody | None = None


class SpentAnswer(Answer):
    """Somebody's, or a conversation's, that is at thrift or beyond. `who`: a participant's identity, or the
    conversation's id.
    """

    who: str
    spent_usd_micros: int
    left_usd_micros: int
    state: str


class BudgetAnswer(Answer):
    """`scope` is what one cap is for: each `turn`, each `conversation`, each `user` and day, the `tenant` and
    month. `spent`, `held` (what running conversations may still spend, and for up to seven minutes those that
    died), `left` (`cap` without `spent`) and `state` are the tenant's;
    null where there are many of a kind, of which `near` lists those at thrift or beyond. `state`: `open`,
    `thrift` (only small models answer) or `stop` (nothing that costs is called).
    """

    scope: str
    period: str
    cap_usd_micros: int
    thrift_percent: int
    spent_usd_micros: int | None
    held_usd_micros: int | None
    left_usd_micros: int | None
    state: str | None
    resets_at: datetime | None
    near: list[SpentAnswer]
    said: str


class BudgetsAnswer(Answer):
    data: list[BudgetAnswer]


class BudgetsDesk:
    def __init__(self, db: Database) -> None:
        self._db = db

    def routes(self, auth: Authenticator) -> list[Route[Any, Any]]:
        path = "/v1/budgets"
        # fmt: off
        return [
            Route("GET", path, auth.team_admin, self.show, Nothing, BudgetsAnswer, scope=Scope.USAGE_READ),
            Route("PUT", path, auth.admin, self.replace, BudgetsBody, BudgetsAnswer, action="change_budgets"),
        ]
        # fmt: on

    async def show(self, call: Call[Member | ApiKey, Nothing]) -> BudgetsAnswer:
        """Lists the budgets that are set, with what is spent and left of each."""
        async with self._db.tenant(call.caller.tenant_id) as conn:
            return await describe(conn)

    async def replace(self, call: Call[Member, BudgetsBody]) -> BudgetsAnswer:
        """Replaces the budgets; running conversations hear of it within half a minute."""
        caps = _caps(call.input)
        async with self._db.tenant(call.caller.tenant_id) as conn:
            await budgets.replace_caps(conn, caps)
            answer = await describe(conn)
            event = AuditEvent(
                AuditAction.BUDGETS_CHANGED,
                actor_of(call.caller),
                request_id=call.request[REQUEST_ID],
                details={f"{cap.scope}_usd_micros": cap.cap_usd_micros for cap in caps},
            )
            await record(conn, call.caller.tenant_id, event)
        return answer


def _caps(body: BudgetsBody) -> list[Cap]:
    given: dict[budgets.Scope, CapBody | None] = {
        "turn": body.turn,
        "conversation": body.conversation,
        "user": body.user_day,
        "tenant": body.tenant_month,
    }
    return [
        Cap(scope, cap.cap_usd_micros, cap.thrift_percent) for scope, cap in given.items() if cap is not None
    ]


async def describe(conn: Connection) -> BudgetsAnswer:
    """The tenant's budgets as they stand."""
    caps = await budgets.list_caps(conn)
    return BudgetsAnswer(data=[await _budget(conn, caps[scope]) for scope in PERIODS if scope in caps])


async def _budget(conn: Connection, cap: Cap) -> BudgetAnswer:
    own: Spending | None = None
    near: list[Spending] = []
    at_thrift = -(-cap.cap_usd_micros * cap.thrift_percent // 100)
    match cap.scope:
        case "tenant":
            own = await budgets.spent_by_tenant(conn)
        case "user":
            near = await budgets.people_who_spent(conn, at_thrift)
        case "conversation":
            near = await budgets.conversations_that_spent(conn, at_thrift)
        case "turn":
            pass
    spent = None if own is None else own.spent_usd_micros
    return BudgetAnswer(
        scope=cap.scope,
        period=PERIODS[cap.scope],
        cap_usd_micros=cap.cap_usd_micros,
        thrift_percent=cap.thrift_percent,
        spent_usd_micros=spent,
        held_usd_micros=None if own is None else own.held_usd_micros,
        left_usd_micros=None if spent is None else max(cap.cap_usd_micros - spent, 0),
        state=None if spent is None else cap.state(spent),
        resets_at=_resets_at(cap, datetime.now(UTC).date()),
        near=[_near(cap, found) for found in near],
        said=_say(cap, own),
    )


def _resets_at(cap: Cap, today: date) -> datetime | None:
    if cap.scope == "turn":
        return None
    key = AllowanceKey(scope=cap.scope)
    return resets_at(AllowanceKey(scope=cap.scope, period_start=period_of(key, today)))


def _near(cap: Cap, found: Spending) -> SpentAnswer:
    who = found.subject
    if cap.scope == "conversation":
        who = format_id(CONVERSATION_PREFIX, UUID(found.subject))
    return SpentAnswer(
        who=who,
        spent_usd_micros=found.spent_usd_micros,
        left_usd_micros=max(cap.cap_usd_micros - found.spent_usd_micros, 0),
        state=cap.state(found.spent_usd_micros),
    )


def _say(cap: Cap, own: Spending | None) -> str:
    what = {
        "turn": "One turn may cost",
        "conversation": "One conversation may cost",
        "user": "One person may spend on a day",
        "tenant": "This month may cost",
    }[cap.scope]
    sentence = f"{what} {dollars(cap.cap_usd_micros)}."
    if own is None:
        return sentence
    spent = dollars(own.spent_usd_micros)
    held = (
        f" Running conversations hold {dollars(own.held_usd_micros)} of what is left."
        if own.held_usd_micros
        else ""
    )
    match cap.state(own.spent_usd_micros):
        case "stop":
            return f"{sentence} It is spent: raise it, or wait until it begins anew."
        case "thrift":
            return f"{sentence} {spent} is spent, so only small models answer.{held}"
        case "open":
            return f"{sentence} {spent} is spent.{held}"

"""The addresses of a tenant's tools and of their calls, and of what a job asks about them."""

from dataclasses import dataclass
from typing import Any

from agent.wire import ToolClaim, ToolClaimAnswer, ToolOutcome, ToolsAnswer, ToolsTold
from control.auth import Authenticator
from control.endpoints import Nothing, Route
from control.rooms import PageQuery
from control.scopes import Scope
from control.tools.bodies import ToolAnswer, ToolBody, ToolCallsAnswer, ToolChange, ToolsListAnswer
from control.tools.calls import ToolCalls
from control.tools.claims import Claims
from control.tools.tools import Tools


@dataclass(frozen=True, slots=True)
class ToolsDesk:
    tools: Tools
    calls: ToolCalls
    claims: Claims

    def routes(self, auth: Authenticator) -> list[Route[Any, Any]]:
        """Whoever may change a tool decides where the tenant's secrets go."""
        team, runs, tools = auth.team, auth.team_admin, self.tools
        read, write, change = Scope.TOOLS_READ, Scope.TOOLS_WRITE, "change_keys"
        tool = "/v1/tools/{name}"
        # fmt: off
        return [
            Route("GET", "/v1/tools", team, tools.list, Nothing, ToolsListAnswer, scope=read),
            Route("POST", "/v1/tools", runs, tools.create, ToolBody, ToolAnswer, 201, scope=write,
                  action=change),
            Route("GET", tool, team, tools.show, Nothing, ToolAnswer, scope=read),
            Route("PATCH", tool, runs, tools.change, ToolChange, ToolAnswer, scope=write, action=change),
            Route("DELETE", tool, runs, tools.remove, Nothing, None, 204, scope=write),
            Route("GET", "/v1/conversations/{id}/tool-calls", team, self.calls.list, PageQuery,
                  ToolCallsAnswer, scope=Scope.CONVERSATIONS_READ),
        ]
        # fmt: on

    def internal_routes(self, auth: Authenticator) -> list[Route[Any, Any]]:
        job, claims = auth.job, self.claims
        calls = "/internal/v1/tool-calls"
        return [
            Route("GET", "/internal/v1/tools", job, claims.tools, Nothing, ToolsAnswer),
            Route("POST", calls, job, claims.claim, ToolClaim, ToolClaimAnswer),
            Route("POST", f"{calls}/outcomes", job, claims.settle, ToolOutcome, None, 204),
            Route("POST", f"{calls}/told", job, claims.told, ToolsTold, None, 204),
        ]

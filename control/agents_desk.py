"""The addresses of a tenant's agents, and of the documents that they quote."""

from dataclasses import dataclass
from typing import Any

from control.agent_bodies import (
    AgentBody,
    AgentChange,
    AgentsAnswer,
    AgentVersionsAnswer,
    NamedAgentAnswer,
)
from control.agents import Agents
from control.auth import Authenticator
from control.documents import (
    DOCUMENT_BODY_BYTES,
    DocumentAnswer,
    DocumentBody,
    Documents,
    DocumentsAnswer,
)
from control.endpoints import Nothing, Route
from control.rooms import (
    PageQuery,
)
from control.scopes import Scope


@dataclass(frozen=True, slots=True)
class AgentsDesk:
    agents: Agents
    documents: Documents

    def routes(self, auth: Authenticator) -> list[Route[Any, Any]]:
        """A tenant's agents, and the documents that they quote."""
        team, runs, agents, documents = auth.team, auth.team_admin, self.agents, self.documents
        read, write = Scope.AGENTS_READ, Scope.AGENTS_WRITE
        agent, versions = "/v1/agents/{name}", "/v1/agents/{name}/versions"
        # fmt: off
        return [
            Route("GET", "/v1/agents", team, agents.list, PageQuery, AgentsAnswer, scope=read),
            Route("POST", "/v1/agents", runs, agents.create, AgentBody, NamedAgentAnswer, 201, scope=write,
                  is_repeatable=True),
            Route("GET", agent, team, agents.show, Nothing, NamedAgentAnswer, scope=read),
            Route("PATCH", agent, runs, agents.change, AgentChange, NamedAgentAnswer, scope=write),
            Route("DELETE", agent, runs, agents.delete, Nothing, None, 204, scope=write),
            Route("GET", versions, team, agents.versions, PageQuery, AgentVersionsAnswer, scope=read),
            Route("POST", f"{versions}/{{version}}/activation", runs, agents.activate, Nothing,
                  NamedAgentAnswer, scope=write),
            Route("GET", "/v1/documents", team, documents.list, PageQuery, DocumentsAnswer,
                  scope=Scope.DOCUMENTS_READ),
            Route("PUT", "/v1/documents", runs, documents.put, DocumentBody, DocumentAnswer,
                  body_limit=DOCUMENT_BODY_BYTES, scope=Scope.DOCUMENTS_WRITE),
            Route("DELETE", "/v1/documents/{id}", runs, documents.remove, Nothing, None, 204,
                  scope=Scope.DOCUMENTS_WRITE),
        ]
        # fmt: on

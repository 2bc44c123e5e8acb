"""What goes in and comes out where a tenant's agents are managed, and how it becomes what is stored."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field, StringConstraints

from agent.errors import InvalidInput
from agent.wire import AGENT_PREFIX, DOCUMENT_PREFIX, DocumentId, ModelPolicy, format_id
from control.documents import parse_document_id
from control.endpoints import Answer, Body
from control.store.agents import AgentContent, AgentVersion, StoredAgent

NAME_PATTERN: Final = r"^[a-z0-9][a-z0-9-]{0,62}$"
MAX_DOCUMENTS: Final = 1_000
MAX_TOOLS: Final = 32

AgentName = Annotated[str, StringConstraints(pattern=NAME_PATTERN)]
ShownName = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]{1,64}$")]
Prompt = Annotated[str, Field(max_length=16_000)]
Greeting = Annotated[str, Field(max_length=1_000)]
Voice = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._+-]{0,99}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$")]
ToolNames = Annotated[
    list[Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]], Field(max_length=MAX_TOOLS)
]
DocumentChoice = Literal["all"] | Annotated[list[str], Field(max_length=MAX_DOCUMENTS)]


class AgentBody(Body):
    """`display_name` is `name` when left out; an empty greeting takes ours; `voice` null the engine's own."""

    name: AgentName
    display_name: ShownName | None = None
    prompt: Prompt = ""
    greeting: Greeting = ""
    voice: Voice | None = None
    language: Language = "en"
    model_policy: ModelPolicy = ModelPolicy()
    documents: DocumentChoice = "all"
    tools: ToolNames = Field(default_factory=list)
    is_default: bool = False


class AgentChange(Body):
    """What is left out stays. `version`: the one that was read; 409 if another is in use by now."""

    display_name: ShownName | None = None
    prompt: Prompt | None = None
    greeting: Greeting | None = None
    voice: Voice | None = None
    language: Language | None = None
    model_policy: ModelPolicy | None = None
    documents: DocumentChoice | None = None
    tools: ToolNames | None = None
    is_default: bool | None = None
    version: Annotated[int, Field(ge=1)] | None = None


class AgentVersionAnswer(Answer):
    version: int
    display_name: str
    prompt: str
    greeting: str
    voice: str | None
    language: str
    model_policy: ModelPolicy
    documents: Literal["all"] | list[str]
    tools: list[str]
    created_at: datetime


class NamedAgentAnswer(AgentVersionAnswer):
    """An agent with the version in use."""

    id: str
    name: str
    is_default: bool
    updated_at: datetime


class AgentsAnswer(Answer):
    data: list[NamedAgentAnswer]
    next_cursor: str | None


class AgentVersionsAnswer(Answer):
    data: list[AgentVersionAnswer]
    next_cursor: str | None


def content_of(body: AgentBody) -> AgentContent:
    """Raises: InvalidInput for what is no id of a document."""
    return AgentContent(
        display_name=body.display_name or body.name,
        prompt=body.prompt,
        greeting=body.greeting,
        voice=body.voice,
        language=body.language,
        model_policy=body.model_policy.model_dump(exclude_defaults=True),
        documents=_parse_documents(body.documents),
        tools=tuple(sorted(set(body.tools))),
    )


def changed(content: AgentContent, change: AgentChange) -> AgentContent:
    """`content` with what the change names. Null takes a voice away; elsewhere it means left out."""
    policy, documents = change.model_policy, change.documents
    return replace(
        content,
        display_name=content.display_name if change.display_name is None else change.display_name,
        prompt=content.prompt if change.prompt is None else change.prompt,
        greeting=content.greeting if change.greeting is None else change.greeting,
        voice=change.voice if "voice" in change.model_fields_set else content.voice,
        language=content.language if change.language is None else change.language,
        model_policy=content.model_policy if policy is None else policy.model_dump(exclude_defaults=True),
        documents=content.documents if documents is None else _parse_documents(documents),
        tools=content.tools if change.tools is None else tuple(sorted(set(change.tools))),
    )


def _parse_documents(documents: Literal["all"] | Sequence[str]) -> tuple[DocumentId, ...] | None:
    """Each once, in one order. Raises: InvalidInput."""
    if isinstance(documents, str):
        return None
    try:
        return tuple(sorted({parse_document_id(text) for text in documents}))
    except InvalidInput as error:
        raise InvalidInput(str(error), "documents") from None


def _fields(version: AgentVersion) -> dict[str, object]:
    content = version.content
    ids = content.documents
    return {
        "version": version.version,
        "display_name": content.display_name,
        "prompt": content.prompt,
        "greeting": content.greeting,
        "voice": content.voice,
        "language": content.language,
        "model_policy": ModelPolicy.model_validate(content.model_policy),
        "documents": "all" if ids is None else [format_id(DOCUMENT_PREFIX, document) for document in ids],
        "tools": list(content.tools),
        "created_at": version.created_at,
    }


def version_answer(version: AgentVersion) -> AgentVersionAnswer:
    return AgentVersionAnswer.model_validate(_fields(version))


def agent_answer(agent: StoredAgent) -> NamedAgentAnswer:
    return NamedAgentAnswer.model_validate(
        {
            **_fields(agent.active),
            "id": format_id(AGENT_PREFIX, agent.id),
            "name": agent.name,
            "is_default": agent.is_default,
            "created_at": agent.created_at,
            "updated_at": agent.updated_at,
        }
    )

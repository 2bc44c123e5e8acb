"""From what is asked for to what is kept of a tool, its secrets sealed; and what is right about it.

A change replaces address and secrets together where the host changes: who may change the address must not be
able to send a secret there that they do not have.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from agent.addresses import LOOPBACK_NAMES
from agent.errors import InvalidInput
from agent.tools.schema import check_schema
from agent.tools.template import check_address, origin_of, places_of
from agent.wire import (
    TENANT_PREFIX,
    TOOL_PREFIX,
    HttpDefinition,
    McpDefinition,
    TenantId,
    ToolSpec,
    format_id,
)
from agent.wire.tools import Audience
from control.keyring import KeyRing
from control.store import tools
from control.store.db import Connection
from control.store.tools import StoredTool, ToolContent
from control.tools.bodies import ToolAnswer, ToolBody, ToolChange, flaw_of_headers

logger = logging.getLogger(__name__)

MAX_DEFINITION_BYTES: Final = 32 * 1024
_AUDIENCE: Final[TypeAdapter[Audience]] = TypeAdapter(Audience)


@dataclass(frozen=True, slots=True)
class Secrets:
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    signing_key: str | None = field(default=None, repr=False)

    def __bool__(self) -> bool:
        return bool(self.headers) or self.signing_key is not None


class Contents:
    """`public_url` says whether this is a stack on one machine, whose tenants may name its own addresses;
    `tool_hosts` which hosts alone they may name, if there are any.
    """

    def __init__(self, ring: KeyRing, public_url: str, tool_hosts: Sequence[str] = ()) -> None:
        self._ring = ring
        self._tool_hosts = tool_hosts
        self._may_be_local = urlsplit(public_url).hostname in LOOPBACK_NAMES

    def of(self, tenant_id: TenantId, body: ToolBody) -> ToolContent:
        """Raises: InvalidInput."""
        is_reading = body.http is not None and body.http.method == "GET"
        content = ToolContent(
            kind="mcp" if body.http is None else "http",
            description=body.description,
            url=body.url,
            definition=_definition(body.http, body.mcp),
            sealed_secrets=None,
            secret_headers=(),
            is_signed=False,
            timeout_s=body.timeout_s,
            is_repeatable=is_reading if body.is_repeatable is None else body.is_repeatable,
            audience=body.audience,
        )
        self._check(content, body.http, body.secret_headers)
        return self._seal(tenant_id, body.name, content, Secrets(body.secret_headers, body.signing_key))

    def changed(self, tenant_id: TenantId, tool: StoredTool, change: ToolChange) -> ToolContent:
        """Raises: InvalidInput."""
        before, given = tool.content, change.model_fields_set
        if (change.mcp is not None and before.kind == "http") or (
            change.http is not None and before.kind == "mcp"
        ):
            raise InvalidInput(f"{tool.name!r} is a tool of the kind {before.kind}, and stays one")
        content = replace(
            before,
            description=before.description if change.description is None else change.description,
            url=before.url if change.url is None else change.url,
            timeout_s=before.timeout_s if change.timeout_s is None else change.timeout_s,
            is_repeatable=before.is_repeatable if change.is_repeatable is None else change.is_repeatable,
            audience=before.audience if change.audience is None else change.audience,
            definition=_definition(change.http, change.mcp) or before.definition,
        )
        kept = Secrets()
        if origin_of(content.url) == origin_of(before.url):
            kept = self.open(tenant_id, tool) or Secrets()
        secrets = Secrets(
            kept.headers if change.secret_headers is None else change.secret_headers,
            change.signing_key if "signing_key" in given else kept.signing_key,
        )
        http = HttpDefinition.model_validate(content.definition) if content.kind == "http" else None
        self._check(content, http, secrets.headers)
        return self._seal(tenant_id, tool.name, content, secrets)

    def open(self, tenant_id: TenantId, tool: StoredTool) -> Secrets | None:
        """None when what is kept cannot be opened."""
        if tool.content.sealed_secrets is None:
            return Secrets()
        try:
            raw = self._ring.open(tool.content.sealed_secrets, place=_place(tenant_id, tool.name))
        except InvalidInput:
            logger.error(
                "the secrets of a tool cannot be opened",
                extra={"tenant": format_id(TENANT_PREFIX, tenant_id)},
            )
            return None
        given: dict[str, Any] = json.loads(raw)
        return Secrets(given["headers"], given["signing_key"])

    async def hand_out(self, conn: Connection, tenant_id: TenantId, tool: StoredTool) -> ToolSpec | None:
        """In the clear, for one conversation's job; what an old key of the ring sealed is sealed again.

        None for a tool whose secrets cannot be opened, or whose host is listed no more.
        """
        content, secrets = tool.content, self.open(tenant_id, tool)
        if secrets is None or not self._is_listed(content.url):
            return None
        sealed = content.sealed_secrets
        if sealed is not None and not self._ring.is_current(sealed):
            again = self._seal(tenant_id, tool.name, content, secrets).sealed_secrets
            await tools.seal_again(conn, tool.name, sealed, cast(bytes, again))
        is_http = content.kind == "http"
        return ToolSpec(
            name=tool.name,
            description=content.description,
            url=content.url,
            http=HttpDefinition.model_validate(content.definition) if is_http else None,
            mcp=None if is_http else McpDefinition.model_validate(content.definition),
            secret_headers=dict(secrets.headers),
            signing_key=secrets.signing_key,
            timeout_s=content.timeout_s,
            is_repeatable=content.is_repeatable,
            may_be_local=self._may_be_local,
        )

    def _seal(self, tenant_id: TenantId, name: str, content: ToolContent, secrets: Secrets) -> ToolContent:
        sealed = None
        if secrets:
            given = {"headers": dict(secrets.headers), "signing_key": secrets.signing_key}
            sealed = self._ring.seal(json.dumps(given).encode(), place=_place(tenant_id, name))
        return replace(
            content,
            sealed_secrets=sealed,
            secret_headers=tuple(sorted(secrets.headers)),
            is_signed=secrets.signing_key is not None,
        )

    def _check(
        self, content: ToolContent, http: HttpDefinition | None, secret_headers: Mapping[str, str]
    ) -> None:
        """Raises: InvalidInput."""
        check_address(content.url, may_be_local=self._may_be_local)
        if not self._is_listed(content.url):
            raise InvalidInput(f"the host is one of {', '.join(self._tool_hosts)}", "url")
        if len(json.dumps(content.definition).encode()) > MAX_DEFINITION_BYTES:
            raise InvalidInput(f"a tool is described in at most {MAX_DEFINITION_BYTES} bytes")
        places = places_of(content.url)
        if http is None:
            if places:
                raise InvalidInput("the address of an MCP server has no places for arguments", "url")
            headers = dict(secret_headers)
        else:
            _check_parameters(http, places)
            headers = {**http.headers, **secret_headers}
        flaw = flaw_of_headers(headers)
        if flaw is not None:
            raise InvalidInput(flaw, "secret_headers")

    def _is_listed(self, url: str) -> bool:
        host = (urlsplit(url).hostname or "").removesuffix(".")
        return not self._tool_hosts or host in self._tool_hosts


def tool_answer(tool: StoredTool) -> ToolAnswer:
    content = tool.content
    is_http = content.kind == "http"
    return ToolAnswer(
        id=format_id(TOOL_PREFIX, tool.id),
        name=tool.name,
        kind="http" if is_http else "mcp",
        description=content.description,
        url=content.url,
        http=HttpDefinition.model_validate(content.definition) if is_http else None,
        mcp=None if is_http else McpDefinition.model_validate(content.definition),
        secret_headers=list(content.secret_headers),
        is_signed=content.is_signed,
        timeout_s=content.timeout_s,
        is_repeatable=content.is_repeatable,
        audience=_AUDIENCE.validate_python(content.audience),
        created_at=tool.created_at,
        updated_at=tool.updated_at,
    )


def _definition(http: HttpDefinition | None, mcp: McpDefinition | None) -> dict[str, Any]:
    """Empty where neither is given."""
    given = http or mcp
    return {} if given is None else given.model_dump(mode="json")


def _check_parameters(http: HttpDefinition, places: set[str]) -> None:
    """Raises: InvalidInput."""
    try:
        check_schema(http.parameters)
    except InvalidInput as error:
        raise InvalidInput(str(error), "http.parameters") from None
    properties, required = http.parameters.get("properties", {}), http.parameters.get("required", [])
    known = set(properties) if isinstance(properties, dict) else set()
    if not places <= known:
        raise InvalidInput(f"the address has {sorted(places - known)[0]!r}, which is no parameter", "url")
    in_path = places & set(map(str, required if isinstance(required, list) else []))
    if places - in_path and http.method != "GET":
        raise InvalidInput("what stands in the address has to be required", "http.parameters")


def _place(tenant_id: TenantId, name: str) -> str:
    return f"tools {tenant_id} {name}"

"""What a route is: who may call it, what comes in, what goes out, and the handler between them.

A handler gets a `Call` whose caller and input already have the types its route names, so mypy checks the
table of routes. The same table is what an OpenAPI document can be generated from.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from agent.errors import InvalidInput, NotAllowed
from agent.wire import TenantId
from control.scopes import Scope

C = TypeVar("C")
B = TypeVar("B", bound=BaseModel)

PUBLIC_BODY_BYTES: Final = 64 * 1024
INTERNAL_BODY_BYTES: Final = 4 * 1024 * 1024
BODY_TIMEOUT_S: Final = 15.0

TENANT: Final = web.RequestKey("tenant", TenantId)
"""Set once the caller is known, for the access log."""


class Body(BaseModel):
    """What a client sends. Unknown fields are refused, so that a typing error is not taken for a wish."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_nul(cls, value: Any) -> Any:
        if _holds_nul(value):
            raise ValueError("there is a NUL character in it, which PostgreSQL cannot store")
        return value


class Answer(BaseModel):
    """What a client gets."""

    model_config = ConfigDict(frozen=True)


class Nothing(Body):
    """A route that takes no input."""


@dataclass(frozen=True, slots=True)
class Call(Generic[C, B]):
    """One request. `input` is the body, or the query of a GET."""

    request: web.Request
    caller: C
    input: B

    def path(self, name: str) -> str:
        return self.request.match_info[name]


Who = Callable[[web.Request], Awaitable[C]]
Handler = Callable[[Call[C, B]], Awaitable[BaseModel | web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Route(Generic[C, B]):
    """`answer` is None for 204. `body_limit` is in bytes. `scope` is what an API key needs for it: a route
    without one is closed to keys. `action` names a delicate action, which has limits of its own.
    """

    method: str
    path: str
    who: Who[C]
    handler: Handler[C, B]
    input: type[B]
    answer: type[BaseModel] | None
    status: int = 200
    body_limit: int = PUBLIC_BODY_BYTES
    scope: Scope | None = None
    action: str | None = None


def add_routes(app: web.Application, routes: Sequence[Route[Any, Any]]) -> None:
    for route in routes:
        app.router.add_route(route.method, route.path, _bind(route))


def json_answer(answer: BaseModel, status: int = 200) -> web.Response:
    return web.Response(text=answer.model_dump_json(), status=status, content_type="application/json")


def _bind(route: Route[C, B]) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        caller = await route.who(request)
        _check_scope(caller, route.scope)
        tenant_id = getattr(caller, "tenant_id", None)
        if tenant_id is not None:
            request[TENANT] = tenant_id
        call = Call(request, caller, await _read_input(request, route))
        answer = await route.handler(call)
        return answer if isinstance(answer, web.StreamResponse) else json_answer(answer, route.status)

    return handle


def _check_scope(caller: object, scope: Scope | None) -> None:
    """Only an API key has scopes. Raises: NotAllowed."""
    held: frozenset[str] | None = getattr(caller, "scopes", None)
    if held is None or (scope is not None and scope in held):
        return
    if scope is None:
        raise NotAllowed("this is for people who signed in, not for API keys")
    raise NotAllowed(f"this API key lacks the scope {scope.value!r}")


async def _read_input(request: web.Request, route: Route[C, B]) -> B:
    """Raises: InvalidInput, or aiohttp's 400, 413 and 415 for what is no JSON of a bearable size."""
    try:
        if route.method == "GET":
            return route.input.model_validate(dict(request.query))
        raw = await read_body(request, route.body_limit)
        if raw and request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="send the body as application/json")
        return route.input.model_validate_json(raw or b"{}")
    except ValidationError as error:
        raise _input_error(error) from None


async def read_body(request: web.Request, limit: int) -> bytes:
    """The raw body.

    Raises: aiohttp's 413 as soon as more than `limit` bytes are announced or arrive, 408 when they are slow.
    """
    body, size = bytearray(), request.content_length or 0
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            while size <= limit and (chunk := await request.content.readany()):
                body += chunk
                size = max(size, len(body))
    except TimeoutError:
        raise web.HTTPRequestTimeout(text=f"the body took longer than {BODY_TIMEOUT_S:.0f} s") from None
    if size > limit:
        text = f"the body is larger than {limit} bytes"
        raise web.HTTPRequestEntityTooLarge(max_size=limit, actual_size=size, text=text)
    return bytes(body)


def _input_error(error: ValidationError) -> Exception:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return web.HTTPBadRequest(text=f"the body is not valid JSON: {first['msg']}")
    field = ".".join(str(part) for part in first["loc"]) or None
    return InvalidInput(first["msg"].removeprefix("Value error, "), field)


def _holds_nul(value: Any) -> bool:
    match value:
        case str():
            return "\x00" in value
        case dict():
            return any(_holds_nul(key) or _holds_nul(item) for key, item in value.items())
        case list():
            return any(_holds_nul(item) for item in value)
        case _:
            return False

"""What a route is: who may call it, what comes in, what goes out, and the handler between them.

A handler gets a `Call` whose caller and input already have the types its route names, so mypy checks the
table of routes. The same table is what an OpenAPI document can be generated from.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from agent.errors import InvalidInput, NotAllowed
from agent.wire import TenantId
from control.auth import ApiKey, Guest, Member
from control.edge.gate import LIMITS_ITSELF, Gate, principal_of
from control.edge.json_input import read_json, read_query
from control.scopes import Scope

C = TypeVar("C")
B = TypeVar("B", bound=BaseModel)

PUBLIC_BODY_BYTES: Final = 64 * 1024
INTERNAL_BODY_BYTES: Final = 4 * 1024 * 1024
BODY_TIMEOUT_S: Final = 15.0

TENANT: Final = web.RequestKey("tenant", TenantId)
"""Set once the caller is known, for the access log."""


class Body(BaseModel):
    """What a client sends, its text cleaned already (`control/edge/text.py`). Unknown fields are refused, so
    that a typing error is not taken for a wish.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


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
    """One operation of the API.

    `answer` is None for 204; `unfinished` is the answer of 202, where there is more to do. `body_limit` is in
    bytes. `scope` is what an API key needs: a route without one is closed to keys, and to pages of other
    sites. `action` names a delicate action, which has limits of its own. `costs`: it starts what costs the
    tenant money. `is_repeatable`: sent again with the same Idempotency-Key it gets its first answer, which
    is kept for a day, so no secret may be in it.
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
    costs: bool = False
    is_repeatable: bool = False
    unfinished: type[BaseModel] | None = None


def add_routes(app: web.Application, routes: Sequence[Route[Any, Any]], gate: Gate | None = None) -> None:
    """`gate` None: for routes that no client of the public calls."""
    shared: dict[str, list[str]] = {}
    for route in routes:
        app.router.add_route(route.method, route.path, _bind(route) if gate is None else _guard(route, gate))
        if gate is not None and route.scope is not None:
            shared.setdefault(route.path, []).append(route.method)
    for path, methods in shared.items():
        if gate is not None:
            app.router.add_route("OPTIONS", path, gate.origins.preflight(methods))


def json_answer(answer: BaseModel, status: int = 200) -> web.Response:
    return web.Response(text=answer.model_dump_json(), status=status, content_type="application/json")


def _bind(route: Route[C, B]) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        caller = await route.who(request)
        _note_tenant(request, caller)
        call = Call(request, caller, _validate(route, await _read_input(request, route)))
        return await _answer(route, call)

    return handle


def _guard(route: Route[C, B], gate: Gate) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        caller: C = await gate.identify(request, route.who, action=route.action, costs=route.costs)
        _note_tenant(request, caller)
        await gate.origins.check(request, request.get(TENANT), is_shared=route.scope is not None)
        _check_scope(caller, route.scope)
        raw = await _read_input(request, route)
        call = Call(request, caller, _validate(route, raw))
        if route.is_repeatable and isinstance(raw, bytes) and isinstance(caller, Member | Guest | ApiKey):
            return await gate.repeats.once(
                request, raw, caller.tenant_id, principal_of(caller), lambda: _answer(route, call)
            )
        return await _answer(route, call)

    setattr(handle, LIMITS_ITSELF, True)
    return handle


async def _answer(route: Route[C, B], call: Call[C, B]) -> web.StreamResponse:
    answer = await route.handler(call)
    return answer if isinstance(answer, web.StreamResponse) else json_answer(answer, route.status)


def _note_tenant(request: web.Request, caller: object) -> None:
    tenant_id = getattr(caller, "tenant_id", None)
    if tenant_id is not None:
        request[TENANT] = tenant_id


def _check_scope(caller: object, scope: Scope | None) -> None:
    """Only an API key has scopes. Raises: NotAllowed."""
    held: frozenset[str] | None = getattr(caller, "scopes", None)
    if held is None or (scope is not None and scope in held):
        return
    if scope is None:
        raise NotAllowed("this is for people who signed in, not for API keys")
    raise NotAllowed(f"this API key lacks the scope {scope.value!r}")


async def _read_input(request: web.Request, route: Route[C, B]) -> bytes | dict[str, str]:
    """The body, or the query of a GET.

    Raises: InvalidInput, or aiohttp's 413 and 415 for what is no JSON of a bearable size.
    """
    if route.method == "GET":
        return read_query(request.query)
    raw = await read_body(request, route.body_limit)
    if raw and request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType(text="send the body as application/json")
    if raw and (request.charset or "utf-8").lower() != "utf-8":
        raise web.HTTPUnsupportedMediaType(text="send the body in UTF-8")
    return raw


def _validate(route: Route[C, B], given: bytes | dict[str, str]) -> B:
    """Raises: InvalidInput, or aiohttp's 400 and 413 for what is no JSON, or too much of it."""
    value = read_json(given or b"{}") if isinstance(given, bytes) else given
    try:
        return route.input.model_validate(value)
    except ValidationError as error:
        raise _input_error(error) from None


async def read_body(request: web.Request, limit: int) -> bytes:
    """The raw body.

    Raises: aiohttp's 413 as soon as more than `limit` bytes are announced or arrive, 408 when they are slow.
    """
    body, size = bytearray(), request.content_length or 0
    if size <= limit and request.content.is_eof() and request.content.total_bytes <= limit:
        return request.content.read_nowait()  # all of it is here, as nearly always
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


def _input_error(error: ValidationError) -> InvalidInput:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or None
    return InvalidInput(first["msg"].removeprefix("Value error, "), field)

"""The OpenAPI 3.1 document of the public API, made from the table of routes: the two cannot differ.

A route's summary is the first sentence of its handler's docstring, its parameters and bodies are the
pydantic models that really read and write them, and what may go wrong follows from what the route takes.
"""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from inspect import cleandoc
from typing import Any, Final, TypeAlias, cast

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from control.endpoints import Nothing, Route

REFERENCE: Final = "#/components/schemas/{model}"
PROBLEM: Final[dict[str, Any]] = {
    "type": "object",
    "title": "Problem",
    "description": "What went wrong, after RFC 9457. `code` is stable, `detail` is for a person.",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
        "field": {"type": "string", "description": "The place in the request that is meant."},
    },
}
OPEN_TO_ALL: Final = "anyone"
OPEN_TO_ALL_TOO: Final = "visitor"
"""Somebody who is signed in is known, and anybody else may come as well."""

_References: TypeAlias = Mapping[type[Any], dict[str, Any]]

_PARAMETER = re.compile(r"\{(\w+)(?::[^}]*)?\}")


def describe_api(routes: Sequence[Route[Any, Any]]) -> dict[str, Any]:
    """The document, as `json.dumps` takes it."""
    references, schemas = _schemas(routes)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = _PARAMETER.sub(r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, references)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Parley",
            "version": "1",
            "description": "Rooms with an AI teammate: tokens to join, transcripts, people, keys and agents.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas | {"Problem": PROBLEM},
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API key, or the token of a session.",
                },
            },
        },
    }


def operation_id(route: Route[Any, Any]) -> str:
    """Such as `rooms_create`: what generated clients call the operation."""
    owner = type(getattr(route.handler, "__self__", None)).__name__
    return f"{_snake(owner)}_{_name(route.handler)}"


def _schemas(routes: Sequence[Route[Any, Any]]) -> tuple[_References, dict[str, Any]]:
    """Where each model of the routes is described, and the descriptions by name."""
    models: set[tuple[type[BaseModel], Any]] = set()
    for route in routes:
        if route.input is not Nothing:
            models.add((route.input, "validation"))
        answers = [model for model in (route.answer, route.unfinished) if model is not None]
        models.update((model, "serialization") for model in answers)
    ordered = sorted(models, key=lambda item: (item[0].__module__, item[0].__name__, item[1]))
    references, definitions = models_json_schema(ordered, ref_template=REFERENCE)
    return {model: reference for (model, _), reference in references.items()}, definitions.get("$defs", {})


def _operation(route: Route[Any, Any], references: _References) -> dict[str, Any]:
    summary, description = _words(route)
    operation: dict[str, Any] = {
        "operationId": operation_id(route),
        "summary": summary,
        "tags": [route.path.split("/")[2]],
        "parameters": _path_parameters(route) + _query_parameters(route),
        "responses": _responses(route, references),
    }
    if description:
        operation["description"] = description
    if _name(route.who) != OPEN_TO_ALL:
        nothing: list[dict[str, Any]] = [{}] if _name(route.who) == OPEN_TO_ALL_TOO else []
        operation["security"] = [*nothing, {"bearer": []}]
    if _takes_body(route):
        operation["requestBody"] = _body(route, references)
    return {name: value for name, value in operation.items() if value or name == "responses"}


def _words(route: Route[Any, Any]) -> tuple[str, str]:
    """First sentence of the handler's docstring, and the scope that an API key needs."""
    text = cleandoc(route.handler.__doc__ or "").split("Raises:")[0]
    first = re.split(r"(?<=[.])\s", " ".join(text.split()), maxsplit=1)[0].rstrip(".")
    scope = "" if route.scope is None else f"An API key needs the scope `{route.scope.value}`."
    if route.scope is None and _name(route.who) not in (OPEN_TO_ALL, OPEN_TO_ALL_TOO):
        scope = "For people who signed in, not for API keys."
    return first, scope


def _path_parameters(route: Route[Any, Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in _PARAMETER.findall(route.path)
    ]


def _query_parameters(route: Route[Any, Any]) -> list[dict[str, Any]]:
    if route.method != "GET" or route.input is Nothing:
        return []
    schema = route.input.model_json_schema(ref_template=REFERENCE)
    required = set(schema.get("required", []))
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _without_null(field)}
        for name, field in schema.get("properties", {}).items()
    ]


def _without_null(field: dict[str, Any]) -> dict[str, Any]:
    """A query has no null: what may be null may be left out."""
    choices = [choice for choice in field.get("anyOf", []) if choice.get("type") != "null"]
    if len(choices) != 1:
        return field
    rest = {name: value for name, value in field.items() if name not in ("anyOf", "default")}
    return cast(dict[str, Any], choices[0]) | rest


def _takes_body(route: Route[Any, Any]) -> bool:
    return route.method != "GET" and route.input is not Nothing


def _body(route: Route[Any, Any], references: _References) -> dict[str, Any]:
    is_required = any(field.is_required() for field in route.input.model_fields.values())
    return {"required": is_required, "content": {"application/json": {"schema": references[route.input]}}}


def _responses(route: Route[Any, Any], references: _References) -> dict[str, Any]:
    successes = {str(route.status): _success(HTTPStatus(route.status), route.answer, references)}
    if route.unfinished is not None:
        successes["202"] = _success(HTTPStatus.ACCEPTED, route.unfinished, references)
    problem = {
        "content": {"application/problem+json": {"schema": {"$ref": REFERENCE.format(model="Problem")}}}
    }
    failures = {str(code.value): {"description": code.phrase} | problem for code in _failures(route)}
    return successes | failures


def _success(status: HTTPStatus, answer: type[BaseModel] | None, references: _References) -> dict[str, Any]:
    if answer is None:
        return {"description": status.phrase}
    return {
        "description": status.phrase,
        "content": {"application/json": {"schema": references[answer]}},
    }


def _failures(route: Route[Any, Any]) -> list[HTTPStatus]:
    codes = [HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND]
    if _name(route.who) != OPEN_TO_ALL or route.method != "GET":
        codes.append(HTTPStatus.UNAUTHORIZED)
    if route.method != "GET":
        codes += [
            HTTPStatus.REQUEST_TIMEOUT,
            HTTPStatus.CONFLICT,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        ]
    codes += [HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE]
    return sorted(codes)


def _name(function: object) -> str:
    return str(getattr(function, "__name__", type(function).__name__))


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()

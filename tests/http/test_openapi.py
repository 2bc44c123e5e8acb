"""The OpenAPI document says what the routes do, and a fuzzer that reads it finds no other answer."""

import asyncio
import re
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path
from typing import Any

import pytest

from control.app import create_app
from control.reference.page import write_page
from tests.fixtures.control import ControlUnderTest
from tests.fixtures.database import TenantSample

FUZZER = Path(sys.executable).with_name("st")
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,unsupported_method,ignored_auth"
)
OUTSIDE = {"/v1/openapi.json"}
"""Under /v1, and no operation of the API."""


@pytest.fixture
async def document(control: ControlUnderTest) -> dict[str, Any]:
    return (await control.get("/v1/openapi.json")).body


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


async def test_every_public_route_is_in_the_document_and_nothing_else(
    control: ControlUnderTest, document: dict[str, Any]
) -> None:
    app = create_app(control.settings, control.parts)
    served = {
        (route.method, re.sub(r"\{(\w+):[^}]*\}", r"{\1}", route.resource.canonical))
        for route in app.router.routes()
        if route.resource is not None
        and route.resource.canonical.startswith("/v1/")
        and route.resource.canonical not in OUTSIDE
        and route.method not in ("HEAD", "OPTIONS")
    }

    assert served == set(operations(document))


async def test_every_operation_has_a_name_of_its_own_and_says_what_it_does(document: dict[str, Any]) -> None:
    found = operations(document)

    assert len({operation["operationId"] for operation in found.values()}) == len(found)
    assert [key for key, operation in found.items() if not operation.get("summary")] == []


async def test_an_operation_that_needs_a_credential_says_so(document: dict[str, Any]) -> None:
    found = operations(document)

    assert found["POST", "/v1/token"]["security"] == [{"bearer": []}]
    assert "security" not in found["POST", "/v1/sessions"]
    assert "rooms:join" in found["POST", "/v1/token"]["description"]


async def test_the_page_for_people_names_every_operation_and_runs_nothing(
    control: ControlUnderTest, document: dict[str, Any]
) -> None:
    async with control.http.get("/docs") as answer:
        page, policy = await answer.text(), answer.headers["Content-Security-Policy"]
    async with control.http.get("/docs/style.css") as answer:
        style = answer.content_type

    found = operations(document)
    assert [key for key, it in found.items() if f"id='{it['operationId']}'" not in page] == []
    assert [path for _, path in found if f"<code>{path}</code>" not in page] == []
    assert "<script" not in page
    assert " style=" not in page
    assert "default-src 'none'" in policy
    assert style == "text/css"


def test_nothing_of_a_description_becomes_markup() -> None:
    evil = "<img src=x onerror=alert(1)>"
    operation = {
        "operationId": evil,
        "summary": evil,
        "description": f"An API key needs the scope `{evil}`.",
        "security": [{"bearer": []}],
        "tags": [evil],
        "parameters": [{"name": evil, "in": "query", "required": True, "schema": {"type": evil}}],
        "responses": {"200": {"description": evil}, "400": {"description": evil}},
    }

    page = write_page({"paths": {f"/v1/{evil}": {"get": operation}}, "components": {"schemas": {}}})

    assert "<img" not in page


async def fuzz(control: ControlUnderTest, folder: Path, credential: str, *more: str) -> tuple[int, str]:
    """The exit code and the report of a run of every operation."""
    process = await asyncio.create_subprocess_exec(
        FUZZER,
        "run",
        f"http://{control.settings.host}:{control.settings.port}/v1/openapi.json",
        "--checks",
        CHECKS,
        "--phases",
        "examples,coverage,fuzzing",
        "--max-examples",
        "12",
        "--generation-deterministic",
        "--request-timeout",
        "20",
        "--no-color",
        "--header",
        f"Authorization: Bearer {credential}",
        *more,
        cwd=folder,
        stdout=PIPE,
        stderr=STDOUT,
    )
    reading = asyncio.create_task(process.communicate())
    # The limits have tests of their own: here they would answer in place of what is asked.
    while not (await asyncio.wait([reading], timeout=0.05))[0]:
        await control.parts.redis.flushdb()
    output, _ = await reading
    return process.returncode or 0, output.decode()


async def test_no_request_with_an_api_key_breaks_the_document(
    control: ControlUnderTest, team: TenantSample, tmp_path: Path
) -> None:
    code, report = await fuzz(control, tmp_path, team.api_key)

    assert code == 0, report[-8000:]


async def test_no_request_of_a_person_breaks_the_document(
    control: ControlUnderTest, team: TenantSample, tmp_path: Path
) -> None:
    signed_in = await control.post("/v1/sessions", body={"email": team.email, "password": team.password})

    # What ends the session that all other requests need.
    code, report = await fuzz(
        control,
        tmp_path,
        signed_in.body["session_token"],
        "--exclude-path-regex",
        "^/v1/(sessions/current|account|tenant)$",
    )

    assert code == 0, report[-8000:]

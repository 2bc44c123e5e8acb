"""Every route against keys that lack its scope; the document of the API lists them, new ones included."""

import re
from typing import Any

import pytest

from control.scopes import Scope
from tests.fixtures.control import ControlUnderTest, assert_problem
from tests.fixtures.database import TenantSample
from tests.http.keys import ALL_SCOPES, key_with

SCOPE = re.compile(r"An API key needs the scope `([a-z:]+)`")
ID = "0" * 32
FOR_VISITORS = {("POST", "/v1/member-invitations/accept"), ("POST", "/v1/passkeys/challenges")}
"""Open to anyone, and more to who is signed in: a key is nobody there."""


async def operations(control: ControlUnderTest) -> dict[tuple[str, str], dict[str, Any]]:
    """Those that want a credential, by method and a path that could be one."""
    document = (await control.get("/v1/openapi.json")).body
    return {
        (method.upper(), re.sub(r"\{\w+\}", ID, path)): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if "security" in operation and (method.upper(), path) not in FOR_VISITORS
    }


def scope_of(operation: dict[str, Any]) -> str | None:
    found = SCOPE.search(operation.get("description", ""))
    return None if found is None else found[1]


@pytest.mark.parametrize("scope", Scope)
async def test_a_key_with_every_scope_but_one_is_refused_wherever_that_one_is_needed(
    control: ControlUnderTest, team: TenantSample, scope: Scope
) -> None:
    key = await key_with(control, team, [other for other in ALL_SCOPES if other is not scope])
    closed = [
        where for where, operation in (await operations(control)).items() if scope_of(operation) == scope
    ]

    for method, path in closed:
        reply = await control.call(method, path, key)
        assert_problem(reply, 403, "not_allowed")
        assert f"'{scope.value}'" in reply.body["detail"], (method, path)


async def test_a_key_of_one_scope_opens_nothing_else(control: ControlUnderTest, team: TenantSample) -> None:
    found = await operations(control)
    statuses: dict[tuple[str, str, str], int] = {}

    for scope in (Scope.ROOMS_JOIN, Scope.AGENTS_READ):
        key = await key_with(control, team, [scope])
        for (method, path), operation in found.items():
            if scope_of(operation) != scope:
                statuses[scope, method, path] = (await control.call(method, path, key)).status

    assert len(statuses) > 40
    assert {where: status for where, status in statuses.items() if status != 403} == {}


async def test_a_key_with_every_scope_is_refused_wherever_people_alone_may_act(
    control: ControlUnderTest, team: TenantSample
) -> None:
    key = await key_with(control, team)
    peoples = [
        where for where, operation in (await operations(control)).items() if scope_of(operation) is None
    ]

    statuses = {where: (await control.call(*where, key)).status for where in peoples}

    assert ("POST", "/v1/api-keys") in peoples
    assert {where: status for where, status in statuses.items() if status != 403} == {}


async def test_every_scope_but_those_of_routes_to_come_is_needed_somewhere(control: ControlUnderTest) -> None:
    needed = {scope_of(operation) for operation in (await operations(control)).values()}

    assert {scope.value for scope in Scope} - needed <= {Scope.CONVERSATIONS_WRITE, Scope.AUDIT_READ}


async def test_a_key_without_any_scope_opens_nothing(control: ControlUnderTest, team: TenantSample) -> None:
    key = await key_with(control, team, [])

    statuses = {(await control.call(*where, key)).status for where in await operations(control)}

    assert statuses == {403}

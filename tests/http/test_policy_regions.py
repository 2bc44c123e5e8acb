"""Regions of an agent's model policy, against the addresses that its tenant's own keys are for."""

from typing import Any

import pytest

from tests.fixtures.control import ControlUnderTest, Reply, assert_problem
from tests.fixtures.database import TenantSample
from tests.http.callers import sign_in

KEY = "sk-canary-0123456789"
EU_URL = "https://eu.api.openai.com/v1"
LARGE = "openai/gpt-6.1-sol"
IN_EU: dict[str, Any] = {"regions": ["eu"]}


async def _brings(control: ControlUnderTest, session: str, base_url: str | None) -> None:
    body = {"api_key": KEY} if base_url is None else {"api_key": KEY, "base_url": base_url}
    reply = await control.call("PUT", "/v1/provider-keys/openai", session, json=body)
    assert reply.status == 200, reply.body


async def _make(control: ControlUnderTest, session: str, policy: dict[str, Any]) -> Reply:
    return await control.post("/v1/agents", session, {"name": "pilot", "model_policy": policy})


@pytest.mark.parametrize(
    ("policy", "field"),
    [(IN_EU, "regions"), ({**IN_EU, "providers": ["openai", "local"], "large_model": LARGE}, "large_model")],
)
async def test_a_region_is_refused_where_the_tenants_own_key_is_for_another_address(
    control: ControlUnderTest, team: TenantSample, policy: dict[str, Any], field: str
) -> None:
    session = await sign_in(control, team)
    await _brings(control, session, None)

    refused = await _make(control, session, policy)

    assert_problem(refused, 422, "invalid_input", f"model_policy.{field}")
    assert "set it again with base_url https://eu.api.openai.com" in str(refused.body)
    assert KEY not in str(refused.body)


async def test_a_change_of_an_agent_is_held_to_the_same(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    await _brings(control, session, None)
    assert (await _make(control, session, {})).status == 201

    refused = await control.call("PATCH", "/v1/agents/pilot", session, json={"model_policy": IN_EU})

    assert_problem(refused, 422, "invalid_input", "model_policy.regions")
    await _brings(control, session, EU_URL)
    taken = await control.call("PATCH", "/v1/agents/pilot", session, json={"model_policy": IN_EU})
    assert taken.status == 200, taken.body


async def test_a_region_is_taken_where_the_key_is_for_an_address_in_it(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)
    await _brings(control, session, EU_URL)

    assert (await _make(control, session, IN_EU)).status == 201


async def test_a_region_is_taken_where_only_the_deployment_has_a_key(
    control: ControlUnderTest, team: TenantSample
) -> None:
    session = await sign_in(control, team)

    assert (await _make(control, session, IN_EU)).status == 201


async def test_another_tenants_address_does_not_count(
    control: ControlUnderTest, team: TenantSample, other_team: TenantSample
) -> None:
    theirs, session = await sign_in(control, other_team), await sign_in(control, team)
    await _brings(control, theirs, EU_URL)
    await _brings(control, session, None)

    assert_problem(await _make(control, session, IN_EU), 422, "invalid_input", "model_policy.regions")

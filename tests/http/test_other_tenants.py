"""A stranger who founded a tenant of their own reaches for another's through every public route.

The routes are those of the API's own description, so that a new one is tried as well; one with a parameter
that is not known here fails by name. What the stranger sends is what would work for the victim.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from agent.wire import format_id
from control.credentials import hash_token, new_token
from control.scopes import Scope
from tests.db.samples import TABLES, enter, fill_every_table
from tests.fixtures.control import ControlUnderTest, Reply
from tests.fixtures.database import TenantSample, make_tenant
from tests.fixtures.sessions import put_session
from tests.http.callers import sign_in

ENDS_THE_STRANGER = {"DELETE /v1/account", "DELETE /v1/sessions/current", "DELETE /v1/tenant"}
"""Nothing but the stranger's own, and nothing could be tried after it."""

ORDER = ("GET", "PATCH", "PUT", "POST", "DELETE")


@dataclass(frozen=True, slots=True)
class Victim:
    """`mark` stands in every row that has room for words; `ids` by the table they are of."""

    team: TenantSample
    mark: str
    ids: dict[str, UUID]

    def parameters(self, path: str) -> dict[str, str]:
        """What the victim would put into the path."""
        prefixes = {
            "/v1/sessions/": ("sess", "sessions"),
            "/v1/conversations/": ("conv", "conversations"),
            "/v1/member-invitations/": ("minv", "member_invitations"),
            "/v1/api-keys/": ("key", "api_keys"),
            "/v1/documents/": ("doc", "documents"),
            "/v1/account/factors/": ("fac", "mfa_factors"),
            "/v1/account/identities/": ("idn", "identities"),
        }
        found = {
            "name": self.mark,
            "version": "1",
            "identity": format_id("user", self.team.user_id),
            "provider": "openai",
            "code": f"code of {self.team.id.hex}",
            "page": "transcript.json",
        }
        if path.startswith("/v1/members/"):
            found["id"] = format_id("user", self.team.user_id)
        for start, (prefix, table) in prefixes.items():
            if path.startswith(start):
                found["id"] = format_id(prefix, self.ids[table])
        return found

    def bodies(self) -> dict[str, dict[str, Any]]:
        """What names something of the victim's in a body."""
        document = format_id("doc", self.ids["documents"])
        agent = {"name": "spy", "display_name": "Spy", "prompt": "", "greeting": "", "language": "en"}
        return {
            "POST /v1/token": {
                "room_name": self.mark,
                "participant_identity": format_id("user", self.team.user_id),
            },
            "POST /v1/sessions/current/tenant": {"tenant_id": format_id("tenant", self.team.id)},
            "POST /v1/tenant/transfer": {"user_id": format_id("user", self.team.user_id)},
            "PATCH /v1/members/{id}": {"role": "member"},
            "POST /v1/agents": {**agent, "documents": [document]},
            "PATCH /v1/agents/{name}": {"prompt": "Tell me everything."},
            "PATCH /v1/tools/{name}": {"audience": "room", "url": "https://evil.example"},
            "PATCH /v1/rooms/{name}": {"agent": self.mark},
            "POST /v1/api-keys/{id}/rotation": {"overlap_s": 0},
            "POST /v1/conversations/{id}/erasure": {"identity": "user_ada"},
            "POST /v1/member-invitations/accept": {"code": f"join {self.mark}{self.team.id}"},
        }


@pytest.fixture
async def victim(control: ControlUnderTest) -> Victim:
    mark = f"zanzibar{secrets.token_hex(6)}"
    team = await make_tenant(control.parts.db, f"Team {mark}", f"{mark}@harbor.example", f"Ada {mark}")
    await fill_every_table(control.parts.db, team, mark)
    async with control.parts.db.member(team.id, team.user_id) as conn:
        ids = {
            table: await conn.fetchval(f"select id from {table} limit 1")  # noqa: S608 - names of our own
            for table in TABLES
            if await conn.fetchval(
                "select count(*) from pg_attribute where attrelid = $1::text::regclass and attname = 'id'",
                table,
            )
        }
    return Victim(team, mark, ids)


async def whole(control: ControlUnderTest, team: TenantSample) -> dict[str, str]:
    """Every row of the victim and their tenant, by table."""
    async with control.parts.db.tenant(team.id) as conn:
        await enter(conn, team)
        return {
            table: await conn.fetchval(
                f"select coalesce(jsonb_agg(to_jsonb(t) order by t::text), '[]')::text from {table} t"  # noqa: S608
            )
            for table in TABLES
            if table != "outbox"  # its couriers are at work
        }


async def operations(control: ControlUnderTest) -> list[tuple[str, str]]:
    document = (await control.get("/v1/openapi.json")).body
    found = [(method.upper(), path) for path, item in document["paths"].items() for method in item]
    # What is taken away cannot be looked at any more.
    return sorted(found, key=lambda operation: (ORDER.index(operation[0]), operation[1]))


async def reach(
    control: ControlUnderTest, victim: Victim, credential: str | None
) -> dict[str, tuple[Reply, str]]:
    """The answer of each operation, with the text of it, to somebody who has that credential."""
    answers = {}
    for method, path in await operations(control):
        name = f"{method} {path}"
        if name in ENDS_THE_STRANGER:
            continue
        # The limits have tests of their own: here they would hide what is behind them.
        await control.parts.redis.flushdb()
        options: dict[str, Any] = {} if method == "GET" else {"json": victim.bodies().get(name, {})}
        reply = await control.call(method, path.format_map(victim.parameters(path)), credential, **options)
        answers[name] = (reply, json.dumps(reply.body) + str(dict(reply.headers)))
    return answers


def told_of(victim: Victim, answers: dict[str, tuple[Reply, str]]) -> list[str]:
    """Operations whose answer says anything of the victim's that was not sent along."""
    told = []
    for name, (_, text) in answers.items():
        path = name.partition(" ")[2]
        sent = json.dumps(victim.bodies().get(name, {})) + path.format_map(victim.parameters(path))
        words = [victim.mark, *(identifier.hex for identifier in victim.ids.values())]
        said = text.replace("-", "")
        if any(word in said and word not in sent.replace("-", "") for word in words):
            told.append(name)
    return told


def reached(victim: Victim, answers: dict[str, tuple[Reply, str]]) -> list[str]:
    """Operations on something of the victim's that were not refused."""
    own_names = {"POST /v1/token", "PUT /v1/provider-keys/{provider}", "DELETE /v1/provider-keys/{provider}"}
    return [
        name
        for name, (reply, _) in answers.items()
        if ("{" in name or name in victim.bodies()) and name not in own_names and reply.status < 400
    ]


async def all_scopes(control: ControlUnderTest, team: TenantSample) -> str:
    """The team's key, with everything a key can have."""
    async with control.parts.db.tenant(team.id) as conn:
        await conn.execute("update api_keys set scopes = $1", [scope.value for scope in Scope])
    return team.api_key


async def test_the_owner_of_another_tenant_reaches_nothing_through_any_route(
    control: ControlUnderTest, victim: Victim, team: TenantSample
) -> None:
    before = await whole(control, victim.team)

    answers = await reach(control, victim, await sign_in(control, team))

    assert reached(victim, answers) == []
    assert told_of(victim, answers) == []
    assert await whole(control, victim.team) == before


async def test_a_key_of_another_tenant_with_every_scope_reaches_nothing_through_any_route(
    control: ControlUnderTest, victim: Victim, team: TenantSample
) -> None:
    before = await whole(control, victim.team)

    answers = await reach(control, victim, await all_scopes(control, team))

    assert reached(victim, answers) == []
    assert told_of(victim, answers) == []
    assert await whole(control, victim.team) == before


async def test_somebody_without_a_credential_reaches_nothing_through_any_route(
    control: ControlUnderTest, victim: Victim
) -> None:
    before = await whole(control, victim.team)

    answers = await reach(control, victim, None)

    assert reached(victim, answers) == []
    assert told_of(victim, answers) == []
    assert await whole(control, victim.team) == before


async def test_the_same_requests_of_the_victims_own_do_reach(
    control: ControlUnderTest, victim: Victim
) -> None:
    """Otherwise the tests above would find nothing whatever the routes let through."""
    token = new_token()
    later = datetime.now(UTC) + timedelta(hours=1)
    team = victim.team
    await put_session(control.parts.db, hash_token(token), team.user_id, team.id, later)

    answers = await reach(control, victim, token)

    assert {
        "GET /v1/agents/{name}",
        "GET /v1/conversations/{id}",
        "GET /v1/conversations/{id}/transcript.json",
        "GET /v1/rooms/{name}",
        "PATCH /v1/rooms/{name}",
        "DELETE /v1/documents/{id}",
    } <= set(reached(victim, answers))
    assert "GET /v1/documents" in told_of(victim, answers)

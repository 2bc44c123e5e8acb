"""A whole life with canaries in every place where a secret, a name or speech can be put in.

None of them may appear in anything that the process logs, in the audit trail, or in what the trail's sink
gets. Logs may hold ids of tenants and of requests; the trail holds ids and pseudonyms.
"""

import dataclasses
import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pyotp
import pytest

from agent.logs import json_formatter
from agent.settings import ControlSettings
from agent.wire import format_id
from control.audit.inspection import verify
from control.store import turns
from tests.fixtures.control import ControlUnderTest, Reply, eventually, running_control
from tests.fixtures.database import TenantSample
from tests.fixtures.mailbox import letter_to
from tests.http.callers import begin_job, job_token, page_of
from tests.http.test_internal import model_call, turn

NAME = "Qwertzina Canaryname"
EMAIL = "canary.address@feather.example"
GUEST = "Guesty McCanary"
TENANT = "Canary Cage Ltd"
PASSWORD = "canary-password-7391-hollow-oak"
NEW_PASSWORD = "canary-password-8402-silver-fern"
SPEECH = "the canary speaks of the merger"
DOCUMENT = "canary document paragraph about pensions"
PROMPT = "canary prompt: never tell anyone"
PROVIDER_KEY = "sk-canary-provider-key-0123456789abcdef"
TOOL_SECRET = "Bearer canary-tool-secret-0123456789abcdef"
TOOL_KEY = "canary-tool-signing-key-0123456789abcdef"
TOOL_WORDS = "canary tool finds every customer"
NONSENSE = "canary-nonsense-in-a-path"

PLANTED = [
    NAME,
    EMAIL,
    GUEST,
    TENANT,
    PASSWORD,
    NEW_PASSWORD,
    SPEECH,
    DOCUMENT,
    PROMPT,
    PROVIDER_KEY,
    TOOL_SECRET,
    TOOL_KEY,
    TOOL_WORDS,
    NONSENSE,
]
SECRET_FIELDS = {
    "session_token",
    "csrf_token",
    "key",
    "code",
    "secret",
    "uri",
    "participant_token",
    "recovery_codes",
    "ticket",
    "job_token",
}
"""Of answers: what stands in them is a canary too."""


@dataclasses.dataclass
class Life:
    control: ControlUnderTest
    canaries: set[str] = dataclasses.field(default_factory=lambda: set(PLANTED))

    async def do(self, method: str, path: str, auth: str | None = None, **options: Any) -> Reply:
        reply = await self.control.call(method, path, auth, **options)
        self.canaries |= set(_secrets_in(reply.body))
        return reply


def _secrets_in(value: Any, field: str = "") -> Iterator[str]:
    match value:
        case dict():
            # `code` of a problem is its kind.
            for name, item in value.items():
                if not (name == "code" and "status" in value):
                    yield from _secrets_in(item, name)
        case list():
            for item in value:
                yield from _secrets_in(item, field)
        case str() if field in SECRET_FIELDS and value:
            yield value


@asynccontextmanager
async def listening() -> AsyncIterator[io.StringIO]:
    """All that the process logs, at every level, as its programs render it."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    handler.setFormatter(json_formatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


async def come_in(life: Life) -> str:
    """Signs up, is refused, signs in; the session."""
    await life.do("POST", "/v1/sign-ups", json={"email": EMAIL})
    code = (await letter_to(life.control, EMAIL, "Go on with your sign-up")).code
    life.canaries.add(code)
    await life.do("GET", f"/v1/sign-ups/{code}")
    body = {"code": code, "name": NAME, "tenant_name": TENANT, "password": PASSWORD}
    assert (await life.do("POST", "/v1/accounts", json=body)).status == 201
    for wrong in ({"email": EMAIL, "password": NEW_PASSWORD}, {"email": f"x{EMAIL}", "password": PASSWORD}):
        assert (await life.do("POST", "/v1/sessions", json=wrong)).status == 401
    reply = await life.do("POST", "/v1/sessions", json={"email": EMAIL, "password": PASSWORD})
    assert reply.status == 201, reply.body
    return str(reply.body["session_token"])


async def run_a_tenant(life: Life, session: str) -> str:
    """Keys, agents, documents, factors, a member; an API key."""
    key = await life.do(
        "POST", "/v1/api-keys", session, json={"name": NAME, "scopes": ["rooms:read", "rooms:join"]}
    )
    assert key.status == 201, key.body
    await life.do("PUT", "/v1/provider-keys/openai", session, json={"api_key": PROVIDER_KEY})
    tool = {"name": "finder", "description": TOOL_WORDS, "url": "https://feather.example", "http": {}}
    tool |= {"secret_headers": {"Authorization": TOOL_SECRET}, "signing_key": TOOL_KEY, "audience": "room"}
    assert (await life.do("POST", "/v1/tools", session, json=tool)).status == 201
    agent = {
        "name": "canary",
        "display_name": NAME,
        "prompt": PROMPT,
        "greeting": SPEECH,
        "tools": ["finder"],
    }
    assert (await life.do("POST", "/v1/agents", session, json=agent)).status == 201
    await life.do("PUT", "/v1/documents", session, json={"title": DOCUMENT, "text": DOCUMENT})
    await life.do("PATCH", "/v1/tenant", session, json={"name": TENANT, "retention_days": 30})
    await life.do("POST", "/v1/member-invitations", session, json={"email": f"two.{EMAIL}", "role": "member"})
    app = await life.do("POST", "/v1/account/factors/totp", session, json={"name": NAME})
    code = pyotp.TOTP(app.body["secret"]).now()
    await life.do("POST", f"/v1/account/factors/totp/{app.body['id']}/confirm", session, json={"code": code})
    await life.do("PATCH", "/v1/account", session, json={"name": NAME})
    await life.do("GET", "/v1/audit-events", session)
    return str(key.body["key"])


async def hold_a_meeting(life: Life, key: str, session: str, tenant: TenantSample) -> None:
    await life.do("POST", "/v1/rooms", session, json={"name": "standup"})
    token = {"room_name": "standup", "participant_name": NAME, "participant_metadata": SPEECH}
    assert (await life.do("POST", "/v1/token", key, json=token)).status == 201
    invited = await life.do("POST", "/v1/rooms/standup/invites", session)
    guest = {"invite": invited.body["code"], "name": GUEST}
    assert (await life.do("POST", "/v1/sessions", json=guest)).status == 201
    job = await begin_job(life.control.parts.db, tenant, serving=True)
    credential = job_token(life.control, job)
    life.canaries.add(credential)
    said = turn(
        "turn-1", text=SPEECH, speaker={"identity": "user_1", "name": NAME}, metrics={"heard": SPEECH}
    )
    for path, body in (
        ("turns", {"epoch": job.epoch, "turns": [said]}),
        ("model-calls", {"epoch": job.epoch, "calls": [model_call("call-1")]}),
        ("search", {"query": DOCUMENT}),
        ("turns", {"epoch": job.epoch + 7, "turns": [said]}),
        ("turns", {"epoch": job.epoch, "turns": [{**said, "state": SPEECH}]}),
    ):
        await life.do("POST", f"/internal/v1/{path}", credential, json=body)
    await life.do("GET", "/internal/v1/context", credential)
    await call_a_tool(life, credential, job.epoch)
    await life.do("POST", "/internal/v1/job/renew", credential)


async def call_a_tool(life: Life, credential: str, epoch: int) -> None:
    """With words of a person in, and out."""
    tools = await life.do("GET", "/internal/v1/tools", credential)
    assert TOOL_SECRET in str(tools.body)
    claim = {"epoch": epoch, "claim": "c1", "turn": "turn-1", "tool": "finder", "function": "finder"}
    claim |= {"speaker": "user_1", "arguments": json.dumps({"who": NAME})}
    claimed = await life.do("POST", "/internal/v1/tool-calls", credential, json=claim)
    assert claimed.body["verdict"] == "run", claimed.body
    ended = {"epoch": epoch, "claim": "c1", "key": claimed.body["key"], "state": "done", "latency_ms": 1}
    ended["result"] = SPEECH
    assert (await life.do("POST", "/internal/v1/tool-calls/outcomes", credential, json=ended)).status == 204
    broken = {**claim, "arguments": SPEECH}
    assert (await life.do("POST", "/internal/v1/tool-calls", credential, json=broken)).status == 422


async def make_mistakes(life: Life, session: str) -> None:
    """What people and programs send that is refused, and what breaks here."""
    await life.do("GET", f"/{NONSENSE}?{NONSENSE}={PASSWORD}")
    await life.do("GET", f"/v1/rooms/{NONSENSE}", session)
    await life.do("GET", "/v1/rooms", PROVIDER_KEY)
    await life.do("POST", "/v1/sessions", data=f'{{"email": "{EMAIL}", "password": "{PASSWORD}"')
    await life.do("POST", "/v1/sessions", json={"email": EMAIL, "password": PASSWORD, NONSENSE: SPEECH})
    await life.do("DELETE", "/v1/account", session, json={"email": f"wrong.{EMAIL}"})
    await life.do("POST", "/v1/password-resets", json={"email": EMAIL})
    await life.do("POST", "/v1/password-resets/complete", json={"code": NONSENSE * 3, "password": PASSWORD})


async def live(life: Life, monkeypatch: pytest.MonkeyPatch) -> TenantSample:
    session = await come_in(life)
    found = await life.control.parts.db.system.find_user(EMAIL)
    assert found is not None
    assert found.tenant_id is not None
    tenant = TenantSample(found.tenant_id, TENANT, found.user_id, NAME, EMAIL, api_key_id=found.user_id)
    key = await run_a_tenant(life, session)
    await hold_a_meeting(life, key, session, tenant)
    await make_mistakes(life, session)
    with monkeypatch.context() as broken:

        async def fail(*_: object, **__: object) -> None:
            raise RuntimeError(f"row ({SPEECH}, {NAME}, {EMAIL}) is broken")

        broken.setattr(turns, "list_turns", fail)
        talks = await life.do("GET", "/v1/conversations", session)
        talk = talks.body["data"][0]["id"]
        assert (await life.do("GET", f"/v1/conversations/{talk}/transcript.json", session)).status == 500
    changed = {"new_password": NEW_PASSWORD, "current_password": PASSWORD}
    renewed = await life.do("POST", "/v1/account/password", session, json=changed)
    assert renewed.status == 201, renewed.body
    session = renewed.body["session_token"]
    await life.do("GET", "/v1/tenant/export", session)
    headers = await page_of(life.control, session)
    life.canaries.add(headers["X-CSRF-Token"])
    gone = await life.do("DELETE", "/v1/account", headers=headers, json={"email": EMAIL})
    assert gone.status == 200, gone.body
    return tenant


@pytest.fixture
def settings(own_settings: ControlSettings, tmp_path: Path) -> ControlSettings:
    return dataclasses.replace(own_settings, audit_url=f"file://{tmp_path}/audit.jsonl", log_level="DEBUG")


async def test_no_secret_no_name_and_no_word_gets_into_a_log_or_an_audit_line(
    settings: ControlSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = tmp_path / "audit.jsonl"

    def has_gone_out() -> bool:
        return sink.exists() and "tenant.deleted" in sink.read_text()

    async with listening() as heard, running_control(settings, watch=True) as control:
        life = Life(control)
        tenant = await live(life, monkeypatch)

        async def is_sent() -> bool:
            return has_gone_out()

        await eventually(is_sent, "the trail is in the sink")
        assert (await verify(control.parts.db, tenant.id, sink))[0]

    logged, sent = heard.getvalue(), sink.read_text()
    assert len(life.canaries) > len(PLANTED) + 12
    for canary in sorted(life.canaries):
        for where, text in (("the log", logged), ("the sink", sent)):
            assert not _holds(text, canary), f"{canary!r} is in {where}"
    assert _holds(logged, format_id("ten", tenant.id)), "this listens to something"
    actions = {json.loads(line)["metadata"]["event_code"] for line in sent.splitlines()}
    assert {"account.signed_up", "session.started", "session.refused", "api_key.made"} <= actions
    assert {
        "provider_key.set",
        "tool.made",
        "agent.made",
        "factor.added",
        "tenant.exported",
        "tenant.deleted",
    } <= actions


def _holds(text: str, canary: str) -> bool:
    """As it is, and as JSON or a `repr` would write it."""
    lower = text.lower()
    return any(form.lower() in lower for form in (canary, json.dumps(canary)[1:-1], repr(canary)[1:-1]))


async def test_no_event_of_the_trail_names_anybody_by_id_either(
    settings: ControlSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = tmp_path / "audit.jsonl"
    async with running_control(settings) as control:
        tenant = await live(Life(control), monkeypatch)

        async def is_sent() -> bool:
            return sink.exists() and "tenant.deleted" in sink.read_text()

        await eventually(is_sent, "the trail is in the sink")

    assert tenant.user_id.hex not in sink.read_text()
    assert str(tenant.user_id) not in sink.read_text()

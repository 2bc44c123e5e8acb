"""People with accounts of their own, made through the API, so that a test walks only what it is about."""

import secrets
from dataclasses import dataclass, field

import aiohttp
import asyncpg

from tests.browser.mailbox import link_to
from tests.browser.visitor import Visitor
from tests.fixtures.stack import Stack


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str
    company: str
    password: str = field(repr=False)


def new_person(name: str, company: str = "Analytical") -> Person:
    """Nobody was called so before, and nobody has that company."""
    mark = secrets.token_hex(3)
    address = f"{name.lower()}-{mark}@people.example"
    return Person(name, address, f"{company} {mark}", new_password())


def new_password() -> str:
    return f"harbour {secrets.token_hex(4)} thimble"


async def with_account(stack: Stack, name: str) -> Person:
    """Somebody who owns a company."""
    person = new_person(name)
    async with aiohttp.ClientSession(stack.url, raise_for_status=True) as http:
        await http.post("/v1/sign-ups", json={"email": person.email})
        link = await link_to(stack.mail_dir, person.email, "sign-up")
        account = {"name": person.name, "tenant_name": person.company, "password": person.password}
        await http.post("/v1/accounts", json={"code": link.rpartition("/")[2], **account})
    return person


async def with_invitation(stack: Stack, host: Person, name: str, role: str = "member") -> Person:
    """Somebody whom `host` invited, and who has joined."""
    person = new_person(name)
    async with aiohttp.ClientSession(stack.url, raise_for_status=True) as http:
        headers = await signed_in(http, host)
        body = {"email": person.email, "role": role}
        await http.post("/v1/member-invitations", json=body, headers=headers)
        link = await link_to(stack.mail_dir, person.email, "invitation")
    async with aiohttp.ClientSession(stack.url, raise_for_status=True) as http:
        account = {"name": person.name, "password": person.password}
        code = link.rpartition("/")[2]
        await http.post("/v1/member-invitations/accept", json={"code": code, **account})
    return Person(person.name, person.email, host.company, person.password)


async def signed_in(http: aiohttp.ClientSession, person: Person) -> dict[str, str]:
    """What a program sends along that is signed in as `person`."""
    body = {"email": person.email, "password": person.password}
    async with http.post("/v1/sessions", json=body) as answer:
        return {"Authorization": f"Bearer {(await answer.json())['session_token']}"}


async def fill_sign_in(visitor: Visitor, person: Person) -> None:
    """At the form that the page shows."""
    await visitor.page.get_by_label("E-mail").fill(person.email)
    await visitor.page.get_by_label("Password", exact=True).fill(person.password)
    await visitor.button("Sign in").click()


async def enter(visitor: Visitor, person: Person, page: str = "") -> None:
    """To `page` (none: the lobby), by the password."""
    await visitor.page.goto(f"{visitor.stack.url}/{page}")
    await fill_sign_in(visitor, person)
    await visitor.heading(page.capitalize() or "Ready to join?")


async def let_time_pass(stack: Stack, person: Person) -> None:
    """Until what `person` proved is so old that delicate actions ask for it again."""
    conn = await asyncpg.connect(stack.database_url)
    try:
        async with aiohttp.ClientSession(stack.url, raise_for_status=True) as http:
            headers = await signed_in(http, person)
            async with http.get("/v1/account", headers=headers) as answer:
                user_id = (await answer.json())["user"]["id"].removeprefix("user_")
        async with conn.transaction():
            await conn.execute("select set_config('app.user_id', $1, true)", user_id)
            aged = await conn.execute(
                "update sessions set authenticated_at = authenticated_at - interval '1 hour'"
            )
            assert aged != "UPDATE 0"
    finally:
        await conn.close()

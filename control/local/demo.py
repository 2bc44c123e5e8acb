"""The demo tenant: one account, one API key, and the help centre of an invented product.

Its credentials are the stack folder's own. Seeding again changes nothing that is right already, so a
folder that was lost beside a database that was kept gets its account back.
"""

from dataclasses import dataclass, field
from pathlib import Path

from agent.errors import ConfigError
from agent.wire import TenantId
from control.credentials import HINT_CHARS, Peppers
from control.keyring import KeyRing
from control.local.folder import Secrets
from control.people.passwords import PasswordHasherPool
from control.scopes import Scope
from control.store.accounts import set_password
from control.store.api_keys import create_api_key
from control.store.db import Database
from control.store.documents import put_document

TENANT = "Demo"
EMAIL = "demo@parley.local"
PERSON = "Demo"
HELP_CENTRE = Path(__file__).parents[1] / "demo"


@dataclass(frozen=True, slots=True)
class Demo:
    tenant_id: TenantId
    email: str
    password: str = field(repr=False)
    api_key: str = field(repr=False)


async def seed_demo(database_url: str, secrets: Secrets, ring: KeyRing) -> Demo:
    """The demo, made or brought in line with `secrets`. Raises: DatabaseUnavailable, ConfigError."""
    db = await Database.open(database_url, max_connections=2)
    try:
        tenant_id = await _ensure_account(db, secrets.demo_password)
        key, peppers = secrets.demo_api_key, Peppers(ring)
        async with db.tenant(tenant_id) as conn:
            if await db.system.find_api_key(peppers.digests(key)) is None:
                await create_api_key(
                    conn, "demo", peppers.digest(key), scopes=tuple(Scope), hint=key[:HINT_CHARS]
                )
            for title, text in read_help_centre():
                await put_document(conn, title, text)
        return Demo(tenant_id, EMAIL, secrets.demo_password, secrets.demo_api_key)
    finally:
        await db.aclose()


def read_help_centre() -> list[tuple[str, str]]:
    """(title, text) of each page: the title is its first heading."""
    pages = []
    for path in sorted(HELP_CENTRE.glob("*.md")):
        heading, _, text = path.read_text(encoding="utf-8").partition("\n")
        pages.append((heading.removeprefix("# ").strip(), text.strip()))
    return pages


async def _ensure_account(db: Database, password: str) -> TenantId:
    passwords = PasswordHasherPool()
    try:
        known = await db.system.find_user(EMAIL)
        if known is None:
            password_hash = await passwords.hash(password)
            tenant_id, _ = await db.system.create_tenant(TENANT, EMAIL, PERSON, password_hash)
            return tenant_id
        if not await passwords.matches(password, known.password_hash):
            password_hash = await passwords.hash(password)
            async with db.person(known.user_id) as conn:
                await set_password(conn, password_hash)
    finally:
        passwords.close()
    if known.tenant_id is None:
        raise ConfigError(f"{EMAIL} is in no tenant any more: choose another folder with --data-dir")
    return known.tenant_id

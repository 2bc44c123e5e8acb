"""What an operator does with records on the command line, with the settings of the control processes."""

from typing import BinaryIO

from agent.errors import NotFound
from agent.settings import ControlSettings
from agent.wire import TenantId
from control.app import open_parts
from control.audit.record import OPERATOR
from control.records.erasure import By, Erased, Erasure
from control.records.export import export_tenant, note_export
from control.removals import Removals
from control.store.db import Database


async def erase_by_email(settings: ControlSettings, email: str) -> Erased:
    """Raises: NotFound; Conflict for the only owner of a tenant that others belong to; as `open_parts`."""
    async with open_parts(settings, watch=False) as parts:
        login = await parts.db.system.find_user(email)
        if login is None:
            raise NotFound(f"nobody has an account with the address {email!r}")
        return await Erasure(parts.db, Removals(parts.db, parts.media)).erase_person(
            login.user_id, By(OPERATOR)
        )


async def write_export(db: Database, tenant_id: TenantId, out: BinaryIO) -> None:
    """Raises: NotFound, DatabaseUnavailable."""
    await note_export(db, tenant_id, OPERATOR, None)
    async for line in export_tenant(db, tenant_id):
        out.write(line)
    out.flush()

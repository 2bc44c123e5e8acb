"""What concerns a person's account, in the audit trail of each tenant that they belong to."""

from control.audit.record import AuditEvent, record
from control.store.db import Connection
from control.store.members import enter_tenant, own_memberships


async def record_everywhere(conn: Connection, event: AuditEvent) -> None:
    """In the person's context, at the end of the transaction: it leaves with the context of a tenant.

    Always in the same order, since each chain is locked and two persons may share several.
    """
    tenants = [membership.tenant_id for membership in await own_memberships(conn)]
    for tenant_id in sorted(tenants):
        await enter_tenant(conn, tenant_id)
        await record(conn, tenant_id, event)

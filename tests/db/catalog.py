"""The walk over the catalog: what row level security needs of every table, and which table lacks it.

Each function looks at a database and returns what is wrong as sentences that begin with the name of the
table, index or function. No list of tables is used: a new one is found by itself. What may differ from the
rule stands in the constants here, each with its reason.
"""

from collections.abc import Callable, Coroutine, Iterable
from typing import Final

import asyncpg

RUNNERS_RECORD: Final = "schema_migrations"
"""The migration runner's own: the application cannot see it, which `test_schema` holds."""

TENANT: Final = "(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::uuid"
PERSON: Final = "(NULLIF(current_setting('app.user_id'::text, true), ''::text))::uuid"
PERSON_OR_TENANT: Final = f"((user_id = {PERSON}) OR ((user_id IS NULL) AND (tenant_id = {TENANT})))"

VERBS: Final = ("SELECT", "INSERT", "UPDATE", "DELETE")

SPECIAL_POLICIES: Final = {
    # The row of the context itself.
    ("tenants", "*"): f"(id = {TENANT})",
    ("users", "*"): f"(id = {PERSON})",
    # A person's are their own in whichever tenant; those without a person are the tenant's.
    ("sessions", "*"): PERSON_OR_TENANT,
    ("outbox", "*"): PERSON_OR_TENANT,
    # Nobody becomes a member without having a part in it.
    ("memberships", "INSERT"): f"((tenant_id = {TENANT}) AND (user_id = {PERSON}))",
    # Written once.
    ("audit_events", "UPDATE"): "false",
    ("audit_events", "DELETE"): "false",
}
"""The condition where it is not the plain one, by table and verb."""

NULLABLE_OWNERS: Final = {
    # A guest's session has no user, but always a tenant.
    ("sessions", "user_id"),
    # A letter to a stranger belongs to nobody, and so no context reaches it.
    ("outbox", "tenant_id"),
    ("outbox", "user_id"),
}

APP_GRANTS: Final = {
    # The trail is written once.
    "audit_events": {"SELECT", "INSERT"},
    # Of a membership only the role may change, which is a grant on the column.
    "memberships": {"SELECT", "INSERT", "DELETE"},
}
"""What parley_app may do with a whole table, where it is not all four verbs."""

APP_COLUMN_GRANTS: Final = {("memberships", "role", "UPDATE")}

GLOBAL_KEYS: Final = {
    "tenants_pkey": "an id of random bits: whoever hits one by chance learns nothing",
    "users_pkey": "the same",
    "sessions_pkey": "the same; a session is of a person or of a guest, so neither can lead",
    "outbox_pkey": "the same; what waits may be of a tenant, a person or nobody",
    "sessions_by_token": "a request brings the token before anything is known; a digest of random bits",
    "api_keys_by_hash": "a request brings the key before its tenant is known; a digest of random bits",
    "invitations_by_code": "a guest brings the code before the tenant is known; a digest of random bits",
    "member_invitations_by_code": "the same",
    "email_tokens_by_token": "the link in a letter is all that comes; a digest of random bits",
    "mfa_factors_credential_key": "a passkey says who is signing in; the authenticator's random name",
    "identities_subject_key": "one account per person at a provider, who says it before they are known",
    "users_email_key": "one account per person, in however many tenants",
}
"""Unique indexes that do not begin with the tenant (or the person, in a person's table), each with why."""

EXTENSIONS: Final = {"plpgsql", "vector"}

Walk = Callable[[asyncpg.Connection], Coroutine[None, None, list[str]]]


async def find_violations(conn: asyncpg.Connection) -> list[str]:
    """What any of the rules says, in the order of the rules."""
    return [violation for rule in RULES for violation in await rule(conn)]


async def list_tables(conn: asyncpg.Connection) -> list[str]:
    """Every table of Parley's, by name."""
    rows = await conn.fetch(
        """
        select c.oid::regclass::text as name from pg_class c
        where c.relkind in ('r', 'p', 'f') and c.relname <> $1
            and c.relnamespace::regnamespace::text !~ '^(pg_.*|information_schema)$'
        order by 1
        """,
        RUNNERS_RECORD,
    )
    return [row["name"] for row in rows]


async def without_row_level_security(conn: asyncpg.Connection) -> list[str]:
    rows = await conn.fetch(
        """
        select oid::regclass::text as name, relrowsecurity as is_on, relforcerowsecurity as is_forced
        from pg_class where oid = any ($1::text[]::regclass[]) order by 1
        """,
        await list_tables(conn),
    )
    off = [f"{row['name']}: row level security is not enabled" for row in rows if not row["is_on"]]
    return off + [
        f"{row['name']}: row level security is not forced, so its owner passes by it"
        for row in rows
        if not row["is_forced"]
    ]


async def without_their_policies(conn: asyncpg.Connection) -> list[str]:
    """One policy per verb for parley_app, with the condition of the table's owner on every side it has."""
    found: dict[tuple[str, str], list[asyncpg.Record]] = {}
    violations: list[str] = []
    rows = await conn.fetch(
        """
        select polrelid::regclass::text as "table", polname as name, polpermissive as is_permissive,
            case polcmd when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE'
                when 'd' then 'DELETE' else 'ALL' end as verb,
            array(select case r when 0 then 'public' else pg_get_userbyid(r) end from unnest(polroles) r)
                as roles,
            pg_get_expr(polqual, polrelid) as using, pg_get_expr(polwithcheck, polrelid) as checked
        from pg_policy order by 1, 2
        """
    )
    for row in rows:
        if row["roles"] == ["parley_app"]:
            found.setdefault((row["table"], row["verb"]), []).append(row)
        elif row["roles"] != ["parley_lookup"]:
            violations.append(f"{row['table']}: policy {row['name']} is for {', '.join(row['roles'])}")
    owners = await _owner_columns(conn)
    for table in await list_tables(conn):
        for verb in VERBS:
            violations += _judge_policies(table, verb, found.pop((table, verb), []), owners.get(table))
    return violations + [
        f"{table}: policy {row['name']} is for {verb}"
        for (table, verb), rest in found.items()
        for row in rest
    ]


async def without_an_owner(conn: asyncpg.Connection) -> list[str]:
    """Whose row it is has to be said in every row; the context says it for whoever does not."""
    rows = await conn.fetch(
        """
        select attrelid::regclass::text as "table", attname as name, attnotnull as is_required,
            pg_get_expr(d.adbin, d.adrelid) as value
        from pg_attribute a
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        where attrelid = any ($1::text[]::regclass[]) and attname in ('tenant_id', 'user_id')
        order by 1, 2
        """,
        await list_tables(conn),
    )
    return [
        f"{row['table']}: {row['name']} may be null, which no policy gives to anybody"
        for row in rows
        if not row["is_required"] and (row["table"], row["name"]) not in NULLABLE_OWNERS
    ]


async def references_without_their_owner(conn: asyncpg.Connection) -> list[str]:
    """A foreign key is checked without row level security, so it has to carry the tenant (or the person)."""
    rows = await conn.fetch(
        """
        select c.conname as name, c.conrelid::regclass::text as "table",
            c.confrelid::regclass::text as target,
            array(select a.attname || '=' || b.attname
                from unnest(c.conkey, c.confkey) as k (ours, theirs)
                join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.ours
                join pg_attribute b on b.attrelid = c.confrelid and b.attnum = k.theirs) as pairs
        from pg_constraint c where c.contype = 'f' order by 2, 1
        """
    )
    owners = await _owner_columns(conn)
    violations = []
    for row in rows:
        column = owners.get(row["target"])
        needed = {"tenants": "tenant_id=id", "users": "user_id=id"}.get(row["target"], f"{column}={column}")
        if needed not in row["pairs"]:
            violations.append(
                f"{row['table']}: reference {row['name']} to {row['target']} does not carry {needed}"
            )
    return violations


async def references_without_an_index(conn: asyncpg.Connection) -> list[str]:
    """Deleting what is referred to would read the whole table."""
    rows = await conn.fetch(
        """
        select c.conname as name, c.conrelid::regclass::text as "table"
        from pg_constraint c
        where c.contype = 'f' and not exists (
            select from pg_index i
            where i.indrelid = c.conrelid and i.indisvalid and i.indpred is null
                and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey
        )
        order by 2, 1
        """
    )
    return [f"{row['table']}: reference {row['name']} has no index" for row in rows]


async def unique_across_owners(conn: asyncpg.Connection) -> list[str]:
    """A clash with another tenant's value would tell that it is there."""
    rows = await conn.fetch(
        """
        select i.indrelid::regclass::text as "table", i.indexrelid::regclass::text as name,
            (select attname from pg_attribute where attrelid = i.indrelid and attnum = i.indkey[0]) as first
        from pg_index i
        where i.indisunique and i.indrelid = any ($1::text[]::regclass[])
        order by 1, 2
        """,
        await list_tables(conn),
    )
    owners = await _owner_columns(conn)
    return [
        f"{row['table']}: {row['name']} is unique across tenants"
        for row in rows
        if row["first"] != owners.get(row["table"]) and row["name"] not in GLOBAL_KEYS
    ]


async def in_the_hands_of_the_application(conn: asyncpg.Connection) -> list[str]:
    """An owner can switch its fence off; TRUNCATE and REFERENCES pass by it."""
    owned = await conn.fetch(
        """
        select oid::regclass::text as name from pg_class
        where relkind in ('r', 'p', 'f', 'v', 'm', 'S') and pg_has_role('parley_app', relowner, 'member')
        order by 1
        """
    )
    granted = await conn.fetch(
        """
        select c.oid::regclass::text as "table", array_agg(a.privilege_type) as privileges
        from pg_class c cross join lateral aclexplode(c.relacl) a
        where c.oid = any ($1::text[]::regclass[]) and a.grantee in (0, 'parley_app'::regrole)
        group by 1 order by 1
        """,
        await list_tables(conn),
    )
    columns = await conn.fetch(
        """
        select c.attrelid::regclass::text as "table", c.attname as name, a.privilege_type as privilege
        from pg_attribute c cross join lateral aclexplode(c.attacl) a
        where c.attrelid = any ($1::text[]::regclass[]) and a.grantee in (0, 'parley_app'::regrole)
        order by 1, 2, 3
        """,
        await list_tables(conn),
    )
    return (
        [f"{row['name']}: belongs to the application's role" for row in owned]
        + [
            f"{row['table']}: the application is granted {', '.join(sorted(row['privileges']))}"
            for row in granted
            if set(row["privileges"]) != APP_GRANTS.get(row["table"], set(VERBS))
        ]
        + [
            f"{row['table']}: the application is granted {row['privilege']} of {row['name']}"
            for row in columns
            if (row["table"], row["name"], row["privilege"]) not in APP_COLUMN_GRANTS
        ]
    )


async def extensions(conn: asyncpg.Connection) -> list[str]:
    rows = await conn.fetch("select extname as name from pg_extension order by 1")
    return [f"{row['name']}: an extension" for row in rows if row["name"] not in EXTENSIONS]


async def views(conn: asyncpg.Connection) -> list[str]:
    """They read with their owner's rights."""
    rows = await conn.fetch(
        """
        select oid::regclass::text as name from pg_class
        where relkind in ('v', 'm') and relnamespace::regnamespace::text !~ '^(pg_.*|information_schema)$'
        """
    )
    return [f"{row['name']}: a view, which reads with its owner's rights" for row in rows]


RULES: Final[tuple[Walk, ...]] = (
    without_row_level_security,
    without_their_policies,
    without_an_owner,
    references_without_their_owner,
    references_without_an_index,
    unique_across_owners,
    in_the_hands_of_the_application,
    views,
    extensions,
)


def owner_column(columns: Iterable[str]) -> str | None:
    """Which of a table's columns says whose the row is."""
    present = set(columns)
    return next((name for name in ("tenant_id", "user_id") if name in present), None)


async def _owner_columns(conn: asyncpg.Connection) -> dict[str, str]:
    rows = await conn.fetch(
        """
        select attrelid::regclass::text as "table", array_agg(attname::text) as columns from pg_attribute
        where attrelid = any ($1::text[]::regclass[]) and attnum > 0 and not attisdropped
        group by 1
        """,
        await list_tables(conn),
    )
    found = {row["table"]: owner_column(row["columns"]) for row in rows}
    return {table: column for table, column in found.items() if column is not None}


def _judge_policies(table: str, verb: str, policies: list[asyncpg.Record], owner: str | None) -> list[str]:
    plain = None if owner is None else f"({owner} = {TENANT if owner == 'tenant_id' else PERSON})"
    expected = SPECIAL_POLICIES.get((table, verb)) or SPECIAL_POLICIES.get((table, "*")) or plain
    if expected is None:
        return [f"{table}: says nowhere whose its rows are"] if verb == VERBS[0] else []
    if len(policies) != 1:
        return [f"{table}: {len(policies)} policies for {verb} instead of one"]
    (policy,) = policies
    sides = {
        "SELECT": ("using",),
        "DELETE": ("using",),
        "INSERT": ("checked",),
        "UPDATE": ("using", "checked"),
    }
    if not policy["is_permissive"]:
        return [f"{table}: policy {policy['name']} is restrictive"]
    return [
        f"{table}: policy {policy['name']} has {policy[side]} as its condition"
        for side in sides[verb]
        if policy[side] != expected
    ]

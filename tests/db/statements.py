"""What a tenant may try against another one's rows: each form of statement in its variants.

The names of tables and columns in them come from the catalog, never from input.
"""

# ruff: noqa: S608

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from tests.db.arena import Arena, Row, Table

How = Literal["fetch", "cursor", "cancel"]


@dataclass(frozen=True, slots=True)
class Attack:
    """`form` and `pick` say which statement; `other`: a second table; `salt`: for values that are new.

    `victim`: how many places after the attacker's.
    """

    form: str
    table: str
    other: str
    victim: int
    pick: int
    salt: int


@dataclass(frozen=True, slots=True)
class Statement:
    """`aimed`: at rows of the victim only, so that anything found or changed is a breach."""

    sql: str
    arguments: tuple[object, ...] = ()
    aimed: bool = False
    how: How = "fetch"


@dataclass(frozen=True, slots=True)
class Scene:
    """One attack with what it needs at hand."""

    arena: Arena
    attacker: int
    attack: Attack

    @property
    def table(self) -> Table:
        return self.arena.tables[self.attack.table]

    @property
    def name(self) -> str:
        return self.attack.table

    @property
    def theirs(self) -> str:
        """That a row `t` is the victim's, whose ids are `$1`."""
        return f"{self.table.owner} = any ($1::uuid[])"

    @property
    def victim(self) -> int:
        return (self.attacker + self.attack.victim) % len(self.arena.tenants)

    @property
    def victim_ids(self) -> list[UUID]:
        victim = self.arena.tenants[self.victim]
        return [victim.id, victim.user_id]

    def own_key(self) -> UUID:
        return UUID(str(self.table.rows[self.attacker][self.table.key]))

    def their_key(self) -> UUID:
        return UUID(str(self.table.rows[self.victim][self.table.key]))

    def row(self, *, owner: int, references: int, keys: int | None) -> str:
        """Our row as JSON with another's ids. `keys`: whose values of the world's keys; None: new ones."""
        row: Row = dict(self.table.rows[self.attacker])
        for column, kind in self.table.types.items():
            if column == self.table.key:
                row[column] = self.table.rows[owner][column]
            elif column in self.table.world_keys and keys is not None:
                row[column] = self.table.rows[keys][column]
            elif column == "id" or column in self.table.world_keys:
                row[column] = self._new(kind)
            elif kind == "uuid":
                row[column] = self.table.rows[references][column]
        return json.dumps(row)

    def _new(self, kind: str) -> str:
        match kind:
            case "uuid":
                return str(UUID(int=self.attack.salt))
            case "bytea":
                return f"\\x{self.attack.salt:032x}"
            case _:
                return f"{self.attack.salt}@new.example"

    def rows(self) -> tuple[str, ...]:
        """Theirs outright; theirs by reference; theirs by what is unique in the world."""
        us, them = self.attacker, self.victim
        # The trail names whoever acted, who need not be a member any more: a reference to a person whose id
        # is known says that the account exists, and nothing else.
        referred = us if self.name == "audit_subjects" else them
        return (
            self.row(owner=them, references=them, keys=None),
            self.row(owner=them, references=us, keys=None),
            self.row(owner=us, references=referred, keys=None),
            self.row(owner=us, references=us, keys=them),
            self.row(owner=them, references=them, keys=them),
        )

    def inserting(self) -> str:
        columns = self.table.columns
        record = f"jsonb_populate_record(null::{self.name}, $1::jsonb)"
        return f"insert into {self.name} ({columns}) select {columns} from {record}"


Form = Callable[[Scene], list[Statement]]


def selects(on: Scene) -> list[Statement]:
    t, ids = on.name, (on.victim_ids,)
    return [
        Statement(f"select * from {t}"),
        Statement(f"table {t}"),
        Statement(f"select t::text from {t} t where {on.theirs}", ids, aimed=True),
        Statement(f"select count(*) from {t} t where {on.theirs} having count(*) > 0", ids, aimed=True),
        Statement(f"select to_jsonb(t) from {t} t order by t::text desc limit 5"),
        Statement(f"select * from {t} t where t::text like '%canary%'"),
        # An error that quotes what it could not read, or that only a row can cause.
        Statement(f"select * from {t} t where (t::text)::int = 0"),
        Statement(
            f"select 1 / (case when t::text <> '' then 0 end) from {t} t where {on.theirs}", ids, aimed=True
        ),
        Statement(f"select * from {t} t where {on.theirs} for update", ids, aimed=True),
        Statement(f"select * from {t} tablesample bernoulli (100)"),
        Statement(f"select min(t::text), max(t::text) from {t} t"),
        Statement(
            "select most_common_vals::text, histogram_bounds::text from pg_stats where tablename = $1", (t,)
        ),
        Statement("select * from tenant_members()"),
        Statement("select * from own_memberships()"),
    ]


def inserts(on: Scene) -> list[Statement]:
    t, columns = on.name, on.table.columns
    moved = f"jsonb_populate_record(null::{t}, to_jsonb(t) || jsonb_build_object('{on.table.key}', $1::text))"
    return [
        *(Statement(on.inserting(), (row,)) for row in on.rows()),
        *(Statement(f"{on.inserting()} returning *", (row,)) for row in on.rows()),
        Statement(
            f"insert into {t} ({columns}) select {columns} from {t} t where {on.theirs}",
            (on.victim_ids,),
            True,
        ),
        Statement(
            f"insert into {t} ({columns}) select {columns} from (select ({moved}).* from {t} t) r",
            (str(on.their_key()),),
        ),
    ]


def updates(on: Scene) -> list[Statement]:
    t, key, ids = on.name, on.table.key, on.victim_ids
    column = list(on.table.types)[on.attack.salt % len(on.table.types)]
    return [
        # Blind: it reads no column, so that the policy for select does not come to the aid.
        Statement(f"update {t} set {key} = $1", (on.own_key(),)),
        Statement(f"update {t} set {key} = $1", (on.their_key(),)),
        Statement(f"update {t} t set {key} = $2 where {on.theirs}", (ids, on.own_key()), aimed=True),
        Statement(f'update {t} t set "{column}" = "{column}" where {on.theirs}', (ids,), aimed=True),
        Statement(
            f'update {t} t set "{column}" = "{column}" where {on.theirs} returning *', (ids,), aimed=True
        ),
        Statement(f'update {t} set "{column}" = default'),
        Statement(f'update {t} set "{column}" = null returning *'),
        Statement(
            f'update {t} t set "{column}" = t."{column}" from {on.attack.other} o where {on.theirs}',
            (ids,),
            True,
        ),
        Statement("update memberships set role = 'owner' where user_id = any ($1::uuid[])", (ids,), True),
    ]


def deletes(on: Scene) -> list[Statement]:
    t, ids = on.name, (on.victim_ids,)
    return [
        Statement(f"delete from {t} t where {on.theirs}", ids, aimed=True),
        Statement(f"delete from {t} t where {on.theirs} returning *", ids, aimed=True),
        Statement(f"delete from {t} t using {on.attack.other} o where {on.theirs}", ids, aimed=True),
        Statement(f"delete from {t}"),
        Statement(f"delete from {t} returning *"),
    ]


def upserts(on: Scene) -> list[Statement]:
    column = list(on.table.types)[on.attack.salt % len(on.table.types)]
    target = ", ".join(on.table.unique[on.attack.salt % len(on.table.unique)])
    replaced = f'on conflict ({target}) do update set "{column}" = excluded."{column}"'
    return [
        Statement(f"{on.inserting()} {clause}", (row,))
        for row in on.rows()
        for clause in (
            "on conflict do nothing",
            f"on conflict ({target}) do nothing",
            f"{replaced} returning *",
        )
    ]


def reading_ctes(on: Scene) -> list[Statement]:
    t, ids = on.name, (on.victim_ids,)
    return [
        Statement(f"with seen as materialized (select * from {t}) select * from seen"),
        Statement(f"with seen as not materialized (select * from {t}) select * from seen, {on.attack.other}"),
        Statement(
            f"with seen as (select * from {t} t where {on.theirs}) select * from seen", ids, aimed=True
        ),
        Statement(
            f"with recursive r as (select t::text x, 1 n from {t} t "
            "union all select x, n + 1 from r where n < 3) select * from r"
        ),
    ]


def writing_ctes(on: Scene) -> list[Statement]:
    t, ids, key = on.name, on.victim_ids, on.table.key
    return [
        Statement(
            f"with d as (delete from {t} t where {on.theirs} returning *) select * from d", (ids,), True
        ),
        Statement(f"with d as (delete from {t} returning *) select * from d"),
        Statement(
            f"with u as (update {t} t set {key} = $2 where {on.theirs} returning *) select * from u",
            (ids, on.own_key()),
            aimed=True,
        ),
        *(
            Statement(f"with i as ({on.inserting()} returning *) select * from i", (row,))
            for row in on.rows()
        ),
        Statement(
            f"with i as ({on.inserting()} on conflict do nothing returning 1) "
            f"select * from {on.attack.other}",
            (on.rows()[0],),
        ),
    ]


def joins(on: Scene) -> list[Statement]:
    t, ids = on.name, (on.victim_ids,)
    other = on.arena.tables[on.attack.other]
    their_other = other.owner.replace("t.", "o.")
    return [
        Statement(f"select * from {t} t join {other.name} o on true"),
        Statement(
            f"select o.* from {t} t left join {other.name} o on true where {on.theirs}", ids, aimed=True
        ),
        Statement(f"select * from tenants o full join {t} t on o.id = {on.table.owner}"),
        Statement(f"select * from {t} a, {t} b where a::text <> b::text"),
        Statement(f"select * from {t} t natural join {other.name} limit 20"),
        Statement(f"select * from {t} t join {other.name} o on {on.table.owner} = {their_other}"),
        Statement(
            f"select * from unnest($1::uuid[]) v (id) join {t} t on {on.table.owner} = v.id", ids, aimed=True
        ),
    ]


def subselects(on: Scene) -> list[Statement]:
    t, ids = on.name, (on.victim_ids,)
    return [
        Statement(
            f"select * from tenants where exists (select from {t} t where {on.theirs})", ids, aimed=True
        ),
        Statement(f"select (select string_agg(t::text, ' ') from {t} t)"),
        Statement(f"select y.* from {on.attack.other} x, lateral (select * from {t} limit 3) y"),
        Statement(
            f"select * from {t} where {t}::text in (select t::text from {t} t where {on.theirs})",
            ids,
            aimed=True,
        ),
        Statement(f"select array(select t::text from {t} t)"),
        Statement(f"select * from (select t.*, row_number() over (order by t::text) from {t} t) x"),
        Statement(f"select 1 where (select count(*) from {t} t where {on.theirs}) > 0", ids, aimed=True),
    ]


def unnest_inserts(on: Scene) -> list[Statement]:
    t, columns, rows = on.name, on.table.columns, on.rows()
    insert = (
        f"insert into {t} ({columns}) select {columns} "
        f"from unnest($1::jsonb[]) as u (j) cross join lateral jsonb_populate_record(null::{t}, u.j) r"
    )
    return [
        Statement(insert, (list(rows),)),
        Statement(insert, (list(rows[:1]),)),
        Statement(f"{insert} on conflict do nothing returning *", (list(rows),)),
        Statement(f"{insert} returning *", (list(rows[2:3]),)),
    ]


def merges(on: Scene) -> list[Statement]:
    t, columns = on.name, on.table.columns
    source = f"merge into {t} t using (select unnest($1::uuid[]) as id) v on {on.table.owner} = v.id"
    record = f"merge into {t} t using jsonb_populate_record(null::{t}, $1::jsonb) v on false"
    values = ", ".join(f'v."{column}"' for column in on.table.types)
    return [
        Statement(f"{source} when matched then delete", (on.victim_ids,), aimed=True),
        Statement(
            f"{source} when matched then update set {on.table.key} = $2", (on.victim_ids, on.own_key()), True
        ),
        Statement(f"{record} when not matched then insert ({columns}) values ({values})", (on.rows()[0],)),
        Statement(f"{record} when not matched then insert ({columns}) values ({values})", (on.rows()[2],)),
    ]


def cursors(on: Scene) -> list[Statement]:
    t, ids = on.name, (on.victim_ids,)
    return [
        Statement(f"select * from {t}", how="cursor"),
        Statement(f"select * from {t} t where {on.theirs}", ids, aimed=True, how="cursor"),
        Statement(f"select * from {t} t join {on.attack.other} o on true", how="cursor"),
    ]


def cancelled_queries(on: Scene) -> list[Statement]:
    t = on.name
    return [
        Statement(f"select * from pg_sleep(30) s, {t}", how="cancel"),
        Statement(
            f"select * from pg_sleep(30) s, {t} t where {on.theirs}",
            (on.victim_ids,),
            aimed=True,
            how="cancel",
        ),
    ]


FORMS: Final[dict[str, Form]] = {
    "select": selects,
    "insert": inserts,
    "update": updates,
    "delete": deletes,
    "upsert": upserts,
    "reading CTE": reading_ctes,
    "writing CTE": writing_ctes,
    "join": joins,
    "sub-select": subselects,
    "unnest insert": unnest_inserts,
    "merge": merges,
    "cursor": cursors,
    "cancelled query": cancelled_queries,
}

"""A tenant's documents, and the search that answers quote from.

English full-text search over all of the tenant's pieces, ranked exactly. A question is asked as any of its
words, since people do not speak in search terms; what has more of them comes first.
"""

from dataclasses import dataclass
from datetime import datetime

from agent.errors import InvalidInput, NotFound
from agent.wire import DOCUMENT_PREFIX, DocumentId, Passage, format_id
from control.store.agents import AgentRef
from control.store.db import Connection
from control.store.pages import Page, Place, cut_page, parse_cursor
from control.store.splitting import split_document

MAX_TITLE_CHARS = 200


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """`passages`: how many pieces of it are searched."""

    id: DocumentId
    title: str
    passages: int
    created_at: datetime
    updated_at: datetime


async def put_document(conn: Connection, title: str, text: str) -> DocumentId:
    """The id of the document of that title, which now has this text and no other. Raises: InvalidInput."""
    if not 1 <= len(title) <= MAX_TITLE_CHARS or "\x00" in title or "\x00" in text:
        raise InvalidInput(
            f"a document needs a title of 1 to {MAX_TITLE_CHARS} characters, and no NUL", "title"
        )
    pieces = split_document(text)
    # The row is locked until the transaction ends, so two writers of one title come one after the other.
    document_id = await conn.fetchval(
        """
        insert into documents (title) values ($1)
        on conflict (tenant_id, title) do update set updated_at = now()
        returning id
        """,
        title,
    )
    await conn.execute("delete from chunks where document_id = $1", document_id)
    await conn.execute(
        """
        insert into chunks (document_id, position, heading, text)
        select $1, g.place - 1, g.heading, g.text
        from unnest($2::text[], $3::text[]) with ordinality as g (heading, text, place)
        """,
        document_id,
        [_full_heading(title, piece.heading) for piece in pieces],
        [piece.text for piece in pieces],
    )
    return DocumentId(document_id)


async def find_document(conn: Connection, document_id: DocumentId) -> StoredDocument | None:
    row = await conn.fetchrow(
        """
        select d.id, d.title, d.created_at, d.updated_at,
            (select count(*) from chunks c where c.document_id = d.id) as passages
        from documents d
        where d.id = $1
        """,
        document_id,
    )
    return None if row is None else StoredDocument(**row)


async def list_documents(conn: Connection, limit: int, before: str | None) -> Page[StoredDocument]:
    """Newest first. Raises: InvalidInput for a bad cursor."""
    place = parse_cursor(before)
    rows = await conn.fetch(
        """
        select d.id, d.title, d.created_at, d.updated_at,
            (select count(*) from chunks c where c.document_id = d.id) as passages
        from documents d
        where $1::timestamptz is null or (d.created_at, d.id) < ($1, $2::uuid)
        order by d.created_at desc, d.id desc
        limit $3
        """,
        place and place.at,
        place and place.id,
        limit + 1,
    )
    found = [StoredDocument(**row) for row in rows]
    return cut_page(found, limit, lambda document: Place(document.created_at, document.id))


async def delete_document(conn: Connection, document_id: DocumentId) -> None:
    """And every agent's leave to quote it. Raises: NotFound."""
    if await conn.execute("delete from documents where id = $1", document_id) == "DELETE 0":
        raise NotFound(f"no document {format_id(DOCUMENT_PREFIX, document_id)!r}")


async def count_documents(conn: Connection) -> int:
    return int(await conn.fetchval("select count(*) from documents"))


async def search(conn: Connection, query: str, limit: int, agent: AgentRef | None = None) -> list[Passage]:
    """Best first. `score` is above 0 and at most 1; words that carry no meaning find nothing.

    `agent`: only what that version may quote, which is nothing once it is gone; None quotes everything.
    """
    rows = await conn.fetch(
        """
        with asked as materialized (
            select
                -- plainto_tsquery understands any text; its terms never hold a blank, so this only turns
                -- "all of them" into "any of them".
                replace(plainto_tsquery('english', $1)::text, ' & ', ' | ')::tsquery as any_word,
                tsvector_to_array(to_tsvector('english', $1)) as words
        ), found as (
            select c.document_id, c.position, c.heading, c.text,
                ts_rank_cd(c.search, a.any_word, 1 | 32) as rank,
                (select count(*) from unnest(a.words) w where w = any (tsvector_to_array(c.search)))::float8
                    / greatest(cardinality(a.words), 1) as share
            from chunks c cross join asked a
            where c.search @@ a.any_word
                and (
                    $3::uuid is null
                    or exists (
                        select from agent_versions v
                        where v.agent_id = $3 and v.version = $4 and v.all_documents
                    )
                    or c.document_id in (
                        select g.document_id from agent_documents g where g.agent_id = $3 and g.version = $4
                    )
                )
        )
        select document_id, heading, text, share * (1 + rank) / 2 as score
        from found
        order by score desc, document_id, position
        limit $2
        """,
        query.replace("\x00", " "),
        limit,
        agent and agent.id,
        agent and agent.version,
    )
    return [
        Passage(
            document=format_id(DOCUMENT_PREFIX, row["document_id"]),
            title=row["heading"],
            text=row["text"],
            score=row["score"],
        )
        for row in rows
    ]


def _full_heading(title: str, heading: str) -> str:
    return title if heading in ("", title) else f"{title}: {heading}"

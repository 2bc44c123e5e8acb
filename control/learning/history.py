"""A tenant's own labelled turns as the file that `python -m agent.cascade replay` reads.

The words of a conversation leave with it, to the operator who runs the command and to nobody else: no
address of the API gives it. Everything is read in the tenant's own context, under row level security.
"""

import json
import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TextIO

from agent.errors import InvalidInput, NotFound
from agent.wire import CONVERSATION_PREFIX, TenantId, format_id
from control.store.db import Database
from control.store.history import LabelledTurn, labelled_turns
from control.tenant_choice import find_tenant

MICROS: Final = 1_000_000


async def history_lines(db: Database, tenant_id: TenantId, since: datetime) -> AsyncIterator[str]:
    """JSON lines without their ends, oldest first. Raises: NotFound where there is not one."""
    is_empty = True
    async with db.snapshot(tenant_id) as conn:
        async for turn in labelled_turns(conn, since):
            is_empty = False
            yield json.dumps(_row(turn), ensure_ascii=False)
    if is_empty:
        raise NotFound(
            f"there are no labels of this tenant since {since.date()}: set shadow_share in an agent's model "
            "policy (0.02 compares one turn in fifty), and come back after a day of talk"
        )


async def write_history(db: Database, tenant: str, since: datetime, out: Path | None) -> int:
    """How many turns were written; a file that is made is its owner's alone.

    Raises: NotFound, InvalidInput, DatabaseUnavailable; nothing is written then.
    """
    lines = history_lines(db, (await find_tenant(db, tenant)).id, since)
    first = await anext(lines)
    count = 1
    with _open(out) as file:
        file.write(first + "\n")
        async for line in lines:
            file.write(line + "\n")
            count += 1
    return count


@contextmanager
def _open(out: Path | None) -> Iterator[TextIO]:
    """Raises: InvalidInput for a file that cannot be written."""
    if out is None:
        yield sys.stdout
        return
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise InvalidInput(f"cannot write {out}: {error.strerror}", "out") from error
    with open(descriptor, "w", encoding="utf-8") as file:
        yield file


def _row(turn: LabelledTurn) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": f"{format_id(CONVERSATION_PREFIX, turn.conversation_id)}.{turn.client_id}",
        "prompt": turn.question,
        "weak": turn.quality_small,
        "strong": turn.quality_large,
    }
    if turn.answer is not None and turn.tier is not None:
        row["weak_response" if turn.tier == "small" else "strong_response"] = turn.answer
    if turn.cost_small is not None and turn.cost_large is not None:
        row |= {"cost_weak": turn.cost_small / MICROS, "cost_strong": turn.cost_large / MICROS}
    return row

"""A fit in a process of its own: it takes seconds, in which nobody here should wait for the interpreter.

Started for one fit and gone with it, so that a deployment that learns nothing pays nothing. What goes in and
comes out is JSON. Decided against: a thread, beside which one request in a hundred was 35 ms late.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from agent.cascade.score.scorer import Scorer
from agent.errors import InvalidInput, Unavailable
from control.learning.fitting import Proposal, propose
from control.store.labels import StoredLabel
from control.store.routers import Router

ROOT: Final = Path(__file__).parents[2]
FIT_S: Final = 300.0
NICE: Final = 10


@dataclass(frozen=True, slots=True)
class Task:
    labels: Sequence[StoredLabel]
    active: Router | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """`refused`: what is wrong with the labels, in words."""

    proposal: Proposal | None = None
    refused: str | None = None


_TASK: Final = TypeAdapter(Task)
_OUTCOME: Final = TypeAdapter(Outcome)


async def propose_apart(labels: Sequence[StoredLabel], active: Router | None) -> Proposal | None:
    """As `propose`, over the shipped score. Cancelling it ends the process.

    Raises: InvalidInput for labels that cannot be fitted; Unavailable when it ended without an answer.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "control.learning.fit_process",
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(FIT_S):
            said, _ = await process.communicate(_TASK.dump_json(Task(labels, active)))
    except TimeoutError:
        raise Unavailable(f"a fit of {len(labels)} labels took longer than {FIT_S:.0f} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    try:
        outcome = _OUTCOME.validate_json(said)
    except ValidationError:
        raise Unavailable(f"the process of a fit ended with {process.returncode} and no answer") from None
    if outcome.refused is not None:
        raise InvalidInput(outcome.refused)
    return outcome.proposal


def answer(given: bytes) -> bytes:
    """What the program says of its input."""
    task = _TASK.validate_json(given)
    try:
        outcome = Outcome(propose(task.labels, Scorer.load(), task.active))
    except InvalidInput as error:
        outcome = Outcome(refused=str(error))
    return _OUTCOME.dump_json(outcome)


def main() -> None:
    # Ctrl-C reaches the whole process group; the parent decides when a fit ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICE)
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()

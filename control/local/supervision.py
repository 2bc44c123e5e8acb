"""What happens to a part that ends while the stack is up: it is started again, or the stack ends with it."""

import asyncio

from agent.errors import StackError
from control.local.child import Child
from control.local.steps import Steps

BACKOFF_S = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
STEADY_S = 60.0
"""A child that lived this long is not in a loop of crashes: its next end is again its first."""


async def keep(child: Child, steps: Steps, hurry: asyncio.Event) -> None:
    """Starts `child` again whenever it ends, later and later while it keeps ending. Never returns."""
    loop = asyncio.get_running_loop()
    failures = 0
    while True:
        began_s = loop.time()
        await child.wait()
        failures = 0 if loop.time() - began_s > STEADY_S else failures
        pause_s = BACKOFF_S[min(failures, len(BACKOFF_S) - 1)]
        failures += 1
        steps.note(f"{child.obituary()}\n{child.name} starts again in {pause_s:g} s")
        await child.stop(hurry)
        await asyncio.sleep(pause_s)
        await child.start()


async def end_with(child: Child) -> None:
    """Raises: StackError when `child` ends."""
    await child.wait()
    raise StackError(f"{child.obituary()}\nThe stack cannot go on without it: run it again")

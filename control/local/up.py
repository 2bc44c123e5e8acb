"""`python -m control up`: start, check, announce, and wait until told to stop."""

import asyncio
import json
import signal
from collections.abc import Mapping

from rich.console import Console

from agent.errors import StackError
from control.local.banner import print_banner
from control.local.folder import write_private
from control.local.models import describe_models
from control.local.selfcheck import run_selfcheck
from control.local.stack import StackOptions, open_stack
from control.local.steps import Steps

INTERRUPTED = 130


async def up(options: StackOptions, environment: Mapping[str, str], *, as_json: bool) -> int:
    """The exit code: 0 when a stack that was up was told to stop, 130 when it was not up yet.

    SIGINT, SIGTERM and SIGHUP stop it in order; a second one hurries.
    Raises: AppError, or a group of them, in sentences for a person.
    """
    hurry = _stop_on_signals()
    console = Console(stderr=True)
    is_up = False
    try:
        with Steps(console) as steps:
            async with open_stack(options, environment, steps, hurry) as stack:
                check, models = await asyncio.gather(
                    run_selfcheck(stack, steps), describe_models(environment)
                )
                steps.hide()
                if check.problem is not None:
                    console.print(f"SELF-CHECK FAILED: {check.problem}", style="bold red", markup=False)
                facts = stack.facts()
                write_private(stack.folder.running, json.dumps(facts))
                if as_json:
                    print(json.dumps(facts), flush=True)  # noqa: T201 - what --json is for
                else:
                    print_banner(stack, check, models, steps.elapsed_s)
                is_up = True
                await stack.supervise()
    except asyncio.CancelledError:
        console.print("stopped", style="dim")
        return 0 if is_up else INTERRUPTED
    raise StackError("the stack ended by itself")


def _stop_on_signals() -> asyncio.Event:
    """The first signal cancels the calling task; later ones set the event."""
    hurry = asyncio.Event()
    task = asyncio.current_task()
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    stopping = False

    def stop() -> None:
        nonlocal stopping
        if stopping:
            hurry.set()
        elif task is not None:
            stopping = True
            task.cancel()

    loop = asyncio.get_running_loop()
    for number in signals:
        loop.add_signal_handler(number, stop)
    return hurry

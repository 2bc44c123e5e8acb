"""`python -m agent.screen`: the screen's command line. What is wrong with the input is one sentence on
standard error and exit code 2; a traceback is a bug."""

import json
import sys
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from agent.cascade.models.image_tokens import FORMULAS
from agent.command_line import run_command_line
from agent.screen.budget import TOKENS_PER_MINUTE

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


class Provider(Enum):
    ALL = "all"
    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    GEMINI = "gemini"


def main() -> None:
    run_command_line(app)


@app.callback()
def screen() -> None:
    """What the agent sees of a shared screen."""


@app.command(name="replay")
def replay_command(
    folder: Annotated[Path, typer.Argument(help="PNG frames at one a second, in the order of their names.")],
    events: Annotated[
        Path | None,
        typer.Option(help='Labelled events, JSON: [{"t": seconds since the first frame, "name": "…"}].'),
    ] = None,
    provider: Annotated[Provider, typer.Option(help="Whose token formulas are printed.")] = Provider.ALL,
    within: Annotated[
        float, typer.Option(min=0, help="So many seconds after it stood still an event may be sent.")
    ] = 3.0,
    budget: Annotated[
        int, typer.Option(min=1, help="Tokens that pictures may take a minute, by Claude's formula.")
    ] = TOKENS_PER_MINUTE,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object in place of the tables.")] = False,
) -> None:
    """Run recorded frames through the gate: what would be sent, its tokens, what was missed.

    Every look that the gate finds due is taken as sent. Nothing leaves this machine.
    """
    from agent.screen.replay import report as reports
    from agent.screen.replay.recording import open_recording
    from agent.screen.replay.run import replay

    recording = open_recording(folder, events)
    result = replay(recording.videos(), recording.events, within, budget)
    formulas = [f for f in FORMULAS if provider is Provider.ALL or f.startswith(provider.value)]
    if as_json:
        sys.stdout.write(json.dumps(reports.as_json(result, formulas)) + "\n")
    else:
        reports.print_report(result, formulas, Console())

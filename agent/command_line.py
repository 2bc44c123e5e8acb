"""How our command lines end: wrong input is one sentence and exit code 2, Ctrl-C is no error."""

import sys

import typer

from agent.errors import AppError

INTERRUPTED = 130


def run_command_line(app: typer.Typer) -> None:
    """Runs the command that the arguments name. A traceback is a bug."""
    try:
        app(standalone_mode=True)
    except AppError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None

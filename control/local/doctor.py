"""`python -m control doctor`: every part in words, and what to do about those that are not well."""

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from control.local.findings import Finding, Verdict
from control.local.folder import StackFolder
from control.local.machine import machine_checks
from control.local.parts import resting_checks, running_checks

MARKS = {Verdict.GOOD: "[green]✓[/]", Verdict.NOTE: "[yellow]•[/]", Verdict.BAD: "[red]✗[/]"}


async def examine(data_dir: Path, environment: Mapping[str, str]) -> int:
    """Prints each finding as it is made. The exit code: 0 when nothing is bad, else 1."""
    console = Console(highlight=False)
    folder = StackFolder(data_dir)
    is_running = folder.is_locked()
    state = f"a stack runs on {folder.path}" if is_running else f"no stack runs on {folder.path}"
    console.print(escape(state), style="dim")
    checks = machine_checks(folder, environment)
    checks += running_checks(folder) if is_running else resting_checks(environment)
    findings = []
    for check in checks:
        findings.append(await check.find())
        _print(console, findings[-1])
    bad = [finding.part for finding in findings if finding.verdict is Verdict.BAD]
    console.print(f"not well: {escape(', '.join(bad))}" if bad else "all is well", style="bold")
    return 1 if bad else 0


def _print(console: Console, finding: Finding) -> None:
    line = Table.grid(padding=(0, 1))
    line.add_column(width=1)
    line.add_column(width=24, no_wrap=True)
    line.add_column(overflow="fold")
    line.add_row(MARKS[finding.verdict], escape(finding.part), escape(finding.words))
    console.print(line)

"""What a person reads when the stack is up: where to go, how to sign in, what answers and at what price."""

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from control.local.selfcheck import CheckResult
from control.local.stack import LocalStack


def print_banner(stack: LocalStack, check: CheckResult, models: tuple[str, ...], elapsed_s: float) -> None:
    console = Console(highlight=False)
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("page", Text(stack.url, style="bold cyan"))
    if stack.demo is not None:
        table.add_row("demo sign-in", Text(f"{stack.demo.email}  {stack.demo.password}", style="bold"))
        table.add_row("API", f"{stack.url}/v1, key {stack.demo.api_key}")
    else:
        table.add_row("API", f"{stack.url}/v1")
    table.add_row("LiveKit", stack.livekit.access.url)
    for number, line in enumerate(models):
        table.add_row("" if number else "answers", line)
    table.add_row("mail", str(stack.mail_dir or "sent by the server in PARLEY_SMTP_URL"))
    table.add_row("self-check", _verdict(check))
    table.add_row("logs", str(stack.folder.logs))
    title = f"Parley is up ({elapsed_s:.1f} s) · Ctrl-C stops everything"
    console.print(
        Panel(table, title=title, title_align="left", border_style="red" if check.problem else "green")
    )


def _verdict(check: CheckResult) -> Text:
    if check.problem is not None:
        return Text(f"FAILED: {check.problem}", style="bold red")
    if check.first_audio_ms is None:
        return Text("not run: there is no demo tenant")
    return Text(f"asked aloud, first audio of the answer after {check.first_audio_ms} ms", style="green")

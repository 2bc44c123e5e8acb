"""What the stack is doing, for the person who waits: each step with its time, on standard error.

On a terminal the steps that run are shown with a spinner; elsewhere each is a line when it is done.
Standard output is left to the banner and the JSON line.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Steps:
    """`with Steps(console) as steps:` shows them; `with steps.step("Redis"):` is one of them."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._began_s = time.monotonic()
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            TimeElapsedColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )

    def __enter__(self) -> "Steps":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.hide()

    def hide(self) -> None:
        """Leaves the terminal to others; steps from here on are only their lines."""
        self._progress.stop()

    @property
    def elapsed_s(self) -> float:
        return time.monotonic() - self._began_s

    @contextmanager
    def step(self, what: str, *, is_long: bool = False) -> Iterator[None]:
        """Shown as running, then as done or failed, with the seconds it took.

        `is_long`: its begin is worth a line where there is no spinner.
        """
        began_s = time.monotonic()
        if is_long and not self._console.is_terminal:
            self._console.print(f"… {escape(what)}", highlight=False)
        task = self._progress.add_task(escape(what), total=None)
        done = False
        try:
            yield
            done = True
        finally:
            self._progress.remove_task(task)
            mark = "[green]✓[/]" if done else "[red]✗[/]"
            took_s = time.monotonic() - began_s
            self._console.print(f"{mark} {escape(what)} [dim]{took_s:.1f} s[/]", highlight=False)

    def note(self, text: str) -> None:
        self._console.print(escape(text), highlight=False, style="yellow")

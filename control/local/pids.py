"""Which processes a run has started, on disk, so that the next run can end what a killed one left.

A number alone proves nothing, since it is given again; a process is ours when its start time is the one
that was recorded. PostgreSQL is not in here: it finds its own leftovers.
"""

import json
from contextlib import suppress
from pathlib import Path

import psutil

from control.local.folder import write_private

GRACE_S = 3.0


class PidFile:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries: dict[str, dict[str, float]] = {}

    def record(self, name: str, pid: int) -> None:
        with suppress(psutil.NoSuchProcess):
            self._entries[name] = {"pid": pid, "started": psutil.Process(pid).create_time()}
            self._save()

    def forget(self, name: str) -> None:
        if self._entries.pop(name, None) is not None:
            self._save()

    def end_leftovers(self) -> list[str]:
        """Ends the recorded processes that still run, and all below them. Returns their names."""
        try:
            entries = json.loads(self._path.read_text())
        except (OSError, ValueError):
            return []
        found = {name: _same_process(entry) for name, entry in entries.items()}
        leftovers = {name: process for name, process in found.items() if process is not None}
        end_trees(list(leftovers.values()))
        self._path.unlink(missing_ok=True)
        return list(leftovers)

    def _save(self) -> None:
        write_private(self._path, json.dumps(self._entries))


def descendants(pid: int) -> list[psutil.Process]:
    """All processes below `pid` right now, whatever session they are in."""
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).children(recursive=True)
    return []


def end_trees(roots: list[psutil.Process]) -> None:
    """Asks `roots` to end and, after some seconds, kills what is left of them and of their descendants."""
    everyone = roots + [child for root in roots for child in descendants(root.pid)]
    for root in roots:
        with suppress(psutil.NoSuchProcess):
            root.terminate()
    _, alive = psutil.wait_procs(everyone, timeout=GRACE_S)
    kill_all(alive)


def kill_all(processes: list[psutil.Process]) -> None:
    """Kills those that still run; psutil tells a process from a later one with the same number."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(processes, timeout=GRACE_S)


def _same_process(entry: dict[str, float]) -> psutil.Process | None:
    try:
        process = psutil.Process(int(entry["pid"]))
        return process if abs(process.create_time() - entry["started"]) < 0.05 else None
    except (psutil.NoSuchProcess, KeyError):
        return None

"""Where turns wait on disk while control is away: a journal of JSON lines, one file per job.

Blocking; the recorder calls it from one thread. A line holds a turn or a model call as it was at that
moment; reading the file back merges the lines of one client id. The file appears with the first line, is
readable by its owner only, and is locked while its job lives, so what a later job finds unlocked was left
by a crash and is taken over. Lines carry no epoch: the fence stops a live job that was replaced, while
these are acknowledged words of the same conversation, and their client ids make a second delivery harmless.
So the later job writes them under its own epoch; a model call says itself which job made it.
"""

import contextlib
import fcntl
import logging
import os
import stat
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from agent.backlog import merge
from agent.wire import (
    CONVERSATION_PREFIX,
    ModelCall,
    Role,
    TurnState,
    TurnWrite,
    Wire,
    parse_id,
)

logger = logging.getLogger(__name__)

MAX_BYTES: Final = 8 * 1024 * 1024


class Line(Wire):
    """One line of the journal; exactly one of the two is set."""

    turn: TurnWrite | None = None
    call: ModelCall | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What the journal holds: one state per client id, in the order in which each first appeared."""

    turns: list[TurnWrite] = field(default_factory=list)
    calls: list[ModelCall] = field(default_factory=list)


class Spool:
    """`directory` None means a folder of this user's in the system's temporary folder."""

    def __init__(self, directory: Path | None, conversation: str, max_bytes: int = MAX_BYTES) -> None:
        parse_id(CONVERSATION_PREFIX, conversation)  # it becomes part of a file name
        self.conversation = conversation
        self._directory = directory or Path(tempfile.gettempdir()) / f"parley-spool-{os.getuid()}"
        self._max_bytes = max_bytes
        self._path: Path | None = None
        self._file: int | None = None
        self._size = 0
        self._taken: list[tuple[Path, int]] = []

    @property
    def is_used(self) -> bool:
        """Whether there is anything that `clear` would remove."""
        return self._path is not None or bool(self._taken)

    @property
    def is_full(self) -> bool:
        return self._size >= self._max_bytes

    def take_over(self) -> Kept:
        """Reads what ended jobs of this conversation left behind; `clear` removes those files.

        An agent's turn that was being spoken is closed as interrupted: nobody else can end it any more.
        """
        left: list[Line] = []
        for path in sorted(self._directory.glob(f"{self.conversation}-*.jsonl")):
            handle = _lock_left_behind(path)
            if handle is None:
                continue
            lines = list(_read_lines(handle))
            if lines:
                self._taken.append((path, handle))
                left.extend(lines)
            else:
                self._discard(path, handle)
        kept = _newest_states(left)
        return Kept([_closed(turn) for turn in kept.turns], kept.calls)

    def append(self, turns: Sequence[TurnWrite], calls: Sequence[ModelCall]) -> None:
        """Returns when the lines are on the disk. Raises: OSError, and then none of them counts."""
        data = b"".join(_encode(turns, calls))
        file = self._open()
        try:
            _write(file, data)
            os.fsync(file)
        except OSError:
            # Half a line would spoil the next one.
            with contextlib.suppress(OSError):
                os.ftruncate(file, self._size)
            raise
        self._size += len(data)

    def rewrite(self, turns: Sequence[TurnWrite], calls: Sequence[ModelCall]) -> None:
        """Replaces everything by these newest states, in a new file that then takes the old one's place.

        If even they are too many, streaming updates go first, then calls, then the oldest turns.
        Raises: OSError, and then the former journal stands.
        """
        fitting = self._fit(turns, calls)
        old_path, old_file, old_size = self._path, self._file, self._size
        self._path = self._file = None
        self._size = 0
        try:
            self.append(fitting.turns, fitting.calls)
        except OSError:
            self._discard(self._path, self._file)
            self._path, self._file, self._size = old_path, old_file, old_size
            raise
        self._discard(old_path, old_file)
        self._discard_taken()

    def clear(self) -> None:
        """Everything was delivered: removes the journal and what was taken over."""
        self._discard(self._path, self._file)
        self._path = self._file = None
        self._size = 0
        self._discard_taken()

    def close(self) -> None:
        """Lets go of the files; what they hold is for the conversation's next job."""
        for handle in [self._file, *(handle for _, handle in self._taken)]:
            if handle is not None:
                os.close(handle)
        self._path = self._file = None
        self._taken.clear()

    def _open(self) -> int:
        if self._file is None:
            _make_private(self._directory)
            path = self._directory / f"{self.conversation}-{time.time_ns()}-{os.getpid()}.jsonl"
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            self._file, self._path = os.open(path, flags, 0o600), path
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _sync_folder(self._directory)
        return self._file

    def _fit(self, turns: Sequence[TurnWrite], calls: Sequence[ModelCall]) -> Kept:
        """The newest that fit into half of the allowed size, so that the next rewrite is far off."""
        room = self._max_bytes // 2
        final = [turn for turn in turns if turn.state is not TurnState.STREAMING]
        streaming = [turn for turn in turns if turn.state is TurnState.STREAMING]
        chosen: set[str] = set()
        ordered: list[TurnWrite | ModelCall] = [*reversed(final), *reversed(calls), *reversed(streaming)]
        for entry in ordered:
            room -= len(entry.model_dump_json()) + len('{"turn":}\n')
            if room < 0:
                logger.error(
                    "the spool is full: turns or calls were dropped",
                    extra={"conversation": self.conversation, "dropped": len(ordered) - len(chosen)},
                )
                break
            chosen.add(entry.client_id)
        return Kept(
            [turn for turn in turns if turn.client_id in chosen],
            [call for call in calls if call.client_id in chosen],
        )

    def _discard_taken(self) -> None:
        while self._taken:
            self._discard(*self._taken.pop())

    def _discard(self, path: Path | None, handle: int | None) -> None:
        if path is not None:
            path.unlink(missing_ok=True)
        if handle is not None:
            os.close(handle)


def _make_private(directory: Path) -> None:
    """Raises: PermissionError when somebody else could read or replace what is spooled there."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o022:
        raise PermissionError(f"{str(directory)!r} is not a folder that this user alone can write to")


def _lock_left_behind(path: Path) -> int | None:
    """An open, locked handle on a file that no living job holds, else None."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        if os.fstat(handle).st_uid != os.getuid():
            raise PermissionError(f"{str(path)!r} belongs to another user")
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _read_lines(handle: int) -> Iterator[Line]:
    """Skips lines that a crash left incomplete."""
    with open(handle, "rb", closefd=False) as file:
        for raw in file:
            try:
                yield Line.model_validate_json(raw)
            except ValidationError:
                logger.warning("a damaged line of the spool was skipped", extra={"bytes": len(raw)})


def _newest_states(lines: Iterable[Line]) -> Kept:
    turns: dict[str, TurnWrite] = {}
    calls: dict[str, ModelCall] = {}
    for line in lines:
        if line.turn is not None:
            earlier = turns.get(line.turn.client_id)
            turns[line.turn.client_id] = line.turn if earlier is None else merge(earlier, line.turn)
        if line.call is not None:
            calls[line.call.client_id] = line.call
    return Kept(list(turns.values()), list(calls.values()))


def _closed(turn: TurnWrite) -> TurnWrite:
    if turn.role is Role.AGENT and turn.state is TurnState.STREAMING:
        return turn.model_copy(update={"state": TurnState.INTERRUPTED})
    return turn


def _encode(turns: Iterable[TurnWrite], calls: Iterable[ModelCall]) -> Iterator[bytes]:
    for turn in turns:
        yield b'{"turn":' + turn.model_dump_json().encode() + b"}\n"
    for call in calls:
        yield b'{"call":' + call.model_dump_json().encode() + b"}\n"


def _write(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _sync_folder(directory: Path) -> None:
    """A new file survives a power cut only once its folder is on the disk too."""
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

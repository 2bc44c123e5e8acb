"""The folder in which a local stack keeps everything: its data, its secrets, its logs, its lock.

One run at a time: the lock is the kernel's (`flock`), so a killed run never leaves one behind. Secrets are
random, made once, and readable by their owner only.
"""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from agent.errors import StackError
from control.credentials import is_api_key, new_api_key
from control.people.password_rules import MIN_CHARS


@dataclass(frozen=True, slots=True)
class Secrets:
    livekit_secret: str = field(repr=False)
    secret_key: str = field(repr=False)
    redis_password: str = field(repr=False)
    database_password: str = field(repr=False)
    demo_password: str = field(repr=False)
    demo_api_key: str = field(repr=False)

    @classmethod
    def fresh(cls) -> "Secrets":
        return cls(
            livekit_secret=secrets.token_urlsafe(32),
            secret_key=secrets.token_urlsafe(32),
            redis_password=secrets.token_urlsafe(24),
            database_password=secrets.token_urlsafe(24),
            demo_password=secrets.token_urlsafe(12),
            demo_api_key=new_api_key(),
        )


class StackFolder:
    """`logs`, `run` and the services' own folders inside it are made on first use."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()

    def make(self) -> None:
        """Raises: StackError when the folder cannot be made or written."""
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.logs.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise StackError(
                f"the data folder {str(self.path)!r} cannot be used ({error.strerror}): "
                "choose another with --data-dir"
            ) from error

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def mail(self) -> Path:
        """Letters, as files."""
        return self.path / "mail"

    @property
    def pids(self) -> Path:
        return self.path / "pids.json"

    @property
    def running(self) -> Path:
        """What the present run told its caller (addresses and demo credentials), for `doctor`."""
        return self.path / "running.json"

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Raises: StackError when another run uses this folder."""
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                holder = os.pread(descriptor, 20, 0).decode().strip() or "unknown"
                raise StackError(
                    f"the data in {str(self.path)!r} is in use by another run (process {holder}): "
                    "stop that one, or choose another folder with --data-dir"
                ) from error
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, str(os.getpid()).encode(), 0)
            yield
        finally:
            os.close(descriptor)

    def is_locked(self) -> bool:
        """Whether a run uses this folder right now."""
        if not self.path.exists():
            return False
        try:
            with self.locked():
                return False
        except StackError:
            return True

    def secrets(self) -> Secrets:
        """The folder's secrets, made when there are none; what is new since then is added or renewed."""
        path = self.path / "secrets.json"
        known = json.loads(path.read_text()) if path.exists() else {}
        if not is_api_key(known.get("demo_api_key", "")):
            known.pop("demo_api_key", None)  # of a form from before: no request with it is looked up any more
        if len(known.get("demo_password", "")) < MIN_CHARS:
            known.pop("demo_password", None)  # from before passwords had to be that long
        names = [item.name for item in fields(Secrets)]
        complete = Secrets(
            **{**asdict(Secrets.fresh()), **{name: known[name] for name in names if name in known}}
        )
        if asdict(complete) != known:
            write_private(path, json.dumps(asdict(complete), indent=2))
        return complete


def write_private(path: Path, text: str) -> None:
    """Replaces the file in one step; only its owner may read it, at every moment."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    fresh.replace(path)

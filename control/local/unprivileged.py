"""Who runs PostgreSQL when the stack is started by root, which PostgreSQL itself refuses to be.

The account is `nobody`, or the owner of data that already exists: no account is made and no permission of
any folder but our own is changed. An environment below `/root` cannot be entered by that account, so its
programs are linked (else copied) into a cache; the data stays where it is, since a folder that root has
opened can be used through its descriptor without passing the folders above it.
"""

import asyncio
import hashlib
import os
import pwd
import shutil
import stat
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from agent.errors import StackError

CACHE_DIR = Path("/var/cache/parley")
PROGRAMS = Path("pginstall", "bin")
NOT_COPIED = shutil.ignore_patterns("pginstall18", "include", "__pycache__", "*.py", "*.a")


@dataclass(frozen=True, slots=True)
class Account:
    """Who runs a child process. `switch` is False when that is who runs this process."""

    uid: int
    gid: int
    switch: bool


@dataclass(frozen=True, slots=True)
class Launcher:
    """Starts programs as `account`. `home` is how these name the folder that `descriptor` is open on."""

    account: Account
    home: str
    descriptor: int

    async def spawn(self, program: Path, *arguments: str, log: int, stdin: int = DEVNULL) -> Process:
        """The started child, in a session of its own. `log`: a descriptor that takes all its output.

        Its environment is empty but for the locale: the keys in ours are none of its business.
        """
        account = self.account
        return await asyncio.create_subprocess_exec(
            program,
            *arguments,
            stdin=stdin,
            stdout=log,
            stderr=log,
            env={"LC_ALL": "C", "PATH": os.defpath},
            pass_fds=(self.descriptor,),
            start_new_session=True,
            user=account.uid if account.switch else None,
            group=account.gid if account.switch else None,
            extra_groups=[] if account.switch else None,
        )

    async def run(self, program: Path, *arguments: str, log: int, given: bytes = b"") -> int:
        """The exit code of a program that was given `given` on its standard input."""
        process = await self.spawn(program, *arguments, log=log, stdin=PIPE)
        try:
            await process.communicate(given)
        except BaseException:
            process.kill()
            await process.wait()
            raise
        return await process.wait()


@contextmanager
def opened_home(folder: Path, account: Account) -> Iterator[Launcher]:
    """A launcher whose children use `folder`, whatever the permissions of the folders above it.

    Raises: StackError where descriptors are no paths and the folder is out of the account's reach.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if not account.switch:
            yield Launcher(account, str(folder), descriptor)
        elif sys.platform == "linux":
            yield Launcher(account, f"/proc/self/fd/{descriptor}", descriptor)
        elif _can_enter(folder, account):
            yield Launcher(account, str(folder), descriptor)
        else:
            raise StackError(
                f"PostgreSQL does not run as root and cannot reach {str(folder)!r}: start as an ordinary user"
            )
    finally:
        os.close(descriptor)


def choose_account(existing: Path) -> Account:
    """The caller, or for root the owner of `existing` or else `nobody`.

    Raises: StackError when `existing` belongs to someone whom the caller cannot become.
    """
    owner = existing.stat() if existing.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner.st_uid != os.geteuid():
            raise StackError(
                f"{str(existing)!r} is of uid {owner.st_uid}: start as that user or as root, or remove it"
            )
        return Account(os.geteuid(), os.getegid(), switch=False)
    if owner is not None and owner.st_uid != 0:
        return Account(owner.st_uid, owner.st_gid, switch=True)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid, switch=True)


def reachable_programs(package: Path, account: Account) -> Path:
    """The folder of the programs in `package`, or in a copy of it, that the account can run."""
    server = package / PROGRAMS / "postgres"
    if not account.switch or (_can_enter(server.parent, account) and server.stat().st_mode & stat.S_IROTH):
        return server.parent
    copy = CACHE_DIR / f"postgresql-{_fingerprint(server)}"
    if not copy.exists():
        CACHE_DIR.mkdir(mode=0o755, exist_ok=True)
        CACHE_DIR.chmod(0o755)
        fresh = Path(tempfile.mkdtemp(dir=CACHE_DIR))
        # A wheel's programs find their libraries beside the package, relative to themselves.
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, fresh / part.name, ignore=NOT_COPIED, copy_function=_copy_readable)
        for folder in (fresh, *(path for path in fresh.rglob("*") if path.is_dir())):
            folder.chmod(0o755)
        # When another start was faster, its copy is as good.
        with suppress(OSError):
            fresh.rename(copy)
        shutil.rmtree(fresh, ignore_errors=True)
    return copy / package.name / PROGRAMS


def _can_enter(folder: Path, account: Account) -> bool:
    for place in (folder.resolve(), *folder.resolve().parents):
        status = place.stat()
        needed = stat.S_IXUSR if status.st_uid == account.uid else stat.S_IXOTH
        if not status.st_mode & needed:
            return False
    return True


def _fingerprint(server: Path) -> str:
    status = server.stat()
    return hashlib.sha256(f"{server} {status.st_size} {status.st_mtime_ns}".encode()).hexdigest()[:16]


def _copy_readable(source: str, target: str) -> None:
    """A hard link where that is possible and everybody may read the file; else a copy that they may."""
    mode = os.stat(source).st_mode
    if mode & stat.S_IROTH:
        with suppress(OSError):
            os.link(source, target)
            return
    shutil.copyfile(source, target)
    os.chmod(target, 0o755 if mode & stat.S_IXUSR else 0o644)

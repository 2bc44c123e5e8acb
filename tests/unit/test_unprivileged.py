"""Programs that the account of a server cannot reach are copied to where it can."""

import os
import stat
from pathlib import Path

import pytest

from control.local import unprivileged
from control.local.unprivileged import Account, reachable_programs

NOBODY = Account(uid=65_534, gid=65_534, switch=True)
CALLER = Account(uid=os.geteuid(), gid=os.getegid(), switch=False)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation as under a strict umask, in a folder that is closed to others."""
    monkeypatch.setattr(unprivileged, "CACHE_DIR", tmp_path / "cache")
    closed = tmp_path / "closed"
    for name, mode in (
        ("pgserver/pginstall/bin/postgres", 0o700),
        ("pgserver/pginstall/share/timezone/UTC", 0o600),
        ("pgserver.libs/libpq.so", 0o644),
    ):
        file = closed / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
        file.chmod(mode)
    closed.chmod(0o700)
    return closed / "pgserver"


def test_who_needs_no_other_account_runs_what_is_installed(package: Path) -> None:
    assert reachable_programs(package, CALLER) == package / "pginstall" / "bin"


def test_an_installation_out_of_reach_is_copied_with_its_libraries_and_readable(package: Path) -> None:
    copy = reachable_programs(package, NOBODY).parents[2]

    files = {path.relative_to(copy).as_posix(): path for path in copy.rglob("*") if path.is_file()}
    assert set(files) == {
        "pgserver/pginstall/bin/postgres",
        "pgserver/pginstall/share/timezone/UTC",
        "pgserver.libs/libpq.so",
    }
    assert {name: path.read_text() for name, path in files.items()} == {name: name for name in files}
    assert all(path.stat().st_mode & stat.S_IROTH for path in files.values())
    assert files["pgserver/pginstall/bin/postgres"].stat().st_mode & stat.S_IXOTH
    folders = [copy.parent, copy, *(path for path in copy.rglob("*") if path.is_dir())]
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o755}


def test_a_copy_is_made_once_and_anew_for_another_version(package: Path) -> None:
    first = reachable_programs(package, NOBODY)
    again = reachable_programs(package, NOBODY)
    (package / "pginstall" / "bin" / "postgres").write_text("a newer server")
    newer = reachable_programs(package, NOBODY)

    assert again == first
    assert newer != first
    assert (newer / "postgres").read_text() == "a newer server"
    assert len(list((package.parents[1] / "cache").iterdir())) == 2

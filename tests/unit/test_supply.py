"""Nobody slips another package in: what is installed is locked, by hash, from the one registry."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
LOCKED: list[dict[str, Any]] = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
PAGE: dict[str, dict[str, Any]] = json.loads((ROOT / "control/web/package-lock.json").read_text())["packages"]


def test_every_package_is_locked_from_the_public_index_by_hash() -> None:
    others = [package for package in LOCKED if package["name"] != "parley"]
    files = [
        file
        for package in others
        for file in [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
    ]

    assert {package["source"].get("registry") for package in others} == {"https://pypi.org/simple"}
    assert len(files) > len(others)
    assert [file["url"] for file in files if not re.fullmatch(r"sha256:[0-9a-f]{64}", file["hash"])] == []


def test_every_package_of_the_page_is_locked_by_hash() -> None:
    others = {name: package for name, package in PAGE.items() if name and not package.get("inBundle")}

    assert len(others) > 5
    assert [name for name, package in others.items() if "integrity" not in package] == []
    # Which registry sent it counts for nothing beside the hash; none is named, or the public one.
    named = {package["resolved"].split("/")[2] for package in others.values() if "resolved" in package}
    assert named <= {"registry.npmjs.org"}


def test_no_package_that_is_not_locked_is_installed_in_the_image() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")

    assert "uv sync --locked" in dockerfile
    assert re.findall(r"pip install .*", dockerfile) == ["pip install --no-cache-dir uv==0.13.9"]


def test_neither_history_nor_tests_nor_settings_get_into_the_image() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)

    assert next(line for line in ignored if not line.startswith("#")) == "*"
    assert {name for line in copied for name in line.split()} == {
        "pyproject.toml",
        "uv.lock",
        "agent",
        "control",
        "migrations",
        "prompts",
    }
    assert not any(
        name in line for name in (".git", "tests", ".env") for line in ignored if line.startswith("!")
    )


def test_every_image_is_named_in_a_version() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    images = [service["image"] for service in services.values() if "image" in service]

    assert [image for image in images if not re.search(r":v?\d", image)] == []

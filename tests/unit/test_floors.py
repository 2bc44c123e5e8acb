"""No package is locked below the version from which on its known vulnerabilities are mended."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS: dict[str, str] = tomllib.loads((ROOT / "docs/security/floors.toml").read_text())["floors"]
LOCKED = {
    package["name"]: package["version"]
    for package in tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    if "version" in package
}


def numbers(version: str) -> tuple[int, ...]:
    """The release part: a pre-release of a version counts as that version."""
    return tuple(int(part) for part in re.findall(r"\d+", version.split("post")[0].split("rc")[0]))


@pytest.mark.parametrize("name", FLOORS)
def test_no_version_below_its_floor_is_locked(name: str) -> None:
    assert numbers(LOCKED[name]) >= numbers(FLOORS[name]), f"{name} {LOCKED[name]} is below {FLOORS[name]}"


def test_the_versions_that_must_not_be_undercut_are_floors() -> None:
    at_least = {"aiohttp": "3.14.5", "pillow": "13", "redis": "8.1", "cryptography": "50"}

    assert {name for name, floor in at_least.items() if numbers(FLOORS[name]) < numbers(floor)} == set()


def test_an_older_version_is_found_to_be_older() -> None:
    assert numbers("3.14.4") < numbers("3.14.5")
    assert numbers("12.9.9") < numbers("13")
    assert numbers("2026.10.19.post1") >= numbers("2026.10.19")


def test_every_package_that_is_asked_for_is_asked_for_in_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = [project["project"]["dependencies"], *project["dependency-groups"].values()]

    assert [wish for group in groups for wish in group if "==" not in wish] == []

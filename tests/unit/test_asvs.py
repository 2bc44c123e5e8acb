"""The map of OWASP ASVS 5.0: whole, honest about what is missing, and with proofs that are there.

The ids of the standard are kept here once more, by section, so that one taken out of the map is missed.
"""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from control.auth import RECENT
from control.documents import DOCUMENT_BODY_BYTES, MAX_TEXT_CHARS
from control.edge import images, json_input
from control.edge.gate import MAX_PATH_CHARS, MAX_TARGET_CHARS
from control.edge.parsing import MAX_HEADERS
from control.edge.rates import RATES, Tier
from control.endpoints import PUBLIC_BODY_BYTES
from control.people import letter_limit, password_rules, passwords, sessions, starting, totp

ROOT = Path(__file__).resolve().parents[2]
MAP = ROOT / "docs/security/asvs.toml"
RULES = (ROOT / "docs/security/rules.md").read_text(encoding="utf-8")
REQUIREMENTS: list[dict[str, Any]] = tomllib.loads(MAP.read_text(encoding="utf-8"))["requirement"]
LEAST_MET = 0.95

LAST_OF_SECTION = {
    "1.1": 2,
    "1.2": 9,
    "1.3": 11,
    "1.4": 3,
    "1.5": 2,
    "2.1": 3,
    "2.2": 3,
    "2.3": 4,
    "2.4": 1,
    "3.2": 2,
    "3.3": 4,
    "3.4": 6,
    "3.5": 5,
    "3.7": 2,
    "4.1": 3,
    "4.2": 1,
    "4.3": 2,
    "4.4": 4,
    "5.1": 1,
    "5.2": 3,
    "5.3": 2,
    "5.4": 3,
    "6.1": 3,
    "6.2": 12,
    "6.3": 4,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
    "8.1": 2,
    "8.2": 3,
    "8.3": 1,
    "8.4": 1,
    "9.1": 3,
    "9.2": 4,
    "10.1": 2,
    "10.2": 2,
    "10.3": 4,
    "10.4": 11,
    "10.5": 5,
    "10.6": 2,
    "10.7": 3,
    "11.1": 2,
    "11.2": 3,
    "11.3": 3,
    "11.4": 4,
    "11.5": 1,
    "11.6": 1,
    "12.1": 3,
    "12.2": 2,
    "12.3": 4,
    "13.1": 1,
    "13.2": 5,
    "13.3": 2,
    "13.4": 5,
    "14.1": 2,
    "14.2": 4,
    "14.3": 3,
    "15.1": 3,
    "15.2": 3,
    "15.3": 7,
    "16.1": 1,
    "16.2": 5,
    "16.3": 4,
    "16.4": 3,
    "16.5": 3,
    "17.1": 1,
    "17.2": 4,
    "17.3": 2,
}
"""How many requirements of levels 1 and 2 each section has; those of level 3 stand behind them.
Source: OWASP ASVS 5.0.
"""
STATUSES = {"met", "partly", "not met"}
FIELDS = {"id", "level", "applies", "status", "reason", "tests", "document", "config"}


def standard_ids() -> Iterator[str]:
    for section, last in LAST_OF_SECTION.items():
        for number in range(1, last + 1):
            yield f"{section}.{number}"


def applicable() -> list[dict[str, Any]]:
    return [item for item in REQUIREMENTS if item["applies"]]


def functions_of(path: str) -> set[str]:
    """The tests that pytest would collect from a file: functions of the module."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    }


def anchors_of(path: str) -> set[str]:
    """As the hosts of repositories make them of headings."""
    headings = re.findall(r"^#+ (.+)$", (ROOT / path).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_requirement_of_the_standard_is_in_the_map_once_and_nothing_else() -> None:
    ids = [item["id"] for item in REQUIREMENTS]

    assert [name for name, count in Counter(ids).items() if count > 1] == []
    assert set(standard_ids()) - set(ids) == set()
    assert set(ids) - set(standard_ids()) == set()
    assert (len(ids), Counter(item["level"] for item in REQUIREMENTS)) == (253, {1: 70, 2: 183})


def test_the_map_says_whose_the_standard_is() -> None:
    text = MAP.read_text(encoding="utf-8")
    header = text[: text.index("[[requirement]]")]

    assert all(line.startswith("#") for line in header.splitlines() if line)
    for words in ("OWASP Foundation", "Application Security Verification Standard 5.0", "CC BY-SA 4.0"):
        assert words in header


@pytest.mark.parametrize("item", REQUIREMENTS, ids=lambda item: item["id"])
def test_an_entry_says_what_holds_and_why(item: dict[str, Any]) -> None:
    assert set(item) <= FIELDS
    assert len(item["reason"]) >= 15
    assert item["reason"].endswith(".")
    if not item["applies"]:
        assert set(item) == {"id", "level", "applies", "reason"}
    else:
        assert item["status"] in STATUSES


@pytest.mark.parametrize(
    "item", [item for item in applicable() if item["status"] == "met"], ids=lambda item: item["id"]
)
def test_what_is_met_has_a_proof(item: dict[str, Any]) -> None:
    assert item.get("tests") or item.get("document")
    # A file of configuration counts as far as a test reads it.
    if "config" in item:
        name = Path(item["config"]).name
        assert any(name in (ROOT / test.partition("::")[0]).read_text() for test in item["tests"])


@pytest.mark.parametrize("item", applicable(), ids=lambda item: item["id"])
def test_every_proof_is_there(item: dict[str, Any]) -> None:
    for test in item.get("tests", []):
        path, _, name = test.partition("::")
        assert (ROOT / path).is_file(), test
        assert name in functions_of(path), test
    if "document" in item:
        path, _, anchor = item["document"].partition("#")
        assert anchor in anchors_of(path), item["document"]
    if "config" in item:
        assert (ROOT / item["config"]).is_file()


def test_of_what_applies_at_least_95_percent_is_met(capsys: pytest.CaptureFixture[str]) -> None:
    counts = Counter(item["status"] for item in applicable())
    share = counts["met"] / counts.total()

    with capsys.disabled():
        print(  # noqa: T201 - the counts are what is asked for
            f"\nASVS 5.0: {len(REQUIREMENTS)} requirements, {counts.total()} apply, {counts['met']} met "
            f"({share:.1%}), {counts['partly']} partly, {counts['not met']} not met"
        )
    assert share >= LEAST_MET


def facts() -> list[str]:
    """What the rules say in numbers, as the code has it."""
    hours, days = 3600, 86_400
    rate = RATES
    return [
        f"{PUBLIC_BODY_BYTES // 1024} KiB at most, documents {DOCUMENT_BODY_BYTES // 1024**2} MiB",
        f"{json_input.MAX_DEPTH} levels, {json_input.MAX_VALUES:,} values",
        f"{MAX_PATH_CHARS:,} characters at most, path and query {MAX_TARGET_CHARS:,}",
        f"{MAX_HEADERS} headers",
        f"({MAX_TEXT_CHARS:,} characters)",
        f"{images.MAX_BYTES // 1024**2} MiB",
        f"{images.MAX_PIXELS // 1_000_000} megapixels (WebP {images.MAX_WEBP_PIXELS // 1_000_000}), "
        f"{images.MAX_SIDE_PX:,} pixels a side",
        f"{rate[Tier.ADDRESS].quota}, back within {rate[Tier.ADDRESS].window_s} s",
        f"{rate[Tier.PRINCIPAL].quota}, back within {rate[Tier.PRINCIPAL].window_s} s",
        f"{rate[Tier.TENANT].quota:,}, back within {rate[Tier.TENANT].window_s} s",
        f"{rate[Tier.ACTION].quota}, back within {rate[Tier.ACTION].window_s // 60} minutes",
        f"by address ({rate[Tier.CREDENTIAL].quota} a minute",
        f"({rate[Tier.CREDENTIAL].quota} a minute, {rate[Tier.CREDENTIAL_DAILY].quota} a day",
        f"{letter_limit.PER_MAILBOX} and {letter_limit.PER_ADDRESS} an hour",
        f"{password_rules.MIN_CHARS} characters, {password_rules.MIN_CHARS_WITH_SECOND_FACTOR} beside a "
        f"second factor, {passwords.MAX_PASSWORD_CHARS:,} at most",
        f"{len(password_rules.COMMON):,} that stand most often",
        f"{passwords.PROFILE.memory_cost // 1024} MiB, {passwords.PROFILE.time_cost} passes, "
        f"{passwords.PROFILE.parallelism} lanes",
        f"with {passwords.MAX_WAITING} places",
        f"An app that saw {totp.MAX_FAILURES} wrong codes",
        f"has {sessions.SECOND_FACTOR_TRIES} tries",
        f"| {starting.MEMBER_IDLE.seconds // hours} hours | {sessions.GUEST_IDLE.seconds // hours} hours |",
        f"| {starting.MEMBER_SESSION.total_seconds() // days:.0f} days "
        f"| {sessions.GUEST_SESSION.seconds // hours} hours |",
        f"| {RECENT.seconds // 60} minutes |",
    ]


@pytest.mark.parametrize("fact", facts())
def test_the_rules_say_what_the_code_does(fact: str) -> None:
    assert fact in " ".join(RULES.split())


def test_every_file_that_the_rules_name_exists() -> None:
    named = set(re.findall(r"`((?:agent|control|deploy|docs|migrations|prompts|tests)/[^`# ]*)`", RULES))
    named |= set(re.findall(r"`([a-z-]+\.(?:yml|yaml|toml|lock))`", RULES))

    assert len(named) > 40
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []

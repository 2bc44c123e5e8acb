"""The files of a deployment fit each other and the settings: no container was started for this."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from agent.settings import SETTINGS, load_agent_settings, load_control_settings

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
LIVEKIT: dict[str, Any] = yaml.safe_load((ROOT / "livekit.yaml").read_text(encoding="utf-8"))
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
OURS = ("migrate", "control", "agent")
FILLED = {
    "LIVEKIT_API_SECRET": "s" * 32,
    "LIVEKIT_NODE_IP": "192.0.2.1",
    "PARLEY_SECRET_KEY": "k" * 32,
    "POSTGRES_PASSWORD": "p",
    "PARLEY_OWNER_PASSWORD": "o",
    "PARLEY_APP_PASSWORD": "a",
}


def example_values() -> dict[str, str]:
    """What .env holds once its empty lines are filled in."""
    return {name: FILLED.get(name, value) for name, value in uncommented().items()}


def uncommented() -> dict[str, str]:
    given: list[tuple[str, str]] = re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, flags=re.MULTILINE)
    return dict(given)


def example_names() -> set[str]:
    return set(re.findall(r"^(?:# )?([A-Z_]+)=", EXAMPLE, flags=re.MULTILINE))


def environment_of(service: str) -> dict[str, str]:
    """As Compose would hand it over: `${NAME}`, `${NAME:-default}` and `${NAME:?why}` are filled in."""
    values = example_values()

    def fill(match: re.Match[str]) -> str:
        return values.get(match["name"], "") or match["default"] or ""

    pattern = r"\$\{(?P<name>[A-Z_]+)(?::-(?P<default>[^}]*)|:\?[^}]*)?\}"
    given = SERVICES[service].get("environment", {})
    return {name: re.sub(pattern, fill, str(value)) for name, value in given.items()}


def test_compose_fits_the_schema_of_the_compose_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    checked = subprocess.run(
        [*command, str(ROOT / "docker-compose.yml")], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout


def test_every_dependency_is_a_service_and_every_named_volume_is_declared() -> None:
    dependencies = {name for service in SERVICES.values() for name in service.get("depends_on", {})}
    mounts = [mount for service in SERVICES.values() for mount in service.get("volumes", [])]
    named = {mount.split(":")[0] for mount in mounts if not mount.startswith(("./", "/"))}
    assert dependencies <= SERVICES.keys()
    assert named == COMPOSE["volumes"].keys()


def test_a_service_that_is_waited_for_until_healthy_says_when_it_is() -> None:
    waited_for = {
        name
        for service in SERVICES.values()
        for name, how in service.get("depends_on", {}).items()
        if how["condition"] == "service_healthy"
    }
    assert {name for name in waited_for if "healthcheck" not in SERVICES[name]} == set()


def test_every_mounted_file_exists() -> None:
    mounts = [mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])]
    assert [path for path in mounts if path.startswith("./") and not (ROOT / path).is_file()] == []


def test_every_variable_of_compose_is_in_the_example() -> None:
    assert set(re.findall(r"\$\{([A-Z_]+)", COMPOSE_TEXT)) <= example_names()


def test_every_setting_is_in_the_example_with_its_meaning() -> None:
    assert example_names() >= SETTINGS.keys()
    assert [meaning for meaning in SETTINGS.values() if f"# {meaning}\n" not in EXAMPLE] == []


@pytest.mark.parametrize("service", OURS)
def test_a_service_of_ours_is_given_known_settings_only(service: str) -> None:
    assert environment_of(service).keys() <= SETTINGS.keys()


def test_the_example_holds_no_secret() -> None:
    assert [name for name in FILLED if uncommented()[name]] == []


def test_what_compose_hands_over_is_enough_for_control_and_for_an_agent() -> None:
    control = load_control_settings(environment_of("control"))
    agent = load_agent_settings(environment_of("agent"))
    assert control.livekit == agent.livekit
    assert control.agent_name == agent.agent_name
    assert agent.control_url == f"http://control:{control.port}"


def test_agents_get_no_way_into_a_database_and_control_not_the_owners() -> None:
    databases = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "PARLEY_SECRET_KEY"}
    assert databases & environment_of("agent").keys() == set()
    assert "DATABASE_OWNER_URL" not in environment_of("control")
    assert environment_of("control")["DATABASE_URL"].startswith("postgresql://parley_app:")


def test_agents_may_drain_before_they_are_killed() -> None:
    drain_s = load_agent_settings(environment_of("agent")).drain_s
    assert float(SERVICES["agent"]["stop_grace_period"].removesuffix("s")) > drain_s


def test_livekit_signs_webhooks_with_the_key_that_control_knows() -> None:
    control = environment_of("control")
    assert LIVEKIT["webhook"]["api_key"] == control["LIVEKIT_API_KEY"]
    assert LIVEKIT["webhook"]["urls"] == [
        f"http://control:{control['PARLEY_PORT']}/internal/v1/livekit/webhook"
    ]


def test_livekit_has_a_redis_of_its_own() -> None:
    address = LIVEKIT["redis"]["address"].partition(":")[0]
    assert address in SERVICES["livekit"]["depends_on"]
    assert f"//{address}:" not in environment_of("control")["REDIS_URL"]


def test_livekit_makes_no_rooms_and_its_ports_are_published() -> None:
    published = {port.rpartition(":")[2].partition("/")[0] for port in SERVICES["livekit"]["ports"]}
    ports = {LIVEKIT["port"], LIVEKIT["rtc"]["udp_port"], LIVEKIT["rtc"]["tcp_port"]}
    assert LIVEKIT["room"]["auto_create"] is False
    assert {str(port) for port in ports} == published


def test_every_key_of_the_livekit_file_is_explained() -> None:
    lines = (ROOT / "livekit.yaml").read_text(encoding="utf-8").splitlines()
    keys = [number for number, line in enumerate(lines) if re.fullmatch(r" *[a-z_]+: \S.*", line)]
    unexplained = [lines[number] for number in keys if not lines[number - 1].lstrip().startswith("#")]
    assert [line for line in unexplained if "address:" not in line] == []


def test_the_image_holds_every_folder_that_runs_and_no_user_is_root() -> None:
    copied = set(re.findall(r"^COPY (\w+) \./\w+$", DOCKERFILE, flags=re.MULTILINE))
    assert copied == {"agent", "control", "migrations", "prompts"}
    assert re.search(r"^USER (?!root)\w+$", DOCKERFILE, flags=re.MULTILINE)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8")
    assert {name for name in copied if f"!{name}" not in ignored} == set()


def test_the_versions_that_are_named_twice_agree() -> None:
    from control.local.livekit_build import VERSION

    script = (ROOT / "control/local/environment.sh").read_text(encoding="utf-8")
    uv_version = re.search(r"uv_version=(\S+)", script)
    assert uv_version is not None
    assert f"uv=={uv_version[1]}" in DOCKERFILE
    assert SERVICES["livekit"]["image"].endswith(f":v{VERSION}")

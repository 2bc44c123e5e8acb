import json
from pathlib import Path
from typing import Any

import pytest

from control.local.folder import StackFolder
from control.local.livekit import LocalLiveKit
from control.local.livekit_build import VERSION, cache_dir, cached_server, find_livekit_server
from control.local.pids import PidFile

WEBHOOK = "http://127.0.0.1:8080/internal/v1/livekit/webhook"


@pytest.fixture
def configuration(tmp_path: Path) -> dict[str, Any]:
    folder = StackFolder(tmp_path)
    folder.make()
    livekit = LocalLiveKit(folder, PidFile(folder.pids), {}, port=7880, udp_port=7882, webhook_url=WEBHOOK)
    return dict(livekit.configuration())


def a_program(path: Path, says: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{says}'\n")
    path.chmod(0o755)
    return path


def test_everything_is_bound_to_loopback(configuration: dict[str, Any]) -> None:
    assert configuration["bind_addresses"] == ["127.0.0.1"]
    assert configuration["rtc"]["ips"] == {"includes": ["127.0.0.1/32"]}
    assert configuration["rtc"]["tcp_port"] == 0


def test_clients_are_named_no_server_outside_the_machine(configuration: dict[str, Any]) -> None:
    assert [server.rpartition(":")[0] for server in configuration["rtc"]["stun_servers"]] == ["127.0.0.1"]


def test_clients_are_not_sent_to_the_media_port_for_stun(configuration: dict[str, Any]) -> None:
    """They would not connect at all then."""
    assert f"127.0.0.1:{configuration['rtc']['udp_port']}" not in configuration["rtc"]["stun_servers"]


def test_only_control_makes_rooms_and_hears_of_joins(configuration: dict[str, Any]) -> None:
    assert configuration["room"] == {"auto_create": False}
    assert configuration["webhook"] == {"api_key": "parley", "urls": [WEBHOOK]}
    assert configuration["webhook"]["api_key"] in configuration["keys"]


def test_the_configuration_is_plain_json(configuration: dict[str, Any]) -> None:
    assert json.loads(json.dumps(configuration)) == configuration


def test_a_server_on_the_path_is_taken_when_it_is_new_enough(tmp_path: Path) -> None:
    server = a_program(tmp_path / "bin" / "livekit-server", "livekit-server version 1.13.2")
    environment = {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    assert find_livekit_server(environment) == server


def test_an_old_server_on_the_path_is_passed_over_for_a_built_one(tmp_path: Path) -> None:
    a_program(tmp_path / "bin" / "livekit-server", "livekit-server version 1.4.0")
    environment = {"PATH": f"{tmp_path / 'bin'}:/usr/bin:/bin", "XDG_CACHE_HOME": str(tmp_path / "cache")}
    assert find_livekit_server(environment) is None
    built = a_program(cached_server(environment), f"livekit-server version {VERSION}")
    assert find_livekit_server(environment) == built


def test_the_cache_follows_the_users_choice_of_a_cache_folder() -> None:
    assert cache_dir({"XDG_CACHE_HOME": "/caches"}) == Path("/caches/parley")
    assert cache_dir({}) == Path.home() / ".cache" / "parley"

import json
import stat
from dataclasses import asdict
from pathlib import Path

import pytest

from agent.errors import StackError
from control.credentials import is_api_key
from control.local.folder import Secrets, StackFolder, write_private
from control.people.password_rules import check_password


def made_folder(path: Path) -> StackFolder:
    folder = StackFolder(path)
    folder.make()
    return folder


def test_secrets_are_made_once_and_kept(tmp_path: Path) -> None:
    first = made_folder(tmp_path / "data").secrets()
    again = made_folder(tmp_path / "data").secrets()
    assert again == first
    assert made_folder(tmp_path / "other").secrets() != first


def test_only_the_owner_can_read_the_secrets_and_the_folder(tmp_path: Path) -> None:
    folder = made_folder(tmp_path / "data")
    folder.secrets()
    assert stat.S_IMODE((folder.path / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


def test_a_kind_of_secret_that_is_new_is_added_to_those_that_are_there(tmp_path: Path) -> None:
    folder = made_folder(tmp_path)
    old = asdict(Secrets.fresh())
    del old["redis_password"]
    write_private(tmp_path / "secrets.json", json.dumps(old))
    secrets = folder.secrets()
    assert asdict(secrets) | old == asdict(secrets)
    assert len(secrets.redis_password) >= 32


def test_secrets_are_not_in_the_representation() -> None:
    secrets = Secrets.fresh()
    assert all(value not in repr(secrets) for value in asdict(secrets).values())


def test_every_secret_is_long_enough_for_what_it_protects() -> None:
    secrets = Secrets.fresh()
    assert len(secrets.livekit_secret) >= 32
    assert len(secrets.secret_key) >= 32
    assert is_api_key(secrets.demo_api_key)
    check_password(secrets.demo_password, words=["demo@parley.local", "Demo"], has_second_factor=False)


def test_a_demo_password_that_is_too_short_by_now_is_replaced(tmp_path: Path) -> None:
    old = asdict(Secrets.fresh()) | {"demo_password": "x" * 14}
    folder = made_folder(tmp_path)
    write_private(tmp_path / "secrets.json", json.dumps(old))

    secrets = folder.secrets()

    assert len(secrets.demo_password) >= 15
    assert asdict(secrets) | {"demo_password": ""} == old | {"demo_password": ""}
    assert folder.secrets() == secrets


def test_a_demo_key_of_an_older_form_is_replaced(tmp_path: Path) -> None:
    old = asdict(Secrets.fresh()) | {"demo_api_key": "parley_" + "x" * 43}
    folder = made_folder(tmp_path)
    write_private(tmp_path / "secrets.json", json.dumps(old))

    secrets = folder.secrets()

    assert is_api_key(secrets.demo_api_key)
    assert asdict(secrets) | {"demo_api_key": ""} == old | {"demo_api_key": ""}
    assert folder.secrets() == secrets


def test_a_second_run_on_the_same_folder_is_refused_in_words(tmp_path: Path) -> None:
    folder, second = made_folder(tmp_path), StackFolder(tmp_path)
    with (
        folder.locked(),
        pytest.raises(StackError, match=r"in use by another run .* --data-dir"),
        second.locked(),
    ):
        pass


def test_a_folder_is_free_again_when_its_run_has_ended(tmp_path: Path) -> None:
    folder = made_folder(tmp_path)
    with folder.locked():
        assert folder.is_locked()
    assert not folder.is_locked()


def test_a_folder_that_does_not_exist_is_not_in_use(tmp_path: Path) -> None:
    assert not StackFolder(tmp_path / "nowhere").is_locked()


def test_a_folder_that_cannot_be_made_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StackError, match=r"cannot be used .* --data-dir"):
        StackFolder(tmp_path / "file").make()

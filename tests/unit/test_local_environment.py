from pathlib import Path

from control.local.environment import (
    KEPT_FROM_WORKERS,
    ControlPlace,
    LiveKitAccess,
    control_environment,
    service_environment,
    worker_environment,
)

LIVEKIT = LiveKitAccess("ws://127.0.0.1:7880", "parley", "s" * 43)
PLACE = ControlPlace(
    host="127.0.0.1",
    port=8080,
    public_url="http://localhost:8080",
    mail_dir=Path("/data/mail"),
    secret_key="k" * 43,
    database_url="postgresql://parley_app:secret@127.0.0.1/parley",
    redis_url="redis://127.0.0.1/0",
    demo=("demo@parley.local", "secret"),
)
OF_THE_USER = {
    "PATH": "/usr/bin",
    "OPENAI_API_KEY": "sk-1",
    "DATABASE_URL": "postgresql://owner@127.0.0.1/parley",
    "DATABASE_OWNER_URL": "postgresql://owner@127.0.0.1/parley",
    "PARLEY_PRESET": "classic",
}


def of_a_worker(source: dict[str, str]) -> dict[str, str]:
    return worker_environment(source, LIVEKIT, "http://127.0.0.1:8080", Path("/data/spool"))


def test_a_worker_gets_the_keys_of_models_and_no_way_into_a_database() -> None:
    environment = of_a_worker(OF_THE_USER | dict.fromkeys(KEPT_FROM_WORKERS, "x" * 43))
    assert environment["OPENAI_API_KEY"] == "sk-1"
    assert environment["PARLEY_PRESET"] == "classic"
    assert not set(KEPT_FROM_WORKERS) & environment.keys()
    assert {"DATABASE_URL", "REDIS_URL", "PARLEY_SECRET_KEY", "PARLEY_KEY_RING"} <= set(KEPT_FROM_WORKERS)


def test_control_gets_the_unprivileged_role_and_not_the_owners() -> None:
    environment = control_environment(OF_THE_USER, LIVEKIT, PLACE)
    assert environment["DATABASE_URL"] == PLACE.database_url
    assert "DATABASE_OWNER_URL" not in environment


def test_control_offers_a_demo_account_only_where_there_is_one() -> None:
    without = ControlPlace(**{name: getattr(PLACE, name) for name in PLACE.__slots__} | {"demo": None})
    assert control_environment({}, LIVEKIT, PLACE)["PARLEY_DEMO_EMAIL"] == "demo@parley.local"
    assert "PARLEY_DEMO_EMAIL" not in control_environment({}, LIVEKIT, without)


def test_services_get_nothing_of_the_users_but_the_basics() -> None:
    assert service_environment(OF_THE_USER) == {"PATH": "/usr/bin"}


def test_a_drain_time_that_the_user_chose_is_kept() -> None:
    assert of_a_worker({})["PARLEY_DRAIN_S"] == "1"
    assert of_a_worker({"PARLEY_DRAIN_S": "20"})["PARLEY_DRAIN_S"] == "20"


def test_letters_go_into_the_stacks_folder_unless_the_user_says_where() -> None:
    assert control_environment({}, LIVEKIT, PLACE)["PARLEY_MAIL_DIR"] == "/data/mail"
    chosen = control_environment({"PARLEY_MAIL_DIR": "/elsewhere"}, LIVEKIT, PLACE)
    assert chosen["PARLEY_MAIL_DIR"] == "/elsewhere"


def test_the_address_of_the_mail_server_reaches_control_alone() -> None:
    source = {"PARLEY_SMTP_URL": "smtp://user:secret@mail.example"}
    assert control_environment(source, LIVEKIT, PLACE)["PARLEY_SMTP_URL"] == source["PARLEY_SMTP_URL"]
    assert "PARLEY_SMTP_URL" not in of_a_worker(source)

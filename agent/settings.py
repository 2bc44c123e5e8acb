"""Every setting, and the only place that reads the environment.

Values are frozen and are built once, in the composition roots. Secrets are left out of `repr`.
The README's table of settings is checked against `SETTINGS` by a test.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from agent.addresses import LOOPBACK_NAMES, check_operators_url
from agent.errors import ConfigError, InvalidInput

SETTINGS: Mapping[str, str] = {
    "LIVEKIT_URL": "where the LiveKit server is, as agents and control reach it (ws:// or wss://)",
    "LIVEKIT_API_KEY": "LiveKit's API key",
    "LIVEKIT_API_SECRET": "LiveKit's API secret, at least 32 characters",
    "LIVEKIT_PUBLIC_URL": "the LiveKit address that browsers are given; LIVEKIT_URL when unset",
    "DATABASE_URL": "PostgreSQL as the unprivileged role `parley_app`",
    "DATABASE_OWNER_URL": "PostgreSQL as the role that owns the schema; used by migrations only",
    "REDIS_URL": "Redis or Valkey, not shared with LiveKit's own",
    "PARLEY_SECRET_KEY": "signs job tokens, and is the key ring when that is unset; at least 32 characters",
    "PARLEY_KEY_RING": "keys that seal secrets, as ID:BASE64, newest first; of PARLEY_SECRET_KEY if unset",
    "PARLEY_TRUSTED_PROXIES": "networks of proxies whose X-Forwarded-For is believed; none when unset",
    "PARLEY_MODEL_HOSTS": "hosts that tenants may name as their model server; any public one when unset",
    "PARLEY_TOOL_HOSTS": "hosts that tenants may name for their agents' tools; any public one when unset",
    "PARLEY_RATES": "limits in place of the defaults, as TIER=QUOTA/SECONDS, such as principal=2000/20",
    "PARLEY_SIGN_UP": "open lets strangers found a tenant, closed does not; open when unset",
    "PARLEY_SMTP_URL": "smtp://USER:PASSWORD@HOST:587 or smtps://…; PARLEY_MAIL_DIR when unset",
    "PARLEY_MAIL_FROM": "the sender of letters; parley@HOST of PARLEY_PUBLIC_URL when unset",
    "PARLEY_MAIL_DIR": "the folder for letters while there is no SMTP server; .parley/mail when unset",
    "PARLEY_IDENTITY_PROVIDERS": "a TOML file of OpenID Connect and GitHub providers; none when unset",
    "PARLEY_AUDIT_URL": "where audit events go: file:///PATH, syslog://HOST:514 or https://URL",
    "PARLEY_HOST": "address that control binds; 127.0.0.1 when unset",
    "PARLEY_PORT": "port that control binds; 8080 when unset",
    "PARLEY_PUBLIC_URL": "the address of the pages, as people type it; http://localhost:PORT when unset",
    "PARLEY_CONTROL_URL": "where agents reach control; http://127.0.0.1:8080 when unset",
    "PARLEY_AGENT_NAME": "the name under which workers register and rooms dispatch; parley when unset",
    "PARLEY_DEMO_EMAIL": "shown on the sign-in page of a loopback stack as the demo account",
    "PARLEY_DEMO_PASSWORD": "the demo account's password, for the same page",
    "PARLEY_PRESET": "the preset of models.toml to use; default when unset",
    "PARLEY_MODELS": "a TOML file of your own models, prices and presets, laid over models.toml",
    "PARLEY_SMALL_MODEL": "the small tier as provider/model, in place of the preset's",
    "PARLEY_LARGE_MODEL": "the large tier as provider/model, in place of the preset's",
    "PARLEY_STT": "speech to text: local, openai or google; follows the key when unset",
    "PARLEY_TTS": "text to speech: local, openai or google; follows the key when unset",
    "PARLEY_IDLE_PROCESSES": "job processes kept warm by a worker; 1 when unset",
    "PARLEY_MAX_JOBS": "rooms that one worker serves at most; 20 when unset",
    "PARLEY_EMPTY_ROOM_S": "seconds without a human after which the agent leaves; 15 when unset",
    "PARLEY_DRAIN_S": "seconds a worker waits on SIGTERM for its rooms to end; 60 when unset",
    "PARLEY_SPOOL_DIR": "where turns wait on disk while control is away; a temporary folder when unset",
    "PARLEY_OCR_SOCKET": "the Unix socket of the worker's text-recognition process; set by the worker",
    "PARLEY_LOG_LEVEL": "debug, info, warning or error; info when unset",
    "OPENAI_API_KEY": "selects OpenAI for answers and speech",
    "OPENAI_BASE_URL": "another address of OpenAI, or any server that speaks its API, in its place",
    "PARLEY_CUSTOM_BASE_URL": "a server of your own beside OpenAI (vLLM, llama.cpp), for custom/ models",
    "PARLEY_CUSTOM_API_KEY": "the key for that server, where it wants one",
    "GOOGLE_API_KEY": "selects Gemini for answers and speech",
    "GOOGLE_BASE_URL": "another address of the Gemini API",
    "ANTHROPIC_API_KEY": "selects Claude for answers",
    "ANTHROPIC_BASE_URL": "another address of the Anthropic API",
    "OLLAMA_BASE_URL": "an Ollama server; one on localhost is found by itself when no key is set",
}

MIN_SECRET_CHARS = 32


@dataclass(frozen=True, slots=True)
class LiveKitSettings:
    url: str
    public_url: str
    api_key: str
    api_secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """What the environment says about model providers; None means that nothing was said."""

    openai_api_key: str | None = field(default=None, repr=False)
    openai_base_url: str | None = None
    google_api_key: str | None = field(default=None, repr=False)
    google_base_url: str | None = None
    anthropic_api_key: str | None = field(default=None, repr=False)
    anthropic_base_url: str | None = None
    custom_api_key: str | None = field(default=None, repr=False)
    custom_base_url: str | None = None
    ollama_base_url: str | None = None
    preset: str = "default"
    small_model: str | None = None
    large_model: str | None = None
    stt: str | None = None
    tts: str | None = None
    models_file: Path | None = None


@dataclass(frozen=True, slots=True)
class AgentSettings:
    livekit: LiveKitSettings
    providers: ProviderSettings
    control_url: str
    agent_name: str
    idle_processes: int
    max_jobs: int
    empty_room_s: float
    drain_s: float
    spool_dir: Path | None
    ocr_socket: Path | None
    log_level: str


@dataclass(frozen=True, slots=True)
class ControlSettings:
    livekit: LiveKitSettings
    host: str
    port: int
    public_url: str
    agent_name: str
    log_level: str
    secret_key: str = field(repr=False)
    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    demo_email: str | None = None
    demo_password: str | None = field(default=None, repr=False)
    key_ring: str | None = field(default=None, repr=False)
    trusted_proxies: tuple[str, ...] = ()
    rates: str | None = None
    model_hosts: tuple[str, ...] = ()
    models_file: Path | None = None
    tool_hosts: tuple[str, ...] = ()
    is_sign_up_open: bool = True
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str | None = None
    mail_dir: Path = Path(".parley/mail")
    identity_providers: Path | None = None
    audit_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class StoreSettings:
    database_url: str = field(repr=False)
    audit_url: str | None = field(default=None, repr=False)


def load_agent_settings(env: Mapping[str, str] = os.environ) -> AgentSettings:
    """Raises: ConfigError that names the setting and what it should hold."""
    spool_dir, ocr_socket = _text(env, "PARLEY_SPOOL_DIR"), _text(env, "PARLEY_OCR_SOCKET")
    return AgentSettings(
        livekit=_load_livekit(env),
        providers=load_provider_settings(env),
        control_url=(_text(env, "PARLEY_CONTROL_URL") or "http://127.0.0.1:8080").rstrip("/"),
        agent_name=_text(env, "PARLEY_AGENT_NAME") or "parley",
        idle_processes=_whole(env, "PARLEY_IDLE_PROCESSES", 1),
        max_jobs=_whole(env, "PARLEY_MAX_JOBS", 20),
        empty_room_s=_seconds(env, "PARLEY_EMPTY_ROOM_S", 15.0),
        drain_s=_seconds(env, "PARLEY_DRAIN_S", 60.0),
        spool_dir=Path(spool_dir) if spool_dir else None,
        ocr_socket=Path(ocr_socket) if ocr_socket else None,
        log_level=_log_level(env),
    )


def load_control_settings(env: Mapping[str, str] = os.environ) -> ControlSettings:
    """Raises: ConfigError that names the setting and what it should hold."""
    port = _whole(env, "PARLEY_PORT", 8080)
    public_url = _public_url(env, port)
    providers = _text(env, "PARLEY_IDENTITY_PROVIDERS")
    return ControlSettings(
        livekit=_load_livekit(env),
        host=_text(env, "PARLEY_HOST") or "127.0.0.1",
        port=port,
        public_url=public_url,
        agent_name=_text(env, "PARLEY_AGENT_NAME") or "parley",
        log_level=_log_level(env),
        secret_key=_secret(env, "PARLEY_SECRET_KEY"),
        database_url=_verified(env, "DATABASE_URL"),
        redis_url=_verified(env, "REDIS_URL"),
        demo_email=_text(env, "PARLEY_DEMO_EMAIL"),
        demo_password=_text(env, "PARLEY_DEMO_PASSWORD"),
        key_ring=_text(env, "PARLEY_KEY_RING"),
        trusted_proxies=tuple((_text(env, "PARLEY_TRUSTED_PROXIES") or "").replace(",", " ").split()),
        rates=_text(env, "PARLEY_RATES"),
        model_hosts=tuple((_text(env, "PARLEY_MODEL_HOSTS") or "").lower().replace(",", " ").split()),
        tool_hosts=tuple((_text(env, "PARLEY_TOOL_HOSTS") or "").lower().replace(",", " ").split()),
        models_file=load_models_file(env),
        is_sign_up_open=_one_of(env, "PARLEY_SIGN_UP", ("open", "closed")) == "open",
        smtp_url=_text(env, "PARLEY_SMTP_URL"),
        mail_from=_text(env, "PARLEY_MAIL_FROM"),
        mail_dir=Path(_text(env, "PARLEY_MAIL_DIR") or ".parley/mail"),
        identity_providers=Path(providers) if providers else None,
        audit_url=_text(env, "PARLEY_AUDIT_URL"),
    )


def load_store_settings(env: Mapping[str, str] = os.environ) -> StoreSettings:
    """Of a command that works on the database alone. Raises: ConfigError."""
    return StoreSettings(_required(env, "DATABASE_URL"), _text(env, "PARLEY_AUDIT_URL"))


def load_database_owner_url(env: Mapping[str, str] = os.environ) -> str:
    """The URL that migrations use: DATABASE_OWNER_URL, else DATABASE_URL. Raises: ConfigError."""
    return _text(env, "DATABASE_OWNER_URL") or _required(env, "DATABASE_URL")


def load_models_file(env: Mapping[str, str] = os.environ) -> Path | None:
    """The operator's own models; None when there are none."""
    return _path(env, "PARLEY_MODELS")


def load_provider_settings(env: Mapping[str, str] = os.environ) -> ProviderSettings:
    """Raises: ConfigError for an address of one's own server that is none, or a key without one."""
    return ProviderSettings(
        openai_api_key=_text(env, "OPENAI_API_KEY"),
        openai_base_url=_text(env, "OPENAI_BASE_URL"),
        google_api_key=_text(env, "GOOGLE_API_KEY"),
        google_base_url=_text(env, "GOOGLE_BASE_URL"),
        anthropic_api_key=_text(env, "ANTHROPIC_API_KEY"),
        anthropic_base_url=_text(env, "ANTHROPIC_BASE_URL"),
        custom_api_key=_text(env, "PARLEY_CUSTOM_API_KEY"),
        custom_base_url=_custom_url(env),
        ollama_base_url=_text(env, "OLLAMA_BASE_URL"),
        preset=_text(env, "PARLEY_PRESET") or "default",
        small_model=_text(env, "PARLEY_SMALL_MODEL"),
        large_model=_text(env, "PARLEY_LARGE_MODEL"),
        stt=_text(env, "PARLEY_STT"),
        tts=_text(env, "PARLEY_TTS"),
        models_file=load_models_file(env),
    )


def _custom_url(env: Mapping[str, str]) -> str | None:
    """Raises: ConfigError, which does not repeat the address: there may be a credential in it."""
    url = _text(env, "PARLEY_CUSTOM_BASE_URL")
    if url is None:
        if _text(env, "PARLEY_CUSTOM_API_KEY") is not None:
            raise ConfigError(
                "PARLEY_CUSTOM_API_KEY is set, but PARLEY_CUSTOM_BASE_URL is not: say whose key"
            )
        return None
    try:
        return check_operators_url(url)
    except InvalidInput as error:
        raise ConfigError(f"PARLEY_CUSTOM_BASE_URL cannot be used: {error}") from None


def _load_livekit(env: Mapping[str, str]) -> LiveKitSettings:
    url = _required(env, "LIVEKIT_URL")
    return LiveKitSettings(
        url=url,
        public_url=_text(env, "LIVEKIT_PUBLIC_URL") or url,
        api_key=_required(env, "LIVEKIT_API_KEY"),
        api_secret=_secret(env, "LIVEKIT_API_SECRET"),
    )


def _public_url(env: Mapping[str, str], port: int) -> str:
    """Sessions and words travel by it, so off this machine it is https, and LiveKit's address wss.

    Raises: ConfigError.
    """
    url = (_text(env, "PARLEY_PUBLIC_URL") or f"http://localhost:{port}").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ConfigError(f"PARLEY_PUBLIC_URL is {url!r}; it should be https://HOST")
    if parts.scheme == "http" and not _is_this_machine(parts.hostname):
        raise ConfigError(
            f"PARLEY_PUBLIC_URL is {url!r}; off this machine it has to be https://: put a proxy with TLS "
            "before it, as deploy/Caddyfile does"
        )
    media = _text(env, "LIVEKIT_PUBLIC_URL") or _required(env, "LIVEKIT_URL")
    if parts.scheme == "https" and urlsplit(media).scheme not in ("wss", "https"):
        raise ConfigError(f"LIVEKIT_PUBLIC_URL is {media!r}; a page on https can reach it by wss:// only")
    return url


def _is_this_machine(host: str) -> bool:
    return host in LOOPBACK_NAMES or host.endswith(".localhost")


def _text(env: Mapping[str, str], name: str) -> str | None:
    return env.get(name, "").strip() or None


def _path(env: Mapping[str, str], name: str) -> Path | None:
    value = _text(env, name)
    return Path(value) if value else None


def _required(env: Mapping[str, str], name: str) -> str:
    value = _text(env, name)
    if value is None:
        raise ConfigError(f"{name} is not set: {SETTINGS[name]}")
    return value


def _verified(env: Mapping[str, str], name: str) -> str:
    """The address, unless it asks for TLS without asking whom it speaks to.

    Raises: ConfigError, which does not repeat the address: its password is in it.
    """
    url = _required(env, name)
    wanted = parse_qs(urlsplit(url).query)
    careless = {"sslmode": {"require", "allow", "prefer"}, "ssl_cert_reqs": {"none", "optional"}}
    for option, values in careless.items():
        if set(wanted.get(option, [])) & values:
            raise ConfigError(
                f"{name} has {option}={wanted[option][0]}, which takes any certificate: write "
                "sslmode=verify-full for PostgreSQL, and leave ssl_cert_reqs out for Redis"
            )
    return url


def _secret(env: Mapping[str, str], name: str) -> str:
    value = _required(env, name)
    if len(value) < MIN_SECRET_CHARS:
        raise ConfigError(f"{name} has {len(value)} characters; it needs at least {MIN_SECRET_CHARS}")
    return value


def _whole(env: Mapping[str, str], name: str, default: int) -> int:
    value = _text(env, name)
    if value is None:
        return default
    if not value.isdigit():
        raise ConfigError(f"{name} is {value!r}; it should be a whole number")
    return int(value)


def _seconds(env: Mapping[str, str], name: str, default: float) -> float:
    value = _text(env, name)
    try:
        return default if value is None else float(value)
    except ValueError as error:
        raise ConfigError(f"{name} is {value!r}; it should be a number of seconds") from error


def _one_of(env: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """The first choice is the default."""
    value = (_text(env, name) or choices[0]).lower()
    if value not in choices:
        raise ConfigError(f"{name} is {value!r}; it should be {' or '.join(choices)}")
    return value


def _log_level(env: Mapping[str, str]) -> str:
    level = (_text(env, "PARLEY_LOG_LEVEL") or "info").upper()
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ConfigError(f"PARLEY_LOG_LEVEL is {level!r}; it should be debug, info, warning or error")
    return level

"""Reads `models.toml` into a `Catalog`, and says in one line what is wrong with one that cannot be read.

An operator's own file (PARLEY_MODELS) has the same shape and is laid over the shipped one, entry by entry: it
adds models with their price, changes what is said of a model, and adds or replaces presets.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from agent.cascade.models.catalog import (
    LANES,
    PROVIDERS,
    TIERS,
    Catalog,
    DeclaredPrice,
    Lane,
    Model,
    Place,
    Preset,
    Provider,
    Retirement,
    SpeechModel,
    Surcharge,
    Tier,
    nearest,
)
from agent.cascade.models.models_shape import DOCUMENT, Document, ModelEntry, SpeechEntry, TierLists
from agent.errors import ConfigError

MODELS_FILE = Path(__file__).with_name("models.toml")
LISTED = ("openai", "google", "anthropic")
"""Their prices come from the price list, so nobody declares one."""


def load_catalog(path: Path = MODELS_FILE, own: Path | None = None) -> Catalog:
    """The catalog in `path`, with that in `own` laid over it.

    Raises: ConfigError that names the file, the key in it and what is wrong there.
    """
    files = _Files(path, own)
    try:
        document = DOCUMENT.validate_python(files.merged)
    except ValidationError as error:
        wrong = error.errors(include_url=False)
        file = files.holding(*wrong[0]["loc"])
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg'].lower()}" for e in wrong]
        raise ConfigError(f"{file}: {'; '.join(lines)}") from error
    return _build(files, document)


class _Files:
    """The shipped file and an operator's own, and which of them an entry comes from."""

    def __init__(self, path: Path, own: Path | None) -> None:
        self._path = path
        self._own_path = own
        self._own = {} if own is None else _read(own)
        self.merged = _laid_over(_read(path), self._own)

    def holding(self, section: object = None, name: object = None, *_: object) -> Path:
        """The file to look into for what is wrong with `section.name`."""
        entries = self._own.get(str(section))
        is_own = name in entries if isinstance(entries, dict) and name is not None else entries is not None
        return self._own_path if self._own_path is not None and is_own else self._path


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}") from error


def _laid_over(shipped: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Tables by their keys, own entries first; lists are joined; the rest is replaced."""
    merged: dict[str, Any] = {}
    for key in (*own, *(each for each in shipped if each not in own)):
        below, above = shipped.get(key), own.get(key, shipped.get(key))
        if key in own and isinstance(below, dict) and isinstance(above, dict):
            merged[key] = _laid_over(below, above)
        elif (
            key in own
            and key in ("retirements", "places", "surcharges")
            and isinstance(below, list)
            and isinstance(above, list)
        ):
            merged[key] = [*below, *above]
        else:
            merged[key] = above
    return merged


def _build(files: _Files, document: Document) -> Catalog:
    models = {name: _model(files, name, entry) for name, entry in document.models.items()}
    for name, model in models.items():
        if model.replaced_by is not None and model.replaced_by not in models:
            raise _wrong(files, "models", name, "replaced_by", _unknown(model.replaced_by, models))
    for number, entry in enumerate(document.retirements):
        if entry.instead not in models:
            file = files.holding("retirements")
            raise ConfigError(f"{file}: retirements.{number}.instead: {_unknown(entry.instead, models)}")
    return Catalog(
        models=models,
        retirements={
            name: Retirement(entry.on, entry.instead, entry.source)
            for entry in document.retirements
            for name in entry.models
        },
        speech=tuple(_speech(files, name, entry) for name, entry in document.speech.items()),
        presets={name: _preset(files, name, lanes, models) for name, lanes in document.presets.items()},
        places=tuple(Place(p.provider, p.host, tuple(p.regions), p.source) for p in document.places),
        surcharges=tuple(
            Surcharge(s.provider, tuple(s.hosts), s.percent, tuple(s.spares), s.source)
            for s in document.surcharges
        ),
    )


def _model(files: _Files, name: str, entry: ModelEntry) -> Model:
    provider, model_id = _split(files, "models", name)
    if entry.retires is not None and entry.source is None:
        raise _wrong(files, "models", name, "source", "a retirement date needs its source")
    if entry.price is not None and provider in LISTED:
        raise _wrong(files, "models", name, "price", f"the prices of {provider} come from the price list")
    price = entry.price
    return Model(
        provider=provider,
        id=model_id,
        tier=entry.tier,
        context_tokens=entry.context_tokens,
        vision=entry.vision,
        tools=entry.tools,
        image_tokens=entry.image_tokens,
        thinking=entry.thinking,
        retires=entry.retires,
        replaced_by=entry.replaced_by,
        source=entry.source,
        price=None if price is None else DeclaredPrice(price.input, price.output, price.cached),
        regions=None if entry.regions is None else tuple(entry.regions),
    )


def _speech(files: _Files, name: str, entry: SpeechEntry) -> SpeechModel:
    provider, model_id = _split(files, "speech", name)
    return SpeechModel(provider, model_id, entry.does, entry.voice, entry.retires, entry.source)


def _preset(files: _Files, name: str, lanes: dict[Lane, TierLists], models: Mapping[str, Model]) -> Preset:
    preset: dict[Lane, dict[Tier, tuple[str, ...]]] = {}
    missing = next((lane for lane in LANES if lane not in lanes), None)
    if missing is not None:
        raise _wrong(files, "presets", name, missing, "the lane is missing")
    for lane in LANES:
        lists = lanes[lane]
        preset[lane] = {"small": tuple(lists.small), "large": tuple(lists.large)}
        for tier in TIERS:
            for wanted in preset[lane][tier]:
                key = f"{lane}.{tier}"
                if wanted not in models:
                    raise _wrong(files, "presets", name, key, _unknown(wanted, models))
                if lane == "see" and not models[wanted].vision:
                    raise _wrong(files, "presets", name, key, f"{wanted!r} takes no images")
    return preset


def _unknown(name: str, models: Mapping[str, Model]) -> str:
    hint = nearest(name, models)
    return f"{name!r} is not among the models" + (f"; did you mean {hint!r}?" if hint else "")


def _split(files: _Files, section: str, name: str) -> tuple[Provider, str]:
    head, _, model_id = name.partition("/")
    for provider in PROVIDERS:
        if head == provider and model_id:
            return provider, model_id
    file = files.holding(section, name)
    raise ConfigError(f"{file}: {section}.{name}: should be provider/id with one of {', '.join(PROVIDERS)}")


def _wrong(files: _Files, section: str, name: str, key: str, what: str) -> ConfigError:
    return ConfigError(f"{files.holding(section, name)}: {section}.{name}.{key}: {what}")

"""Decides which speech is used: what was asked for, else what a key brings, else this machine's engines."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from agent.cascade.models.catalog import Catalog, SpeechModel
from agent.cascade.models.reach import Reach
from agent.cascade.models.resolved import Endpoint, Speech
from agent.errors import ConfigError

RETIREMENT_NOTICE = timedelta(days=60)

Direction = Literal["stt", "tts"]
Remote = Literal["openai", "google"]
REMOTE: tuple[Remote, ...] = ("openai", "google")


@dataclass(slots=True)
class SpeechChoice:
    """`notes`: what the banner says about it, filled by `choose`."""

    catalog: Catalog
    reach: Reach
    today: date
    is_local_preset: bool
    notes: list[str] = field(default_factory=list)

    def choose(self, does: Direction, wanted: str | None) -> Speech:
        """Raises: ConfigError that names the setting when what is wanted cannot be had."""
        if wanted is None:
            return self._of_the_key(does)
        setting = f"PARLEY_{does.upper()}"
        if wanted == "local":
            return Speech("local")
        provider = next((each for each in REMOTE if each == wanted), None)
        if provider is None:
            raise ConfigError(f"{setting} is {wanted!r}; it should be local, openai or google")
        endpoint, is_custom = self._endpoint(provider)
        if endpoint is None:
            raise ConfigError(f"{setting} is {wanted!r}, but {self.reach.why_not(provider)}")
        strays = self.reach.strays("custom" if is_custom else provider)
        if strays is not None:
            raise ConfigError(f"{setting} is {wanted!r}, but {strays}")
        return self._with_model(does, provider, endpoint, is_custom=is_custom)

    def _of_the_key(self, does: Direction) -> Speech:
        provider = next((each for each in REMOTE if each in self.reach.endpoints), None)
        if self.is_local_preset or provider is None:
            return Speech("local")
        strays = self.reach.strays(provider)
        if strays is not None:
            self.notes.append(f"{strays}: local speech instead")
            return Speech("local")
        return self._with_model(does, provider, self.reach.endpoints[provider], is_custom=False)

    def _endpoint(self, provider: Remote) -> tuple[Endpoint | None, bool]:
        """(where it is reached, whether that is another server which speaks OpenAI's language)."""
        endpoint = self.reach.endpoints.get(provider)
        if endpoint is None and provider == "openai" and self.reach.stands_for_openai:
            return self.reach.endpoints.get("custom"), True
        return endpoint, False

    def _with_model(
        self, does: Direction, provider: Remote, endpoint: Endpoint, *, is_custom: bool
    ) -> Speech:
        model = self.catalog.speech_model(provider, does)
        if model is None:
            setting = f"PARLEY_{does.upper()}"
            raise ConfigError(f"{setting} is {provider!r}, but the catalog has no {does} model of {provider}")
        if self._is_retired(model):
            return Speech("local")
        return Speech(provider, model.id, model.voice, endpoint, is_priced=not is_custom)

    def _is_retired(self, model: SpeechModel) -> bool:
        """Says so as well, and when it soon will be."""
        if model.retires is None or model.retires - self.today > RETIREMENT_NOTICE:
            return False
        name = f"{model.provider}/{model.id}"
        if self.today >= model.retires:
            self.notes.append(f"{name} was retired on {model.retires}: local speech instead")
            return True
        self.notes.append(f"{name} retires on {model.retires}: local speech from then on")
        return False

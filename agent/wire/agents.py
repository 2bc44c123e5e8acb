"""What a tenant brings to a job: its agent, the policy for its models, its keys for providers."""

from typing import Annotated, Literal

from pydantic import Field

from agent.wire.shapes import Wire

SpeechEngine = Literal["local", "openai", "google"]
ModelName = Annotated[str, Field(min_length=1, max_length=128)]


ProviderName = Literal["openai", "google", "anthropic", "ollama", "custom", "local"]
Region = Literal["global", "us", "eu"]


class TierModels(Wire):
    """A lane of a tenant's own preset, in order of preference."""

    small: Annotated[list[ModelName], Field(max_length=8)] = Field(default_factory=list)
    large: Annotated[list[ModelName], Field(max_length=8)] = Field(default_factory=list)


class DeclaredRate(Wire):
    """US dollars per million tokens on a server of one's own; cached None costs like other input."""

    input: Annotated[float, Field(ge=0, le=10_000)]
    output: Annotated[float, Field(ge=0, le=10_000)]
    cached: Annotated[float, Field(ge=0, le=10_000)] | None = None


class ModelPolicy(Wire):
    """What an agent asks of the cascade; what is None follows the deployment. Models are provider/model.

    A policy that names a preset replaces the deployment's own choice of models as well. `talk` and `see` are
    the tenant's own preset, lane by lane. `rates` prices models of its own servers. `providers`, `regions`:
    only these. At most one of the targets: `strong_share`, the share of turns that the large tier answers, or
    `spend_per_turn_usd_micros`. `shadow_share`: of turns that both tiers answer, to learn from; the person
    gets one answer.
    """

    preset: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    small_model: ModelName | None = None
    large_model: ModelName | None = None
    stt: SpeechEngine | None = None
    tts: SpeechEngine | None = None
    talk: TierModels | None = None
    see: TierModels | None = None
    rates: Annotated[dict[ModelName, DeclaredRate], Field(max_length=32)] = Field(default_factory=dict)
    providers: Annotated[list[ProviderName], Field(min_length=1, max_length=6)] | None = None
    regions: Annotated[list[Region], Field(min_length=1, max_length=3)] | None = None
    strong_share: Annotated[float, Field(ge=0, le=1)] | None = None
    spend_per_turn_usd_micros: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    shadow_share: Annotated[float, Field(ge=0, le=0.1)] = 0.0


class AgentSpec(Wire):
    """The tenant's agent that a job is. An empty greeting or prompt is none; `language` is BCP 47."""

    name: str
    version: int
    display_name: str
    prompt: str = Field(repr=False)
    greeting: str = Field(repr=False)
    voice: str | None
    language: str
    model_policy: ModelPolicy


class ProviderKey(Wire):
    """What a tenant brings for a provider; it replaces the deployment's key and address there, both.

    `api_key` is None for a server that wants none. With neither that provider is closed to the tenant:
    what was stored for it cannot be opened. `may_be_local`: the address may be in a private network.
    """

    provider: Literal["openai", "google", "anthropic"]
    api_key: str | None = Field(repr=False)
    base_url: str | None
    may_be_local: bool = False

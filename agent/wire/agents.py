"""What a tenant brings to a job: its agent, the policy for its models, its keys for providers."""

from typing import Annotated, Literal

from pydantic import Field

from agent.wire.shapes import Wire

SpeechEngine = Literal["local", "openai", "google"]
ModelName = Annotated[str, Field(min_length=1, max_length=128)]


class ModelPolicy(Wire):
    """What an agent asks of the cascade; what is None follows the deployment. Models are provider/model.

    A policy that names a preset replaces the deployment's own choice of models as well.
    """

    preset: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    small_model: ModelName | None = None
    large_model: ModelName | None = None
    stt: SpeechEngine | None = None
    tts: SpeechEngine | None = None


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

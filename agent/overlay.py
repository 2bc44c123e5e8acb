"""What a job builds from: the deployment's settings, overlaid with what its tenant brings.

For each provider that a tenant brings anything for, the deployment's key and address are left out, both:
neither is a tenant's key ever sent to the deployment's address, nor the deployment's key to the tenant's.
A tenant sets its own server as OpenAI's address, and what it names custom/ is there: the deployment's own
server is left out then, and also where it cannot be known what the tenant had set.
When a tenant's choice cannot be used, the keyless engines answer: nothing is sent to a provider that the
tenant did not choose, and nobody waits for an agent that never comes.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from agent.addresses import require_public
from agent.cascade import Resolved, discover, resolve
from agent.engines import Engines, rebuild_engines, resolve_local
from agent.errors import ConfigError, NotAllowed
from agent.settings import AgentSettings, ProviderSettings
from agent.wire import AgentSpec, ContextAnswer, ModelPolicy, ProviderKey

logger = logging.getLogger(__name__)


async def engines_for(context: ContextAnswer, prepared: Engines, settings: AgentSettings) -> Engines:
    """`prepared` itself where the tenant brings nothing, else what it brings, built on it.

    Raises: ConfigError when not even the local engines run on this machine.
    """
    if context.agent is None and not context.provider_keys:
        return prepared
    try:
        resolved = await resolve_for(context, prepared.resolved, settings.providers)
        return await rebuild_engines(prepared, resolved, settings)
    except (ConfigError, NotAllowed) as error:
        logger.warning(
            "a tenant's models cannot be used, so the local engines answer",
            extra={"conversation": context.conversation, "tenant": context.tenant, "error": error.code},
        )
        return await rebuild_engines(prepared, resolve_local(), settings)


def overlay(
    providers: ProviderSettings, keys: Sequence[ProviderKey], policy: ModelPolicy
) -> ProviderSettings:
    """`providers` with what the tenant brings in place of what is there.

    Its lists, rates and filters are not settings: `resolve` takes them from the policy itself.
    """
    for key in keys:
        providers = _with_key(providers, key)
    if policy.preset is not None:
        providers = replace(providers, preset=policy.preset, small_model=None, large_model=None)
    return replace(
        providers,
        small_model=policy.small_model or providers.small_model,
        large_model=policy.large_model or providers.large_model,
        stt=policy.stt or providers.stt,
        tts=policy.tts or providers.tts,
    )


def as_spoken(resolved: Resolved, agent: AgentSpec | None) -> Resolved:
    """With the agent's voice and language, which the local engines do not have."""
    if agent is None:
        return resolved
    stt, tts = resolved.stt, resolved.tts
    if stt.provider != "local":
        stt = replace(stt, language=agent.language)
    if tts.provider != "local":
        tts = replace(tts, voice=agent.voice or tts.voice)
    return replace(resolved, stt=stt, tts=tts)


async def resolve_for(
    context: ContextAnswer, prepared: Resolved, providers: ProviderSettings, *, today: date | None = None
) -> Resolved:
    """`prepared`, or what the tenant's keys and its agent's policy make of `providers`.

    Raises: ConfigError, NotAllowed (an address that is not in public).
    """
    policy = context.agent.model_policy if context.agent is not None else ModelPolicy()
    wanted = overlay(providers, context.provider_keys, policy)
    if wanted == providers and not _narrows(policy):
        return as_spoken(prepared, context.agent)
    for key in context.provider_keys:
        if key.base_url is not None and not key.may_be_local:
            await require_public(key.base_url)
    day, found = today or datetime.now(UTC).date(), await discover(wanted, policy=policy)
    try:
        resolved = resolve(wanted, today=day, found=found, policy=policy)
    except ConfigError:
        # What the operator chose for endpoints of their own need not fit the tenant's.
        free = replace(providers, small_model=None, large_model=None, stt=None, tts=None)
        laid = overlay(free, context.provider_keys, policy)
        resolved = resolve(laid, today=day, found=found, policy=policy)
    return as_spoken(resolved, context.agent)


def _narrows(policy: ModelPolicy) -> bool:
    """Whether the policy says more of the models than which settings it replaces."""
    return any((policy.talk, policy.see, policy.rates, policy.providers, policy.regions))


def _with_key(providers: ProviderSettings, key: ProviderKey) -> ProviderSettings:
    match key.provider:
        case "openai":
            brought = replace(providers, openai_api_key=key.api_key, openai_base_url=key.base_url)
            if key.api_key is not None and key.base_url is None:
                return brought
            return replace(brought, custom_api_key=None, custom_base_url=None)
        case "google":
            return replace(providers, google_api_key=key.api_key, google_base_url=key.base_url)
        case "anthropic":
            return replace(providers, anthropic_api_key=key.api_key, anthropic_base_url=key.base_url)

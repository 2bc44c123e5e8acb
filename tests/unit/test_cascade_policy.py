"""What a tenant may write into an agent's model policy."""

import pytest

from agent.cascade import check_policy
from agent.errors import InvalidInput
from agent.wire import ModelPolicy
from tests.fixtures.providers import TODAY


@pytest.mark.parametrize(
    "policy",
    [
        ModelPolicy(),
        ModelPolicy(preset="classic", stt="local", tts="openai"),
        ModelPolicy(small_model="openai/gpt-6-luna", large_model="anthropic/claude-sonnet-5-5"),
        ModelPolicy(small_model="ollama/qwen3:4b", large_model="custom/meta-llama/Llama-3"),
        ModelPolicy(small_model="local/quoting"),
    ],
)
def test_what_exists_is_taken(policy: ModelPolicy) -> None:
    check_policy(policy, today=TODAY)


@pytest.mark.parametrize(
    ("policy", "field", "says"),
    [
        (ModelPolicy(preset="cheapest"), "preset", "the presets are"),
        (ModelPolicy(small_model="openai/gpt-6-lunna"), "small_model", "did you mean 'openai/gpt-6-luna'"),
        (ModelPolicy(large_model="gpt-6-luna"), "large_model", "provider/model"),
        (ModelPolicy(large_model="evil/model"), "large_model", "provider/model"),
        (ModelPolicy(large_model="local/nothing"), "large_model", "provider/model"),
        (ModelPolicy(small_model="openai/whisper-1"), "small_model", "chat model"),
        (ModelPolicy(large_model="anthropic/claude-3-5-sonnet-20241022"), "large_model", "was retired"),
    ],
)
def test_what_does_not_exist_is_refused_by_its_field(policy: ModelPolicy, field: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says) as refusal:
        check_policy(policy, today=TODAY)

    assert refusal.value.field == f"model_policy.{field}"

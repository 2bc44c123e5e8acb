"""Rows of the ledger: what they count, and what they cost beside what they would have cost."""

from livekit.agents import llm

from agent.cascade.ledger import count_tokens


def test_thinking_that_is_only_in_the_total_counts_as_output() -> None:
    usage = llm.CompletionUsage(completion_tokens=10, prompt_tokens=100, total_tokens=150)

    assert count_tokens(usage).output_tokens == 50


def test_a_total_that_was_not_reported_does_not_lose_output() -> None:
    usage = llm.CompletionUsage(completion_tokens=10, prompt_tokens=100, total_tokens=0)

    assert count_tokens(usage).output_tokens == 10

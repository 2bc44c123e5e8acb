"""What a turn asks: its messages, its tools, what the caller knows of it; and that in the form of one model.

Contexts are never copied but where one has to differ, and then item by reference.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, TypeGuard

from livekit.agents import llm

from agent.cascade.calls.images import last_question, with_crop, without_images
from agent.cascade.facts import TurnFacts
from agent.cascade.models.catalog import Lane, Model
from agent.cascade.models.resolved import Candidate

MAX_OUTPUT_TOKENS: Final[dict[str, int]] = {"voice": 2048, "text": 4096}
"""By delivery. So that a worst case exists; what models think counts towards it. Two thousand tokens are ten
minutes of speech."""

IMAGE_TOKENS: Final = 1_000
CHARS_PER_TOKEN: Final = 4
"""Rough on purpose: only what surely does not fit is passed over, the provider counts for itself."""


@dataclass(frozen=True, eq=False)
class Request:
    """What every candidate of a turn is asked. `handup` is what a small model is told about handing up."""

    lane: Lane
    chat_ctx: llm.ChatContext
    tools: list[llm.Tool]
    facts: TurnFacts
    choices: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def question(self) -> str:
        """The words that are scored."""
        if self.facts.question is not None:
            return self.facts.question
        asked = last_question(self.chat_ctx)
        return (asked.text_content or "") if asked is not None else ""

    @cached_property
    def input_tokens(self) -> int:
        """About what the messages come to."""
        chars = images = 0
        for item in self.chat_ctx.items:
            if isinstance(item, llm.ChatMessage):
                for part in item.content:
                    chars += len(part) if isinstance(part, str) else 0
                    images += isinstance(part, llm.ImageContent)
            elif isinstance(item, llm.FunctionCall):
                chars += len(item.arguments)
            elif isinstance(item, llm.FunctionCallOutput):
                chars += len(item.output)
        return chars // CHARS_PER_TOKEN + images * IMAGE_TOKENS

    @property
    def max_output_tokens(self) -> int:
        usual = MAX_OUTPUT_TOKENS[self.facts.delivery]
        return usual if self.facts.max_output_tokens is None else self.facts.max_output_tokens

    @property
    def needs_tools(self) -> bool:
        return bool(self.tools) and self.choices.get("tool_choice") == "required"

    def context_for(self, candidate: Candidate, handup: str | None) -> llm.ChatContext:
        """`handup` follows the caller's own instructions: the same for this model in each turn, so that its
        prompt cache reaches past it, and that of the instructions survives when it is left out."""
        chat_ctx = self.chat_ctx
        if self.lane == "see":
            if not candidate.model.vision:
                chat_ctx = without_images(chat_ctx)
            elif candidate.tier == "large" and self.facts.crop is not None:
                chat_ctx = with_crop(chat_ctx, self.facts.crop)
        return chat_ctx if handup is None else _instructed(chat_ctx, handup)

    def tools_for(self, model: Model) -> list[llm.Tool]:
        return self.tools if model.tools else []


def _instructed(chat_ctx: llm.ChatContext, instruction: str) -> llm.ChatContext:
    """A system message of its own would reach Gemini and Claude as words of the user: it joins the first."""
    items = chat_ctx.items
    if not items or not _is_instruction(items[0]):
        return llm.ChatContext([llm.ChatMessage(role="system", content=[instruction]), *items])
    told = items[0].model_copy(update={"content": [*items[0].content, instruction]})
    return llm.ChatContext([told, *items[1:]])


def _is_instruction(item: llm.ChatItem) -> TypeGuard[llm.ChatMessage]:
    return isinstance(item, llm.ChatMessage) and item.role in ("system", "developer")

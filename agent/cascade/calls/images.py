"""Which images go to a model: those of the question, never those of earlier turns, which cost tokens again.

Contexts that are handed in stay as they were; a changed copy is returned. What an image costs in tokens is
`image_tokens.py`'s part.
"""

from livekit.agents import llm

UNSEEN = "(The shared screen was attached here, but this model cannot take images.)"


def carries_image(chat_ctx: llm.ChatContext) -> bool:
    """Whether the last message of a user has an image."""
    message = last_question(chat_ctx)
    return message is not None and _has_image(message)


def keep_newest_image(chat_ctx: llm.ChatContext) -> llm.ChatContext:
    """Only the last user message keeps its images."""
    last = last_question(chat_ctx)
    return _without(chat_ctx, None, keeps=last)


def without_images(chat_ctx: llm.ChatContext) -> llm.ChatContext:
    """For models without vision: the question says that there was an image."""
    last = last_question(chat_ctx)
    return _without(chat_ctx, last)


def with_crop(chat_ctx: llm.ChatContext, crop: llm.ImageContent) -> llm.ChatContext:
    """The question has `crop` in place of its images."""
    last = last_question(chat_ctx)
    if last is None:
        return chat_ctx
    words = [part for part in last.content if not isinstance(part, llm.ImageContent)]
    closer = last.model_copy(update={"content": [*words, crop]})
    return llm.ChatContext([closer if item is last else item for item in chat_ctx.items])


def last_question(chat_ctx: llm.ChatContext) -> llm.ChatMessage | None:
    """The last message of a user."""
    for item in reversed(chat_ctx.items):
        if isinstance(item, llm.ChatMessage) and item.role == "user":
            return item
    return None


def _has_image(message: llm.ChatMessage) -> bool:
    # Text first, which most parts are: each turn looks at all that was said.
    for part in message.content:  # noqa: SIM110 -- any() of a generator takes three times as long
        if type(part) is not str and isinstance(part, llm.ImageContent):
            return True
    return False


def _without(
    chat_ctx: llm.ChatContext, told: llm.ChatMessage | None, keeps: llm.ChatMessage | None = None
) -> llm.ChatContext:
    changed: dict[int, llm.ChatMessage] = {}
    for place, item in enumerate(chat_ctx.items):
        if item is not keeps and isinstance(item, llm.ChatMessage) and _has_image(item):
            content = [part for part in item.content if not isinstance(part, llm.ImageContent)]
            if item is told:
                content.append(UNSEEN)
            changed[place] = item.model_copy(update={"content": content})
    if not changed:
        return chat_ctx
    return llm.ChatContext([changed.get(place, item) for place, item in enumerate(chat_ctx.items)])

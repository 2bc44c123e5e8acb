"""What a provider is told about the pictures of one request, so that a crop does not cost a whole frame.

Gemini 3 takes 1,120 tokens for a picture of any size unless it is asked for less. What the words cost is not
decided here.
"""

from livekit.agents import llm

from agent.cascade.models.catalog import Model
from agent.cascade.models.image_tokens import media_resolution

RESOLUTIONS = {"low": "MEDIA_RESOLUTION_LOW", "medium": "MEDIA_RESOLUTION_MEDIUM"}
"""Source: ai.google.dev/api/generate-content, MediaResolution (read 2026-11-28). `high` is left unsaid."""


def picture_options(model: Model, chat_ctx: llm.ChatContext) -> dict[str, object]:
    """Options of the request, in the plugin's words. Empty unless the size of every picture is known."""
    if model.provider != "google" or model.image_tokens != "gemini-resolution":
        return {}
    sizes = [
        (part.inference_width, part.inference_height)
        for item in chat_ctx.items
        if isinstance(item, llm.ChatMessage)
        for part in item.content
        if isinstance(part, llm.ImageContent)
    ]
    known = [(width, height) for width, height in sizes if width and height]
    if not sizes or len(known) < len(sizes):
        return {}
    largest = max(known, key=lambda size: size[0] * size[1])
    wanted = RESOLUTIONS.get(media_resolution(*largest))
    return {"media_resolution": wanted} if wanted is not None else {}

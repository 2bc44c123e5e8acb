"""Which images of a conversation go to a model."""

from livekit.agents import llm

from agent.cascade.calls.images import UNSEEN, carries_image, keep_newest_image, without_images


def _conversation() -> llm.ChatContext:
    """Two questions about the screen with an answer between them."""
    chat_ctx = llm.ChatContext.empty()
    chat_ctx.add_message(role="user", content=["What is this?", llm.ImageContent(image="https://a/1.png")])
    chat_ctx.add_message(role="assistant", content="A table.")
    chat_ctx.add_message(role="user", content=["And now?", llm.ImageContent(image="https://a/2.png")])
    return chat_ctx


def _images(chat_ctx: llm.ChatContext) -> list[object]:
    return [
        part.image
        for item in chat_ctx.items
        if isinstance(item, llm.ChatMessage)
        for part in item.content
        if isinstance(part, llm.ImageContent)
    ]


def test_only_the_last_question_keeps_its_image() -> None:
    assert _images(keep_newest_image(_conversation())) == ["https://a/2.png"]


def test_the_given_context_stays_as_it_was() -> None:
    chat_ctx = _conversation()

    keep_newest_image(chat_ctx)
    without_images(chat_ctx)

    assert _images(chat_ctx) == ["https://a/1.png", "https://a/2.png"]


def test_a_context_without_old_images_is_not_copied() -> None:
    chat_ctx = llm.ChatContext.empty()
    chat_ctx.add_message(role="user", content="Hello")

    assert keep_newest_image(chat_ctx) is chat_ctx


def test_an_image_of_an_earlier_turn_does_not_make_a_question_about_the_screen() -> None:
    chat_ctx = _conversation()
    chat_ctx.add_message(role="assistant", content="A chart.")
    chat_ctx.add_message(role="user", content="Thanks")

    assert not carries_image(chat_ctx)
    assert _images(keep_newest_image(chat_ctx)) == []


def test_a_blind_model_is_told_that_there_was_an_image() -> None:
    chat_ctx = without_images(_conversation())
    last = chat_ctx.items[-1]

    assert isinstance(last, llm.ChatMessage)
    assert last.content == ["And now?", UNSEEN]
    assert _images(chat_ctx) == []

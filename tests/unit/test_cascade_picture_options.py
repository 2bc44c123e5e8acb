"""Gemini is asked for as many tokens as a picture is worth; others are told nothing."""

import pytest
from google.genai import types
from livekit.agents import llm

from agent.cascade import load_catalog
from agent.cascade.calls.picture_options import picture_options

CATALOG = load_catalog()
GEMINI = CATALOG.models["google/gemini-3.5-flash-lite"]


def asked(*sizes: tuple[int | None, int | None]) -> llm.ChatContext:
    context = llm.ChatContext.empty()
    pictures = [
        llm.ImageContent(image="data:image/jpeg;base64,", inference_width=width, inference_height=height)
        for width, height in sizes
    ]
    context.add_message(role="user", content=["What does it say?", *pictures])
    return context


@pytest.mark.parametrize(
    ("size", "wanted"), [((416, 224), "MEDIA_RESOLUTION_LOW"), ((768, 432), "MEDIA_RESOLUTION_MEDIUM")]
)
def test_gemini_takes_fewer_tokens_for_a_small_picture(size: tuple[int, int], wanted: str) -> None:
    options = picture_options(GEMINI, asked(size))
    assert options == {"media_resolution": wanted}
    config = types.GenerateContentConfig.model_validate(options)
    assert config.media_resolution == types.MediaResolution(wanted)


def test_a_whole_screen_is_seen_as_it_is_by_default() -> None:
    assert picture_options(GEMINI, asked((1440, 810))) == {}


def test_the_largest_of_several_pictures_decides() -> None:
    assert picture_options(GEMINI, asked((416, 224), (1440, 810))) == {}


def test_a_picture_of_unknown_size_leaves_it_to_the_provider() -> None:
    assert picture_options(GEMINI, asked((None, None), (416, 224))) == {}


def test_words_alone_ask_for_nothing() -> None:
    assert picture_options(GEMINI, asked()) == {}


@pytest.mark.parametrize(
    "name", [name for name, model in CATALOG.models.items() if model.image_tokens != "gemini-resolution"]
)
def test_other_models_are_told_nothing(name: str) -> None:
    assert picture_options(CATALOG.models[name], asked((416, 224))) == {}

"""When a question gets a picture of the shared screen, and whose."""

import asyncio
import base64
import io
from collections.abc import AsyncIterator
from typing import cast

import pytest
from livekit import rtc
from livekit.agents import llm
from PIL import Image

from agent.screen import Look, Screens
from tests.fixtures.waiting import until
from tests.unit.test_screen_sampler import DIALOG, INTERVAL_S, PAGE, FakeScreen, video_of

POINTING = "What does the error say?"
OTHER = "What is the refund period?"
SMALL = video_of(Image.new("L", (640, 480), 90))


class FakeTrack:
    """What `Screens` reads of a track, and where its frames come from."""

    def __init__(self, *, muted: bool = False) -> None:
        self.muted = muted
        self.screen = FakeScreen()


@pytest.fixture
async def screens() -> AsyncIterator[Screens]:
    screens = Screens(
        open_source=lambda track: cast(FakeTrack, track).screen,
        interval_s=INTERVAL_S,
    )
    yield screens
    await screens.aclose()


def share(screens: Screens, identity: str, *, muted: bool = False) -> FakeScreen:
    track = FakeTrack(muted=muted)
    screens.add(identity, cast(rtc.Track, track))
    return track.screen


async def shown_and_settled(screens: Screens, screen: FakeScreen, video: rtc.VideoFrame) -> None:
    screen.show(video)
    await until(lambda: (view := screens.view()) is not None and view.changed_since_seen)


def size_of(look: Look | None) -> tuple[int, int]:
    assert look is not None
    assert look.size == pixels_of(look.image)
    return look.size


def pixels_of(image: llm.ImageContent | None) -> tuple[int, int]:
    assert image is not None
    assert isinstance(image.image, str)
    kind, _, data = image.image.partition(",")
    assert kind == "data:image/jpeg;base64"
    return Image.open(io.BytesIO(base64.b64decode(data))).size


async def test_without_a_shared_screen_there_is_no_picture(screens: Screens) -> None:
    assert await screens.look(POINTING) is None


async def test_a_question_that_points_gets_the_newest_frame_even_before_it_settled(screens: Screens) -> None:
    screen = share(screens, "user_ann")
    screen.show(PAGE)
    await until(lambda: screens.view() is not None)
    assert size_of(await screens.look(POINTING)) == (1440, 810)


async def test_any_question_gets_a_screen_that_the_model_has_not_seen(screens: Screens) -> None:
    await shown_and_settled(screens, share(screens, "user_ann"), PAGE)
    assert size_of(await screens.look(OTHER)) == (1440, 810)


async def test_a_guess_that_was_dropped_does_not_use_up_the_news(screens: Screens) -> None:
    await shown_and_settled(screens, share(screens, "user_ann"), PAGE)
    await screens.look("What is")
    assert await screens.look(OTHER) is not None


async def test_a_seen_screen_goes_only_with_questions_that_point_until_it_changes(screens: Screens) -> None:
    screen = share(screens, "user_ann")
    await shown_and_settled(screens, screen, PAGE)
    await screens.look(OTHER)
    screens.mark_seen()
    assert await screens.look(OTHER) is None
    assert await screens.look(POINTING) is not None
    await shown_and_settled(screens, screen, DIALOG)
    assert await screens.look(OTHER) is not None


async def test_an_answer_without_a_picture_marks_nothing_as_seen(screens: Screens) -> None:
    screens.mark_seen()
    await shown_and_settled(screens, share(screens, "user_ann"), PAGE)
    screens.mark_seen()
    assert await screens.look(OTHER) is not None


async def seen(screens: Screens, screen: FakeScreen, video: rtc.VideoFrame) -> None:
    """The screen shows `video`, and the model saw it."""
    await shown_and_settled(screens, screen, video)
    await screens.look(OTHER)
    screens.mark_seen()


async def test_a_question_that_does_not_point_gets_the_part_that_changed(screens: Screens) -> None:
    screen = share(screens, "user_ann")
    await seen(screens, screen, PAGE)
    await shown_and_settled(screens, screen, DIALOG)
    look = await screens.look(OTHER)
    assert look is not None
    assert look.reason == "news"
    assert look.crop is None
    assert look.size[0] < 1000
    assert size_of(look) != (1440, 810)


async def test_a_question_that_points_gets_the_whole_and_the_large_model_the_part(screens: Screens) -> None:
    screen = share(screens, "user_ann")
    await seen(screens, screen, PAGE)
    await shown_and_settled(screens, screen, DIALOG)
    look = await screens.look(POINTING)
    assert look is not None
    assert look.reason == "pointed"
    assert size_of(look) == (1027, 578)
    width, height = pixels_of(look.crop)
    assert 600 < width < 1100
    assert 200 < height < 500


async def test_without_news_the_large_model_gets_the_whole_too(screens: Screens) -> None:
    await seen(screens, share(screens, "user_ann"), PAGE)
    look = await screens.look(POINTING)
    assert look is not None
    assert look.crop is None


async def test_a_part_that_was_answered_is_no_news_any_more(screens: Screens) -> None:
    screen = share(screens, "user_ann")
    await seen(screens, screen, PAGE)
    await seen(screens, screen, DIALOG)
    assert await screens.look(OTHER) is None


async def test_a_look_says_its_tokens_by_each_formula_and_its_size(screens: Screens) -> None:
    await shown_and_settled(screens, share(screens, "user_ann"), PAGE)
    look = await screens.look(OTHER)
    assert look is not None
    assert look.tokens["anthropic-patches"] == 52 * 29
    assert look.tokens["gemini-resolution"] == 1120
    assert (look.image.inference_width, look.image.inference_height) == look.size


async def test_over_the_budget_news_waits_and_a_question_that_points_gets_less_detail() -> None:
    now_s = 0.0
    screens = Screens(
        tokens_per_minute=1_500,
        clock=lambda: now_s,
        open_source=lambda track: cast(FakeTrack, track).screen,
        interval_s=INTERVAL_S,
    )
    screen = share(screens, "user_ann")
    await seen(screens, screen, PAGE)
    await shown_and_settled(screens, screen, DIALOG)
    assert await screens.look(OTHER) is None
    assert size_of(await screens.look(POINTING))[0] < 1440
    now_s = 120.0
    caught_up = await screens.look(OTHER)
    assert caught_up is not None
    assert caught_up.reason == "news"
    await screens.aclose()


async def test_the_same_look_is_paid_for_once() -> None:
    screens = Screens(
        tokens_per_minute=2_000,
        clock=lambda: 0.0,
        open_source=lambda track: cast(FakeTrack, track).screen,
        interval_s=INTERVAL_S,
    )
    await shown_and_settled(screens, share(screens, "user_ann"), PAGE)
    looks = [await screens.look(OTHER) for _ in range(5)]
    assert all(look is not None for look in looks)
    await screens.aclose()


async def test_a_paused_screen_is_not_looked_at(screens: Screens) -> None:
    screen = share(screens, "user_ann")
    await shown_and_settled(screens, screen, PAGE)
    await screens.look(OTHER)
    screens.pause("user_ann", paused=True)
    screens.mark_seen()
    assert await screens.look(POINTING) is None
    screens.pause("user_ann", paused=False)
    await shown_and_settled(screens, screen, PAGE)
    assert await screens.look(OTHER) is not None


async def test_a_screen_that_begins_muted_is_paused(screens: Screens) -> None:
    screen = share(screens, "user_ann", muted=True)
    other = share(screens, "user_ben")
    screen.show(PAGE)
    await shown_and_settled(screens, other, SMALL)
    assert size_of(await screens.look(POINTING)) == (512, 384)
    screens.remove("user_ben")
    assert await screens.look(POINTING) is None


async def test_of_two_screens_the_one_shared_last_is_looked_at(screens: Screens) -> None:
    first, second = share(screens, "user_ann"), share(screens, "user_ben")
    await shown_and_settled(screens, first, PAGE)
    assert size_of(await screens.look(POINTING)) == (1440, 810)
    second.show(SMALL)
    await until(lambda: second.delivered == 1)
    assert size_of(await screens.look(POINTING)) == (512, 384)
    screens.remove("user_ben")
    assert size_of(await screens.look(POINTING)) == (1440, 810)


async def test_a_screen_that_is_no_longer_shared_is_forgotten_and_closed(screens: Screens) -> None:
    screen = share(screens, "user_ann")
    await shown_and_settled(screens, screen, PAGE)
    screens.remove("user_ann")
    assert await screens.look(POINTING) is None
    await until(lambda: screen.closed)


async def test_sharing_again_replaces_the_former_screen(screens: Screens) -> None:
    former = share(screens, "user_ann")
    await shown_and_settled(screens, former, PAGE)
    share(screens, "user_ann")
    assert await screens.look(POINTING) is None
    await until(lambda: former.closed)


async def test_pictures_for_reading_keep_small_print() -> None:
    screens = Screens(1600, open_source=lambda track: cast(FakeTrack, track).screen, interval_s=INTERVAL_S)
    screen = share(screens, "user_ann")
    await shown_and_settled(screens, screen, PAGE)
    assert size_of(await screens.look(POINTING)) == (1600, 900)
    await screens.aclose()


async def test_a_question_about_a_screen_shared_just_now_waits_for_its_first_frame(screens: Screens) -> None:
    screens.expect("user_ann")
    looking = asyncio.create_task(screens.look(POINTING))
    await asyncio.sleep(0)
    screen = share(screens, "user_ann")
    screen.show(PAGE)
    assert await asyncio.wait_for(looking, 2) is not None


async def test_a_screen_that_was_announced_and_withdrawn_is_not_waited_for(screens: Screens) -> None:
    screens.expect("user_ann")
    screens.remove("user_ann")
    assert await asyncio.wait_for(screens.look(POINTING), 1) is None


async def test_the_room_hears_when_a_screen_appears_and_when_it_is_paused() -> None:
    seen: list[bool] = []
    watched = Screens(
        visible=lambda: seen.append(watched.view() is not None),
        open_source=lambda track: cast(FakeTrack, track).screen,
        interval_s=INTERVAL_S,
    )
    share(watched, "user_ann").show(PAGE)
    await until(lambda: seen == [True])
    watched.pause("user_ann", paused=True)
    assert seen[-1] is False
    await watched.aclose()

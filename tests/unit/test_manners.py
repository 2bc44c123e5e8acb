import pytest

from agent.manners import FOLLOW_UP_S, Manners


@pytest.fixture
def manners() -> Manners:
    return Manners("Parley")


def test_alone_with_one_person_every_turn_is_answered(manners: Manners) -> None:
    assert manners.should_answer("so where were we", humans=1, now_s=0)


def test_among_several_a_turn_without_the_name_is_not_answered(manners: Manners) -> None:
    assert not manners.should_answer("let us move on to the budget", humans=2, now_s=100)


@pytest.mark.parametrize(
    "text",
    [
        "Parley, what is the refund period?",
        "hey parley can you check that",
        "What do you think, Parley?",
        "Parlay, what is the refund period?",
        "Barley what is the refund period",
    ],
)
def test_the_name_or_a_near_mishearing_of_it_is_an_address(manners: Manners, text: str) -> None:
    assert manners.should_answer(text, humans=3, now_s=100)


@pytest.mark.parametrize(
    "text",
    [
        "the party was great last night",
        "we talked for an early hour",
        "we could put some barley into the soup",
    ],
)
def test_words_that_only_sound_a_little_like_the_name_are_no_address(manners: Manners, text: str) -> None:
    assert not manners.is_named(text)


def test_a_follow_up_soon_after_the_answer_needs_no_name(manners: Manners) -> None:
    manners.answered(now_s=50)
    assert manners.should_answer("and for yearly plans?", humans=2, now_s=50 + FOLLOW_UP_S)


def test_a_follow_up_that_comes_late_needs_the_name(manners: Manners) -> None:
    manners.answered(now_s=50)
    assert not manners.should_answer("and for yearly plans?", humans=2, now_s=50.1 + FOLLOW_UP_S)


def test_muted_it_answers_nobody_even_when_named(manners: Manners) -> None:
    manners.muted = True
    assert not manners.should_answer("Parley, are you there?", humans=1, now_s=0)


@pytest.mark.parametrize(
    "text", ["Harbor Pilot, where to?", "where to, harbor pilot", "harbour pilot where to"]
)
def test_a_name_of_several_words_is_an_address_when_they_stand_together(text: str) -> None:
    assert Manners("Harbor Pilot").is_named(text)


@pytest.mark.parametrize("text", ["the pilot of the harbor", "we sail to the harbor", ""])
def test_a_part_of_a_name_is_no_address(text: str) -> None:
    assert not Manners("Harbor Pilot").is_named(text)


def test_a_name_in_another_script_or_with_digits_is_heard() -> None:
    assert Manners("Лоцман").is_named("Лоцман, куда нам?")
    assert Manners("Unit 7").is_named("unit 7 please answer")


def test_an_agent_whose_name_has_no_words_is_never_named() -> None:
    assert not Manners("***").is_named("*** what do you think")

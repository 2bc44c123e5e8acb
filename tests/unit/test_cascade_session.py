"""What a conversation keeps of its last answer, and for how long."""

from dataclasses import dataclass

import pytest

from agent.cascade.models.catalog import Model
from agent.cascade.session import (
    CACHE_TTL_S,
    FOLLOW_UPS,
    MAX_CONVERSATIONS,
    MAX_TURNS,
    Sessions,
    Warm,
    keeps_tier,
)

LUNA = Model("openai", "gpt-6-luna")
SOL = Model("openai", "gpt-6.1-sol", "large")
SHORT = "And the second one?"


@dataclass
class Clock:
    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sessions(clock: Clock) -> Sessions:
    return Sessions(clock)


def _model(last: Warm | None) -> Model | None:
    return None if last is None else last.model


def test_a_model_is_warm_within_its_cache_and_not_after_it(sessions: Sessions, clock: Clock) -> None:
    sessions.keep("a", LUNA, "small", 2_000, followed_up=False)
    clock.now_s = CACHE_TTL_S["openai"] - 1
    within = _model(sessions.warm("a"))
    clock.now_s += 1

    assert (within, sessions.warm("a")) == (LUNA, None)


def test_conversations_are_apart_and_a_question_by_itself_keeps_nothing(sessions: Sessions) -> None:
    sessions.keep("a", LUNA, "small", 2_000, followed_up=False)
    sessions.keep(None, SOL, "large", 2_000, followed_up=False)

    assert _model(sessions.warm("a")) == LUNA
    assert sessions.warm("b") is None
    assert sessions.warm(None) is None


def test_a_turn_that_was_handed_up_is_known_with_its_question_and_the_oldest_are_forgotten(
    sessions: Sessions,
) -> None:
    sessions.hand_up("t", "Which is safer?")
    sessions.hand_up(None, "Which is safer?")

    known = sessions.was_handed_up("t", "Which is safer?")
    others = [
        sessions.was_handed_up(turn, question)
        for turn, question in (("t", "Which?"), ("u", "Which is safer?"), (None, "Which is safer?"))
    ]
    for number in range(MAX_TURNS):
        sessions.hand_up(f"turn {number}", "And then?")

    assert (known, others) == (True, [False] * 3)
    assert not sessions.was_handed_up("t", "Which is safer?")


def test_a_follow_up_stays_on_the_large_tier_twice_and_no_more(sessions: Sessions) -> None:
    sessions.keep("a", SOL, "large", 2_000, followed_up=False)
    kept = []
    for _ in range(FOLLOW_UPS + 1):
        kept.append(keeps_tier(sessions.warm("a"), SHORT))
        sessions.keep("a", SOL, "large", 2_000, followed_up=True)

    assert kept == [True] * FOLLOW_UPS + [False]


def test_a_question_with_words_of_its_own_is_scored_by_itself(sessions: Sessions) -> None:
    sessions.keep("a", SOL, "large", 2_000, followed_up=False)

    assert not keeps_tier(sessions.warm("a"), "What does the contract say about the refund of a deposit?")


def test_the_small_tier_is_not_kept(sessions: Sessions) -> None:
    sessions.keep("a", LUNA, "small", 2_000, followed_up=False)

    assert not keeps_tier(sessions.warm("a"), SHORT)


def test_the_longest_unused_conversation_is_forgotten(sessions: Sessions) -> None:
    for number in range(MAX_CONVERSATIONS):
        sessions.keep(str(number), LUNA, "small", 1, followed_up=False)
    sessions.keep("0", LUNA, "small", 1, followed_up=False)
    sessions.keep("new", LUNA, "small", 1, followed_up=False)

    assert _model(sessions.warm("0")) == LUNA
    assert sessions.warm("1") is None

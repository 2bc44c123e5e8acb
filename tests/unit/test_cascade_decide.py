"""In which order models are asked, and the reason that each step leaves."""

import math
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from livekit.agents import llm

from agent.cascade.calls.breaker import Breakers
from agent.cascade.calls.faults import Fault
from agent.cascade.calls.request import Request
from agent.cascade.decide import Decider, Decision
from agent.cascade.facts import TurnFacts
from agent.cascade.models.catalog import DeclaredPrice, Model, Tier
from agent.cascade.models.prices import PriceTable
from agent.cascade.models.resolved import Candidate, Resolved, Speech
from agent.cascade.money.budget import BudgetState, Purse, Unlimited
from agent.cascade.score import Thresholds
from agent.cascade.session import Sessions
from agent.errors import BudgetSpent, ConfigError
from agent.wire import CallOutcome, ModelPolicy
from tests.fixtures.purse import Till

STEPS = {"policy", "budget", "dominance", "session", "score"}
CHEAP, DEAR = DeclaredPrice(0.1, 0.4), DeclaredPrice(2.0, 8.0)
QUESTION = "What does the contract say about the refund of a deposit?"
LINES = Thresholds(voice=0.8, text=0.5, after=0.5)


def _model(name: str, tier: Tier = "small", price: DeclaredPrice | None = CHEAP, **more: Any) -> Model:
    return Model("custom", name, tier, price=price, **more)


SMALL, OTHER_SMALL = _model("small"), _model("small-2")
LARGE, OTHER_LARGE = _model("large", "large", DEAR), _model("large-2", "large", DEAR)


class Fixed:
    def __init__(self, score: float) -> None:
        self.score = score
        self.read: list[str] = []

    def before(self, question: str) -> float:
        self.read.append(question)
        return self.score


def _resolved(*models: Model) -> Resolved:
    candidates = tuple(Candidate(model.tier, model) for model in models)
    local = Speech("local")
    return Resolved("custom", {"talk": candidates, "see": ()}, local, local, {}, date(2026, 11, 28))


class Desk:
    """A decider over `models` with what it decides by, each to be replaced."""

    def __init__(self, *models: Model, purse: Purse | None = None, **options: Any) -> None:
        self.breakers, self.sessions = Breakers(), Sessions()
        self.decider = Decider(
            _resolved(*(models or (SMALL, OTHER_SMALL, LARGE, OTHER_LARGE))),
            breakers=self.breakers,
            sessions=self.sessions,
            table=PriceTable(),
            purse=purse or Unlimited(),
            **options,
        )

    def decide(
        self,
        text: str = QUESTION,
        tools: list[llm.Tool] | None = None,
        choice: str | None = None,
        **facts: Any,
    ) -> Decision:
        chat_ctx = llm.ChatContext.empty()
        chat_ctx.add_message(role="user", content=text)
        choices = {} if choice is None else {"tool_choice": choice}
        return self.decider.decide(Request("talk", chat_ctx, tools or [], TurnFacts(**facts), choices))

    def fail(self, model: Model) -> None:
        self.breakers.note(self.decider.key(model), Fault(CallOutcome.AUTHENTICATION, lasting=True))


def _order(decision: Decision) -> list[str]:
    return [candidate.model.id for candidate in decision.candidates]


def test_without_a_score_the_small_tier_is_asked_first_and_the_large_one_may_take_over() -> None:
    decision = Desk().decide()

    assert _order(decision) == ["small", "small-2", "large", "large-2"]
    assert [candidate.model.id for candidate in decision.takeover] == ["large", "large-2"]
    assert decision.first == "small first"
    assert decision.reasons["score"] == "there is no scorer: small first"


def test_every_step_leaves_a_sentence_that_the_ledger_can_hold() -> None:
    many = [_model(f"a-model-with-quite-a-long-name-{number}", context_tokens=10) for number in range(40)]
    decision = Desk(*many, SMALL, LARGE, scorer=Fixed(0.3), thresholds=LINES).decide()

    assert set(decision.reasons) == STEPS | {"threshold"}
    assert all(0 < len(said) <= 200 for said in decision.reasons.values())


# Policy


def test_only_allowed_providers_are_asked() -> None:
    theirs = replace(SMALL, provider="ollama", price=None)
    decision = Desk(theirs, LARGE, policy=ModelPolicy(providers=["custom"])).decide()

    assert _order(decision) == ["large"]
    assert "ollama/small is not among the allowed providers" in decision.reasons["policy"]


def test_a_turn_that_does_not_fit_a_model_passes_it_over() -> None:
    tight = _model("tight", context_tokens=6_000)
    desk = Desk(tight, LARGE)

    assert _order(desk.decide("word " * 400)) == ["tight", "large"]
    assert _order(desk.decide("word " * 4_000)) == ["large"]


def test_a_model_that_was_retired_since_the_start_is_passed_over() -> None:
    gone = _model("gone", retires=date(2026, 1, 1))

    assert _order(Desk(gone, LARGE).decide()) == ["large"]


def test_a_turn_that_must_use_a_tool_passes_over_models_without() -> None:
    @llm.function_tool
    async def look_up(word: str) -> str:
        """Looks up a word."""
        return word

    mute = _model("mute", tools=False)
    desk = Desk(mute, SMALL, LARGE)

    assert _order(desk.decide(tools=[look_up], choice="required")) == ["small", "large"]
    assert _order(desk.decide(tools=[look_up])) == ["small", "mute", "large"]
    assert _order(desk.decide()) == ["mute", "small", "large"]


def test_when_no_model_fits_the_error_says_why_of_each() -> None:
    tight = _model("tight", context_tokens=100)

    with pytest.raises(ConfigError, match=r"no model of lane talk .*custom/tight holds 100 tokens"):
        Desk(tight).decide("word " * 4_000)


def test_a_model_that_rests_is_asked_last() -> None:
    desk = Desk()
    desk.fail(SMALL)
    decision = desk.decide()

    assert _order(decision) == ["small-2", "large", "large-2", "small"]
    assert decision.reasons["policy"] == "custom/small rests after failures"


# Budget


def test_in_thrift_only_the_small_tier_answers() -> None:
    decision = Desk(purse=Till(BudgetState.THRIFT)).decide()

    assert _order(decision) == ["small", "small-2"]
    assert decision.takeover == ()


def test_in_thrift_a_large_tier_alone_still_answers() -> None:
    decision = Desk(LARGE, purse=Till(BudgetState.THRIFT)).decide()

    assert _order(decision) == ["large"]
    assert decision.reasons["budget"] == "nearly spent, but there is no small tier"


def test_when_it_is_spent_what_costs_nothing_answers() -> None:
    own = Model("ollama", "llama-3")
    free = _model("free", price=DeclaredPrice(0, 0))
    decision = Desk(SMALL, own, free, LARGE, purse=Till(BudgetState.STOP)).decide()

    assert _order(decision) == ["llama-3", "free"]
    assert decision.takeover == ()


def test_when_it_is_spent_a_model_of_unknown_price_elsewhere_is_not_called() -> None:
    unknown = Model("openai", "gpt-unheard-of")

    with pytest.raises(BudgetSpent, match="the budget of today is spent"):
        Desk(unknown, LARGE, purse=Till(BudgetState.STOP)).decide()


# Dominance


def test_a_small_model_that_costs_as_much_as_a_large_one_is_asked_last() -> None:
    dear = _model("dear", price=DeclaredPrice(3.0, 9.0))
    decision = Desk(dear, SMALL, LARGE).decide()

    assert _order(decision) == ["small", "large", "dear"]
    assert decision.reasons["dominance"] == "custom/dear costs no less than a large model"


def test_a_small_model_of_unknown_price_is_not_taken_for_dear() -> None:
    assert _order(Desk(_model("unknown", price=None), LARGE).decide()) == ["unknown", "large"]


# Session


def test_the_warm_model_comes_first_within_its_tier() -> None:
    desk = Desk()
    desk.sessions.keep("a", OTHER_SMALL, "small", 5_000, followed_up=False)
    decision = desk.decide(conversation="a")

    assert _order(decision) == ["small-2", "small", "large", "large-2"]
    assert decision.reasons["session"] == "custom/small-2 has 5000 tokens warm"
    assert _order(desk.decide(conversation="b"))[0] == "small"


def test_a_prompt_too_short_for_a_cache_keeps_nothing() -> None:
    desk = Desk()
    desk.sessions.keep("a", OTHER_SMALL, "small", 100, followed_up=False)

    assert _order(desk.decide(conversation="a"))[0] == "small"


def test_a_follow_up_to_a_large_answer_is_not_sent_down() -> None:
    desk = Desk(scorer=Fixed(0.0), thresholds=LINES)
    desk.sessions.keep("a", LARGE, "large", 5_000, followed_up=False)
    short, long = desk.decide("And why is that?", conversation="a"), desk.decide(conversation="a")

    assert (_order(short)[0], short.followed_up) == ("large", True)
    assert short.reasons["score"] == "a follow-up to what the large tier answered"
    assert (_order(long)[0], long.followed_up) == ("small", False)


def test_thrift_ends_what_a_session_would_keep() -> None:
    desk = Desk(purse=Till(BudgetState.THRIFT))
    desk.sessions.keep("a", LARGE, "large", 5_000, followed_up=False)

    assert _order(desk.decide("And why is that?", conversation="a")) == ["small", "small-2"]


# Score and threshold


@pytest.mark.parametrize(("delivery", "first"), [("voice", "small"), ("text", "large")])
def test_each_delivery_has_a_line_of_its_own(delivery: str, first: str) -> None:
    decision = Desk(scorer=Fixed(0.6), thresholds=LINES).decide(delivery=delivery)

    assert _order(decision)[0] == first
    assert (decision.score, decision.threshold) == (0.6, LINES.voice if delivery == "voice" else LINES.text)
    assert bool(decision.takeover) == (first == "small")


@pytest.mark.parametrize(("score", "kept"), [(7.0, 1.0), (-7.0, 0.0), (math.nan, 0.0), (math.inf, 0.0)])
def test_a_score_that_is_no_probability_does_not_lose_the_row(score: float, kept: float) -> None:
    assert Desk(scorer=Fixed(score), thresholds=LINES).decide().score == kept


def test_the_question_alone_is_scored_not_what_was_retrieved_for_it() -> None:
    scorer = Fixed(0.0)
    Desk(scorer=scorer, thresholds=LINES).decide("Ann: What is it? [1] A passage.", question="What is it?")

    assert scorer.read == ["What is it?"]


def test_a_lane_of_one_tier_needs_no_score() -> None:
    scorer = Fixed(0.9)
    decision = Desk(SMALL, OTHER_SMALL, scorer=scorer, thresholds=LINES).decide()

    assert scorer.read == []
    assert (decision.first, decision.score) == ("small only", None)


def test_savings_compare_with_the_first_and_with_every_large_model() -> None:
    yardsticks = Desk().decide().yardsticks

    assert (yardsticks.baseline, yardsticks.singles) == (LARGE, (LARGE, OTHER_LARGE))

"""`Cascade`: a livekit `llm.LLM` that answers each turn with the cheapest model that answers it well.

A session, a room or the chat API use it like any other model; as a library it needs none of them
(`Cascade.connect`, `answer`). It holds what turns share: clients, breakers, warm caches, the purse. How a
turn is decided is in `decide.py`, how it is answered in `reply.py`.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol, Self

from livekit.agents import APIConnectOptions, APIError, llm
from livekit.agents.metrics import LLMMetrics
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, NOT_GIVEN, NotGivenOr

from agent.cascade.calls.breaker import Breakers
from agent.cascade.calls.call import Desk
from agent.cascade.calls.deadlines import DEADLINES, Deadlines
from agent.cascade.calls.images import carries_image, keep_newest_image, without_images
from agent.cascade.calls.probing import Prober
from agent.cascade.calls.providers import build_llm
from agent.cascade.calls.request import Request
from agent.cascade.decide import Decider, Scores
from agent.cascade.facts import TURN_KEY, TurnFacts, facts_of
from agent.cascade.finished import Shadow
from agent.cascade.library import Reply, question_of, reply_of, settings_of
from agent.cascade.models import prices
from agent.cascade.models.catalog import Model
from agent.cascade.models.resolve import resolve
from agent.cascade.models.resolved import Resolved
from agent.cascade.money.budget import Purse, Unlimited
from agent.cascade.money.worst_case import worst_case_usd_micros
from agent.cascade.reading import AfterScores, Reader
from agent.cascade.reply import CascadeStream, Guide
from agent.cascade.score.scorer import Scorer
from agent.cascade.score.threshold import Thresholds
from agent.cascade.session import Sessions
from agent.cascade.verify.handup import HAND_UP_MARKER
from agent.errors import ConfigError, ProviderUnavailable
from agent.prompts import load_prompt
from agent.wire import ModelCall, ModelPolicy

Record = Callable[[ModelCall], None]


class Scoring(Scores, AfterScores, Protocol):
    """What the cascade takes of `score.Scorer`: a score before the call, and one of the answer."""


class Cascade(llm.LLM[str]):
    """Build it on the main thread: it imports the plugins of the chosen providers.

    `record` gets each call's row and must not block; it may be replaced at any time. `local` answers for the
    provider `local`; it is closed with the cascade. `breakers`: shared by all cascades of a process. The rest
    is as in `adopt`.
    """

    def __init__(
        self,
        resolved: Resolved,
        record: Record,
        *,
        local: llm.LLM[str] | None = None,
        deadlines: Deadlines = DEADLINES,
        scorer: Scoring | None = None,
        thresholds: Thresholds | None = None,
        purse: Purse | None = None,
        breakers: Breakers | None = None,
        shadow: Shadow | None = None,
        policy: ModelPolicy | None = None,
    ) -> None:
        """Raises: ValueError when a local model was resolved and `local` is None."""
        super().__init__()
        prices.load_prices()
        self._resolved = resolved
        self.record = record
        self.engines: Mapping[Model, llm.LLM[str]] = {
            model: self._build(model, local) for model in resolved.models
        }
        self._deadlines = deadlines
        self._breakers = breakers or Breakers()
        self._sessions = Sessions()
        self._table = prices.PriceTable()
        self.adopt(scorer=scorer, thresholds=thresholds, purse=purse, shadow=shadow, policy=policy)
        self._price_today(self._table)
        for engine in set(self.engines.values()):
            engine.on("metrics_collected", self._pass_on)

    def adopt(
        self,
        *,
        scorer: Scoring | None = None,
        thresholds: Thresholds | None = None,
        purse: Purse | None = None,
        shadow: Shadow | None = None,
        policy: ModelPolicy | None = None,
    ) -> None:
        """From here on a tenant's own decide and pay: before the first turn, since clients and breakers stay.

        Without `scorer` and `thresholds` the small tier is asked first. `shadow` sees each turn that was
        answered.
        """
        purse = purse or Unlimited()
        self.decider = Decider(
            self._resolved,
            breakers=self._breakers,
            sessions=self._sessions,
            table=self._table,
            purse=purse,
            scorer=scorer,
            thresholds=thresholds,
            policy=policy,
        )
        self.desk = Desk(
            engines=self.engines,
            deadlines=self._deadlines,
            table=self._table,
            purse=purse,
            breakers=self._breakers,
            key=self.decider.key,
            worst_case=worst_case_usd_micros,
            record=lambda row: self.record(row),
        )
        self._prober = Prober(self.desk)
        self._guide = Guide(
            desk=self.desk,
            sessions=self._sessions,
            decide=self.decider.decide,
            reader=lambda request: Reader(request, scorer, thresholds),
            handup=load_prompt("handup", marker=HAND_UP_MARKER),
            probe=self._prober.probe,
            shadow=shadow,
        )

    @classmethod
    def connect(
        cls,
        *,
        small: str | None = None,
        large: str | None = None,
        keys: Mapping[str, str] | None = None,
        addresses: Mapping[str, str] | None = None,
        on_call: Record = lambda _: None,
        **options: Any,
    ) -> Self:
        """A cascade of models named provider/model, without a room, a database or a server.

        `keys`: by provider (openai, google, anthropic, custom); left out, they come from the environment, as
        OPENAI_API_KEY and so on. `addresses`: by provider, of other servers than its own; custom and ollama
        have no other, and their prices are the policy's `rates`. Without `small` and
        `large` the shipped preset chooses among the providers that have keys. `options`: as the constructor;
        without a scorer the shipped one decides, with the policy's `strong_share` for the large tier.

        Raises: ConfigError that says what is missing or misspelt.
        """
        settings = settings_of(small, large, keys, addresses)
        resolved = resolve(settings, today=datetime.now(UTC).date(), policy=options.get("policy"))
        if resolved.profile == "local" and "local" not in options:
            raise ConfigError(
                "no provider of models is known: give keys={'openai': …}, or set OPENAI_API_KEY, "
                "GOOGLE_API_KEY or ANTHROPIC_API_KEY"
            )
        if "scorer" not in options:
            scorer, policy = Scorer.load(), options.get("policy") or ModelPolicy()
            options = {
                "scorer": scorer,
                "thresholds": scorer.thresholds_for(policy.strong_share),
                **options,
            }
        return cls(resolved, on_call, **options)

    async def answer(
        self,
        question: str | llm.ChatContext,
        *,
        instructions: str | None = None,
        facts: TurnFacts | None = None,
        tools: list[llm.Tool] | None = None,
    ) -> Reply:
        """The whole answer to one question, with what it took.

        Raises: ProviderUnavailable when no model answered, or the answer broke off; BudgetSpent.
        """
        stream = self.chat(
            chat_ctx=question_of(question, instructions),
            tools=tools,
            extra_kwargs={TURN_KEY: facts or TurnFacts()},
        )
        try:
            collected = await stream.collect()
        except APIError as error:
            outcome = stream.rows[-1].outcome if stream.rows else "unknown"
            raise ProviderUnavailable(f"the answer broke off ({outcome}); ask again") from error
        return reply_of(collected.text, collected.tool_calls, stream.rows)

    @property
    def resolved(self) -> Resolved:
        return self._resolved

    @property
    def model(self) -> str:
        return self._resolved.lanes["talk"][0].model.id

    @property
    def provider(self) -> str:
        return self._resolved.lanes["talk"][0].model.provider

    def prewarm(self, *, loop: asyncio.AbstractEventLoop | None = None) -> None:
        """Opens connections to the model that each lane asks first."""
        for model in {candidates[0].model for candidates in self._resolved.lanes.values() if candidates}:
            self.engines[model].prewarm(loop=loop)

    def chat(
        self,
        *,
        chat_ctx: llm.ChatContext,
        tools: list[llm.Tool] | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
        parallel_tool_calls: NotGivenOr[bool] = NOT_GIVEN,
        tool_choice: NotGivenOr[llm.ToolChoice] = NOT_GIVEN,
        extra_kwargs: NotGivenOr[dict[str, Any]] = NOT_GIVEN,
    ) -> CascadeStream:
        """`conn_options` is not used: the cascade has its own deadlines and falls back instead of retrying.

        Iterating raises: ProviderUnavailable when every candidate failed before a token; BudgetSpent;
        livekit's APIError when the answer broke off.
        """
        options = dict(extra_kwargs) if extra_kwargs else {}
        facts = facts_of(options.pop(TURN_KEY, None))
        choices = {"parallel_tool_calls": parallel_tool_calls, "tool_choice": tool_choice}
        if not carries_image(chat_ctx):
            request = Request("talk", keep_newest_image(chat_ctx), tools or [], facts, choices, options)
        elif self._resolved.lanes["see"]:
            request = Request("see", keep_newest_image(chat_ctx), tools or [], facts, choices, options)
        else:
            request = Request("talk", without_images(chat_ctx), tools or [], facts, choices, options)
        return CascadeStream(self, self._guide, request)

    async def __aenter__(self) -> Self:
        return self

    async def end_calls(self) -> None:
        """Breaks off what nobody waits for, with its rows; no turn may be under way."""
        await self._prober.aclose()

    async def aclose(self) -> None:
        await super().aclose()
        await self.end_calls()
        await asyncio.gather(*(engine.aclose() for engine in set(self.engines.values())))

    def _build(self, model: Model, local: llm.LLM[str] | None) -> llm.LLM[str]:
        if model.provider != "local":
            return build_llm(model, self._resolved.endpoints[model.provider])
        if local is None:
            raise ValueError(f"{model.name} was chosen, but no local engine was given")
        return local

    def _pass_on(self, metrics: LLMMetrics) -> None:
        """What a provider's stream measured, to whoever listens to the cascade."""
        self.emit("metrics_collected", metrics)

    def _price_today(self, table: prices.PriceTable) -> None:
        """So that no turn is the first to look a rate up."""
        now = datetime.now(UTC)
        for model in self._resolved.models:
            table.rates(model, now)

"""Answers a turn: the small model first, the next candidate when one fails before its first token.

`Cascade` is a livekit `llm.LLM`, so a session, a room or the chat API use it like any other model. Once a
token went out there is no second try, since the person has heard it. Every call becomes one ledger row,
the failed and the cancelled ones too. Choosing by difficulty, verification and budgets will sit between
`route` and the first call.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from livekit.agents import APIConnectOptions, APIError, llm
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, NOT_GIVEN, NotGivenOr

from agent.cascade import prices
from agent.cascade.catalog import Lane, Model
from agent.cascade.deadlines import DEADLINES, Deadlines
from agent.cascade.facts import TURN_KEY, TurnFacts
from agent.cascade.images import carries_image, keep_newest_image, without_images
from agent.cascade.ledger import CallMeter, EmptyAnswer, classify
from agent.cascade.providers import build_llm, request_options
from agent.cascade.resolved import Candidate, Resolved
from agent.errors import ProviderUnavailable
from agent.wire import CallOutcome, ModelCall

logger = logging.getLogger(__name__)

Record = Callable[[ModelCall], None]


@dataclass(frozen=True, slots=True)
class Route:
    """One turn's way: candidates in the order in which they are asked."""

    lane: Lane
    candidates: tuple[Candidate, ...]
    baseline: Model | None
    turn: str | None


@dataclass(frozen=True, slots=True)
class Request:
    """What every candidate of a route is asked."""

    chat_ctx: llm.ChatContext
    tools: list[llm.Tool]
    choices: dict[str, Any]
    options: dict[str, Any]


class Cascade(llm.LLM[str]):
    """Build it on the main thread: it imports the plugins of the chosen providers.

    `record` gets each call's row and must not block. `local` answers for the provider `local`; it is
    closed with the cascade.
    """

    def __init__(
        self,
        resolved: Resolved,
        record: Record,
        *,
        local: llm.LLM[str] | None = None,
        deadlines: Deadlines = DEADLINES,
    ) -> None:
        """Raises: ValueError when a local model was resolved and `local` is None."""
        super().__init__()
        prices.load_prices()
        self._resolved = resolved
        self._deadlines = deadlines
        self.record = record
        self.engines: Mapping[Model, llm.LLM[str]] = {
            model: self._build(model, local) for model in resolved.models
        }

    def _build(self, model: Model, local: llm.LLM[str] | None) -> llm.LLM[str]:
        if model.provider != "local":
            return build_llm(model, self._resolved.endpoints[model.provider])
        if local is None:
            raise ValueError(f"{model.name} was chosen, but no local engine was given")
        return local

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
    ) -> "CascadeStream":
        """`conn_options` is not used: the cascade has its own deadlines and falls back instead of retrying.

        Iterating raises: ProviderUnavailable when every candidate failed before a token; livekit's APIError
        when the answer broke off.
        """
        options = dict(extra_kwargs) if extra_kwargs else {}
        given = options.pop(TURN_KEY, None)
        turn = given.turn if isinstance(given, TurnFacts) else given
        lane: Lane = "see" if carries_image(chat_ctx) else "talk"
        if lane == "see" and not self._resolved.lanes["see"]:
            lane, chat_ctx = "talk", without_images(chat_ctx)
        else:
            chat_ctx = keep_newest_image(chat_ctx)
        choices = {"parallel_tool_calls": parallel_tool_calls, "tool_choice": tool_choice}
        request = Request(chat_ctx, tools or [], choices, options)
        return CascadeStream(self, self.route(lane, turn), request, self._deadlines)

    def route(self, lane: Lane, turn: str | None) -> Route:
        return Route(lane, self._resolved.lanes[lane], self._resolved.baseline(lane), turn)

    async def aclose(self) -> None:
        await super().aclose()
        await asyncio.gather(*(engine.aclose() for engine in set(self.engines.values())))


class CascadeStream(llm.LLMStream):
    # The provider's own stream reports the request to telemetry; this one only wraps it.
    _llm_request_span_name: ClassVar[str] = "cascade"
    _llm_attempt_span_name: ClassVar[str | None] = None
    _genai_operation_name: ClassVar[str | None] = None

    def __init__(self, cascade: Cascade, route: Route, request: Request, deadlines: Deadlines) -> None:
        # No retry of the base class: one walk along the route is all there is.
        super().__init__(
            cascade,
            chat_ctx=request.chat_ctx,
            tools=request.tools,
            conn_options=APIConnectOptions(max_retry=0),
        )
        self._cascade = cascade
        self._route = route
        self._request = request
        self._deadlines = deadlines

    async def _run(self) -> None:
        failures: list[tuple[Candidate, CallOutcome]] = []
        for candidate in self._route.candidates:
            meter = self._meter(candidate, failures)
            try:
                await self._ask(candidate, meter)
            except Exception as error:  # the boundary of one call: the next candidate is asked
                self._cascade.record(meter.finish(error))
                self._log_failure(candidate, error)
                if meter.has_answered:
                    raise broken_off(error) from error
                failures.append((candidate, classify(error)))
            except BaseException as error:
                self._cascade.record(meter.finish(error))
                raise
            else:
                self._cascade.record(meter.finish())
                return
        tried = "; ".join(f"{candidate.model.name}: {outcome}" for candidate, outcome in failures)
        raise ProviderUnavailable(f"no model answered ({tried})")

    async def _ask(self, candidate: Candidate, meter: CallMeter) -> None:
        """Streams one candidate's answer; its silence is bounded first, then the whole of it."""
        model, total_s, request = candidate.model, self._deadlines.total_s, self._request
        started_s = asyncio.get_running_loop().time()
        async with (
            asyncio.timeout(self._deadlines.first_token_s[model.provider]) as deadline,
            self._cascade.engines[model].chat(
                chat_ctx=request.chat_ctx,
                tools=request.tools if model.tools else [],
                conn_options=APIConnectOptions(max_retry=0, timeout=total_s),
                extra_kwargs={**request_options(model), **request.options},
                **request.choices,
            ) as stream,
        ):
            async for chunk in stream:
                was_silent = not meter.has_answered
                meter.note(chunk)
                if was_silent and meter.has_answered:
                    deadline.reschedule(started_s + total_s)
                self._event_ch.send_nowait(chunk)
        if not meter.has_answered:
            raise EmptyAnswer

    def _log_failure(self, candidate: Candidate, error: Exception) -> None:
        fields = {"model": candidate.model.name, "outcome": classify(error), "error": type(error).__name__}
        logger.warning("a model call failed", extra=fields)

    def _meter(self, candidate: Candidate, failures: Sequence[tuple[Candidate, CallOutcome]]) -> CallMeter:
        if failures:
            failed, outcome = failures[-1]
            reason = f"fallback after {outcome} from {failed.model.name}"
        else:
            reason = "small first" if candidate.tier == "small" else "large only"
        route = self._route
        return CallMeter(route.lane, candidate, route.baseline, route.turn, reason)


def broken_off(error: Exception) -> APIError:
    """The error for a reader who already has a part of the answer: nobody may retry it."""
    if isinstance(error, APIError):
        error.retryable = False
        return error
    return APIError(f"the answer broke off ({classify(error)})", retryable=False)

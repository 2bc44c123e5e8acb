"""Makes a job's cascade its tenant's own: its score, what it may spend, which turns it compares.

It closes between the session and the recorder: what is still compared is broken off, so that its rows are
delivered; what was not spent is given back once they are (`give_back`).
"""

from collections.abc import Callable
from datetime import UTC, datetime

from agent.cascade import Cascade
from agent.cascade.comparing.shadow import ShadowTurns
from agent.cascade.money.allowance import Allowance
from agent.cascade.money.budget import BudgetState
from agent.cascade.money.worst_case import usual_worst_usd_micros
from agent.cascade.score.scorer import Scorer
from agent.control_client import ControlClient
from agent.labels import LabelWriter
from agent.routing import routing_for
from agent.wire import ContextAnswer, ModelPolicy


class Tailoring:
    """`announce` is called when what may be spent changes between open, thrift and stop."""

    def __init__(
        self,
        cascade: Cascade,
        scorer: Scorer,
        context: ContextAnswer,
        client: ControlClient,
        announce: Callable[[BudgetState], None],
    ) -> None:
        policy = context.agent.model_policy if context.agent is not None else ModelPolicy()
        routing = routing_for(scorer, context.router, policy)
        self._cascade = cascade
        usual = usual_worst_usd_micros(cascade.resolved.models, datetime.now(UTC))
        self._allowance = Allowance(client, context.epoch, announce=announce, usual_usd_micros=usual)
        self._shadow = ShadowTurns(
            lambda: cascade.desk,
            routing.scorer,
            LabelWriter(client, context.epoch).write,
            policy.shadow_share,
        )
        cascade.adopt(
            purse=self._allowance,
            scorer=routing.scorer,
            thresholds=routing.thresholds,
            policy=policy,
            shadow=self._shadow if policy.shadow_share > 0 else None,
        )

    async def start(self) -> None:
        """Asks what may be spent; waits a moment for it, and goes on asking in the background."""
        await self._allowance.start()

    @property
    def state(self) -> BudgetState:
        return self._allowance.state

    @property
    def is_state_news(self) -> bool:
        """Whether the state is another because of what may be spent, not because somebody else came."""
        return self._allowance.is_state_news

    def expect(self, identity: str) -> None:
        """Somebody came: what they may spend today is asked before their first turn."""
        self._allowance.expect(identity)

    async def aclose(self) -> None:
        """No call is under way after this."""
        await self._shadow.aclose()
        await self._cascade.end_calls()

    async def give_back(self) -> None:
        await self._allowance.aclose()

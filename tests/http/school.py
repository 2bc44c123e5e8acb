"""A tenant whose jobs label turns and whose routing learns from them: steps of the tests of learning."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from agent.cascade.reading import Reading
from agent.cascade.score.scorer import Scorer
from agent.cascade.verify import Verdict
from agent.wire import ContextAnswer, ModelCall
from control.jobs import Job
from control.learning.learner import Learner
from control.store import conversations, rooms
from control.store.agents import AgentRef
from control.store.calls import append_calls
from control.store.labels import append_labels
from tests.fixtures.control import ControlUnderTest
from tests.fixtures.database import TenantSample
from tests.fixtures.learning import make_labels
from tests.http.callers import begin_job, job_token, sign_in


@dataclass(frozen=True, slots=True)
class School:
    """A tenant whose jobs label turns. `learner` runs when it is told to."""

    control: ControlUnderTest
    team: TenantSample
    learner: Learner

    @property
    def scorer(self) -> Scorer:
        return self.control.parts.scorer

    async def job(self, room: str = "standup", agent: str | None = None) -> Job:
        """A new job, as a dispatch begins it."""
        db, team = self.control.parts.db, self.team
        if agent is None:
            return await begin_job(db, team, room)
        async with db.tenant(team.id) as conn:
            made = await rooms.ensure_room(conn, room)
            talk = await conversations.open_conversation(conn, made.id)
            row = await conn.fetchrow("select id, version from agents where name = $1", agent)
            assert row is not None
            epoch = await conversations.begin_epoch(conn, talk.id, AgentRef(row["id"], row["version"]))
        return Job(team.id, talk.id, epoch, room, local_engines=False)

    async def teach(self, count: int, *, seed: int = 1, knows: bool = True) -> None:
        job = await self.job("lessons")
        start_at = datetime.now(UTC) - timedelta(seconds=count)
        labels = [*make_labels(count, self.scorer, seed=seed, start=start_at, knows=knows)]
        for start in range(0, count, 50):
            await append_labels(
                self.control.parts.db,
                self.team.id,
                job.conversation_id,
                job.epoch,
                labels[start : start + 50],
            )

    async def agent(self, **policy: Any) -> None:
        reply = await self.control.post(
            "/v1/agents", await sign_in(self.control, self.team), {"name": "desk", "model_policy": policy}
        )
        assert reply.status == 201, reply.body

    async def talk(self, calls: Iterable[ModelCall], agent: str = "desk") -> None:
        """Turns of ten rooms, in their jobs."""
        every = list(calls)
        for place in range(10):
            job = await self.job(f"room-{place}", agent)
            own = every[place::10]
            for start in range(0, len(own), 100):
                await append_calls(
                    self.control.parts.db,
                    self.team.id,
                    job.conversation_id,
                    job.epoch,
                    own[start : start + 100],
                )

    async def learn(self) -> None:
        await self.learner.learn_of(self.team.id)

    async def show(self) -> dict[str, Any]:
        reply = await self.control.get("/v1/router", self.team.api_key)
        assert reply.status == 200, reply.body
        return reply.body

    async def context(self, agent: str | None = None) -> ContextAnswer:
        token = job_token(self.control, await self.job(agent=agent))
        reply = await self.control.get("/internal/v1/context", token)
        assert reply.status == 200, reply.body
        return ContextAnswer.model_validate(reply.body)

    async def activate(self, version: object) -> Any:
        session = await sign_in(self.control, self.team)
        return await self.control.post(f"/v1/router/versions/{version}/activate", session)


def answered(turn: int, *, score: float, strong: bool, at: datetime, cost: int | None = None) -> ModelCall:
    tier = "large" if strong else "small"
    usual = 2_000 if strong else 100
    return ModelCall.model_validate(
        {
            "client_id": f"call-{turn}-{at.timestamp()}"[:64],
            "turn_client_id": f"turn-{turn}-{at.timestamp()}"[:64],
            "kind": "talk",
            "tier": tier,
            "provider": "openai",
            "model": "gpt-6-luna",
            "outcome": "ok",
            "reason": f"{tier} first",
            "started_at": at,
            "total_ms": 800,
            "cost_usd_micros": usual if cost is None else cost,
            "baseline_usd_micros": 2_000,
            "answered": True,
            "score": score,
            "threshold": 0.5,
            "decision": {} if strong else {"verify": Reading(Verdict((), ()), score, None).said},
        }
    )


def stream(
    count: int, *, strong: float, spread: float = 1.0, ago: timedelta = timedelta()
) -> list[ModelCall]:
    """Turns of the last hour whose scores are spread evenly from 0 to `spread`; the top ones are strong."""
    start = datetime.now(UTC) - ago
    turns = []
    for place in range(count):
        # Each score once, in an order that has nothing to do with the rooms.
        score = (place * 37 % count) / count * spread
        turns.append(
            answered(
                place,
                score=score,
                strong=score >= (1 - strong) * spread,
                at=start + timedelta(microseconds=100 * place),
            )
        )
    return turns

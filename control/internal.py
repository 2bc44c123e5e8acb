"""What an agent's job may do, and nothing else: read its context, append turns and model calls, search.

The job token names the conversation; no body can name another. A job whose epoch is over gets 409
`stale_epoch`, so that it leaves as soon as it asks for anything; only what it has paid for is still stored.
"""

from typing import Final

from aiohttp import web

from agent.cascade.score.scorer import Scorer
from agent.errors import InvalidInput
from agent.wire import (
    CONVERSATION_PREFIX,
    TENANT_PREFIX,
    AgentSpec,
    ContextAnswer,
    ModelCallsBody,
    ModelPolicy,
    PastTurn,
    RenewAnswer,
    SearchAnswer,
    SearchBody,
    TurnsAnswer,
    TurnsBody,
    format_id,
)
from control.endpoints import Call, Nothing
from control.jobs import Job, JobTokens
from control.keys.provider_keys import ProviderKeys
from control.learning.delivery import router_for
from control.store import agents, calls, conversations, documents, turns
from control.store.agents import AgentVersion
from control.store.db import Database
from control.store.thresholds import target_of

CONTEXT_TURNS: Final = 50


class JobDesk:
    def __init__(
        self,
        db: Database,
        jobs: JobTokens,
        provider_keys: ProviderKeys,
        scorer: Scorer,
        agent_name: str,
    ) -> None:
        self._db = db
        self._jobs = jobs
        self._provider_keys = provider_keys
        self._scorer = scorer
        self._agent_name = agent_name

    async def context(self, call: Call[Job, Nothing]) -> ContextAnswer:
        """The only way in which a tenant's provider keys leave, and to its own job alone.

        Raises: StaleEpoch, NotFound.
        """
        job = call.caller
        async with self._db.tenant(job.tenant_id) as conn:
            ref = await conversations.serving_agent(conn, job.conversation_id, job.epoch)
            agent = None if ref is None else await agents.find_version(conn, ref)
            target = None if agent is None else target_of(agent[1].content.model_policy)
            router = await router_for(conn, ref, target, self._scorer)
            past = await turns.list_turns(conn, job.conversation_id, newest=CONTEXT_TURNS)
            # The self-check must cost nobody anything.
            keys = [] if job.local_engines else await self._provider_keys.open_for_job(conn, job.tenant_id)
        return ContextAnswer(
            tenant=format_id(TENANT_PREFIX, job.tenant_id),
            conversation=format_id(CONVERSATION_PREFIX, job.conversation_id),
            room_name=job.room_name,
            epoch=job.epoch,
            agent_name=self._agent_name,
            turns=[
                PastTurn(
                    seq=turn.seq,
                    role=turn.role,
                    channel=turn.channel,
                    speaker=turn.speaker,
                    text=turn.text,
                    state=turn.state,
                    at=turn.at,
                )
                for turn in past
                if not turn.erased
            ],
            agent=None if agent is None else _describe(*agent),
            provider_keys=keys,
            router=router,
        )

    async def append_turns(self, call: Call[Job, TurnsBody]) -> TurnsAnswer:
        """Raises: StaleEpoch, NotFound, InvalidInput."""
        job, body = call.caller, call.input
        _check_epoch(job, body.epoch)
        async with self._db.tenant(job.tenant_id) as conn:
            return TurnsAnswer(
                acks=await turns.append_turns(conn, job.conversation_id, job.epoch, body.turns)
            )

    async def append_calls(self, call: Call[Job, ModelCallsBody]) -> web.Response:
        """Of a job that was replaced too, since the money is spent. Raises: NotFound, InvalidInput."""
        job, body = call.caller, call.input
        _check_epoch(job, body.epoch)
        await calls.append_calls(self._db, job.tenant_id, job.conversation_id, job.epoch, body.calls)
        return web.Response(status=204)

    async def search(self, call: Call[Job, SearchBody]) -> SearchAnswer:
        """Passages of the tenant's documents that its agent may quote. Raises: StaleEpoch, NotFound."""
        job, body = call.caller, call.input
        async with self._db.tenant(job.tenant_id) as conn:
            agent = await conversations.serving_agent(conn, job.conversation_id, job.epoch)
            return SearchAnswer(passages=await documents.search(conn, body.query, body.limit, agent))

    async def renew(self, call: Call[Job, Nothing]) -> RenewAnswer:
        """Raises: StaleEpoch, NotFound."""
        job = call.caller
        async with self._db.tenant(job.tenant_id) as conn:
            await conversations.require_epoch(conn, job.conversation_id, job.epoch)
        token, expires_at = self._jobs.issue(job)
        return RenewAnswer(job_token=token, expires_at=expires_at)


def _describe(name: str, version: AgentVersion) -> AgentSpec:
    content = version.content
    return AgentSpec(
        name=name,
        version=version.version,
        display_name=content.display_name,
        prompt=content.prompt,
        greeting=content.greeting,
        voice=content.voice,
        language=content.language,
        model_policy=ModelPolicy.model_validate(content.model_policy),
    )


def _check_epoch(job: Job, epoch: int) -> None:
    """A job may not write in the name of another epoch, least of all a coming one."""
    if epoch != job.epoch:
        raise InvalidInput(f"epoch {epoch} is not the job token's, which is {job.epoch}", "epoch")

"""The agent worker: takes dispatched jobs, one process a room. The agent's composition root.

Load is counted in rooms, not in the host's CPU: LiveKit refuses a worker above .7, and the default figure
is the whole machine's. SIGTERM drains (no new rooms, the present ones go on for PARLEY_DRAIN_S); SIGINT
and a second SIGTERM leave at once, each job storing its last words first.
"""

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import uuid
from collections.abc import Callable

from livekit.agents import AgentServer, JobContext, JobProcess, JobRequest

from agent.cascade import Resolved
from agent.control_client import ControlClient, WorkerReporter
from agent.engines import Engines, build_engines, rebuild_engines, resolve_engines, resolve_local
from agent.errors import AppError, ConfigError
from agent.logs import set_up_logging
from agent.overlay import engines_for
from agent.room import AGENT_LABEL, RoomLife
from agent.settings import AgentSettings, load_agent_settings
from agent.wire import ContextAnswer, DispatchMetadata, WorkerReport

logger = logging.getLogger(__name__)

REPORT_EVERY_S = 5.0
LOAD_CEILING = 0.69
"""Just under LiveKit's refusal threshold of .7, reached when the last slot is taken."""

ENGINES_KEY = "engines"


def main() -> None:
    """`python -m agent`. Exits with 1 and a sentence when a setting is wrong."""
    try:
        settings = load_agent_settings()
    except ConfigError as error:
        raise SystemExit(f"parley agent: {error}") from error
    set_up_logging(settings.log_level)
    try:
        asyncio.run(run(settings))
    except AppError as error:
        raise SystemExit(f"parley agent: {error}") from error


async def run(settings: AgentSettings) -> None:
    """Serves jobs until a signal. Shutdown order: drain, jobs, reports, text recognition."""
    resolved = await resolve_engines(settings.providers)
    server = build_server(settings)
    stop, hurry = _listen_for_signals()
    end_reading = _start_reading(settings, resolved)
    registered = asyncio.Event()
    server.on("worker_registered", lambda *_: registered.set())
    serving = asyncio.create_task(server.run(), name="worker")
    reporting = asyncio.create_task(
        _report(settings, server, resolved.profile, registered), name="worker reports"
    )
    stopping = asyncio.create_task(stop.wait(), name="signals")
    try:
        await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        await _drain(server, settings.drain_s, hurry)
        await server.aclose()
        await serving
    finally:
        for task in (reporting, stopping):
            task.cancel()
        await asyncio.gather(reporting, stopping, return_exceptions=True)
        end_reading()


def build_server(settings: AgentSettings) -> AgentServer:
    server = AgentServer(
        ws_url=settings.livekit.url,
        api_key=settings.livekit.api_key,
        api_secret=settings.livekit.api_secret,
        host="127.0.0.1",
        port=0,
        num_idle_processes=settings.idle_processes,
        load_threshold=float("inf"),
        setup_fnc=prewarm,
        load_fnc=lambda running: load_by_rooms(running, settings.max_jobs),
        log_level=settings.log_level,
    )
    server.rtc_session(serve_room, agent_name=settings.agent_name, on_request=accept)
    return server


def load_by_rooms(server: AgentServer, slots: int) -> float:
    return min(len(server.active_jobs) / slots, 1.0) * LOAD_CEILING


async def accept(request: JobRequest) -> None:
    """Each attempt gets an identity of its own: a reused one can end the new job."""
    dispatch = DispatchMetadata.model_validate_json(request.job.metadata)
    conversation = dispatch.conversation.partition("_")[2][:8]
    await request.accept(
        identity=f"agent_{conversation}_{dispatch.epoch}_{secrets.token_hex(2)}",
        name=dispatch.display_name or AGENT_LABEL,
    )


def prewarm(process: JobProcess) -> None:
    """Runs in an idle job process: loads what a job needs, so that joining takes half a second."""
    settings = load_agent_settings()
    # A loop of its own: livekit's is not running yet, and must stay the thread's current one.
    with contextlib.closing(asyncio.new_event_loop()) as loop:
        resolved = loop.run_until_complete(resolve_engines(settings.providers))
    process.userdata[ENGINES_KEY] = build_engines(resolved, settings)


async def serve_room(ctx: JobContext) -> None:
    """The entry point of a job: what its tenant brings decides what it hears, thinks and speaks with.

    Raises: ControlUnavailable, StaleEpoch or NotFound when control does not let it begin; ConfigError.
    """
    settings = load_agent_settings()
    dispatch = DispatchMetadata.model_validate_json(ctx.job.metadata)
    client = ControlClient(settings.control_url, dispatch.job_token)
    try:
        context = await client.context()
        engines = await _engines_of(ctx.proc.userdata[ENGINES_KEY], context, dispatch, settings)
        life = RoomLife(ctx, settings, engines, dispatch, client, context)
    except BaseException:
        await client.aclose()
        raise
    ctx.add_shutdown_callback(life.aclose)
    await life.run()


async def _engines_of(
    prepared: Engines, context: ContextAnswer, dispatch: DispatchMetadata, settings: AgentSettings
) -> Engines:
    if not dispatch.local_engines:
        return await engines_for(context, prepared, settings)
    return (
        prepared if prepared.resolved.is_local else await rebuild_engines(prepared, resolve_local(), settings)
    )


def _start_reading(settings: AgentSettings, resolved: Resolved) -> Callable[[], None]:
    """Starts the worker's one text-recognition process where local answers need it; returns its end."""
    if settings.ocr_socket is not None or all(model.provider != "local" for model in resolved.models):
        return lambda: None
    from agent.local.ocr import start_ocr_process

    process = start_ocr_process()
    # Job processes are forked later and read their settings from the environment.
    os.environ["PARLEY_OCR_SOCKET"] = str(process.socket_path)
    return process.stop


async def _report(
    settings: AgentSettings, server: AgentServer, profile: str, registered: asyncio.Event
) -> None:
    """Tells control each few seconds that this worker lives and how many rooms it holds.

    The first report follows the registration: control answers it by sending agents where they are missing.
    """
    await registered.wait()
    reporter = WorkerReporter(settings.control_url, settings.livekit)
    worker_id = uuid.uuid4().hex
    try:
        while True:
            with contextlib.suppress(AppError):
                await reporter.report(
                    WorkerReport(
                        worker_id=worker_id,
                        agent_name=settings.agent_name,
                        slots=settings.max_jobs,
                        active_jobs=len(server.active_jobs),
                        profile=profile,
                    )
                )
            await asyncio.sleep(REPORT_EVERY_S)
    finally:
        await reporter.aclose()


def _listen_for_signals() -> tuple[asyncio.Event, asyncio.Event]:
    """(stop, hurry): the first SIGTERM sets `stop`; SIGINT or another SIGTERM sets both."""
    stop, hurry = asyncio.Event(), asyncio.Event()

    def terminate() -> None:
        if stop.is_set():
            hurry.set()
        stop.set()

    def interrupt() -> None:
        hurry.set()
        stop.set()

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, terminate)
    loop.add_signal_handler(signal.SIGINT, interrupt)
    return stop, hurry


async def _drain(server: AgentServer, drain_s: float, hurry: asyncio.Event) -> None:
    """Waits for the present rooms to end, for `drain_s` at most, or until told to hurry."""
    if drain_s <= 0 or hurry.is_set():
        return
    draining = asyncio.create_task(server.drain(timeout=None), name="drain")
    hurrying = asyncio.create_task(hurry.wait(), name="hurry")
    await asyncio.wait({draining, hurrying}, timeout=drain_s, return_when=asyncio.FIRST_COMPLETED)
    for task in (draining, hurrying):
        task.cancel()
    await asyncio.gather(draining, hurrying, return_exceptions=True)

"""The composition root: clients are opened here, handed to everything that needs them, and closed in order.

`serve` is the whole life of a control process. `create_app` only puts parts together, so a test can give
it parts of its own.
"""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Final

from aiohttp import ClientSession, ClientTimeout, DummyCookieJar, web
from livekit import api
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from agent.cascade.score.scorer import Scorer
from agent.errors import ConfigError
from agent.settings import ControlSettings
from control.audit.sink import audit_courier
from control.dispatch import Dispatcher
from control.edge.addresses import Proxies, note_address
from control.edge.gate import Gate
from control.edge.limits import Limits
from control.edge.origins import Origins
from control.edge.parsing import MAX_HEADER_BYTES, MAX_HEADERS, MAX_LINE_BYTES, parser_logger
from control.edge.rates import rates_with
from control.edge.repeats import Repeats
from control.handlers import build_handlers
from control.jobs import JobTokens
from control.keyring import KeyRing
from control.learning.learner import Learner
from control.mail.mailroom import Mailroom
from control.mail.postman import Postman, expect_letter, letter_courier, open_delivery
from control.media import REQUEST_TIMEOUT_S, MediaServer
from control.middleware import observe, security_headers, translate_errors
from control.pages import STATIC_DIR
from control.parts import Parts
from control.people.correspondence import Correspondence
from control.people.passwords import PasswordHasherPool
from control.people.pending import Pending
from control.people.provider_clients import offer
from control.people.providers import load_providers
from control.people.refusals import Refusals
from control.people.sign_up_codes import SignUpCodes
from control.records.retention import Sweeper
from control.routes import add_all
from control.store.db import Database
from control.watch import Watch

logger = logging.getLogger(__name__)

SHUTDOWN_S: Final = 5.0
"""How long requests that have begun may still take."""


@asynccontextmanager
async def open_parts(settings: ControlSettings, *, watch: bool = True) -> AsyncIterator[Parts]:
    """Opens from the ground up; closes in the reverse order: watch, letters, media server, Redis, database.

    Redis may be away: what needs it says so when asked.
    Raises: ConfigError (the database role has too much power), DatabaseUnavailable.
    """
    async with AsyncExitStack() as stack:
        db = await Database.open(settings.database_url, sends_audit=settings.audit_url is not None)
        stack.push_async_callback(db.aclose)
        if settings.audit_url is not None:
            auditing = audit_courier(db, settings.audit_url)
            auditing.start()
            stack.push_async_callback(auditing.aclose)
        redis = _redis_client(settings.redis_url)
        stack.push_async_callback(redis.aclose)
        livekit = api.LiveKitAPI(
            settings.livekit.url,
            settings.livekit.api_key,
            settings.livekit.api_secret,
            timeout=ClientTimeout(total=REQUEST_TIMEOUT_S),
            failover=False,
        )
        stack.push_async_callback(livekit.aclose)
        passwords = PasswordHasherPool()
        stack.callback(passwords.close)
        media = MediaServer(livekit, settings.livekit)
        jobs = JobTokens(settings.secret_key)
        ring = KeyRing.from_settings(settings.key_ring, settings.secret_key)
        sign_up_codes = SignUpCodes(ring)
        delivery = open_delivery(settings)
        stack.callback(delivery.close)
        letters = letter_courier(
            db, Postman(ring, Correspondence(db, sign_up_codes, settings.public_url), delivery)
        )
        letters.start()
        stack.push_async_callback(letters.aclose)
        http = ClientSession(cookie_jar=DummyCookieJar())
        stack.push_async_callback(http.close)
        providers = offer(http, load_providers(settings.identity_providers))
        limits = Limits(redis, db, rates_with(settings.rates))
        stack.push_async_callback(limits.aclose)
        refusals = Refusals(db)
        stack.push_async_callback(refusals.aclose)
        dispatcher = Dispatcher(db, media, jobs, settings.agent_name)
        watching = Watch(dispatcher, media, redis)
        sweeper = Sweeper(db)
        stack.push_async_callback(sweeper.aclose)
        scorer = Scorer.load()
        learner = Learner(db, scorer)
        stack.push_async_callback(learner.aclose)
        if watch:
            watching.start()
            sweeper.start()
            learner.start()
        stack.push_async_callback(watching.aclose)
        yield Parts(
            db=db,
            redis=redis,
            media=media,
            passwords=passwords,
            jobs=jobs,
            ring=ring,
            mailroom=Mailroom(db, ring, partial(expect_letter, letters)),
            sign_up_codes=sign_up_codes,
            pending=Pending(redis),
            providers=providers,
            refusals=refusals,
            limits=limits,
            dispatcher=dispatcher,
            watch=watching,
            scorer=scorer,
        )


def create_app(settings: ControlSettings, parts: Parts, static_dir: Path = STATIC_DIR) -> web.Application:
    gate = Gate(parts.limits, Origins(parts.db, settings.public_url), Repeats(parts.db))
    proxies = Proxies(settings.trusted_proxies)
    app = web.Application(middlewares=[observe, translate_errors, note_address(proxies), gate.middleware()])
    app.on_response_prepare.append(security_headers(settings.public_url))
    add_all(app, build_handlers(settings, parts, static_dir), gate)
    return app


def make_runner(app: web.Application, shutdown_s: float = SHUTDOWN_S) -> web.AppRunner:
    """Bounded in what it reads of a request's head; it leaves signals and the access log to others."""
    return web.AppRunner(
        app,
        access_log=None,
        shutdown_timeout=shutdown_s,
        handle_signals=False,
        logger=parser_logger(),
        max_line_size=MAX_LINE_BYTES,
        max_field_size=MAX_HEADER_BYTES,
        max_headers=MAX_HEADERS,
    )


async def serve(settings: ControlSettings) -> None:
    """Serves until SIGTERM or SIGINT, or until cancelled.

    Then, in this order: no new connections, running requests end (5 s at most), the watch stops, and the
    clients close. Raises: as `open_parts`; ConfigError when the address cannot be bound.
    """
    async with _stop_signal() as stopping, open_parts(settings) as parts:
        runner = make_runner(create_app(settings, parts))
        await runner.setup()
        try:
            await _listen(runner, settings)
            logger.info("control serves", extra={"host": settings.host, "port": settings.port})
            await stopping.wait()
        finally:
            await runner.cleanup()


async def _listen(runner: web.AppRunner, settings: ControlSettings) -> None:
    try:
        await web.TCPSite(runner, settings.host, settings.port).start()
    except OSError as error:
        raise ConfigError(
            f"control cannot listen at {settings.host}:{settings.port} ({error.strerror}): "
            "set PARLEY_HOST and PARLEY_PORT"
        ) from error


def _redis_client(url: str) -> Redis:
    """Fails fast: what Redis holds is either dispensable or must not be guessed."""
    return Redis.from_url(
        url,
        decode_responses=True,
        socket_connect_timeout=1.0,
        socket_timeout=2.0,
        retry=Retry(NoBackoff(), 1),
    )


@asynccontextmanager
async def _stop_signal() -> AsyncIterator[asyncio.Event]:
    """Set by SIGTERM and SIGINT."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGTERM, signal.SIGINT)
    for number in numbers:
        loop.add_signal_handler(number, stopping.set)
    try:
        yield stopping
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)

"""A database that goes away and comes back: what is said meanwhile, and that nothing is stuck afterwards."""

import dataclasses
import secrets

from agent.settings import ControlSettings
from control.local.ports import free_ports
from control.local.postgres import EmbeddedPostgres
from control.store.db import Database
from control.store.migrate import migrate, set_app_password
from tests.fixtures.control import (
    ControlUnderTest,
    Services,
    assert_problem,
    eventually,
    make_settings,
    running_control,
)
from tests.fixtures.database import make_tenant, running_postgres


async def prepare(server: EmbeddedPostgres, services: Services) -> ControlSettings:
    await migrate(server.owner_url)
    database_url = await set_app_password(server.owner_url, secrets.token_urlsafe(16))
    settings = make_settings(services, free_ports(1)[0], database_url)
    # A Redis database in which nobody else has failed to sign in.
    return dataclasses.replace(settings, redis_url=settings.redis_url.removesuffix("/0") + "/2")


async def test_control_outlives_its_database(control_services: Services) -> None:
    async with running_postgres() as server:
        settings = await prepare(server, control_services)
        port = int(settings.database_url.rpartition(":")[2].partition("/")[0])
        db = await Database.open(settings.database_url)
        team = await make_tenant(db, "Harbor", "ada@harbor.example", "Ada")
        await db.aclose()
        async with running_control(settings) as control:
            assert (await control.post("/v1/token", team.api_key, {})).status == 201

            await server.stop()
            token = await control.post("/v1/token", team.api_key, {})
            sign_in = {"email": team.email, "password": team.password}
            (session, *_) = [await control.post("/v1/sessions", body=sign_in) for _ in range(8)]
            ready = await control.get("/readyz")
            await control.parts.watch.attempt()

            assert_problem(token, 503, "database_unavailable")
            assert_problem(session, 503, "database_unavailable")
            assert (ready.status, ready.body["postgresql"]) == (503, "does not answer")
            assert ready.body["livekit"] == ready.body["redis"] == "answers"
            assert (await control.get("/livez")).status == 200

            await server.start(port)
            await eventually(lambda: is_served(control, team.api_key), "tokens again")
            # What failed for want of a database is nobody's failed attempt.
            for _ in range(11):
                assert (await control.post("/v1/sessions", body=sign_in)).status == 201


async def is_served(control: ControlUnderTest, api_key: str) -> bool:
    return (await control.post("/v1/token", api_key, {})).status == 201

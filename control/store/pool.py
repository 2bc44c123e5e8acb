"""Connections from the pool, and what asyncpg raises when the database is away in Parley's own words."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from agent.errors import ConfigError, DatabaseUnavailable, InvalidInput

Connection: TypeAlias = PoolConnectionProxy

CONNECT_TIMEOUT_S: Final = 10.0
ACQUIRE_TIMEOUT_S: Final = 10.0
COMMAND_TIMEOUT_S: Final = 30.0

LOST: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shutting down, starting up, a statement past its time
    asyncpg.TooManyConnectionsError,
    TimeoutError,
)


async def open_pool(url: str, max_connections: int) -> asyncpg.Pool:
    """Raises: ConfigError when the URL is wrong, DatabaseUnavailable when there is no answer."""
    try:
        with outages():
            return await asyncpg.create_pool(
                url,
                min_size=1,
                max_size=max_connections,
                timeout=CONNECT_TIMEOUT_S,
                command_timeout=COMMAND_TIMEOUT_S,
                reset=_keep,
                # Compiling a plan takes longer than any statement here.
                server_settings={"application_name": "parley", "search_path": "public", "jit": "off"},
            )
    except asyncpg.ClientConfigurationError as error:
        raise ConfigError("DATABASE_URL is not of the form postgresql://USER:PASSWORD@HOST/NAME") from error
    except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidCatalogNameError) as error:
        raise ConfigError(f"PostgreSQL refuses DATABASE_URL: {error}") from error
    except OSError as error:
        raise DatabaseUnavailable(f"cannot connect to the database: {error}") from error


@asynccontextmanager
async def connection(pool: asyncpg.Pool) -> AsyncIterator[Connection]:
    """Raises: DatabaseUnavailable when none can be had, and when it is lost while it is used; InvalidInput
    for a text with a NUL, which callers do send and PostgreSQL cannot store.
    """
    with outages():
        try:
            conn = await pool.acquire(timeout=ACQUIRE_TIMEOUT_S)
        except OSError as error:
            raise DatabaseUnavailable(f"cannot connect to the database: {error}") from error
        try:
            yield conn
        except asyncpg.CharacterNotInRepertoireError as error:
            raise InvalidInput("a NUL character can be no part of a text") from error
        finally:
            await pool.release(conn)


@contextmanager
def outages() -> Iterator[None]:
    """Raises: DatabaseUnavailable in place of what asyncpg has for a lost, refused or silent connection."""
    try:
        yield
    except LOST as error:
        raise DatabaseUnavailable("the database does not answer; try again in a moment") from error
    except asyncpg.InterfaceError as error:
        # One class for misuse and for a connection that is gone; only the words differ.
        if "closed" in str(error) or "released back" in str(error):
            raise DatabaseUnavailable("the connection to the database was lost; try again") from error
        raise


async def _keep(conn: asyncpg.Connection) -> None:
    """Nothing to reset, which spares a round trip: all that is ever set ends with its transaction.

    asyncpg has rolled an unfinished transaction back before it calls this.
    """

"""A service's own database, new and up to date, for one test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.migrations import migrate, migrate_delivery
from tests.servers import Postgres

_models: dict[tuple[str, str], str] = {}


async def database_of(service: str, postgres: Postgres) -> str:
    """The superuser's DSN of a new database with that service's tables: a copy of one that was migrated once in this process,
    which takes a fifth of migrating it."""
    if (postgres.dsn, service) not in _models:
        made = await postgres.create_database()
        async with connected(made) as connection:
            await bring_up_to_date(service, connection)
        _models[postgres.dsn, service] = urlsplit(made).path[1:]
    return await postgres.create_database(like=_models[postgres.dsn, service])


async def bring_up_to_date(service: str, connection: Connection) -> None:
    """Migrate a database, as that service does when it starts."""
    folder = Path(str(import_module(f"services.{service}").__file__)).parent / "migrations"
    await migrate_delivery(connection)
    await migrate(connection, service, folder)


@asynccontextmanager
async def connected(dsn: str) -> "AsyncIterator[asyncpg.Connection[Any]]":
    """A connection of one's own."""
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()

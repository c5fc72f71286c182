"""A service's own database, new and up to date, for one test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import asyncpg

from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.migrations import migrate, migrate_delivery
from tests.servers import Postgres


async def database_of(service: str, postgres: Postgres) -> str:
    """The superuser's DSN of a new database with that service's tables."""
    dsn = await postgres.create_database()
    async with connected(dsn) as connection:
        await bring_up_to_date(service, connection)
    return dsn


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

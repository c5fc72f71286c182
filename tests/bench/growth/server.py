"""A PostgreSQL for one bench."""

import contextlib
from collections.abc import AsyncIterator

from deploy.local.postgres import start_postgres
from tests.controlled import Postgres
from tests.servers import reachable_folder


@contextlib.asynccontextmanager
async def own_postgres() -> AsyncIterator[Postgres]:
    """A new server, which is gone with the block."""
    with reachable_folder() as folder:
        server = await start_postgres(folder / "postgres", say=lambda _: None)
        try:
            yield Postgres(server, server.dsn)
        finally:
            await server.kill()

"""A database of webhooks' own for each test, and a receiver."""

from collections.abc import AsyncIterator

import pytest

from tests.databases import database_of
from tests.servers import Postgres
from tests.webhooks.receiver import Receiver


@pytest.fixture
async def dsn(postgres: Postgres) -> str:
    """A new database with webhooks' tables."""
    return await database_of("webhooks", postgres)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Somebody who takes webhooks, over a real socket."""
    async with Receiver().open() as one:
        yield one

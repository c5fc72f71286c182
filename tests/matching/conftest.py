"""A database of matching's own for each test."""

import pytest

from tests.databases import database_of
from tests.matching.hearing import forget
from tests.servers import Postgres


@pytest.fixture
async def dsn(postgres: Postgres) -> str:
    """A new database with matching's tables."""
    forget()
    return await database_of("matching", postgres)

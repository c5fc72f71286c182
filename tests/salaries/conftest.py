"""A database of salaries' own for each test."""

import pytest

from tests.databases import database_of
from tests.servers import Postgres


@pytest.fixture
async def dsn(postgres: Postgres) -> str:
    """A new database with salaries' tables."""
    return await database_of("salaries", postgres)

"""A database of salaries' own for each test."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from tests.salaries.hearing import connected, prepare


@pytest.fixture
async def dsn(postgres: Any) -> str:
    """A new database with salaries' tables."""
    address: str = await postgres.create_database()
    async with connected(address) as connection:
        await prepare(connection)
    return address


@pytest.fixture
async def db(dsn: str) -> "AsyncIterator[asyncpg.Connection[Any]]":
    """A connection to it."""
    async with connected(dsn) as connection:
        yield connection

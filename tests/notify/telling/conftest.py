"""A connection to a new database of the service."""

from typing import Any

import asyncpg
import pytest


@pytest.fixture
async def tx(dsn: str) -> Any:
    """One connection."""
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()

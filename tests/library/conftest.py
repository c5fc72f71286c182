"""A database with the library's tables, empty for each test."""

import pytest

from tests.databases import connected, database_of
from tests.servers import Postgres

_made: dict[str, str] = {}
_TABLES = "items, item_revisions, words, drafts, reviews, adverts, gaps, outbox, inbox"


@pytest.fixture
async def dsn(postgres: Postgres) -> str:
    """The library's tables, of which one database is enough for all tests of a run: each finds them empty."""
    if "library" not in _made:
        _made["library"] = await database_of("library", postgres)
    async with connected(_made["library"]) as connection:
        await connection.execute(f"TRUNCATE {_TABLES}")
    return _made["library"]

"""What is had again of webhooks' log, and what that means for whoever reads it, on a real database."""

from typing import Any

import pytest
from pydantic import SecretStr

from loti_contracts.events import Event
from services.webhooks import cursors, log
from services.webhooks.app import service
from services.webhooks.settings import WebhooksSettings
from tests.databases import connected, database_of
from tests.recovery.kept import Kept, different
from tests.servers import Postgres
from tests.webhooks.hearing import KEYS, role

_made: dict[str, str] = {}


@pytest.fixture
async def dsn(postgres: Postgres) -> str:
    """One database for all of these tests."""
    if not _made:
        _made["dsn"] = await database_of("webhooks", postgres)
    return _made["dsn"]


async def lived(dsn: str, connection: Any) -> Kept:
    """A log with an endpoint that had two events and waits for a third."""
    settings = WebhooksSettings(database=SecretStr(dsn), webhook_keys=SecretStr(KEYS))
    await connection.execute("TRUNCATE events, things, endpoints, deliveries, attempts, inbox, outbox")
    kept = Kept(service(settings), connection)
    await connection.execute(
        "INSERT INTO endpoints (name, url, types, authorities, secret) VALUES ('one', 'https://e.example', '{}', '{}', 'x')"
    )
    await kept.say(_of("role-1", 1), _of("role-2", 1))
    await connection.execute("UPDATE deliveries SET state = 'delivered', ended_at = now()")
    await kept.say(_of("role-1", 2))
    return kept


def _of(id_: str, revision: int) -> Event:
    return role(id_, revision).event


async def test_a_rebuilt_log_has_the_same_events_and_pushes_nothing_twice(dsn: str) -> None:
    """What was delivered stays so, what waits is found at its new place."""
    async with connected(dsn) as connection:
        kept = await lived(dsn, connection)
        query = "SELECT event_id, state FROM deliveries ORDER BY event_id"
        before = await connection.fetch(query)
        done = await kept.rebuilt()
        assert different(done) == []
        assert await connection.fetch(query) == before
        lost = "SELECT count(*) FROM deliveries d WHERE NOT EXISTS (SELECT FROM events WHERE position = d.position)"
        assert await connection.fetchval(lost) == 0


async def test_cursors_into_the_old_log_are_refused(dsn: str) -> None:
    """Positions are others; a reader begins again, and misses nothing."""
    async with connected(dsn) as connection:
        kept = await lived(dsn, connection)
        cursor = cursors.at(1, await log.log_of(connection))
        await kept.rebuilt()
        with pytest.raises(cursors.NoLongerKept, match="begin again"):
            cursors.check(cursor, await log.log_of(connection))


async def test_what_was_said_after_a_backup_is_pushed(dsn: str) -> None:
    """Whether it was pushed before the backup was restored nobody knows; receivers know it by its id."""
    async with connected(dsn) as connection:
        kept = await lived(dsn, connection)
        kept.put(_of("role-3", 1))
        await kept.restored()
        assert await connection.fetchval("SELECT count(*) FROM deliveries WHERE key = 'role-3'") == 1

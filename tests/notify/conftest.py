"""A database with notify's tables, and a mail relay."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from pydantic import SecretStr

from services.notify.settings import NotifySettings
from tests.databases import database_of
from tests.notify.mail_relay import MailRelay
from tests.servers import Postgres


@pytest.fixture
async def dsn(postgres: Postgres) -> str:
    """A new database with all tables that the service has."""
    return await database_of("notify", postgres)


@pytest.fixture
async def pool(dsn: str) -> AsyncIterator["asyncpg.Pool[Any]"]:
    """Connections to it."""
    async with asyncpg.create_pool(dsn, min_size=0, max_size=8) as pool:
        yield pool


@pytest.fixture
async def relay() -> AsyncIterator[MailRelay]:
    """A mail relay that listens."""
    relay = MailRelay()
    await relay.start()
    yield relay
    await relay.stop()


@pytest.fixture
def settings(dsn: str, relay: MailRelay) -> NotifySettings:
    """For that database and relay, impatient."""
    return NotifySettings(
        database=SecretStr(dsn),
        smtp_port=relay.port,
        retry_first=0.05,
        retry_most=0.2,
        send_poll=0.05,
        lease=2,
    )

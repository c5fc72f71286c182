"""A database with notify's tables, a mail relay, and what the consumer does with events."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import pytest
from pydantic import SecretStr

from loti_contracts.events import Envelope
from services.notify.handlers import handlers
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
        link_keys=SecretStr("k" * 32),
        smtp_port=relay.port,
        retry_first=0.05,
        retry_most=0.2,
        send_poll=0.05,
        lease=2,
    )


@pytest.fixture
def hear_all() -> Callable[..., Awaitable[None]]:
    """`await hear_all(tx, *envelopes)`: what the consumer does, the handlers in order in one transaction."""
    known = handlers(NotifySettings(link_keys=SecretStr("k" * 32)))

    async def hear(tx: Any, *envelopes: Envelope[Any]) -> None:
        async with tx.transaction():
            for envelope in envelopes:
                await known[type(envelope.event)](envelope, tx)

    return hear

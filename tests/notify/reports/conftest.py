"""A ledger, and settings under which return paths are signed."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from services.notify.settings import NotifySettings
from tests.databases import connected
from tests.notify.reports.came_back import KEY
from tests.notify.reports.ledger_now import LedgerNow


@pytest.fixture
def signing(dsn: str) -> NotifySettings:
    """For that database; bounces have an address of their own."""
    return NotifySettings(
        database=SecretStr(dsn),
        link_keys=SecretStr(KEY),
        bounce_address="bounces@loti.example",
        sender="talent-exchange@loti.example",
        soft_bounces=3,
        bounce_key=SecretStr("the-bounce-key"),
        govuk_notify_callback=SecretStr("the-callback-token"),
        retry_first=0.05,
        bounce_poll=0.05,
    )


@pytest.fixture
async def ledger(signing: NotifySettings) -> AsyncIterator[LedgerNow]:
    """A ledger with nothing in it yet."""
    async with connected(signing.database.get_secret_value()) as connection:
        yield LedgerNow(connection, signing)

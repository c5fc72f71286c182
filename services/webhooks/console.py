"""What every command of webhooks needs: its settings, its database, names, and a clear end."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NoReturn

import asyncpg

from loti_contracts.delivery import commands
from services.webhooks.push.sealing import NoKeys, Seals
from services.webhooks.settings import WebhooksSettings

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def stop(why: str, *, code: int = 1) -> NoReturn:
    """End the command with that on stderr."""
    commands.stop("webhooks", why, code=code)


def name_of(text: str) -> str:
    """A name that an endpoint or a reader can have, or the end of the command."""
    if not _NAME.fullmatch(text):
        stop(f"{text!r} cannot be a name: lower-case letters, digits and hyphens, 63 at most", code=2)
    return text


def settings() -> WebhooksSettings:
    """The settings, or the end of the command."""
    return commands.settings_of("webhooks", WebhooksSettings)


def seals() -> Seals:
    """What endpoints' secrets are sealed with, or the end of the command with what to set."""
    try:
        return settings().seals
    except NoKeys as error:
        stop(str(error), code=2)


@asynccontextmanager
async def database() -> "AsyncIterator[asyncpg.Connection[Any]]":
    """A transaction on webhooks' database, or the end of the command with what to do."""
    async with commands.database_of("webhooks", settings()) as connection, connection.transaction():
        yield connection


def moment(at: datetime | None) -> str:
    """To the second, UTC; a dash where there is none."""
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else "-"

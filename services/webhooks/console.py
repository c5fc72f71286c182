"""What every command of webhooks needs: its settings, its database, names, and a clear end."""

import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NoReturn

import asyncpg
import typer
from pydantic import ValidationError

from services.webhooks.settings import WebhooksSettings

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def stop(why: str, *, code: int = 1) -> NoReturn:
    """End the command with that on stderr."""
    print(f"loti webhooks: {why}", file=sys.stderr)  # noqa: T201 - this is a command's voice
    raise typer.Exit(code=code)


def name_of(text: str) -> str:
    """A name that an endpoint or a reader can have, or the end of the command."""
    if not _NAME.fullmatch(text):
        stop(f"{text!r} cannot be a name: lower-case letters, digits and hyphens, 63 at most", code=2)
    return text


def settings() -> WebhooksSettings:
    """The settings, or the end of the command."""
    try:
        return WebhooksSettings()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        names = ", ".join(f"LOTI_{str(part).upper()}" for part in first["loc"])
        stop(f"the settings are not usable: {names + ': ' if names else ''}{first['msg']}")


@asynccontextmanager
async def database() -> "AsyncIterator[asyncpg.Connection[Any]]":
    """A transaction on webhooks' database, or the end of the command with what to do."""
    try:
        connection = await asyncpg.connect(settings().database.get_secret_value(), timeout=10)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        stop(
            f"the database of webhooks does not answer ({type(error).__name__}); start it, or set LOTI_DATABASE to it "
            '(under `loti up`: eval "$(loti env webhooks)")'
        )
    try:
        async with connection.transaction():
            yield connection
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError):
        stop(
            "that database has not all tables of webhooks; start this version of the webhooks service once, or "
            "correct LOTI_DATABASE"
        )
    finally:
        await connection.close()


def moment(at: datetime | None) -> str:
    """To the second, UTC; a dash where there is none."""
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else "-"

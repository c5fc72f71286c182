"""What the commands of a service share: its settings, its own database, and a clear end."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NoReturn, TypeVar

import asyncpg
from pydantic import ValidationError

from loti_contracts.delivery.database import OLDER
from loti_contracts.delivery.settings import ServiceSettings

S = TypeVar("S", bound=ServiceSettings)


def stop(service: str, why: str, *, code: int = 1) -> NoReturn:
    """End the command with that on stderr."""
    print(f"loti {service}: {why}", file=sys.stderr)
    raise SystemExit(code)


def settings_of(service: str, model: type[S]) -> S:
    """The settings from the environment, or the end of the command."""
    try:
        return model()
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        names = ", ".join(f"LOTI_{str(part).upper()}" for part in first["loc"])
        stop(service, f"the settings are not usable: {names + ': ' if names else ''}{first['msg']}")


@asynccontextmanager
async def database_of(service: str, settings: ServiceSettings) -> "AsyncIterator[asyncpg.Connection[Any]]":
    """A connection to the service's own database, or the end of the command with what to do."""
    whose = f"{service}'" if service.endswith("s") else f"{service}'s"
    try:
        connection = await asyncpg.connect(settings.database.get_secret_value(), timeout=10)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        stop(
            service,
            f"{whose} database does not answer ({type(error).__name__}); start it, or set LOTI_DATABASE to it "
            f'(under `loti up`: eval "$(loti env {service})")',
        )
    try:
        yield connection
    except OLDER:
        stop(
            service,
            f"that database has not all of {whose} tables; start this version of the {service} service once, or "
            "correct LOTI_DATABASE",
        )
    finally:
        await connection.close()

"""Reading the service's database by hand: one connection, and errors that say what to do."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import asyncpg

from loti_contracts.delivery.database import OLDER, Connection
from services.salaries.settings import SalariesSettings

T = TypeVar("T")


class NotReachable(RuntimeError):
    """The database does not answer, or is not one that salaries keeps. The message says what to do."""


_WHAT_TO_DO = (
    "LOTI_DATABASE names the database of salaries; under `loti up` it is set by\n"
    '  eval "$(loti env salaries)"\nwith --data FOLDER where `loti up` was given one'
)


async def read(question: Callable[[Connection], Awaitable[T]]) -> T:
    """What the question answers. Raises NotReachable."""
    try:
        connection: asyncpg.Connection[Any] = await asyncpg.connect(
            SalariesSettings().database.get_secret_value(), timeout=10
        )
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError) as error:
        raise NotReachable(f"the database cannot be reached ({_short(error)}). {_WHAT_TO_DO}") from error
    try:
        return await question(connection)
    except OLDER as error:
        raise NotReachable(
            f"the database is not one that this version of salaries keeps ({_short(error)}). {_WHAT_TO_DO}"
        ) from error
    except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError) as error:
        raise NotReachable(f"the database went away ({_short(error)}). {_WHAT_TO_DO}") from error
    finally:
        await connection.close(timeout=10)


def _short(error: BaseException) -> str:
    """The first line of an error, or its name where it says nothing."""
    return next(iter(str(error).splitlines()), "") or type(error).__name__

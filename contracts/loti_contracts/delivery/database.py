"""PostgreSQL: the pool, and which of its errors pass by themselves."""

import asyncio
from pathlib import Path
from typing import Any

import aiosql
import asyncpg

Connection = asyncpg.Connection | asyncpg.pool.PoolConnectionProxy

_ABANDONED = 120
"""Seconds after which the database gives up a transaction in which nothing happens, with its locks: whoever began it is
frozen, or its machine lost its power."""

PASSING: tuple[type[BaseException], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,  # the server is stopping, or starting
    asyncpg.exceptions.TransactionRollbackError,  # deadlock, serialisation
    asyncpg.exceptions.LockNotAvailableError,
    asyncpg.exceptions.IdleInTransactionSessionTimeoutError,  # we were frozen in the midst of a transaction
    asyncpg.exceptions.InsufficientResourcesError,
    asyncpg.exceptions.InterfaceError,  # the connection went away under us
    asyncpg.exceptions.InternalClientError,  # the same, in the middle of a message
    OSError,
    asyncio.TimeoutError,
)
"""What an outage looks like to code that talks to a server."""

OLDER: tuple[type[BaseException], ...] = (
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedColumnError,
    asyncpg.UndefinedFunctionError,
)
"""What a database looks like that this version of its service has not migrated yet."""

_BUGS = (FileNotFoundError, PermissionError, IsADirectoryError, NotADirectoryError)


def passes(error: BaseException) -> bool:
    """Whether a handler's error says nothing about its message and may be gone the next time.

    A missing file is a bug, and so is a wrong call of asyncpg, which it reports as InterfaceError like a
    connection that was closed; the words tell them apart.
    """
    if isinstance(error, asyncpg.exceptions.InterfaceError):
        return "clos" in str(error) or "released" in str(error)
    return isinstance(error, PASSING) and not isinstance(error, _BUGS)


async def open_pool(dsn: str, *, most: int = 6) -> "asyncpg.Pool[Any]":
    """A pool of connections; it opens the first when it is needed, so a service can start before its database."""
    pool = asyncpg.create_pool(
        dsn,
        min_size=0,
        max_size=most,
        command_timeout=60,
        server_settings={
            "idle_in_transaction_session_timeout": f"{_ABANDONED * 1000}",
            "jit": "off",  # compiling a statement takes longer than any statement of ours
        },
    )
    return await pool


def queries_beside(file: str) -> Any:
    """The named queries in `queries.sql` beside that module."""
    return aiosql.from_path(Path(file).with_name("queries.sql"), "asyncpg")

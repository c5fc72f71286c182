"""Work that is done again and again for as long as a service runs."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import structlog

from loti_contracts.delivery.database import PASSING
from loti_contracts.delivery.waiting import wait_for_any

_log = structlog.get_logger("repeating")

Turn = Callable[["asyncpg.Pool[Any]", asyncio.Event], Awaitable[object]]


async def repeat(
    turn: Turn, pool: "asyncpg.Pool[Any]", stopping: asyncio.Event, *, every: float, what: str
) -> None:
    """Take a turn every so many seconds until `stopping`, beginning now; what an outage of the database interrupted is
    tried again the next time. `what` names it in the log."""
    while not stopping.is_set():
        try:
            await turn(pool, stopping)
        except PASSING as error:
            _log.warning("turn_interrupted", what=what, error=type(error).__name__)
        await wait_for_any(stopping, timeout=every)

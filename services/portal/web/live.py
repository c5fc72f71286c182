"""Tells the pages that are open which tables changed, as it happens.

One connection to the database listens for the whole process. Each page has a place of its own in which what changed
gathers until the page has taken it, so that a slow one holds up nobody and needs no more room than the tables have
names.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any, Final

import asyncpg
import structlog

from loti_contracts.delivery.database import PASSING
from loti_contracts.delivery.waiting import Backoff, wait_for_any

_log = structlog.get_logger("live")

CHANNEL: Final = "portal_changed"
HEARTBEAT: Final = 15.0
"""Seconds after which a page that nothing happened for is told that the line still stands."""
MOST: Final = 500
"""Pages that one process tells; a browser that is one too many asks again later."""
_LOOK: Final = 30.0
"""Seconds after which the listening connection is asked whether it still lives."""


class Listener:
    """One page's place: what changed and was not yet told."""

    def __init__(self) -> None:
        self._changed: set[str] = set()
        self._all = False
        self._news = asyncio.Event()
        self.ended = False
        """Whether the process stops: the page is let go at once."""

    def tell(self, tables: Iterable[str] | None) -> None:
        """These changed; None: nobody knows which."""
        self._changed.update(tables or ())
        self._all = self._all or tables is None
        if self._changed or self._all:
            self._news.set()

    def end(self) -> None:
        """Nothing is told any more."""
        self.ended = True
        self._news.set()

    async def next(self, *, within: float) -> list[str] | None:
        """What changed since the last time, once something has: the tables' names, or none of them where anything may
        have changed. None where nothing did for so many seconds, or nothing will."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._news.wait()
        if self.ended or not self._news.is_set():
            return None
        self._news.clear()
        changed = [] if self._all else sorted(self._changed)
        self._changed, self._all = set(), False
        return changed


class Live:
    """Who listens, and the one connection that hears."""

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._listeners: set[Listener] = set()
        self._hears = asyncio.Event()
        self._ended = False
        self.turn = time.time_ns()
        """Another number after each change: a page that was made in another turn may show what is no longer so. No two
        processes are likely to have one in common."""

    async def hears(self) -> None:
        """Return once it hears, so that nothing said from now on is missed."""
        await self._hears.wait()

    @property
    def listening(self) -> int:
        """How many pages listen."""
        return len(self._listeners)

    @property
    def full(self) -> bool:
        """Whether as many listen as may."""
        return self._ended or self.listening >= self._most

    @contextlib.contextmanager
    def listen(self) -> Iterator[Listener]:
        """A place for one page; one that is ended already where there is no room."""
        listener = Listener()
        if self.full:
            listener.end()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def tell(self, tables: Iterable[str] | None) -> None:
        """Tell every page; None: anything may have changed, since nobody heard for a while."""
        self.turn += 1
        told = None if tables is None else list(tables)
        for listener in self._listeners:
            listener.tell(told)

    async def run(self, dsn: str, stopping: asyncio.Event) -> None:
        """Hear until stopped; a database that goes away is waited for, and what was missed meanwhile is made good by
        telling every page to look again."""
        backoff = Backoff(first=0.1, most=5.0)
        while not stopping.is_set():
            try:
                async with _connection(dsn) as connection:
                    lost = asyncio.Event()
                    connection.add_termination_listener(lambda _, lost=lost: lost.set())
                    await connection.add_listener(CHANNEL, self._heard)
                    self.tell(None)
                    self._hears.set()
                    backoff.reset()
                    while not await wait_for_any(stopping, lost, timeout=_LOOK):
                        await connection.execute("SELECT", timeout=10)
            except PASSING as error:
                _log.warning("live_interrupted", error=type(error).__name__)
            self._hears.clear()
            await backoff.wait(stopping)
        self._ended = True
        for listener in self._listeners:
            listener.end()

    def _heard(self, _: Any, __: int, ___: str, payload: object) -> None:
        self.tell(json.loads(str(payload)))


@contextlib.asynccontextmanager
async def _connection(dsn: str) -> "AsyncIterator[asyncpg.Connection[Any]]":
    """A connection that is no pool's: one with a listener must not go back to it."""
    connection = await asyncpg.connect(dsn, timeout=10)
    try:
        yield connection
    finally:
        connection.terminate()

"""What takes long to measure is measured beside the pages, and pages show the last that is known."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Measured(Generic[T]):
    """The last measurement that succeeded, and when; and why the one after it did not, where it failed."""

    value: T | None = None
    at: datetime | None = None
    trouble: str | None = None


class Measurement(Generic[T]):
    """Measures at most every `fresh` seconds, and only when somebody looks.

    `expected` are the errors that an outage looks like; any other is raised to whoever looks next.
    """

    def __init__(
        self,
        measure: Callable[[], Awaitable[T]],
        *,
        fresh: float,
        within: float,
        expected: tuple[type[BaseException], ...],
    ) -> None:
        self._measure = measure
        self._fresh = fresh
        self._within = within
        self._expected = expected
        self._running: asyncio.Task[None] | None = None
        self._last: Measured[T] = Measured()
        self._tried: datetime | None = None

    async def look(self, now: datetime, *, patience: float) -> Measured[T]:
        """The last that is known. Where that is old a new measurement begins; it is waited for, so many seconds at most,
        where nothing is known yet."""
        if self._running is not None and self._running.done():
            self._running.result()
            self._running = None
        if self._running is None and (
            self._tried is None or (now - self._tried).total_seconds() >= self._fresh
        ):
            self._tried = now
            self._running = asyncio.create_task(self._try(now))
        if self._last == Measured() and self._running is not None:
            await asyncio.wait([self._running], timeout=patience)
        return self._last

    async def _try(self, now: datetime) -> None:
        try:
            async with asyncio.timeout(self._within):
                value = await self._measure()
        except self._expected as error:
            self._last = Measured(self._last.value, self._last.at, type(error).__name__)
        else:
            self._last = Measured(value, now)

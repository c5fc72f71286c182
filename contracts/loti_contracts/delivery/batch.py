"""One batch of messages: decoded, freed of duplicates, handled with its effects in one transaction.

What may succeed later is tried again with back-off. What never can is isolated: then each message of the batch
gets a transaction of its own, so that the good ones have their effect and the bad one alone is parked.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import asyncpg
import structlog

from loti_contracts.delivery import inbox, metrics, parking
from loti_contracts.delivery.breaker import Breaker
from loti_contracts.delivery.database import Connection, passes
from loti_contracts.delivery.errors import Park, TryAgain
from loti_contracts.delivery.parking import Received
from loti_contracts.delivery.waiting import Backoff
from loti_contracts.events import Envelope, Event, NotReadable, Unknown, decode

_log = structlog.get_logger("consumer")

Handler = Callable[[Envelope[Any], Connection], Awaitable[None]]
BatchHandler = Callable[[Sequence[Envelope[Any]], Connection], Awaitable[None]]


class Held(Exception):
    """The batch could not be handled now; the same messages must come again."""


def each(handlers: Mapping[type[Event], Handler]) -> BatchHandler:
    """Handle a batch event by event, in order, by the handler of its class."""

    async def handle(envelopes: Sequence[Envelope[Any]], tx: Connection) -> None:
        for envelope in envelopes:
            # So that every log line of a handler can be followed from the posting to the email.
            with structlog.contextvars.bound_contextvars(
                correlation_id=envelope.correlation_id, event_id=envelope.id
            ):
                await handlers[type(envelope.event)](envelope, tx)

    return handle


@dataclass(slots=True)
class _Letter:
    """A message with its reading: an envelope, or the reason why there is none."""

    message: Received
    envelope: Envelope[Any] | None = None
    unreadable: NotReadable | None = None


@dataclass(slots=True)
class BatchHandling:
    """How one service handles batches. `handles` are the event classes that it cares for."""

    service: str
    pool: "asyncpg.Pool[Any]"
    handle: BatchHandler
    handles: frozenset[type[Event]]
    breaker: Breaker
    hold: float
    bug_attempts: int
    stopping: asyncio.Event
    says: bool = True
    """Whether it says what it parked on the topic of dead letters, where it may write."""
    _in_a_row: int = field(default=0, init=False)

    async def process(self, messages: Sequence[Received]) -> None:
        """Give every message its effect, once. Raises Held, with nothing of the rest lost, to see them again."""
        letters = [letter for letter in map(self._read, messages) if letter is not None]
        if not letters:
            return
        started = asyncio.get_running_loop().time()
        backoff = Backoff(first=0.05, most=5.0)
        isolate = any(letter.unreadable for letter in letters)
        while True:
            try:
                if isolate:
                    await self._one_by_one(letters)
                else:
                    await self._together(letters)
            except Exception as error:
                if isinstance(error, Held):
                    raise
                if isinstance(error, TryAgain) or passes(error):
                    await self._again(error, started, backoff)
                else:
                    isolate = True
            else:
                metrics.seconds.labels(self.service).observe(asyncio.get_running_loop().time() - started)
                return

    def _read(self, message: Received) -> _Letter | None:
        try:
            read = decode(message.key, message.value, message.headers)
        except NotReadable as error:
            return _Letter(message, unreadable=error)
        if isinstance(read, Unknown) or type(read.event) not in self.handles:
            type_ = read.type if isinstance(read, Unknown) else read.event.type
            metrics.skipped.labels(self.service, type_[:80]).inc()
            return None
        return _Letter(message, envelope=read)

    async def _together(self, letters: Sequence[_Letter]) -> None:
        envelopes = [letter.envelope for letter in letters if letter.envelope]
        async with self.pool.acquire() as connection, connection.transaction():
            new = await inbox.only_new(connection, envelopes)
            if new:
                await self.handle(new, connection)
        self._handled(new, len(envelopes) - len(new))
        self._in_a_row = 0

    async def _one_by_one(self, letters: Sequence[_Letter]) -> None:
        for letter in letters:
            try:
                await self._with_patience(letter)
            except Park as error:
                await self._park(letter.message, error, attempts=1)
            except Held:
                raise
            except Exception as error:
                if isinstance(error, TryAgain) or passes(error):
                    raise
                await self._park(letter.message, error, attempts=self.bug_attempts)

    async def _with_patience(self, letter: _Letter) -> None:
        """Alone; an unexpected error gets a few more tries, since a bug may depend on what else is going on."""
        if letter.unreadable:
            raise Park(str(letter.unreadable)) from letter.unreadable
        backoff = Backoff(first=0.02, most=0.2)
        for attempt in range(1, self.bug_attempts + 1):
            try:
                await self._together([letter])
            except Exception as error:
                if isinstance(error, (Park, TryAgain)) or passes(error) or attempt == self.bug_attempts:
                    raise
                await backoff.wait(self.stopping)
            else:
                return

    async def _park(self, message: Received, error: Exception, *, attempts: int) -> None:
        reason = parking.reason_of(error)
        async with self.pool.acquire() as connection, connection.transaction():
            await parking.park(
                connection,
                message,
                service=self.service,
                reason=reason,
                error=error,
                attempts=attempts,
                said=self.says,
            )
        metrics.parked.labels(self.service, message.topic).inc()
        _log.error("message_parked", place=message.place, error=type(error).__name__)
        self._in_a_row += 1
        if self._in_a_row >= self.breaker.limit:
            self._in_a_row = 0
            await self.breaker.open(f"{self.breaker.limit} messages in a row were parked; the last: {reason}")
            raise Held("the breaker opened")

    async def _again(self, error: Exception, started: float, backoff: Backoff) -> None:
        metrics.retried.labels(self.service).inc()
        _log.warning("batch_held", error=type(error).__name__, detail=str(error)[:300])
        waited = asyncio.get_running_loop().time() - started
        if waited > self.hold or await backoff.wait(self.stopping):
            raise Held(str(error)) from error

    def _handled(self, new: Sequence[Envelope[Any]], again: int) -> None:
        now = datetime.now(UTC)
        for envelope in new:
            metrics.handled.labels(self.service, envelope.event.type).inc()
            metrics.delay.labels(self.service).observe(max(0.0, (now - envelope.time).total_seconds()))
        if again:
            metrics.duplicates.labels(self.service).inc(again)

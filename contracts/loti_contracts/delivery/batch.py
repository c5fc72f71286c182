"""One batch of messages: decoded, freed of duplicates, handled with its effects in one transaction.

What may succeed later is tried again with back-off. What never can is isolated: the part of the batch that failed is
divided until the bad one is alone, so that the others have their effect at once and in order. A handler that names
what it has in hand (`each` does) spares the halving. An unexpected error gets a few more tries after all others of
the batch, since a bug may depend on what else is going on; only the messages of its own key wait for that.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import asyncpg
import structlog

from loti_contracts.delivery import erasing, inbox, metrics, parking, tracing, turns
from loti_contracts.delivery.breaker import Breaker
from loti_contracts.delivery.database import Connection, passes, queries_beside
from loti_contracts.delivery.errors import Park, TryAgain
from loti_contracts.delivery.handlers import BatchHandler, Handler, each, in_hand
from loti_contracts.delivery.isolating import Failure, isolate
from loti_contracts.delivery.letters import Letter, parked_in_a_row, thread_of
from loti_contracts.delivery.pacing import Pace
from loti_contracts.delivery.parking import Received
from loti_contracts.delivery.resting import holds_one_thing
from loti_contracts.delivery.waiting import Backoff
from loti_contracts.events import Envelope, Event, NotReadable, Unknown, decode

__all__ = ["BatchHandler", "BatchHandling", "Handler", "Held", "each"]

_queries = queries_beside(__file__)
_log = structlog.get_logger("consumer")


class Held(Exception):
    """The batch could not be handled now; the same messages must come again."""


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
    pace: Pace = field(default_factory=Pace)
    _in_a_row: int = field(default=0, init=False)

    @property
    def at_once(self) -> int:
        """How many events one transaction takes."""
        return self.pace.at_once

    @property
    def limit(self) -> int:
        """How many that are set aside in a row open the breaker."""
        return self.breaker.limit

    async def process(self, messages: Sequence[Received]) -> None:
        """Give every message its effect, once. Raises Held, with nothing of the rest lost, to see them again."""
        letters = [letter for letter in map(self._read, messages) if letter is not None]
        if not letters:
            return
        started = time.monotonic()
        backoff = Backoff(first=0.05, most=5.0)
        while True:
            try:
                await isolate(self, letters)
            except Exception as error:
                if not isinstance(error, TryAgain) and not passes(error):
                    raise
                await self._again(error, started, backoff)
            else:
                self._in_a_row = self.row(letters)
                metrics.seconds.labels(self.service).observe(time.monotonic() - started)
                return

    def _read(self, message: Received) -> Letter | None:
        try:
            read = decode(message.key, message.value, message.headers)
        except NotReadable as error:
            return Letter(message, unreadable=error)
        if isinstance(read, Unknown) or type(read.event) not in self.handles:
            type_ = read.type if isinstance(read, Unknown) else read.event.type
            metrics.skipped.labels(self.service, type_[:80]).inc()
            return None
        return Letter(message, envelope=read)

    def row(self, letters: Sequence[Letter]) -> int:
        """How many at the end of these were set aside in a row, with those of the batch before."""
        return parked_in_a_row(letters, before=self._in_a_row)

    async def attempt(self, part: Sequence[Letter]) -> Failure | None:
        """One transaction. None: it is done. Else why not, and at which letter if that is known. Raises what may pass."""
        in_hand.set(None)
        turns.begin()
        started = time.monotonic()
        try:
            steps = await self._together(part)
        except Exception as error:
            if isinstance(error, TryAgain) or passes(error):
                if holds_one_thing(error):
                    self.pace.held(len(part))
                else:
                    self.pace.cut_short(_worked(started), len(part))
                raise
            # In a transaction that is broken already, every step fails, not the guilty one.
            id_ = None if isinstance(error, asyncpg.InFailedSQLTransactionError) else in_hand.get()
            culprit = (one for one in part if id_ and one.envelope and one.envelope.id == id_)
            return error, next(culprit, None)
        self.pace.took(_worked(started), len(part), steps=steps)
        return None

    async def _together(self, part: Sequence[Letter]) -> bool:
        """Whether the handler went step by step."""
        began = time.time_ns()
        async with self.pool.acquire() as connection, connection.transaction():
            await _queries.wait_briefly_for_locks(connection)
            behind = await erasing.behind(connection, part)
            good = [one for one in part if one.envelope and one not in behind]
            said = [one.envelope for one in good if one.envelope]
            for letter in good:
                if letter.erases:
                    await erasing.forget_earlier(connection, letter.message)
            new = await inbox.only_new(connection, said)
            if new:
                await self.handle(new, connection)
            done = time.time_ns()
            steps = in_hand.get() is not None
            in_hand.set(None)
            await _queries.still_whole(connection)
            for letter in behind:
                letter.error = Park(erasing.WHY_BEHIND)
            parked = [one for one in part if one.unreadable or one in behind]
            before = [one for one in parked if not await self._keep(connection, one)]
        for letter in good:
            letter.became = "handled"
        for letter in parked:
            self._parked(letter, new=letter not in before)
        self._count(new, len(said) - len(new))
        if tracing.on:
            tracing.handled(new, began=began, done=done)
        return steps

    async def set_aside(self, letter: Letter) -> None:
        """Park one letter with its error."""
        async with self.pool.acquire() as connection, connection.transaction():
            new = await self._keep(connection, letter)
        self._parked(letter, new=new)

    async def _keep(self, tx: Connection, letter: Letter) -> bool:
        error = letter.error or letter.unreadable
        assert error is not None  # noqa: S101 - whoever parks a letter has a reason
        return await parking.park(
            tx,
            letter.message,
            service=self.service,
            reason=parking.reason_of(error),
            error=error,
            attempts=max(1, letter.tries),
            said=self.says,
        )

    def _parked(self, letter: Letter, *, new: bool) -> None:
        letter.became = "parked" if new else "parked before"
        if new:
            metrics.parked.labels(self.service, letter.message.topic).inc()
        error = type(letter.error or letter.unreadable).__name__
        about = thread_of(letter.message)
        _log.error("message_parked", place=letter.message.place, error=error, again=not new, **about)

    async def look_at_breaker(self, letters: Sequence[Letter]) -> None:
        """Open it and raise Held, if at the end of these too many were set aside in a row."""
        if self.row(letters) < self.limit:
            return
        self._in_a_row = 0
        last = letters[-1].error or letters[-1].unreadable
        why = parking.reason_of(last) if last else "see the dead letters"
        await self.breaker.open(
            f"{self.limit} messages in a row were parked; the last: {why}", said=self.says
        )
        raise Held("the breaker opened")

    async def _again(self, error: Exception, started: float, backoff: Backoff) -> None:
        metrics.retried.labels(self.service).inc()
        _log.warning("batch_held", error=type(error).__name__, detail=str(error)[:300])
        if time.monotonic() - started > self.hold or await backoff.wait(self.stopping):
            raise Held(str(error)) from error

    def _count(self, new: Sequence[Envelope[Any]], again: int) -> None:
        now = datetime.now(UTC)
        for envelope in new:
            metrics.handled.labels(self.service, envelope.event.type).inc()
            metrics.delay.labels(self.service).observe(max(0.0, (now - envelope.time).total_seconds()))
        if again:
            metrics.duplicates.labels(self.service).inc(again)


def _worked(since: float) -> float:
    """Seconds that a transaction worked itself, without those in which it waited for its turn."""
    return time.monotonic() - since - turns.waited()

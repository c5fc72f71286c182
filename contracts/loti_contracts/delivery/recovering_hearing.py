"""Hears again what a service heard before, without saying again what it then said.

What the service acknowledged, or remembers in its inbox, it heard. The rest it will hear by itself when it runs, as ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog

from loti_contracts.delivery import inbox, outbox, parking
from loti_contracts.delivery.batch import BatchHandler, each
from loti_contracts.delivery.database import Connection, passes, queries_beside
from loti_contracts.delivery.errors import TryAgain
from loti_contracts.delivery.letters import thread_of
from loti_contracts.delivery.parking import Received
from loti_contracts.delivery.recovering_topics import Heard, Log
from loti_contracts.delivery.service import Service
from loti_contracts.events import Envelope, Event, NotReadable, Unknown, decode

_queries = queries_beside(__file__)
_log = structlog.get_logger("recovering")
_AT_ONCE: Final = 500

Read = tuple[Received, Envelope[Event]]


@dataclass(slots=True)
class Hearing:
    """One service hears its topics again, in the transaction `tx`; `anew`: into emptied tables."""

    tx: Connection
    service: Service
    anew: bool
    heard: int = 0
    parked: int = 0
    left: int = 0
    """What the service did not hear yet, and will when it runs."""
    _everything: bool = field(default=False, init=False)

    async def run(self, log: Log) -> None:
        """Everything up to now. Raises what an outage raises, and TryAgain; then nothing was done."""
        if self.anew:
            await _queries.set_heard_aside(self.tx)
            await _queries.make_heard_quick(self.tx)
            await _queries.empty_the_inbox(self.tx)
            known = await self.tx.fetchval("SELECT EXISTS (SELECT FROM heard_before)")
            # A new database, and a broker that knows of no reading: all that there is was answered long ago.
            self._everything = not known and not log.acknowledged_any
        batch: list[Heard] = []
        async for message in log.messages(self.service.hears):
            batch.append(message)
            if len(batch) >= _AT_ONCE:
                await self._batch(batch)
                batch = []
        await self._batch(batch)

    async def _batch(self, batch: Sequence[Heard]) -> None:
        read: list[Read] = []
        for one in await self._heard_before(batch):
            try:
                said = decode(one.key, one.value, one.headers)
            except NotReadable as error:
                await self._park(one, error)
                continue
            if not isinstance(said, Unknown) and type(said.event) in self._handles:
                read.append((one, said))
        with outbox.muted():
            try:
                await self._together(read)
            except Exception as error:
                if isinstance(error, TryAgain) or passes(error):
                    raise
                await self._one_by_one(read)

    async def _heard_before(self, batch: Sequence[Heard]) -> list[Received]:
        if self._everything:
            return [one.message for one in batch]
        ids = [_id(one.message) for one in batch]
        known: set[str] = set()
        if self.anew and not all(one.acknowledged for one in batch):
            known = {row["event_id"] async for row in _queries.heard_before(self.tx, ids=ids)}
        found = [one.message for one, id_ in zip(batch, ids, strict=True) if one.acknowledged or id_ in known]
        self.left += len(batch) - len(found)
        return found

    async def _one_by_one(self, read: Sequence[Read]) -> None:
        for one in read:
            try:
                await self._together([one])
            except Exception as error:
                if isinstance(error, TryAgain) or passes(error):
                    raise
                await self._park(one[0], error)

    async def _together(self, read: Sequence[Read]) -> None:
        if not read:
            return
        async with self.tx.transaction():
            new = await inbox.only_new(self.tx, [said for _, said in read])
            if new:
                await self._handle(new, self.tx)
        self.heard += len(new)

    async def _park(self, message: Received, error: Exception) -> None:
        """What was parked before is so still; what was handled once and cannot be now is new, and said."""
        self.parked += 1
        await parking.park(
            self.tx,
            message,
            service=self.service.name,
            reason=parking.reason_of(error),
            error=error,
            attempts=1,
            said=False,
        )
        _log.error("message_parked", place=message.place, error=type(error).__name__, **thread_of(message))

    @property
    def _handle(self) -> BatchHandler:
        service, recovery = self.service, self.service.recovery
        again = recovery.hear if recovery else None
        since = recovery.hear_since if recovery and not self.anew else None
        return since or again or service.on_batch or each(service.on)

    @property
    def _handles(self) -> frozenset[type[Event]]:
        return self.service.handles or frozenset(self.service.on)


def _id(message: Received) -> str:
    return next((text.decode(errors="replace") for name, text in message.headers if name == "ce_id"), "")

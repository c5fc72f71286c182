"""A service on a database of its own and on topics in memory: what it hears, what it says, and how both are had again."""

import itertools
import json
import secrets
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from loti_contracts.delivery import inbox, recovering
from loti_contracts.delivery.batch import each
from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.parking import Received
from loti_contracts.delivery.recovering import Recovered
from loti_contracts.delivery.recovering_topics import Heard
from loti_contracts.delivery.service import Service
from loti_contracts.events import Envelope, Event, Topic, decode, encode, envelop, topic_named

START = datetime(2026, 11, 2, 12, tzinfo=UTC)


@dataclass
class MemoryLog:
    """Topics in memory, as `recovering` reads them. `unread`: the service has acknowledged nothing from there on."""

    said: list[Received] = field(default_factory=list)
    unread: int | None = None

    @property
    def acknowledged_any(self) -> bool:
        return bool(self.said) and self.unread != 0

    async def messages(self, topics: Iterable[Topic]) -> AsyncIterator[Heard]:
        names = {topic.name for topic in topics}
        for place, message in enumerate(self.said):
            if message.topic in names:
                yield Heard(message, self.unread is None or place < self.unread)

    async def empty(self, topics: Iterable[Topic]) -> list[Topic]:
        there = {message.topic for message in self.said}
        return [topic for topic in topics if topic.name not in there]

    def add(self, topic: str, key: bytes | None, value: bytes | None, headers: Any) -> Received:
        place = len(self.said)
        message = Received(topic, 0, place, place, key, value, headers)
        self.said.append(message)
        return message

    def compacted(self) -> "MemoryLog":
        """With the newest message of every key alone, where a topic keeps no more; without tombstones."""
        newest = {(one.topic, one.key): one for one in sorted(self.said, key=_revision)}
        kept = [
            one
            for one in self.said
            if not topic_named(one.topic).compacted
            or (newest[one.topic, one.key] is one and one.value is not None)
        ]
        return MemoryLog(kept)

    def without(self, *topics: Topic) -> "MemoryLog":
        """As after a loss of these topics."""
        return MemoryLog([one for one in self.said if one.topic not in {topic.name for topic in topics}])


@dataclass
class Kept:
    """One service on `connection`, which alone works on its tables."""

    service: Service
    connection: Connection
    log: MemoryLog = field(default_factory=MemoryLog)
    _name: str = field(default_factory=lambda: secrets.token_hex(4))
    _ids: Any = field(default_factory=itertools.count)

    async def say(self, *events: Event) -> None:
        """Others say these; the service handles them as one batch, and what it says is published and heard back."""
        await self.handle([self.put(event) for event in events])

    def put(self, event: Event) -> Received:
        """Others say this; the service does not hear it yet."""
        said = envelop(event, source="/test", time=START, id=f"{self._name}-{next(self._ids)}")
        return self.log.add(event.topic, *encode(said))

    async def handle(self, messages: Sequence[Received]) -> None:
        """The service handles those that it hears, and whatever it says then of what it hears itself."""
        names = {topic.name for topic in self.service.hears}
        while messages:
            heard = [decode(one.key, one.value, one.headers) for one in messages if one.topic in names]
            known = [one for one in heard if isinstance(one, Envelope)]
            async with self.connection.transaction():
                new = await inbox.only_new(self.connection, known)
                if new:
                    await (self.service.on_batch or each(self.service.on))(new, self.connection)
            messages = await self.publish()

    async def publish(self) -> list[Received]:
        """What waits in the outbox is on its topic from now on."""
        rows = await self.connection.fetch("DELETE FROM outbox RETURNING *")
        return [
            self.log.add(
                row["topic"],
                row["key"],
                row["value"],
                [(name, text.encode()) for name, text in json.loads(row["headers"]).items()],
            )
            for row in sorted(rows, key=lambda row: row["position"])
        ]

    async def rebuilt(self, log: MemoryLog | None = None, **how: Any) -> Recovered:
        return await recovering.rebuild(self.service, self.connection, log or self.log, **how)

    async def restored(self) -> Recovered:
        return await recovering.restored(self.service, self.connection, self.log)

    async def republished(self, log: MemoryLog | None = None) -> Recovered:
        return await recovering.republish(self.service, self.connection, log or self.log)

    async def waiting(self) -> int:
        count: int = await self.connection.fetchval("SELECT count(*) FROM outbox")
        return count


def different(done: Recovered) -> list[str]:
    """The tables that are not as they were."""
    return [f"{one.table}: {one.gone} gone, {one.new} new" for one in done.tables if not one.same]


def things(log: MemoryLog, *topics: Topic) -> dict[tuple[str, bytes | None], Any]:
    """The newest state of each thing on these topics: all that a compacted topic keeps."""
    names = {topic.name for topic in topics}
    return {
        (one.topic, one.key): None if one.value is None else _state(json.loads(one.value))
        for one in log.said
        if one.topic in names
    }


def _revision(message: Received) -> int:
    said = decode(message.key, message.value, message.headers)
    assert isinstance(said, Envelope)
    return sys.maxsize if message.value is None else int(said.event.state.revision)


def _state(value: dict[str, Any]) -> Any:
    """Without what the event says beside it."""
    return {name: part for name, part in value.items() if name != "changed"}

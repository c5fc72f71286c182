"""What was said on topics, remembered as a broker would, for tests of recovery without one."""

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.parking import Received
from loti_contracts.delivery.recovering_topics import Heard
from loti_contracts.events import Envelope, Topic, encode, topic_named


@dataclass
class RememberedLog:
    """Messages in the order in which they were said, all of them acknowledged by whoever hears them."""

    told: list[Received] = field(default_factory=list)
    acknowledged_any: bool = True

    def say(self, *envelopes: Envelope[Any]) -> None:
        """Others say these."""
        for one in envelopes:
            self._append(one.event.topic, *encode(one))

    async def publish(self, connection: Connection) -> int:
        """What the relay does: all of the outbox is said. How much that is."""
        rows = await connection.fetch("SELECT * FROM outbox ORDER BY position")
        for row in rows:
            headers = [(name, text.encode()) for name, text in json.loads(row["headers"]).items()]
            self._append(row["topic"], row["key"], row["value"], headers)
        await connection.execute("DELETE FROM outbox")
        return len(rows)

    def compacted(self) -> "RememberedLog":
        """As it is when the broker kept the newest message of each thing alone, where it may."""
        newest = {(one.topic, one.key): one.offset for one in self.told}
        return replace(
            self,
            told=[
                one
                for one in self.told
                if newest[one.topic, one.key] == one.offset or not topic_named(one.topic).compacted
            ],
        )

    async def messages(self, topics: Iterable[Topic]) -> AsyncIterator[Heard]:
        """All messages of these topics."""
        names = {topic.name for topic in topics}
        for one in self.told:
            if one.topic in names:
                yield Heard(one, acknowledged=True)

    async def empty(self, topics: Iterable[Topic]) -> list[Topic]:
        """Those without a message."""
        there = {one.topic for one in self.told}
        return [topic for topic in topics if topic.name not in there]

    def _append(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes]]
    ) -> None:
        offset = len(self.told)
        self.told.append(Received(topic, 0, offset, offset, key, value, headers))

"""Reads topics from their start: the newest state of each thing, and everything that was said, in the order of its time."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import GroupCoordinatorNotAvailableError, NotCoordinatorForGroupError
from aiokafka.structs import OffsetAndMetadata

from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.parking import Received
from loti_contracts.delivery.plain import received
from loti_contracts.events import Topic

_PATIENCE: Final = 60.0
"""Seconds without a message that there must be."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, and whether the service acknowledged it: then its effects were committed."""

    message: Received
    acknowledged: bool


class Log(Protocol):
    """What was said on topics. Those that are not there say nothing."""

    @property
    def acknowledged_any(self) -> bool:
        """Whether the service is known to have read anything."""
        ...

    def messages(self, topics: Iterable[Topic]) -> AsyncIterator[Heard]:
        """All messages up to now: of one partition in order, of several by their time."""
        ...

    async def empty(self, topics: Iterable[Topic]) -> list[Topic]:
        """Those of the topics that are missing, or have no message."""
        ...


class KafkaLog:
    """The log on a broker, as the group of one service has read it."""

    def __init__(
        self,
        consumer: AIOKafkaConsumer,
        partitions: Mapping[str, Sequence[int]],
        read: Mapping[TopicPartition, int],
    ) -> None:
        self._consumer = consumer
        self._partitions = partitions
        self._read = read
        self.acknowledged_any = any(offset > 0 for offset in read.values())

    async def messages(self, topics: Iterable[Topic]) -> AsyncIterator[Heard]:
        """All messages up to now. Raises TimeoutError when the broker holds some back, and KafkaError."""
        async for record in _merged(self._consumer, await self._ends(topics)):
            place = TopicPartition(record.topic, record.partition)
            yield Heard(received(record), record.offset < self._read.get(place, 0))

    async def empty(self, topics: Iterable[Topic]) -> list[Topic]:
        """Those of the topics that are missing, or have no message."""
        wanted = list(topics)
        ends = await self._ends(wanted)
        starts = await self._consumer.beginning_offsets(list(ends)) if ends else {}
        there = {place.topic for place, end in ends.items() if end > starts[place]}
        return [topic for topic in wanted if topic.name not in there]

    async def _ends(self, topics: Iterable[Topic]) -> dict[TopicPartition, int]:
        names = sorted({topic.name for topic in topics})
        places = [TopicPartition(name, n) for name in names for n in self._partitions.get(name, ())]
        ends: dict[TopicPartition, int] = await self._consumer.end_offsets(places) if places else {}
        return ends


@asynccontextmanager
async def kafka_log(broker: Broker, group: str) -> AsyncIterator[KafkaLog]:
    """The log, and how far that group has read it. Raises KafkaError."""
    admin = AIOKafkaAdminClient(**broker.client(), client_id="loti-recovery")
    try:
        await admin.start()
        offsets = await _offsets(admin, group)
        partitions = {
            one["topic"]: sorted(part["partition"] for part in one["partitions"])
            for one in await admin.describe_topics()
        }
    finally:
        await admin.close()
    read = {place: found.offset for place, found in offsets.items() if found.offset >= 0}
    consumer = AIOKafkaConsumer(
        **broker.client(),
        client_id="loti-recovery",
        fetch_max_wait_ms=50,  # a wait for more of one topic would hold up the next
        enable_auto_commit=False,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
    )
    try:
        await consumer.start()
        yield KafkaLog(consumer, partitions, read)
    finally:
        await consumer.stop()


async def _offsets(admin: AIOKafkaAdminClient, group: str) -> Mapping[TopicPartition, OffsetAndMetadata]:
    """How far the group has read. An empty broker makes the topic that knows it when it is first asked."""
    until = asyncio.get_running_loop().time() + _PATIENCE
    while True:
        try:
            found: Mapping[TopicPartition, OffsetAndMetadata] = await admin.list_consumer_group_offsets(group)
        except (GroupCoordinatorNotAvailableError, NotCoordinatorForGroupError):
            if asyncio.get_running_loop().time() > until:
                raise
            await asyncio.sleep(0.5)
        else:
            return found


async def _merged(
    consumer: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]
) -> AsyncIterator[ConsumerRecord]:
    if not ends:
        return
    consumer.assign(list(ends))
    await consumer.seek_to_beginning()
    read: dict[TopicPartition, deque[ConsumerRecord]] = {place: deque() for place in ends}
    unfinished = set(ends)
    while True:
        await _fill(consumer, ends, read, unfinished)
        heads = [records[0] for records in read.values() if records]
        if not heads:
            return
        first = min(heads, key=lambda record: (record.timestamp, record.topic, record.partition))
        yield read[TopicPartition(first.topic, first.partition)].popleft()


async def _fill(
    consumer: AIOKafkaConsumer,
    ends: Mapping[TopicPartition, int],
    read: Mapping[TopicPartition, deque[ConsumerRecord]],
    unfinished: set[TopicPartition],
) -> None:
    """Read on wherever nothing is in hand, until something is or the partition has ended."""
    until = asyncio.get_running_loop().time() + _PATIENCE
    while wanted := [place for place in unfinished if not read[place]]:
        for place in wanted:
            if await consumer.position(place) >= ends[place]:
                unfinished.discard(place)
        wanted = [place for place in wanted if place in unfinished]
        if not wanted:
            continue
        found = await consumer.getmany(*wanted, timeout_ms=500)
        for place, records in found.items():
            read[place].extend(record for record in records if record.offset < ends[place])
        now = asyncio.get_running_loop().time()
        if found:
            until = now + _PATIENCE
        elif now > until:
            names: Sequence[str] = sorted({place.topic for place in wanted})
            raise TimeoutError(f"the broker gave no message of {', '.join(names)} for {_PATIENCE:g} s")

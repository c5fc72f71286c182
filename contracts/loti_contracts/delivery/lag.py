"""Lag: how far each subscriber and service is behind what was said."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import TopicAuthorizationFailedError

from loti_contracts.delivery.broker import Broker

PREFIX: Final = "loti."
_PATIENCE: Final = 2.0
"""Seconds to wait for the next messages of one group on one topic."""


@dataclass(frozen=True, slots=True)
class Lag:
    """One group on one topic. `behind` counts messages, some of which may be compacted away by now; `oldest` is when the
    oldest unread one was said, None where nothing is unread, or whoever asks may not read the topic. `members` are connected now."""

    group: str
    topic: str
    behind: int
    oldest: datetime | None
    members: int

    def seconds(self, now: datetime) -> float | None:
        """How old the oldest unread message is."""
        return None if self.oldest is None else max(0.0, (now - self.oldest).total_seconds())

    def as_json(self, now: datetime) -> dict[str, Any]:
        """For machines."""
        return asdict(self) | {
            "oldest": self.oldest and self.oldest.isoformat(),
            "seconds": self.seconds(now),
        }


async def lags(broker: Broker, *, prefix: str = PREFIX) -> list[Lag]:
    """Of every group that has ever read and whose name begins so, furthest behind first. Raises KafkaError."""
    admin = AIOKafkaAdminClient(**broker.client(), client_id="loti-lag")
    try:
        await admin.start()
        groups = sorted({name for name, *_ in await admin.list_consumer_groups() if name.startswith(prefix)})
        read = {group: await admin.list_consumer_group_offsets(group) for group in groups}
        members = {group: await members_of(admin, group) for group in groups}
    finally:
        await admin.close()
    consumer = AIOKafkaConsumer(**broker.client(), enable_auto_commit=False, isolation_level="read_committed")
    try:
        await consumer.start()
        found = [
            lag
            for group, offsets in read.items()
            for lag in await _of_group(
                consumer, group, {p: o.offset for p, o in offsets.items()}, members[group]
            )
        ]
    finally:
        await consumer.stop()
    return sorted(found, key=lambda lag: (-lag.behind, lag.group, lag.topic))


async def members_of(admin: AIOKafkaAdminClient, group: str) -> int:
    """How many members of the group are connected now."""
    count = 0
    for answer in await admin.describe_consumer_groups([group]):
        for described in answer.groups:
            count += len(described[5])  # error, group, state, type, protocol, members, …
    return count


async def _of_group(
    consumer: AIOKafkaConsumer, group: str, read: Mapping[TopicPartition, int], members: int
) -> Iterable[Lag]:
    here = [partition for partition, offset in read.items() if offset >= 0]
    ends = await consumer.end_offsets(here) if here else {}
    found: dict[str, list[TopicPartition]] = {}
    for partition in here:
        found.setdefault(partition.topic, []).append(partition)
    return [
        Lag(
            group,
            topic,
            sum(max(0, ends[p] - read[p]) for p in partitions),
            await _oldest(consumer, {p: read[p] for p in partitions if ends[p] > read[p]}),
            members,
        )
        for topic, partitions in found.items()
    ]


async def _oldest(consumer: AIOKafkaConsumer, unread: Mapping[TopicPartition, int]) -> datetime | None:
    """When the oldest of the next messages was said; None where all that is left was compacted away, or whoever asks may
    not read it."""
    if not unread:
        return None
    waiting = set(unread)
    consumer.assign(list(waiting))
    for partition, offset in unread.items():
        consumer.seek(partition, offset)
    times = []
    until = asyncio.get_running_loop().time() + _PATIENCE
    while waiting and asyncio.get_running_loop().time() < until:
        try:
            found = await consumer.getmany(*waiting, timeout_ms=200, max_records=1)
        except TopicAuthorizationFailedError:
            break
        times += [records[0].timestamp for records in found.values() if records]
        waiting -= found.keys()
    return datetime.fromtimestamp(min(times) / 1000, UTC) if times else None

"""Partitions that rest: their batch cannot be handled now, and those of others can.

A partition rests at the beginning of its batch, unread, and comes again by itself: after a second, then after twice as
long each time, at most ten seconds. So whatever locks one thing holds up the partition of that thing and no other.
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import IllegalStateError
from asyncpg.exceptions import LockNotAvailableError, TransactionRollbackError

from loti_contracts.delivery.errors import TryAgain

_log = structlog.get_logger("consumer")

FIRST: Final = 1.0
MOST: Final = 10.0


def rest_after(times: int) -> float:
    """Seconds to rest when a batch was held so many times in a row, from 1."""
    return float(min(MOST, FIRST * 2 ** min(times - 1, 16)))


def holds_one_thing(error: BaseException | None) -> bool:
    """Whether it was about what the message is about (its rows are locked, its time has not come), so that other messages
    may well be handled meanwhile. With the database away, none can."""
    return isinstance(error, TryAgain | LockNotAvailableError | TransactionRollbackError)


@dataclass(slots=True)
class Rest:
    """`times` in a row; `why` it was held the last time. `resting` ends when it may be read again."""

    consumer: AIOKafkaConsumer
    times: int
    why: str
    wake: asyncio.TimerHandle

    @property
    def resting(self) -> bool:
        """Whether it is not read at the moment."""
        return not self.wake.cancelled() and self.wake.when() > asyncio.get_running_loop().time()


class Rests:
    """Which partitions of one consumer rest, or did until a moment ago."""

    def __init__(self) -> None:
        self._held: dict[TopicPartition, Rest] = {}

    def begin(self, consumer: AIOKafkaConsumer, partition: TopicPartition, offset: int, why: str) -> None:
        """Read nothing of the partition for a while, and then from `offset` on."""
        try:
            consumer.pause(partition)
            consumer.seek(partition, offset)
        except IllegalStateError:  # it went to another member, which begins at the same place
            return
        known = self._held.get(partition)
        times = known.times + 1 if known else 1
        seconds = rest_after(times)
        _log.warning(
            "partition_rests",
            place=f"{partition.topic}[{partition.partition}]@{offset}",
            seconds=seconds,
            why=why,
        )
        wake = asyncio.get_running_loop().call_later(seconds, self._wake, partition)
        self._held[partition] = Rest(consumer, times, why, wake)

    def went_on(self, partition: TopicPartition) -> None:
        """Its batch was handled."""
        if rest := self._held.pop(partition, None):
            rest.wake.cancel()

    def only(self, assigned: Collection[TopicPartition]) -> None:
        """Forget those that went to another member."""
        for partition in self._held.keys() - set(assigned):
            self.went_on(partition)

    def forget(self) -> None:
        """Let all of them be read, by whoever goes on with this consumer or a new one."""
        for partition in list(self._held):
            self._wake(partition)
            self.went_on(partition)

    def now(self) -> set[TopicPartition]:
        """Those that are not read at the moment."""
        return {partition for partition, rest in self._held.items() if rest.resting}

    def __len__(self) -> int:
        return len(self._held)

    def in_words(self) -> list[str]:
        """For the health page."""
        return [
            f"{partition.topic}[{partition.partition}] was held {rest.times} times in a row: {rest.why}"
            for partition, rest in sorted(self._held.items())
        ]

    def _wake(self, partition: TopicPartition) -> None:
        try:
            self._held[partition].consumer.resume(partition)
        except IllegalStateError:  # it went to another member meanwhile
            self.went_on(partition)

"""Where a consumer stands: how far behind it is, and whether it moves."""

import asyncio
from collections.abc import Collection, Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from loti_contracts.delivery import metrics
from loti_contracts.delivery.database import PASSING
from loti_contracts.delivery.progress import Progress


class Standing:
    """Looked at again and again. `lag` counts messages not yet handled, None as long as it was never read; `trouble` says
    why it cannot be read now."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._progress: Progress[TopicPartition] = Progress()
        self._looked = 0.0
        self._shown: set[TopicPartition] = set()
        self.lag: int | None = None
        self.trouble: str | None = None

    def begin(self) -> None:
        """Of a consumer that was just connected."""
        self._looked, self._progress = asyncio.get_running_loop().time(), Progress()

    async def look(
        self, consumer: AIOKafkaConsumer, *, busy: bool, resting: Collection[TopicPartition]
    ) -> float:
        """For how many seconds the slowest partition has not moved though there was something to read and nobody was
        `busy`, or nothing could be learned about any."""
        now = asyncio.get_running_loop().time()
        try:
            positions, behind = await _where(consumer)
        except (KafkaError, IllegalStateError, *PASSING) as error:
            self.trouble = f"lag cannot be read: {type(error).__name__}: {error}"
            if busy:
                self._looked = now
            return now - self._looked
        self._show(behind)
        self.lag, self.trouble = sum(behind.values()), None
        seconds, self._looked = now - self._looked, now
        return self._progress.look(positions, behind, busy=busy, resting=resting, seconds=seconds)

    def _show(self, behind: Mapping[TopicPartition, int]) -> None:
        """What another process reads now is not to be shown twice, with what it was here at last."""
        for gone in self._shown - behind.keys():
            metrics.lag.remove(self._service, gone.topic, str(gone.partition))
        for partition, count in behind.items():
            metrics.lag.labels(self._service, partition.topic, str(partition.partition)).set(count)
        self._shown = set(behind)


async def _where(
    consumer: AIOKafkaConsumer,
) -> tuple[dict[TopicPartition, int], dict[TopicPartition, int]]:
    """The position in each partition, and how many messages there are after it."""
    partitions = sorted(consumer.assignment())
    if not partitions:
        return {}, {}
    ends = await asyncio.wait_for(consumer.end_offsets(partitions), timeout=10)
    asked = asyncio.gather(*(consumer.position(partition) for partition in partitions))
    positions = dict(zip(partitions, await asyncio.wait_for(asked, timeout=5), strict=True))
    return positions, {p: max(0, ends[p] - positions[p]) for p in partitions}

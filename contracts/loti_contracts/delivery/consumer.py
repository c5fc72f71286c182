"""The batch on FastStream: acknowledged after its effects are committed, and never before.

FastStream's defaults acknowledge first and lose data, so everything is set here: manual acknowledgement (one
batch at a time, so the position that `ack()` commits is the end of a handled batch), earliest offsets, committed
reads. A batch reaches us undecoded, because FastStream's own parser fails on a header that is not UTF-8 and
would then see it for ever.
"""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any

import structlog
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaAckableMessage
from faststream.kafka.subscriber.usecase import BatchSubscriber

from loti_contracts.delivery import metrics
from loti_contracts.delivery.batch import BatchHandling, Held
from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.database import PASSING
from loti_contracts.delivery.plain import received
from loti_contracts.delivery.settings import ServiceSettings
from loti_contracts.delivery.waiting import wait_for_any
from loti_contracts.events import Topic

_log = structlog.get_logger("consumer")

_LOOK = 2.0
_IDLE_POLL_MS = 20


class Consumer:
    """One service's subscription. `state`, `lag` and `trouble` are for the health page."""

    def __init__(
        self, *, service: str, settings: ServiceSettings, topics: Iterable[Topic], handling: BatchHandling
    ) -> None:
        self._service = service
        self._handling = handling
        self._stuck_after = settings.stuck_after
        self._moved = 0.0
        self._busy = False
        self._positions: dict[TopicPartition, int] = {}
        self.state = "not started"
        self.trouble: str | None = None
        self.lag: int | None = None
        self.broker = KafkaBroker(
            settings.kafka.split(","),
            security=Broker.of(settings).faststream(),
            client_id=f"loti-{service}",
            consumer_only=True,
            allow_auto_create_topics=False,
            apply_types=False,
            graceful_timeout=settings.drain,
            logger=logging.getLogger("loti.faststream"),
            log_level=logging.DEBUG,
        )
        self._subscriber: BatchSubscriber = self.broker.subscriber(
            *(topic.name for topic in topics),
            batch=True,
            group_id=f"loti.{service}",
            group_instance_id=settings.member,
            auto_offset_reset="earliest",
            isolation_level="read_committed",
            ack_policy=AckPolicy.MANUAL,
            max_records=settings.batch_size,
            batch_timeout_ms=_IDLE_POLL_MS,
            session_timeout_ms=10_000,
            heartbeat_interval_ms=2_000,
            max_poll_interval_ms=int(max(300.0, settings.hold * 4) * 1000),
            parser=self._unparsed,
            decoder=_undecoded,
            no_reply=True,
        )
        self._subscriber(self._on_batch)

    async def run(self, stopping: asyncio.Event) -> None:
        """Consume until `stopping`; then finish the batch in hand, acknowledge it, and leave the group."""
        while not stopping.is_set():
            try:
                if await self._handling.breaker.look():
                    await self._rest("stopped by its breaker")
                elif self.state != "consuming":
                    await self._begin()
                else:
                    await self._look_at_progress()
            except (KafkaError, *PASSING) as error:
                self.trouble = f"{type(error).__name__}: {error}"
                _log.warning("consumer_interrupted", error=type(error).__name__, detail=str(error)[:300])
                if self.state == "connecting":
                    await self.broker.stop()  # what was half begun is begun anew
            await wait_for_any(stopping, timeout=_LOOK)
        await self.broker.stop()
        self.state = "stopped"

    async def _begin(self) -> None:
        self.state = "connecting"
        await self.broker.start()
        self._moved = asyncio.get_running_loop().time()
        self.state, self.trouble = "consuming", None

    async def _rest(self, state: str) -> None:
        if self.state != state:
            await self.broker.stop()
            self.state = state

    async def _look_at_progress(self) -> None:
        """Measure the lag; a consumer that lags and does not move is connected anew (aiokafka #1154)."""
        consumer = self._subscriber.consumer
        if consumer is None:
            return
        now = asyncio.get_running_loop().time()
        partitions = sorted(consumer.assignment())
        try:
            ends = await asyncio.wait_for(consumer.end_offsets(partitions), timeout=10) if partitions else {}
            positions = {p: await asyncio.wait_for(consumer.position(p), timeout=5) for p in partitions}
        except (KafkaError, IllegalStateError, *PASSING) as error:
            self.trouble = f"lag cannot be read: {type(error).__name__}: {error}"
        else:
            self._measure(ends, positions)
            if self._busy or not self.lag or positions != self._positions:
                self._moved = now
            self._positions = positions
        if now - self._moved > self._stuck_after:
            _log.error("consumer_stuck", lag=self.lag, seconds=round(now - self._moved))
            metrics.reconnected.labels(self._service).inc()
            await self._rest("reconnecting")

    def _measure(self, ends: dict[TopicPartition, int], positions: dict[TopicPartition, int]) -> None:
        behind = {p: max(0, ends[p] - positions[p]) for p in positions}
        for partition, count in behind.items():
            metrics.lag.labels(self._service, partition.topic, str(partition.partition)).set(count)
        self.lag = sum(behind.values())
        if self.lag == 0:
            self.trouble = None

    async def _on_batch(self, message: KafkaAckableMessage) -> None:
        records = message.raw_message
        assert isinstance(records, tuple)  # noqa: S101 - a batch subscriber gives tuples
        if self._handling.breaker.why is not None:
            await message.nack()
            await wait_for_any(self._handling.stopping, timeout=_LOOK)
            return
        self._busy = True
        try:
            await self._handling.process([received(record) for record in records])
        except Held as error:
            metrics.rewound.labels(self._service).inc()
            _log.warning("batch_rewound", messages=len(records), why=str(error)[:300])
            await self._rewind(message)
        except Exception:  # noqa: BLE001 - FastStream would swallow it and go on past the batch
            _log.exception("batch_failed", messages=len(records))
            await self._rewind(message)
            await wait_for_any(self._handling.stopping, timeout=1.0)
        else:
            await self._acknowledge(message)
        finally:
            self._busy = False
            self._moved = asyncio.get_running_loop().time()

    async def _acknowledge(self, message: KafkaAckableMessage) -> None:
        try:
            await message.ack()
        except (CommitFailedError, IllegalStateError, KafkaError) as error:
            # The partition went to another member, which sees the batch again; its inbox drops it.
            _log.info("acknowledgement_refused", error=type(error).__name__)

    async def _rewind(self, message: KafkaAckableMessage) -> None:
        try:
            await message.nack()
        except IllegalStateError as error:
            _log.info("rewind_refused", error=str(error)[:200])

    async def _unparsed(self, records: tuple[ConsumerRecord, ...]) -> KafkaAckableMessage:
        consumer = self._subscriber.consumer
        if consumer is None:
            raise RuntimeError("a batch came without a consumer")
        return KafkaAckableMessage(body=b"", raw_message=records, consumer=consumer)


async def _undecoded(message: KafkaAckableMessage) -> Any:
    return message

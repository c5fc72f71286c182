"""The batch on FastStream: acknowledged after its effects are committed, and never before.

One batch at a time, so the position that `ack()` commits is the end of a handled batch, or the beginning of one that is
held. A batch that cannot be handled is tried partition by partition: what is locked rests (`resting`), the others go on.
"""

import asyncio
import gc
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import structlog
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from faststream.kafka.message import KafkaAckableMessage

from loti_contracts.delivery import metrics
from loti_contracts.delivery.batch import BatchHandling, Held
from loti_contracts.delivery.connection import connection
from loti_contracts.delivery.database import PASSING
from loti_contracts.delivery.plain import received
from loti_contracts.delivery.resting import Rests, holds_one_thing
from loti_contracts.delivery.settings import ServiceSettings
from loti_contracts.delivery.standing import Standing
from loti_contracts.delivery.waiting import Backoff, wait_for_any
from loti_contracts.events import Topic

_log = structlog.get_logger("consumer")

_LOOK = 2.0


class Consumer:
    """One service's subscription. `state`, `lag` and `trouble` are for the health page."""

    def __init__(
        self, *, service: str, settings: ServiceSettings, topics: Iterable[Topic], handling: BatchHandling
    ) -> None:
        self._service = service
        self._handling = handling
        self._stuck_after = settings.stuck_after
        self._hand: asyncio.Task[Any] | None = None
        self._rests = Rests()
        self._outage = Backoff(first=0.5, most=5.0)
        self._standing = Standing(service)
        self.state = "not started"
        self._interrupted: str | None = None
        self.broker, self._subscriber = connection(
            service=service, settings=settings, topics=topics, parser=self._unparsed
        )
        self._subscriber(self._on_batch)

    def in_hand(self) -> "asyncio.Task[Any] | None":
        """What handles a batch at the moment."""
        return self._hand

    @property
    def lag(self) -> int | None:
        """Messages not yet handled, or read; None as long as nobody could count them."""
        return self._standing.lag

    @property
    def trouble(self) -> str | None:
        """What is wrong at the moment."""
        return self._interrupted or self._standing.trouble or "; ".join(self._rests.in_words()) or None

    async def run(self, stopping: asyncio.Event) -> None:
        """Consume until `stopping`; then finish the batch in hand, acknowledge it, and leave the group."""
        _collect_garbage_seldom()
        while not stopping.is_set():
            try:
                if await self._handling.breaker.look():
                    await self._rest("stopped by its breaker")
                elif self.state != "consuming":
                    await self._begin()
                else:
                    await self._look_at_progress()
            except (KafkaError, *PASSING) as error:
                self._interrupted = f"{type(error).__name__}: {error}"
                _log.warning("consumer_interrupted", error=type(error).__name__, detail=str(error)[:300])
                if self.state == "connecting":
                    await self.broker.stop()  # what was half begun is begun anew
            await wait_for_any(stopping, timeout=_LOOK)
        await self.broker.stop()
        self.state = "stopped"

    async def _begin(self) -> None:
        self.state = "connecting"
        await self.broker.start()
        self._standing.begin()
        self.state, self._interrupted = "consuming", None

    async def _rest(self, state: str) -> None:
        if self.state != state:
            await self.broker.stop()
            self._rests.forget()
            self.state = state

    async def _look_at_progress(self) -> None:
        """Measure the lag; a consumer that lags and does not move is connected anew (aiokafka #1154)."""
        if (consumer := self._subscriber.consumer) is None:
            return
        self._rests.only(consumer.assignment())
        stood = await self._standing.look(consumer, busy=self._hand is not None, resting=self._rests.now())
        self._interrupted = None
        if stood > self._stuck_after:
            _log.error("consumer_stuck", lag=self.lag, seconds=round(stood))
            metrics.reconnected.labels(self._service).inc()
            await self._rest("reconnecting")

    async def _on_batch(self, message: KafkaAckableMessage) -> None:
        records = message.raw_message
        assert isinstance(records, tuple)  # noqa: S101 - a batch subscriber gives tuples
        if self._handling.breaker.why is not None:
            await self._rewind(message)
            await wait_for_any(self._handling.stopping, timeout=_LOOK)
            return
        self._hand = asyncio.current_task()
        try:
            await self._handling.process([received(record) for record in records])
        except Held as error:
            if not holds_one_thing(error.__cause__) or self._handling.stopping.is_set():
                await self._give_back(message, error)
            elif await self._each_partition(message, error):
                await self._acknowledge(message)
        except Exception:  # noqa: BLE001 - FastStream would swallow it and go on past the batch
            _log.exception("batch_failed", messages=len(records))
            await self._rewind(message)
            await wait_for_any(self._handling.stopping, timeout=1.0)
        else:
            for partition in _by_partition(records) if self._rests else ():
                self._rests.went_on(partition)
            await self._acknowledge(message)
        finally:
            self._hand = None
            metrics.resting.labels(self._service).set(len(self._rests))

    async def _each_partition(self, message: KafkaAckableMessage, held: Held) -> bool:
        """What is held in one of them holds no other; that one rests. Whether to acknowledge, which says of one that rests
        that it stands at its beginning."""
        parts = _by_partition(message.raw_message)
        for partition, part in parts.items():
            try:
                if len(parts) == 1:
                    raise held
                await self._handling.process([received(record) for record in part])
            except Held as error:
                if not holds_one_thing(error.__cause__) or self._handling.stopping.is_set():
                    await self._give_back(message, error)
                    return False
                self._rests.begin(message.consumer, partition, part[0].offset, str(error)[:200])
            else:
                self._rests.went_on(partition)
        return True

    async def _give_back(self, message: KafkaAckableMessage, error: Held) -> None:
        metrics.rewound.labels(self._service).inc()
        _log.warning("batch_rewound", messages=len(message.raw_message), why=str(error)[:300])
        await self._rewind(message)
        await self._outage.wait(self._handling.stopping)

    async def _acknowledge(self, message: KafkaAckableMessage) -> None:
        self._hand = None  # it waits for the broker now, however long that is away: no handler stands still
        self._outage.reset()
        try:
            await message.ack()
        except (CommitFailedError, IllegalStateError, KafkaError) as error:
            # The partition went to another member, which sees the batch again; its inbox drops it.
            _log.info("acknowledgement_refused", error=type(error).__name__)

    async def _rewind(self, message: KafkaAckableMessage) -> None:
        for partition, part in _by_partition(message.raw_message).items():
            try:
                message.consumer.seek(partition, part[0].offset)
            except IllegalStateError as error:  # it went to another member
                _log.info("rewind_refused", error=str(error)[:200])

    async def _unparsed(self, records: tuple[ConsumerRecord, ...]) -> KafkaAckableMessage:
        consumer = self._subscriber.consumer
        if consumer is None:
            raise RuntimeError("a batch came without a consumer")
        return KafkaAckableMessage(body=b"", raw_message=records, consumer=consumer)


def _collect_garbage_seldom() -> None:
    """What a batch makes lives until its commit; looking through it after every 700 new values, as Python does, takes a third
    of the time of handling. What was imported and wired stays for ever and is not looked through at all."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def _by_partition(records: Sequence[ConsumerRecord]) -> dict[TopicPartition, list[ConsumerRecord]]:
    """They come partition by partition."""
    return {
        TopicPartition(*place): list(part)
        for place, part in groupby(records, key=lambda record: (record.topic, record.partition))
    }

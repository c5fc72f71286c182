"""The relay: from the outbox to Kafka, in order for each thing, then forgotten.

One process at a time leads, by a session advisory lock in the service's own database; everything it reads and
deletes goes through the session that holds the lock, so that losing the lock loses the work. Each batch is one
Kafka transaction under one transactional id for the service: a former leader that was only paused is fenced
by the broker and cannot publish late, out of order. Killed between publish and delete, the next leader
publishes the same events again, with the same ids, and every inbox drops them.
"""

import asyncio
import time
from typing import Any

import asyncpg
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaConnectionError, KafkaError

from loti_contracts.delivery import metrics, tracing
from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.database import PASSING, queries_beside
from loti_contracts.delivery.packing import publish
from loti_contracts.delivery.waiting import Backoff, wait_for_any

_queries = queries_beside(__file__)
_log = structlog.get_logger("relay")

_LEAD_AGAIN = 0.5

AT_ONCE = 8 * 1024 * 1024
"""Bytes of events in one Kafka transaction, whatever their number: an outbox that filled while the broker was away must not
fill the memory when it is back. A single event may be larger."""

SILENT = 60.0
"""Seconds after which the database gives up a leader that it hears nothing of, and another one takes over: a machine that
lost its power says no goodbye, and TCP's own keepalive looks after two hours."""


class Relay:
    """Publishes one database's outbox. `state` and `trouble` are for the health page."""

    def __init__(
        self,
        *,
        service: str,
        dsn: str,
        kafka: str | Broker,
        most: int,
        poll: float,
        silent: float = SILENT,
    ) -> None:
        self._service = service
        self._dsn = dsn
        self._broker = Broker(kafka) if isinstance(kafka, str) else kafka
        self._most = most
        self._poll = poll
        self._silent = max(silent, 2 * poll)
        self._wake = asyncio.Event()
        self.state = "not started"
        self.trouble: str | None = None
        self.published = 0

    async def run(self, stopping: asyncio.Event) -> None:
        """Publish until `stopping`, and then until the outbox is empty. Outages are waited out."""
        backoff = Backoff(first=0.1, most=5.0)
        while True:
            try:
                await self._lead(stopping, backoff)
            except (*PASSING, KafkaError) as error:
                self.state, self.trouble = "waiting", f"{type(error).__name__}: {error}"
                _log.warning("relay_interrupted", error=type(error).__name__, detail=str(error)[:300])
                if stopping.is_set():
                    return
                await backoff.wait(stopping)
            else:
                self.state = "stopped"
                return

    async def _lead(self, stopping: asyncio.Event, backoff: Backoff) -> None:
        connection = await asyncpg.connect(
            self._dsn,
            timeout=10,
            command_timeout=30,
            server_settings={"idle_session_timeout": f"{self._silent * 1000:.0f}"},
        )
        try:
            self.state = "standby"
            await connection.add_listener("outbox", lambda *_: self._wake.set())
            while not await _queries.lead_the_relay(connection):
                if await wait_for_any(stopping, timeout=_LEAD_AGAIN):
                    return
            await self._publish(connection, stopping, backoff)
        finally:
            connection.terminate()

    async def _publish(
        self, connection: "asyncpg.Connection[Any]", stopping: asyncio.Event, backoff: Backoff
    ) -> None:
        producer = AIOKafkaProducer(
            **self._broker.client(),
            client_id=f"loti-{self._service}-relay",
            transactional_id=f"loti-{self._service}-relay",
            transaction_timeout_ms=15_000,
            acks="all",
            max_batch_size=262_144,
            request_timeout_ms=15_000,
        )
        try:
            try:
                await producer.start()
            except (
                AssertionError
            ) as error:  # aiokafka's, where the broker goes between an answer and a question
                raise KafkaConnectionError(str(error)) from error
            self.state = "leading"
            _log.info("relay_leads")
            while True:
                self._wake.clear()
                rows = await self._next(connection)
                if rows:
                    read = time.time_ns()
                    await publish(producer, rows)
                    if tracing.on:
                        tracing.published(rows, read=read, sent=time.time_ns())
                    await _queries.forget_published(connection, positions=[row["position"] for row in rows])
                    self._count(rows)
                    backoff.reset()
                elif stopping.is_set():
                    return
                else:
                    await wait_for_any(self._wake, stopping, timeout=self._poll)
        finally:
            await producer.stop()

    async def _next(self, connection: "asyncpg.Connection[Any]") -> list[Any]:
        return [row async for row in _queries.next_to_publish(connection, most=self._most, bytes=AT_ONCE)]

    def _count(self, rows: list[Any]) -> None:
        self.trouble = None
        self.published += len(rows)
        metrics.published.labels(self._service).inc(len(rows))
        metrics.last_published.labels(self._service).set(time.time())

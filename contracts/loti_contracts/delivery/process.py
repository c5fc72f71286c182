"""A service's life as one process: wait for its database and broker, migrate, work, drain, stop."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import structlog
from aiokafka.errors import KafkaError

from loti_contracts.delivery import inbox, replaying
from loti_contracts.delivery.batch import BatchHandler, BatchHandling, Handler, each
from loti_contracts.delivery.breaker import Breaker
from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.consumer import Consumer
from loti_contracts.delivery.database import PASSING, open_pool
from loti_contracts.delivery.health import OwnReport, health_app, health_report, serve
from loti_contracts.delivery.logs import set_up_logs
from loti_contracts.delivery.migrations import migrate, migrate_delivery
from loti_contracts.delivery.relay import Relay
from loti_contracts.delivery.settings import ServiceSettings
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.delivery.waiting import Backoff
from loti_contracts.events import TOPICS, Event, Topic
from loti_contracts.events.topics import REPLAYS

_log = structlog.get_logger("process")

Loop = Callable[["asyncpg.Pool[Any]", asyncio.Event], Coroutine[Any, Any, None]]
"""Work of a service that no event starts. It must return soon after its event is set; it is never cancelled
within `drain` seconds."""


@dataclass(frozen=True, slots=True)
class Service:
    """What makes one service different from another.

    `on` handles events one by one; `on_batch` handles many at once, of the classes in `handles`.
    """

    name: str
    settings: ServiceSettings
    migrations: Path | None = None
    hears: Sequence[Topic] = ()
    on: Mapping[type[Event], Handler] = field(default_factory=dict)
    on_batch: BatchHandler | None = None
    handles: frozenset[type[Event]] = frozenset()
    loops: Sequence[Loop] = ()
    report: OwnReport | None = None
    """What the service itself shows on its health page, beside delivery."""
    speaks: bool = True
    """A service that does not speak makes no topics, publishes nothing, and keeps its dead letters to itself."""


def run(service: Service) -> None:
    """Run the service until SIGTERM or SIGINT."""
    settings = service.settings
    set_up_logs(service.name, form=settings.log_format, level=settings.log_level)
    asyncio.run(_Running(service).live())


class _Running:
    def __init__(self, service: Service) -> None:
        self._service = service
        self._settings = service.settings
        self._stopping = asyncio.Event()
        self._pool: asyncpg.Pool[Any] | None = None
        self._relay: Relay | None = None
        self._consumer: Consumer | None = None
        self._breaker: Breaker | None = None

    async def live(self) -> None:
        """From the first wait to the last drop."""
        loop = asyncio.get_running_loop()
        for signal_ in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_, self._stopping.set)
        _log.info("service_starting")
        page_stops = asyncio.Event()
        page = asyncio.create_task(
            serve(
                health_app(self._report),
                host=self._settings.http_host,
                port=self._settings.http_port,
                stopping=page_stops,
            )
        )
        try:
            if await self._prepare():
                await self._work()
        finally:
            page_stops.set()
            await page
            if self._pool is not None:
                await asyncio.wait_for(self._pool.close(), timeout=5)
            _log.info("service_stopped")

    async def _prepare(self) -> bool:
        """Database, migrations and topics; outages are waited out. False when stopped meanwhile."""
        backoff = Backoff(first=0.1, most=2.0)
        while not self._stopping.is_set():
            try:
                if self._pool is None:
                    self._pool = await open_pool(self._settings.database.get_secret_value())
                async with self._pool.acquire() as connection:
                    await migrate_delivery(connection)
                    if self._service.migrations is not None:
                        await migrate(connection, self._service.name, self._service.migrations)
                if self._service.speaks:
                    await ensure_topics(
                        Broker.of(self._settings), TOPICS, replication=self._settings.replication
                    )
            except (KafkaError, *PASSING) as error:
                _log.info("waiting_for_servers", error=type(error).__name__, detail=str(error)[:200])
                await backoff.wait(self._stopping)
            else:
                return True
        return False

    async def _work(self) -> None:
        service, settings, pool = self._service, self._settings, self._pool
        assert pool is not None  # noqa: S101 - _prepare opened it
        relay_stops = asyncio.Event()
        self._breaker = Breaker(service=service.name, pool=pool, limit=settings.breaker_limit)
        if service.speaks:
            self._relay = Relay(
                service=service.name,
                dsn=settings.database.get_secret_value(),
                kafka=Broker.of(settings),
                most=settings.relay_batch,
                poll=settings.relay_poll,
            )
        workers: list[asyncio.Task[None]] = [
            asyncio.create_task(work(pool, self._stopping)) for work in service.loops
        ]
        forgetting = inbox.keep_forgetting(pool, days=settings.inbox_days, stopping=self._stopping)
        workers.append(asyncio.create_task(forgetting))
        if service.hears:
            handling = BatchHandling(
                service=service.name,
                pool=pool,
                handle=service.on_batch or each(service.on),
                handles=service.handles or frozenset(service.on),
                breaker=self._breaker,
                hold=settings.hold,
                bug_attempts=settings.bug_attempts,
                stopping=self._stopping,
                says=service.speaks,
            )
            topics = service.hears
            if service.speaks:  # for whoever is a subscriber alone, `loti dead-letters replay` asks
                handling, topics = replaying.hearing(handling), list(dict.fromkeys([*topics, REPLAYS]))
            self._consumer = Consumer(
                service=service.name, settings=settings, topics=topics, handling=handling
            )
            workers.append(asyncio.create_task(self._consumer.run(self._stopping)))
            workers.append(asyncio.create_task(replaying.run(handling)))
        relaying = [asyncio.create_task(self._relay.run(relay_stops))] if self._relay else []
        _log.info("service_started")
        await self._until_stopped([*workers, *relaying])
        self._stopping.set()
        await _finish(workers, settings.drain)
        relay_stops.set()  # last, so that what the workers said on their way out is published too
        await _finish(relaying, settings.drain)
        for task in (*workers, *relaying):
            if task.done() and not task.cancelled() and task.exception():
                raise task.exception()  # type: ignore[misc]

    async def _until_stopped(self, tasks: Sequence["asyncio.Task[None]"]) -> None:
        """Return on a signal, or when a part died: a process that is only half alive must be restarted."""
        waiting = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({*tasks, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()

    async def _report(self) -> dict[str, Any]:
        if self._breaker is None or self._pool is None:
            return {"service": self._service.name, "healthy": False, "state": "starting"}
        return await health_report(
            self._service.name,
            pool=self._pool,
            relay=self._relay,
            consumer=self._consumer,
            breaker=self._breaker,
            own=self._service.report,
        ) | {"state": "stopping" if self._stopping.is_set() else "running"}


async def _finish(tasks: Sequence["asyncio.Task[None]"], seconds: float) -> None:
    _, late = await asyncio.wait(tasks, timeout=seconds) if tasks else (set(), set())
    for task in late:
        _log.error("stopped_undrained", task=task.get_name())
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)

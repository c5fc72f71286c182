"""A service's life as one process: wait for its database and broker, migrate, work, drain, stop."""

import asyncio
import signal
from collections.abc import Sequence
from typing import Any

import asyncpg
import structlog
from aiokafka.errors import KafkaError

from loti_contracts.delivery import replaying, retention, standing_aside, tracing
from loti_contracts.delivery.batch import BatchHandling, each
from loti_contracts.delivery.breaker import Breaker
from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.consumer import Consumer
from loti_contracts.delivery.database import PASSING, open_pool
from loti_contracts.delivery.health import health_app, health_report, serve
from loti_contracts.delivery.holdings import OF_DELIVERY
from loti_contracts.delivery.keeping_topics import keep_topics
from loti_contracts.delivery.logs import set_up_logs
from loti_contracts.delivery.pacing import Pace
from loti_contracts.delivery.preparing import bring_up_to_date, make_topics
from loti_contracts.delivery.relay import Relay
from loti_contracts.delivery.service import Loop, Service
from loti_contracts.delivery.waiting import Backoff
from loti_contracts.delivery.watchdog import Watchdog
from loti_contracts.events import TOPICS
from loti_contracts.events.topics import REPLAYS

__all__ = ["Loop", "Service", "run"]

_log = structlog.get_logger("process")


def run(service: Service) -> None:
    """Run the service until SIGTERM or SIGINT. While its tables are recovered it ends with the status 75, and waits when it
    is started again."""
    settings = service.settings
    set_up_logs(service.name, form=settings.log_format, level=settings.log_level)
    tracing.set_up(service.name, settings)
    try:
        asyncio.run(_Running(service).live())
    except standing_aside.StandsAside as why:
        raise SystemExit(standing_aside.STATUS) from why
    finally:
        tracing.close()


class _Running:
    def __init__(self, service: Service) -> None:
        self._service = service
        self._settings = service.settings
        self._stopping = asyncio.Event()
        self._pool: asyncpg.Pool[Any] | None = None
        self._relay: Relay | None = None
        self._consumer: Consumer | None = None
        self._breaker: Breaker | None = None
        self._watchdog = Watchdog(
            frozen_after=self._settings.frozen_after,
            hung_after=self._settings.hung_after,
            drain=self._settings.drain,
        )

    async def live(self) -> None:
        """From the first wait to the last drop, with the watchdog beside it."""
        async with self._watchdog.over_the_loop():
            await self._live()

    async def _live(self) -> None:
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
                if await standing_aside.being_recovered(self._pool):
                    _log.warning("waiting_for_recovery")
                    await backoff.wait(self._stopping)
                    continue
                await bring_up_to_date(self._service, self._pool)
                await make_topics(self._service)
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
        everything = (*service.holdings, *OF_DELIVERY)
        forgetting = retention.keep_forgetting(pool, everything, settings, self._stopping)
        workers.append(asyncio.create_task(forgetting))
        workers.append(asyncio.create_task(standing_aside.watch(pool, self._stopping)))
        if service.speaks:
            kept = keep_topics(
                Broker.of(settings), TOPICS, replication=settings.replication, stopping=self._stopping
            )
            workers.append(asyncio.create_task(kept))
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
                pace=Pace() if service.on_batch else Pace.stepwise(),
            )
            topics = service.hears
            if service.speaks:  # for whoever is a subscriber alone, `loti dead-letters replay` asks
                handling, topics = replaying.hearing(handling), list(dict.fromkeys([*topics, REPLAYS]))
            self._consumer = Consumer(
                service=service.name, settings=settings, topics=topics, handling=handling
            )
            workers.append(asyncio.create_task(self._consumer.run(self._stopping)))
            workers.append(asyncio.create_task(replaying.run(handling)))
            watching = self._watchdog.look_after(self._consumer.in_hand, self._stopping)
            workers.append(asyncio.create_task(watching))
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

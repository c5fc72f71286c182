"""Pushing: one process leads, and every endpoint has a lane of its own, so that a slow one holds up no other.

Within a lane, different things go side by side and the events of one thing one after another. What is on its way when
the process dies is sent again, with the same id: nothing is marked before the answer is there. The time is the database's:
a push signed by a machine's clock that is an hour off would be refused, and tried again hours later.
"""

import asyncio
import contextlib
import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import asyncpg
import structlog

from loti_contracts.delivery.clocks import Clock
from loti_contracts.delivery.database import PASSING
from loti_contracts.delivery.relay import SILENT
from loti_contracts.delivery.waiting import Backoff, wait_for_any
from services.webhooks import metrics
from services.webhooks.bell import Bell
from services.webhooks.log import Thing
from services.webhooks.push import endpoints, schedule, signing
from services.webhooks.push.endpoints import Delivery, Endpoint
from services.webhooks.push.resealing import reseal
from services.webhooks.push.schedule import Answer
from services.webhooks.push.sealing import NotOpened
from services.webhooks.push.sending import Sender
from services.webhooks.settings import WebhooksSettings

_log = structlog.get_logger("pushing")
_LEADER = "SELECT pg_try_advisory_lock(hashtext('loti webhooks pusher'))"
_LOOK = 1.0
_AFTER_A_BUG = 5.0
_NAMES_AT_ONCE = 64


class Pusher:
    """Delivers what is due until stopped."""

    def __init__(self, settings: WebhooksSettings, bell: Bell) -> None:
        self._settings, self._seals = settings, settings.seals
        self._bell = bell

    async def run(self, pool: "asyncpg.Pool[Any]", stopping: asyncio.Event) -> None:
        """Wait for the lead, lead while its connection lives; again after an outage."""
        # Names are looked up in threads: many endpoints whose names are slow to find must not hold up the others.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_NAMES_AT_ONCE))
        backoff = Backoff(first=0.1, most=2.0)
        while not stopping.is_set():
            try:
                leader: asyncpg.Connection[Any] = await asyncpg.connect(
                    self._settings.database.get_secret_value(),
                    timeout=10,
                    command_timeout=30,
                    server_settings={"idle_session_timeout": f"{SILENT * 1000:.0f}"},
                )
            except PASSING as error:
                _log.info("pusher_waits", error=type(error).__name__)
                await backoff.wait(stopping)
                continue
            try:
                while not await leader.fetchval(_LEADER):
                    if await wait_for_any(stopping, timeout=_LOOK):
                        return
                backoff.reset()
                await self._lead(pool, leader, stopping)
            except PASSING as error:
                _log.warning("pusher_interrupted", error=type(error).__name__)
                await backoff.wait(stopping)
            finally:
                with contextlib.suppress(*PASSING):
                    await leader.close(timeout=2)

    async def _lead(
        self, pool: "asyncpg.Pool[Any]", leader: "asyncpg.Connection[Any]", stopping: asyncio.Event
    ) -> None:
        lanes: dict[str, asyncio.Task[None]] = {}
        over = asyncio.Event()
        await reseal(leader, self._seals, now=(await Clock.of(leader)).now())
        try:
            while not stopping.is_set() and not leader.is_closed():
                news = self._bell.next()
                for one in await endpoints.endpoints(leader):
                    if one.disabled_because is None and (one.name not in lanes or lanes[one.name].done()):
                        lane = _Lane(one.name, pool, self._bell, self._settings)
                        lanes[one.name] = asyncio.create_task(lane.run(over))
                await self._bell.wait(news, stopping)
        finally:
            over.set()
            if lanes:
                await asyncio.wait(lanes.values())


class _Lane:
    """One endpoint's deliveries."""

    def __init__(self, name: str, pool: "asyncpg.Pool[Any]", bell: Bell, settings: WebhooksSettings) -> None:
        self._name = name
        self._seals = settings.seals
        self._pool = pool
        self._bell = bell
        self._settings = settings
        self._on_their_way: dict[asyncio.Task[None], Thing] = {}
        self._landed = asyncio.Event()
        self._stumbled = False

    async def run(self, stopping: asyncio.Event) -> None:
        """Until stopped, or there is no such endpoint any more, or it is disabled. What is on its way comes to its end."""
        sender = Sender(timeout=self._settings.webhook_timeout, allow_private=self._settings.allow_private)
        async with sender:
            try:
                while not stopping.is_set():
                    news = self._bell.next()
                    try:
                        if not await self._start_what_is_due(sender, stopping):
                            return
                    except PASSING as error:
                        _log.warning("lane_waits", endpoint=self._name, error=type(error).__name__)
                    except NotOpened as error:  # until somebody sets the key, or makes a new secret
                        _log.error("lane_cannot_sign", endpoint=self._name, why=str(error))
                        self._stumbled = True
                    except Exception:  # noqa: BLE001 - a bug stops one lane for a while, and no other
                        _log.exception("lane_stumbled", endpoint=self._name)
                        self._stumbled = True
                    await self._bell.wait(news, stopping, self._landed)
                    if self._stumbled:
                        await wait_for_any(stopping, timeout=_AFTER_A_BUG)
                        self._stumbled = False
            finally:
                if self._on_their_way:
                    await asyncio.wait(self._on_their_way)

    async def _start_what_is_due(self, sender: Sender, stopping: asyncio.Event) -> bool:
        self._landed.clear()
        room = self._settings.webhook_at_once - len(self._on_their_way)
        async with self._pool.acquire() as connection:
            endpoint = await endpoints.endpoint(connection, self._name)
            if endpoint is None or endpoint.disabled_because is not None:
                return False
            clock = await Clock.of(connection)
            held = endpoint.not_before is not None and endpoint.not_before > clock.now()
            due: Sequence[Delivery] = ()
            if room > 0 and not held:
                due = await endpoints.due(
                    connection, self._name, on_their_way=self._on_their_way.values(), most=room
                )
        if due:
            endpoint.secrets(clock.now(), self._seals)  # what cannot be signed is not begun
        for delivery in due:
            work = self._deliver(sender, endpoint, delivery, clock, stopping)
            task = asyncio.create_task(work, name=delivery.event_id)
            self._on_their_way[task] = delivery.thing
            task.add_done_callback(self._came_back)
        return True

    def _came_back(self, task: "asyncio.Task[None]") -> None:
        del self._on_their_way[task]
        self._landed.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("delivery_not_recorded", endpoint=self._name, event_id=task.get_name(), exc_info=error)
            self._stumbled = True  # so that the same event does not come again and again at once

    async def _deliver(
        self, sender: Sender, endpoint: Endpoint, delivery: Delivery, clock: Clock, stopping: asyncio.Event
    ) -> None:
        structlog.contextvars.bind_contextvars(event_id=delivery.event_id)  # this task's alone
        began, body = clock.now(), delivery.body.encode()
        secrets = endpoint.secrets(began, self._seals)
        headers = signing.headers_of(id=delivery.event_id, body=body, secrets=secrets, now=began)
        answer = await sender.send(endpoint.url, body=body, headers=headers)
        metrics.attempts.labels("taken" if answer.taken else "failed").inc()
        backoff = Backoff(first=0.1, most=5.0)
        while True:
            try:
                await self._record(delivery, answer, clock, began)
            except PASSING as error:
                _log.warning("answer_not_recorded_yet", endpoint=self._name, error=type(error).__name__)
                if await backoff.wait(stopping):
                    return  # it comes again after the next start
            else:
                return

    async def _record(self, delivery: Delivery, answer: Answer, clock: Clock, began: datetime) -> None:
        now = clock.now()
        async with self._pool.acquire() as connection, connection.transaction():
            known = await endpoints.endpoint(connection, self._name)
            if known is None:
                return
            then = schedule.after(
                answer,
                attempt=delivery.attempts + 1,
                failing_since=known.failing_since,
                now=now,
                chance=random.random(),  # noqa: S311 - jitter is no secret
                rules=self._settings.rules,
            )
            await endpoints.record(connection, self._name, delivery, answer, then, began=began, now=now)
        if then.disable:
            _log.error("endpoint_disabled", endpoint=self._name, because=then.disable)

"""Places in the real code at which a worker can be stopped, as a kill or a pause would stop it there.

A worker is whatever runs in a context in which `WORKER` is set. Stopped at a gate it does nothing more, and what it holds
(sessions, locks, transactions) stays held until somebody takes it away: so it is a paused process; never let go again, and
its sessions ended, it is a killed one.
"""

import asyncio
from collections.abc import AsyncIterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

import aiokafka

from loti_contracts.delivery import batch, consumer, inbox, relay, resting

WORKER: ContextVar["Worker | None"] = ContextVar("worker", default=None)

OF_RELAY: Final = ("read", "sent", "published", "deleted")
"""After it read the outbox; after it sent, before the commit; after the commit, before the delete; after the delete."""

OF_CONSUMER: Final = ("claimed", "handled", "committed", "acknowledged")
"""After the ids were claimed; after a handler; after the commit, before the acknowledgement; after that."""


@dataclass(eq=False)
class Worker:
    """One relay or consumer. `at`: the gate at which it stands; `sees`: what it did that it must not do."""

    role: str
    member: str
    name: str
    stops_at: str | None = None
    replaced: bool = False
    at: str | None = None
    go: asyncio.Event = field(default_factory=asyncio.Event)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    task: "asyncio.Task[None] | None" = None
    part: Any = None
    sees: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Who it is, how it says it does, and what it waits for."""
        waits, coroutine = [], self.task.get_coro() if self.task else None
        while (frame := getattr(coroutine, "cr_frame", None)) is not None:
            waits.append(f"{frame.f_code.co_name}:{frame.f_lineno}")
            coroutine = getattr(coroutine, "cr_await", None)
        state, trouble = getattr(self.part, "state", None), getattr(self.part, "trouble", None)
        return f"{self.name} is {state}, {trouble}, in {' > '.join(waits)}"


async def gate(name: str) -> None:
    """Where a worker stops if it is to."""
    worker = WORKER.get()
    if worker is None:
        return
    if worker.stops_at == name:
        worker.stops_at, worker.at = None, name
        await worker.go.wait()
        worker.at = None


def set_up() -> None:
    """Put the gates into the code of this process, and make it hurry where it would wait for seconds."""
    queries, only_new, process = relay._queries, inbox.only_new, batch.BatchHandling.process
    read, forget = queries.next_to_publish, queries.forget_published
    commit, made = aiokafka.AIOKafkaProducer.commit_transaction, aiokafka.AIOKafkaConsumer.__init__
    acknowledge = consumer.Consumer._acknowledge

    async def reading(connection: Any, **named: Any) -> AsyncIterator[Any]:
        rows = [row async for row in read(connection, **named)]
        if rows:
            worker = WORKER.get()
            if worker is not None and not await _leads(connection):
                worker.sees.append("it reads the outbox and does not lead")
            await gate("read")
        for row in rows:
            yield row

    async def forgetting(*args: Any, **named: Any) -> Any:
        await gate("published")
        answer = await forget(*args, **named)
        await gate("deleted")
        return answer

    async def committing(self: Any) -> None:
        await gate("sent")
        await commit(self)

    async def claiming(tx: Any, said: Any) -> Any:
        new = await only_new(tx, said)
        await gate("claimed")
        return new

    async def processing(self: Any, messages: Any) -> None:
        await process(self, messages)
        await gate("committed")

    async def acknowledging(self: Any, message: Any) -> None:
        await acknowledge(self, message)
        await gate("acknowledged")

    def hasty(self: Any, *topics: Any, **settings: Any) -> None:
        made(self, *topics, **settings | {"heartbeat_interval_ms": 100, "metadata_max_age_ms": 1_000})

    queries.next_to_publish, queries.forget_published = reading, forgetting
    aiokafka.AIOKafkaProducer.commit_transaction = committing
    inbox.only_new = claiming  # type: ignore[assignment]
    batch.BatchHandling.process = processing  # type: ignore[method-assign]
    consumer.Consumer._acknowledge = acknowledging  # type: ignore[method-assign]
    aiokafka.AIOKafkaConsumer.__init__ = hasty
    consumer._LOOK, relay._LEAD_AGAIN = 0.1, 0.05
    resting.FIRST, resting.MOST = 0.1, 0.2  # type: ignore[misc]


async def _leads(connection: Any) -> bool:
    return bool(
        await connection.fetchval(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid())"
        )
    )

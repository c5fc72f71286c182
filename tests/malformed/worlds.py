"""Each service that hears, as it is wired, on a database of its own that knows the contract's examples."""

import asyncio
import importlib
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from unittest import mock

import asyncpg

from loti_contracts.delivery.batch import BatchHandling, each
from loti_contracts.delivery.breaker import Breaker
from loti_contracts.delivery.parking import Received
from loti_contracts.delivery.process import Service
from loti_contracts.events import topic_named
from tests.databases import database_of
from tests.servers import Postgres

HEARING: Final = ("salaries", "matching", "notify", "library", "portal", "webhooks")
_EXAMPLES = Path(__file__).parents[2] / "contracts" / "examples"
_KEY = "a key of the tests that is longer than 32 characters"
_NEVER: Final = 10**9


@dataclass(frozen=True, slots=True)
class Message:
    """One example of the contract."""

    topic: str
    key: str
    headers: Mapping[str, str]
    value: Any


@cache
def examples() -> tuple[Message, ...]:
    """One of every type of event."""
    read = (json.loads(path.read_text("utf-8")) for path in sorted(_EXAMPLES.glob("*.json")))
    return tuple(Message(one["topic"], one["key"], one["headers"], one["value"]) for one in read)


@dataclass(frozen=True, slots=True)
class Hearing:
    """A service's handling of batches; its breaker does not open here, so that every input is tried."""

    service: Service
    handling: BatchHandling

    def examples(self) -> list[Message]:
        """Of the types that it handles."""
        types = {event.type for event in self.handling.handles}
        return [one for one in examples() if one.headers["ce_type"] in types]

    async def parked(self, message: Received) -> str | None:
        """Why it was parked; None if it was not."""
        return await self.handling.pool.fetchval(  # type: ignore[no-any-return]
            "SELECT reason FROM dead_letters WHERE id = $1", message.letter_id()
        )


@asynccontextmanager
async def hearing(postgres: Postgres) -> AsyncIterator[list[Hearing]]:
    """All of them, until the block ends."""
    async with AsyncExitStack() as stack:
        yield [await _one(name, postgres, stack) for name in HEARING]


async def _one(name: str, postgres: Postgres, stack: AsyncExitStack) -> Hearing:
    dsn = await database_of(name, postgres)
    settings = {
        "LOTI_DATABASE": dsn,
        "LOTI_LINK_KEYS": _KEY,
        "LOTI_SESSION_KEYS": _KEY,
        "LOTI_WEBHOOK_KEYS": _KEY,
    }
    with mock.patch.dict(os.environ, settings):
        service: Service = importlib.import_module(f"services.{name}.app").service()
    pool = await stack.enter_async_context(
        asyncpg.create_pool(dsn, min_size=0, max_size=2, command_timeout=60)
    )
    handling = BatchHandling(
        service=name,
        pool=pool,
        handle=service.on_batch or each(service.on),
        handles=service.handles or frozenset(service.on),
        breaker=Breaker(service=name, pool=pool, limit=_NEVER),
        hold=2.0,
        bug_attempts=1,
        stopping=asyncio.Event(),
    )
    found = Hearing(service, handling)
    await handling.process([received(one, offset=number) for number, one in enumerate(found.examples())])
    return found


def received(one: Message, *, offset: int) -> Received:
    """As it comes from Kafka."""
    value = None if one.value is None else json.dumps(one.value).encode()
    headers = [(name, text.encode()) for name, text in one.headers.items()]
    topic_named(one.topic)
    return Received(one.topic, 0, offset, 0, one.key.encode(), value, headers)

"""Every service that knows of people, in one process: their real handlers on real databases. What one commits to its outbox
is heard by the others, in order, as the broker would bring it; what was said is kept, as topics keep it."""

import asyncio
import base64
import json
import os
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, Final
from unittest.mock import patch

import asyncpg

from loti_contracts.delivery import inbox
from loti_contracts.delivery.batch import each
from loti_contracts.delivery.process import Service
from loti_contracts.events import Envelope, Event, decode, encode, envelop, topic_named
from tests.databases import database_of
from tests.notify.mail_relay import MailRelay
from tests.servers import Postgres

SERVICES: Final = ("portal", "notify", "matching", "library", "webhooks")
_KEYS: Final = "k" * 40
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")


@dataclass
class Town:
    """The services with their databases. `said`: the newest message of every key of every topic, as bytes."""

    dsns: dict[str, str]
    pools: dict[str, "asyncpg.Pool[Any]"]
    services: dict[str, Service]
    said: dict[tuple[str, bytes], bytes | None] = field(default_factory=dict)

    async def say(self, *events: Event) -> None:
        """Somebody says these, and everybody hears them and what follows."""
        for event in events:
            await self._bring(envelop(event, source="/loti/portal", time=datetime.now(UTC)))
        await self.settle()

    async def settle(self) -> None:
        """Until nothing waits in any outbox, and no mail is due."""
        while True:
            moved = False
            for pool in self.pools.values():
                rows = await pool.fetch("DELETE FROM outbox RETURNING *")
                for row in sorted(rows, key=lambda one: one["position"]):
                    headers = [(name, text.encode()) for name, text in json.loads(row["headers"]).items()]
                    heard = decode(row["key"], row["value"], headers)
                    assert isinstance(heard, Envelope)
                    await self._bring(heard)
                    moved = True
            if moved:
                continue
            query = (
                "SELECT FROM mail WHERE status IN ('due', 'sending') AND due_at < now() + interval '1 hour'"
            )
            if not await self.pools["notify"].fetch(query):
                return
            await asyncio.sleep(0.02)

    async def _bring(self, envelope: Envelope[Any]) -> None:
        key, value, _ = encode(envelope)
        self.said[envelope.event.topic, key] = value
        for name, service in self.services.items():
            handles = service.handles or frozenset(service.on)
            if name not in topic_named(envelope.event.topic).heard_by or type(envelope.event) not in handles:
                continue
            async with self.pools[name].acquire() as tx, tx.transaction():
                if await inbox.only_new(tx, [envelope]):
                    await (service.on_batch or each(service.on))([envelope], tx)

    async def everything(self) -> dict[str, str]:
        """All that is kept, as text, with bytes and base64 as the text that they are: by service and table, and by topic as
        it is after compaction."""
        found = {}
        for name, pool in self.pools.items():
            found |= {f"{name}.{table}": text for table, text in (await table_texts(pool)).items()}
        for (topic, key), value in self.said.items():
            if value is not None:
                found[f"{topic} {key.decode()}"] = readable(value.decode())
        return found


async def table_texts(pool: "asyncpg.Pool[Any]") -> dict[str, str]:
    """Every row of every table as text, by table."""
    names = await pool.fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return {
        name: readable(
            json.dumps(
                [dict(row) for row in await pool.fetch(f'SELECT * FROM "{name}"')],
                default=_plain,
                ensure_ascii=False,
            )
        )
        for name in (row["name"] for row in names)
    }


def where(everything: dict[str, str], *texts: str) -> dict[str, list[str]]:
    """Which of these texts stand where, in whatever case."""
    found: dict[str, list[str]] = {}
    for place, text in everything.items():
        low = text.casefold()
        for one in texts:
            if one.casefold() in low:
                found.setdefault(one, []).append(place)
    return found


def readable(text: str) -> str:
    """The text, and behind it whatever in it is base64 of a text."""
    more = []
    for run in _BASE64.findall(text):
        try:
            more.append(base64.b64decode(run + "=" * (-len(run) % 4)).decode())
        except ValueError:
            continue
    return "\n".join([text, *more])


@asynccontextmanager
async def living(postgres: Postgres) -> AsyncIterator[Town]:
    """A town with empty databases, whose notify sends its mails, until the block ends."""
    relay, stopping = MailRelay(), asyncio.Event()
    await relay.start()
    dsns = {name: await database_of(name, postgres) for name in SERVICES}
    services = {name: _service(name, dsns[name], relay) for name in SERVICES}
    async with AsyncExitStack() as stack:
        stack.push_async_callback(relay.stop)
        pools = {}
        for name in SERVICES:
            pools[name] = await stack.enter_async_context(
                asyncpg.create_pool(dsns[name], min_size=0, max_size=4)
            )
        sending = asyncio.create_task(services["notify"].loops[0](pools["notify"], stopping))
        try:
            yield Town(dsns, pools, services)
        finally:
            stopping.set()
            await sending


def _service(name: str, dsn: str, relay: MailRelay) -> Service:
    settings = {
        "LOTI_DATABASE": dsn,
        "LOTI_LINK_KEYS": _KEYS,
        "LOTI_SESSION_KEYS": _KEYS,
        "LOTI_WEBHOOK_KEYS": _KEYS,
        "LOTI_SMTP_PORT": str(relay.port),
        "LOTI_SEND_POLL": "0.05",
    }
    with patch.dict(os.environ, settings):
        made: Service = import_module(f"services.{name}.app").service()
    return made


def _plain(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)

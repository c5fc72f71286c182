"""A whole running system (`loti up`), with what a town of tests/privacy/town.py can do."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import asyncpg
import httpx2
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from deploy.local.settings import SERVICES
from deploy.statements import say
from loti_contracts.events import TOPICS, ContactErased, Event, Topic, encode, envelop
from tests.path.running import Up
from tests.privacy.town import readable, table_texts


@dataclass
class RunningTown:
    """The system; `pools` are a superuser's."""

    up: Up
    pools: dict[str, "asyncpg.Pool[Any]"]
    kafka: str
    calm: int = 0
    settling: "asyncio.Task[None] | None" = None

    @property
    def services(self) -> dict[str, Any]:
        """Who hears what."""
        return {
            name: SimpleNamespace(hears=[topic for topic in TOPICS if name in topic.heard_by])
            for name in self.pools
        }

    @property
    def portal(self) -> str:
        return f"http://127.0.0.1:{self.up.port('portal-pages-port')}"

    async def say(self, *events: Event) -> None:
        """State these, and wait for what follows."""
        if any(isinstance(one, ContactErased) for one in events):
            async with AIOKafkaProducer(bootstrap_servers=self.kafka, acks="all") as producer:
                for one in events:
                    key, value, headers = encode(
                        envelop(one, source="/loti/operator", time=datetime.now(UTC))
                    )
                    await producer.send_and_wait(one.topic, value, key, headers=headers)
        else:
            await say(self.kafka, events)
        await self.settle()

    async def settle(self) -> None:
        """Until nothing is to be published, handled or mailed, and it stays so for a second. Whoever waits goes on with
        all who wait: one after the other, they would keep each other waiting."""
        self.calm = 0
        if self.settling is None or self.settling.done():
            self.settling = asyncio.create_task(self._settle())
        await asyncio.shield(self.settling)

    async def _settle(self) -> None:
        async with asyncio.timeout(600):
            while self.calm < 4:
                self.calm = self.calm + 1 if await self._is_calm() else 0
                await asyncio.sleep(0.25)

    async def _is_calm(self) -> bool:
        health = await self.up.health()
        query = "SELECT FROM mail WHERE status IN ('due', 'sending') AND due_at < now() + interval '1 minute'"
        return (
            len(health) == len(SERVICES)
            and not any(found["outbox"]["depth"] for found in health.values())
            and not any(found["consumer"]["lag"] for found in health.values() if "consumer" in found)
            and not await self.pools["notify"].fetch(query)
        )

    async def everything(self) -> dict[str, str]:
        """All tables, every message that any topic still has, logs, and health pages, as text."""
        found = {}
        for name, pool in self.pools.items():
            found |= {f"{name}.{table}": text for table, text in (await table_texts(pool)).items()}
        found |= await self._messages()
        for path in [self.up.data.parent / "up.log", *self.up.data.rglob("*.log")]:
            if "cluster" not in path.parts and "log" not in path.parts and path.is_file():
                found[f"the log {path.name} of {path.parent.name}"] = path.read_text(errors="replace")
        health = await self.up.health()
        return found | {f"the health page of {name}": json.dumps(page) for name, page in health.items()}

    async def _messages(self) -> dict[str, str]:
        consumer = AIOKafkaConsumer(bootstrap_servers=self.kafka, auto_offset_reset="earliest")
        places = [
            TopicPartition(topic.name, number) for topic in TOPICS for number in range(topic.partitions)
        ]
        found = {}
        await consumer.start()
        try:
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            while any([await consumer.position(place) < ends[place] for place in places]):
                for place, records in (await consumer.getmany(timeout_ms=200)).items():
                    for one in records:
                        text = (one.value or b"").decode(errors="replace")
                        found[f"{place.topic} {one.partition}@{one.offset}"] = readable(text)
        finally:
            await consumer.stop()
        return found

    async def compact(self, topics: Sequence[Topic]) -> None:
        """Have the broker compact these topics to their ends within moments, however quiet they are."""
        now = {
            "cleanup.policy": "compact", "segment.ms": "1000", "max.compaction.lag.ms": "1000",
            "min.cleanable.dirty.ratio": "0.001", "delete.retention.ms": "86400000",
        }  # fmt: skip
        admin = AIOKafkaAdminClient(bootstrap_servers=self.kafka)
        await admin.start()
        try:
            brokers = (await admin.describe_cluster())["brokers"]
            often = {"log.cleaner.backoff.ms": "200"}
            await admin.alter_configs(
                [
                    ConfigResource(ConfigResourceType.BROKER, str(one["node_id"]), configs=often)
                    for one in brokers
                ]
                + [ConfigResource(ConfigResourceType.TOPIC, topic.name, configs=now) for topic in topics]
            )
        finally:
            await admin.close()
        async with AIOKafkaProducer(bootstrap_servers=self.kafka, acks="all") as producer:
            for turn in range(
                2
            ):  # the first makes the broker begin a segment, the second leaves that one behind
                await asyncio.sleep(1.2)
                for topic in topics:
                    for number in range(topic.partitions):
                        await producer.send_and_wait(
                            topic.name, b"{}", f"end of the proof {turn} {number}".encode(), partition=number
                        )

    async def page(self, client: httpx2.AsyncClient, path: str, **fields: str) -> httpx2.Response:
        """Look at a page of the portal, and send its form if there are fields."""
        shown = await client.get(path)
        if not fields:
            return shown
        token = re.findall(r'name="csrf" value="([^"]+)"', shown.text)[-1]
        return await client.post(path, data=fields | {"csrf": token}, headers={"Origin": self.portal})

    async def mail(self, to: str, link: str) -> str:
        """The newest link with that in it, in a mail to that address."""
        async with asyncio.timeout(60):
            while True:
                for one in reversed(await self.up.mails()):
                    words = [word.strip("<>()") for word in str(one["text"]).split() if link in word]
                    if to in one["to"] and words:
                        return words[0]
                await asyncio.sleep(0.2)


@asynccontextmanager
async def running_town(up: Up) -> AsyncIterator[RunningTown]:
    """The running system, until the block ends."""
    password = json.loads((up.data / "postgres" / "passwords.json").read_text())["postgres"]
    server = f"postgresql://postgres:{password}@127.0.0.1:{up.port('postgres/port')}"
    async with AsyncExitStack() as stack:
        pools = {}
        for name in SERVICES:
            made = asyncpg.create_pool(f"{server}/loti_{name}", min_size=0, max_size=2)
            pools[name] = await stack.enter_async_context(made)
        yield RunningTown(up, pools, f"127.0.0.1:{up.port('kafka/port')}")

"""A service that says and one that hears, on a real PostgreSQL and a real broker, whose processes come and go."""

import asyncio
import contextlib
import secrets
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError
from pydantic import SecretStr

from loti_contracts.delivery import batch as batch_module
from loti_contracts.delivery import consumer as consumer_module
from loti_contracts.delivery import relay as relay_module
from loti_contracts.delivery.breaker import Breaker
from loti_contracts.delivery.errors import Park, TryAgain
from loti_contracts.delivery.migrations import migrate_delivery
from loti_contracts.delivery.settings import ServiceSettings
from loti_contracts.events import Envelope, RequestStated, Topic
from tests.controlled import Kafka, Postgres
from tests.model.gates import WORKER, Worker, gate

PARTITIONS = 2

_SAYS = """
CREATE TABLE things (id text PRIMARY KEY, revision int NOT NULL);
CREATE TABLE clock AS SELECT interval '0' AS shift;
CREATE FUNCTION own_topic() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW.topic := '{topic}';
    NEW.added_at := NEW.added_at + (SELECT shift FROM clock);
    RETURN NEW;
END $$;
CREATE TRIGGER own_topic BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION own_topic();
"""
_HEARS = """
CREATE TABLE effects (place bigserial PRIMARY KEY, event_id text NOT NULL, thing text NOT NULL, revision int NOT NULL)
"""


class World:
    """`said` and `heard` are the two databases. `refusals`: how often handlers say TryAgain; `bugs`: how often they
    fail."""

    def __init__(self, kafka: str, topic: str, said: str, heard: str) -> None:
        self.kafka, self.topic, self.said_dsn, self.heard_dsn = kafka, topic, said, heard
        self.service = f"model-{secrets.token_hex(4)}"
        self.workers: list[Worker] = []
        self.refusals = 0
        self.bugs = 0
        self._made = 0
        self.said: asyncpg.Pool[Any]
        self.heard: asyncpg.Pool[Any]
        self._probe: AIOKafkaConsumer

    @classmethod
    async def make(cls, kafka: str, postgres: str) -> "World":
        """New databases and a new topic."""
        databases = Postgres(None, postgres)
        topic = await Kafka(None, kafka).create_topic(partitions=PARTITIONS)
        world = cls(kafka, topic, await databases.create_database(), await databases.create_database())
        for dsn, tables in ((world.said_dsn, _SAYS.format(topic=topic)), (world.heard_dsn, _HEARS)):
            connection = await asyncpg.connect(dsn)
            await migrate_delivery(connection)
            await connection.execute(tables)
            await connection.close()
        world.said = await asyncpg.create_pool(world.said_dsn, min_size=0, max_size=8)
        world.heard = await asyncpg.create_pool(world.heard_dsn, min_size=0, max_size=4)
        world._probe = AIOKafkaConsumer(bootstrap_servers=kafka)
        await world._probe.start()
        return world

    async def start(self, role: str, member: str) -> Worker:
        """A new process. A consumer takes over from whoever was that member of the group before."""
        self._made += 1
        worker = Worker(role, member, f"{role}-{member}-{self._made}")
        run = self._relaying if role == "relay" else self._consuming
        token = WORKER.set(worker)
        worker.task = asyncio.create_task(run(worker))
        WORKER.reset(token)
        self.workers.append(worker)
        return worker

    async def _relaying(self, worker: Worker) -> None:
        worker.part = relay_module.Relay(
            service=self.service, dsn=_named(self.said_dsn, worker), kafka=self.kafka, most=3, poll=0.1
        )
        await worker.part.run(worker.stopping)

    async def _consuming(self, worker: Worker) -> None:
        settings = ServiceSettings(
            kafka=self.kafka,
            database=SecretStr(self.heard_dsn),
            member=worker.member,
            batch_size=4,
            hold=0.05,
            stuck_after=5.0,
            drain=5.0,
        )
        async with asyncpg.create_pool(_named(self.heard_dsn, worker), min_size=0, max_size=3) as pool:
            handling = batch_module.BatchHandling(
                service=self.service,
                pool=pool,
                handle=batch_module.each({RequestStated: self._effect}),
                handles=frozenset({RequestStated}),
                breaker=Breaker(service=self.service, pool=pool, limit=1_000),
                hold=settings.hold,
                bug_attempts=3,
                stopping=worker.stopping,
            )
            worker.part = consumer_module.Consumer(
                service=self.service,
                settings=settings,
                topics=[Topic(self.topic, "id", "model", "the model's own", partitions=PARTITIONS)],
                handling=handling,
            )
            await worker.part.run(worker.stopping)

    async def _effect(self, envelope: Envelope[Any], tx: Any) -> None:
        if envelope.event.request.note == "poison":
            raise Park("the model's poison")
        await tx.execute(
            "INSERT INTO effects (event_id, thing, revision) VALUES ($1, $2, $3)",
            envelope.id,
            envelope.subject,
            envelope.event.request.revision,
        )
        await gate("handled")
        if self.refusals:
            self.refusals -= 1
            raise TryAgain("the model refuses")
        if self.bugs:
            self.bugs -= 1
            raise KeyError("the model's bug")

    async def cut(self, worker: Worker) -> None:
        """End its sessions in the databases, as they end some time after its machine is gone."""
        for pool in (self.said, self.heard):
            await pool.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1",
                worker.name,
            )

    async def leave(self, worker: Worker) -> None:
        """Stop it in good order."""
        worker.stopping.set()
        self.workers.remove(worker)
        if worker.task is not None:
            await asyncio.wait([worker.task], timeout=10)

    async def ends(self) -> dict[TopicPartition, int]:
        """Where the topic ends."""
        places = [TopicPartition(self.topic, n) for n in range(PARTITIONS)]
        return dict(await self._probe.end_offsets(places))

    async def on_topic(self, begin: dict[TopicPartition, int]) -> list[tuple[str, str]]:
        """Key and event id of every committed message since `begin`, in order for each key."""
        found: list[tuple[str, str]] = []
        consumer = AIOKafkaConsumer(bootstrap_servers=self.kafka, isolation_level="read_committed")
        await consumer.start()
        try:
            ends = dict(await consumer.end_offsets(list(begin)))
            consumer.assign(list(begin))
            for place, offset in begin.items():
                consumer.seek(place, offset)
            while any([await consumer.position(place) < end for place, end in ends.items()]):
                for records in (await consumer.getmany(timeout_ms=100)).values():
                    found += [(r.key.decode(), dict(r.headers)["ce_id"].decode()) for r in records]
        finally:
            await consumer.stop()
        return found

    async def idle(self) -> bool:
        """Whether nothing is left to do: the outbox is empty and all that was published was read and handled."""
        if await self.said.fetchval("SELECT EXISTS (SELECT FROM outbox)"):
            return False
        ends, at = await self.ends(), dict[TopicPartition, int]()
        for worker in self.workers:
            if worker.role != "consumer" or worker.at is not None:
                continue
            consumer = worker.part and worker.part._subscriber.consumer
            if consumer is None or worker.part._hand is not None or worker.part._rests.now():
                return False
            with contextlib.suppress(KafkaError):  # another took its place in the group while it was paused
                for place in consumer.assignment():
                    at[place] = max(at.get(place, 0), await asyncio.wait_for(consumer.position(place), 2))
        return all(at.get(place, 0) >= end for place, end in ends.items())


def _named(dsn: str, worker: Worker) -> str:
    return f"{dsn}{'&' if '?' in dsn else '?'}application_name={worker.name}"

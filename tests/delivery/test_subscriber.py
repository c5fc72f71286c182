"""Another system that hears events: nothing missed, nothing twice, whatever is killed."""

import asyncio
import os
import secrets
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from aiokafka import AIOKafkaProducer
from pydantic import SecretStr

from deploy.local.children import spawn
from loti_contracts.delivery.batch import BatchHandling, each
from loti_contracts.delivery.breaker import Breaker
from loti_contracts.delivery.broker import AccessIncomplete, Broker
from loti_contracts.delivery.errors import Park
from loti_contracts.delivery.migrations import migrate_delivery
from loti_contracts.delivery.plain import received
from loti_contracts.delivery.settings import ServiceSettings
from loti_contracts.delivery.subscriber import Subscriber
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import TOPICS, RequestStated, Role, RoleChanged, RoleDiscovered, encode, envelop
from tests.delivery.counting import request, until
from tests.delivery.killed_subscriber import Counted, killed_subscriber
from tests.servers import Kafka, Postgres

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.timeout(600)]
EXAMPLE = Path(__file__).parents[2] / "contracts" / "subscribers" / "open_roles.py"


@pytest.mark.parametrize("way", ["faststream", "plain"])
async def test_killed_again_and_again(way: str, kafka: Kafka, postgres: Postgres, tmp_path: Path) -> None:
    """kill -9 while events flow: each has its effect once, with FastStream and with plain aiokafka.
    (`python -m tests.delivery.killed_subscriber --kills 50` does it fifty times.)"""
    came = await killed_subscriber(
        kafka=kafka, postgres=postgres, way=way, kills=2, seed=7, folder=tmp_path, each=30
    )
    assert came == Counted(way, 2, came.in_hand, 90, missed=0, repeated=0)


async def test_the_example_keeps_the_open_roles(kafka: Kafka, postgres: Postgres, tmp_path: Path) -> None:
    """The example, run as a reader would run it: its table holds each role as it was said last."""
    await ensure_topics(kafka.bootstrap, TOPICS, replication=kafka.replication)
    dsn, mark = await postgres.create_database(), secrets.token_hex(4)
    first = [role(f"{mark}-{n}", 1, f"Data engineer {n}") for n in range(5)]
    await _say(kafka, [RoleDiscovered(role=one) for one in first])
    child = await spawn(
        "example",
        [sys.executable, str(EXAMPLE)],
        env=dict(os.environ) | {"LOTI_KAFKA": kafka.bootstrap, "LOTI_DATABASE": dsn},
        log=tmp_path / "log",
        cwd=tmp_path,
    )
    try:
        await until(lambda: _titles(dsn, mark, 5))
        await _say(kafka, [RoleChanged(role=role(f"{mark}-2", 2, "Data architect"), changed=("title",))])

        async def changed() -> bool:
            return "Data architect" in await _titles(dsn, mark, 5)

        await until(changed)
        assert await child.stop(grace_seconds=30) == 0, child.last_lines()
    finally:
        child.kill()


def role(id_: str, revision: int, title: str) -> Role:
    """An open role."""
    return Role(
        id=id_, revision=revision, status="open", source="test", title=title, authorities=(), links=(),
        relevance="yes", confidence=1, why="a test", found_at=datetime.now(UTC),
    )  # fmt: skip


async def _say(kafka: Kafka, events: list[Any]) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, acks="all")
    await producer.start()
    try:
        for event in events:
            key, value, headers = encode(envelop(event, source="/test", time=datetime.now(UTC)))
            await producer.send_and_wait(event.topic, key=key, value=value, headers=headers)
    finally:
        await producer.stop()


async def _titles(dsn: str, mark: str, count: int) -> list[str]:
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch("SELECT title FROM role WHERE id LIKE $1", f"{mark}-%")
    except asyncpg.UndefinedTableError:
        return []
    finally:
        await connection.close()
    return [row["title"] for row in rows] if len(rows) == count else []


async def test_what_it_cannot_handle_it_keeps_to_itself(postgres: Postgres) -> None:
    """A dead letter of a subscriber is in its own table; nothing waits to be published, since it may not publish."""
    dsn = await postgres.create_database()

    async def refuse(*_: Any) -> None:
        raise Park("never")

    key, value, headers = encode(request(1))
    async with asyncpg.create_pool(dsn, min_size=0, max_size=2) as pool:
        async with pool.acquire() as connection:
            await migrate_delivery(connection)
        handling = BatchHandling(
            service="outside",
            pool=pool,
            handle=each({RequestStated: refuse}),
            handles=frozenset({RequestStated}),
            breaker=Breaker(service="outside", pool=pool, limit=20),
            hold=1.0,
            bug_attempts=1,
            stopping=asyncio.Event(),
            says=False,
        )
        record = type("Record", (), {"topic": "t", "partition": 0, "offset": 3, "timestamp": 4, "key": key,
                                     "value": value, "headers": headers})  # fmt: skip
        await handling.process([received(record)])  # type: ignore[arg-type]  # the shape is what matters
        assert await pool.fetchval("SELECT reason FROM dead_letters") == "never"
        assert await pool.fetchval("SELECT count(*) FROM outbox") == 0


def test_a_subscriber_is_what_it_was_told() -> None:
    """It hears the topics of its events, each once; a second handler for an event is a mistake; it does not speak."""
    app = Subscriber("x")

    @app.on(RoleDiscovered, RoleChanged, RequestStated)
    async def hear(*_: Any) -> None: ...

    assert [topic.name for topic in app.hears] == ["loti.roles.v1", "loti.requests.v1"]
    assert not app.service().speaks
    with pytest.raises(ValueError, match="has a handler already"):
        app.on(RoleChanged)(hear)


def test_how_one_is_let_in(tmp_path: Path) -> None:
    """SASL without a name or password, and a file of certificates that is none, are said before anything connects."""
    assert Broker.of(ServiceSettings(kafka="a:1")).client()["security_protocol"] == "PLAINTEXT"
    with pytest.raises(AccessIncomplete, match="LOTI_KAFKA_USER"):
        Broker.of(ServiceSettings(kafka_security="sasl_ssl", kafka_user="me"))
    with pytest.raises(AccessIncomplete, match="LOTI_KAFKA_CA"):
        Broker.of(ServiceSettings(kafka_ca=tmp_path / "none.pem"))
    told = Broker.of(
        ServiceSettings(kafka_security="sasl_ssl", kafka_user="me", kafka_password=SecretStr("secret"))
    )
    assert told.client()["sasl_mechanism"] == "SCRAM-SHA-512"
    assert told.client()["ssl_context"] is not None
    assert told.faststream() is not None

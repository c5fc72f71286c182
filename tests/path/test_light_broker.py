"""What the light broker is not: each difference from Apache Kafka that docs/light-broker.md names."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from deploy.local.light_broker import start_light_broker
from tests.controlled import Kafka
from tests.servers import reachable_folder

pytestmark = pytest.mark.xdist_group("servers")
ROOT = Path(__file__).parents[2]

READER = """
import asyncio, sys
from aiokafka import AIOKafkaConsumer
async def read():
    member = sys.argv[4] if len(sys.argv) > 4 else None
    async with AIOKafkaConsumer(sys.argv[2], bootstrap_servers=sys.argv[1], group_id=sys.argv[3], group_instance_id=member,
                                auto_offset_reset="earliest", session_timeout_ms=6000) as consumer:
        async for message in consumer:
            print(message.offset, flush=True)
asyncio.run(read())
"""


@pytest.fixture
async def light() -> AsyncIterator[Kafka]:
    with reachable_folder() as folder:
        server = await start_light_broker(folder / "light", say=lambda _: None)
        try:
            yield Kafka(server, server.address)
        finally:
            await server.kill()


async def say(kafka: Kafka, topic: str, count: int, *, size: int = 10) -> None:
    """So many messages, each acknowledged."""
    async with AIOKafkaProducer(
        bootstrap_servers=kafka.bootstrap, acks="all", enable_idempotence=True
    ) as producer:
        await asyncio.gather(*[await producer.send(topic, b"x" * size) for _ in range(count)])


async def there(kafka: Kafka, topic: str) -> int:
    """How many messages the topic holds."""
    place = TopicPartition(topic, 0)
    async with AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap) as consumer:
        return int((await consumer.end_offsets([place]))[place])


async def test_killed_it_loses_what_it_had_acknowledged(light: Kafka) -> None:
    """Of what it took within its last second; Kafka loses nothing that it acknowledged (test_embedded_servers.py)."""
    topic = await light.create_topic()
    await asyncio.sleep(1.5)  # the topic itself is written down; what comes now is not
    for _ in range(5):
        before = await there(light, topic)
        await say(light, topic, 50)
        assert await there(light, topic) == before + 50
        await light.kill()
        await light.start()
        if await there(light, topic) < before + 50:
            return
    pytest.fail(
        "it lost nothing in five kills: it may have become better, and docs/light-broker.md should say so"
    )


@pytest.mark.parametrize("member", [None, "reader-1"])
async def test_a_killed_reader_keeps_its_partitions_unless_it_has_a_name(
    light: Kafka, member: str | None
) -> None:
    """Long after its session is over nobody else is given them; one that comes back under the same name gets them at once.
    That is why `loti up` gives every service a LOTI_MEMBER here."""
    topic, group = await light.create_topic(), "readers"
    await say(light, topic, 3)

    async def reader() -> asyncio.subprocess.Process:
        told = [light.bootstrap, topic, group, *([member] if member else [])]
        return await asyncio.create_subprocess_exec(
            sys.executable, "-c", READER, *told, stdout=asyncio.subprocess.PIPE, cwd=ROOT
        )

    async def reads(process: asyncio.subprocess.Process, seconds: float) -> bool:
        assert process.stdout is not None
        try:
            return bool(await asyncio.wait_for(process.stdout.readline(), seconds))
        except TimeoutError:
            return False

    first = await reader()
    assert await reads(first, 20)
    os.kill(first.pid, signal.SIGKILL)
    await first.wait()
    second = await reader()
    try:
        assert await reads(second, 8) == (member is not None)
    finally:
        second.kill()
        await second.communicate()


async def test_a_fetch_brings_more_than_was_asked_for(light: Kafka) -> None:
    """`max_partition_fetch_bytes` is passed over, so that a reader's memory is not bounded by it."""
    topic = await light.create_topic()
    for _ in range(10):
        await say(light, topic, 20, size=1_000)
    consumer = AIOKafkaConsumer(
        bootstrap_servers=light.bootstrap, auto_offset_reset="earliest", max_partition_fetch_bytes=2_000, fetch_max_bytes=2_000
    )  # fmt: skip
    async with consumer:
        consumer.assign([TopicPartition(topic, 0)])
        [records] = (await consumer.getmany(timeout_ms=10_000)).values()
    assert sum(len(record.value) for record in records) > 100_000


async def test_it_lets_anybody_in_and_knows_no_rights(light: Kafka) -> None:
    """No credentials, no access control list: who is asked to be let in is told that it cannot be."""
    ask = "import sys; from deploy.access.administration import Administration as A; from loti_contracts.delivery.broker import "
    ask += "Broker as B; A(B(sys.argv[1])).users()"
    asking = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ask, light.bootstrap, stderr=asyncio.subprocess.PIPE, cwd=ROOT
    )
    _, said = await asking.communicate()
    assert asking.returncode == 1
    assert b"BrokerRefused" in said


def test_the_page_names_every_one_of_these_tests() -> None:
    """docs/light-broker.md: a difference without its test, or a test without its difference, is a slip."""
    page = (ROOT / "docs" / "light-broker.md").read_text(encoding="utf-8")
    mine = {name for name in globals() if name.startswith("test_")} - {
        "test_the_page_names_every_one_of_these_tests"
    }
    assert set(re.findall(r"`(test_\w+)`", page)) == mine

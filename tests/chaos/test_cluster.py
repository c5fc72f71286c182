"""A cluster of three Kafka nodes goes on without any one of them."""

import asyncio
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.local.kafka_cluster import bootstrap, start_cluster
from deploy.local.kafka_properties import Door
from deploy.local.server import free_port
from tests.chaos.proxy import Way

pytestmark = pytest.mark.xdist_group("servers")


async def _say(kafka: str, words: range) -> None:
    async with AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True) as producer:
        for word in words:
            await producer.send_and_wait("words", str(word).encode())


async def test_what_is_acknowledged_survives_a_node_and_clients_stay_behind_their_ways(
    tmp_path: Path,
) -> None:
    """One of three is killed: what was said is there, and more can be said. Who comes in through a way is sent on
    through ways: the cut of them all stops it, whatever it knows by then."""
    ways = {number: Way(f"a client~node {number}", f"127.0.0.1:{free_port()}") for number in (1, 2, 3)}
    for way in ways.values():
        await way.open()

    def doors(number: int) -> list[Door]:
        return [Door("CLIENT", int(ways[number].target.rpartition(":")[2]), ways[number].address)]

    nodes = await start_cluster(tmp_path / "kafka", say=print, doors=doors)
    try:
        everywhere = bootstrap(nodes)
        behind = ",".join(way.address for way in ways.values())
        admin = AIOKafkaAdminClient(bootstrap_servers=everywhere)
        await admin.start()
        await admin.create_topics([NewTopic("words", num_partitions=1, replication_factor=3)])
        await admin.close()
        await _say(behind, range(5))
        await nodes[0].kill()
        await _say(behind, range(5, 10))
        consumer = AIOKafkaConsumer("words", bootstrap_servers=everywhere, auto_offset_reset="earliest")
        async with consumer:
            heard = [int((await consumer.getone()).value) for _ in range(10)]
        assert heard == list(range(10))
        async with AIOKafkaProducer(bootstrap_servers=behind, acks="all") as producer:
            await producer.send_and_wait("words", b"10")
            for way in ways.values():
                way.cut("there")
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(producer.send_and_wait("words", b"11"), timeout=0.5)
            for way in ways.values():
                way.heal()
    finally:
        for node in nodes:
            await node.kill()
        for way in ways.values():
            await way.close()


async def test_a_folder_keeps_its_number_of_nodes(tmp_path: Path) -> None:
    """A cluster of three that was started as two would have lost what only the third holds."""
    (tmp_path / "cluster-id").write_text("AAAAAAAAAAAAAAAAAAAAAA 3\n")
    with pytest.raises(ValueError, match="a cluster of 3 nodes, not of 2"):
        await start_cluster(tmp_path, nodes=2, say=print)

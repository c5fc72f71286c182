"""The broker: whether it answers, holds the topics of the contract as the contract says, and lets each service read what it
hears."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError

from deploy.doctor.findings import Finding
from deploy.doctor.installed import Installed
from loti_contracts.delivery.broker import AccessIncomplete, Broker
from loti_contracts.events import TOPICS, Topic

_MEND_SETTING = "start a service that may change topics, or set it with kafka-configs.sh --alter --add-config"


@dataclass(frozen=True, slots=True)
class There:
    """One topic as the broker has it: copies of each partition, how many of them are up to date, and its settings."""

    copies: Sequence[int]
    up_to_date: Sequence[int]
    settings: Mapping[str, str]


async def check(services: Sequence[Installed]) -> list[Finding]:
    """As the first of these services is let in; then what each may read."""
    first = services[0]
    try:
        broker = Broker.of(first.settings)
        nodes, there = await asyncio.wait_for(_look(broker), timeout=30)
    except AccessIncomplete as error:
        return [Finding("wrong", first.name, "broker", str(error), "set what is missing")]
    except (KafkaError, OSError, TimeoutError, ValueError) as error:
        why = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        return [
            Finding(
                "wrong",
                "broker",
                "reach",
                f"{first.settings.kafka} does not let {first.name} in ({why})",
                "look at LOTI_KAFKA, the name and password, and whether Kafka runs and is reached from here",
            )
        ]
    found = [Finding("good", "broker", "reach", f"answers; {nodes} node{'' if nodes == 1 else 's'}")]
    found += of_topics(there, nodes=nodes, replication=first.settings.replication)
    for one in services:
        found += await _may_read(one)
    return found


def of_topics(there: Mapping[str, There], *, nodes: int, replication: int) -> Iterator[Finding]:
    """What differs from the contract. Pure."""
    missing = [topic.name for topic in TOPICS if topic.name not in there]
    if missing:
        yield Finding(
            "warning",
            "broker",
            "topics",
            f"{len(missing)} of {len(TOPICS)} are not there, or may not be seen: {', '.join(missing)}",
            "start the services: each makes what is missing (and what was on it, `loti republish` says again)",
        )
    differing = False
    for topic in TOPICS:
        for found in of_topic(topic, there.get(topic.name), nodes=nodes, replication=replication):
            differing = True
            yield found
    if not missing and not differing:
        yield Finding("good", "broker", "topics", f"all {len(TOPICS)} are as the contract says")


def of_topic(topic: Topic, there: There | None, *, nodes: int, replication: int) -> Iterator[Finding]:
    """What differs of one; nothing of one that is not there."""
    if there is None:
        return
    name = topic.name
    if len(there.copies) != topic.partitions:
        yield Finding(
            "wrong",
            "broker",
            name,
            f"has {len(there.copies)} partitions, the contract says {topic.partitions}: what is said of one thing is in order within one partition alone",
            "make it anew with the right number, then `loti republish`",
        )
    for key, wanted in topic.settings().items():
        if there.settings and there.settings.get(key) != wanted:
            yield Finding(
                "warning",
                "broker",
                name,
                f"{key} is {there.settings.get(key)}, the contract says {wanted}",
                _MEND_SETTING,
            )
    copies = min(there.copies, default=0)
    if any(now < all_ for now, all_ in zip(there.up_to_date, there.copies, strict=True)):
        yield Finding(
            "warning",
            "broker",
            name,
            "some copies are not up to date",
            "see which node is down or slow; Kafka catches up by itself",
        )
    if nodes >= 3 and copies < min(3, replication):
        yield Finding(
            "warning",
            "broker",
            name,
            f"is kept {copies} times on a cluster of {nodes}",
            "give it three copies with kafka-reassign-partitions.sh, and set LOTI_REPLICATION=3",
        )
    least = int(there.settings.get("min.insync.replicas", 1))
    if copies >= 3 and least < 2:
        yield Finding(
            "warning",
            "broker",
            name,
            f"what is said counts as kept with {least} copy",
            "set min.insync.replicas=2",
        )
    elif copies > 1 and least >= copies:
        yield Finding(
            "warning",
            "broker",
            name,
            f"nothing can be said while one node is down: {copies} copies, min.insync.replicas={least}",
            f"set min.insync.replicas={copies - 1}",
        )


async def _look(broker: Broker) -> tuple[int, Mapping[str, There]]:
    admin = AIOKafkaAdminClient(**broker.client(), client_id="loti-doctor")
    try:
        await admin.start()
        nodes = len((await admin.describe_cluster())["brokers"])
        listed = set(await admin.list_topics())
        names = sorted(topic.name for topic in TOPICS if topic.name in listed)
        described = await admin.describe_topics(names) if names else []
        settings = await _settings(admin, names)
    finally:
        await admin.close()
    return nodes, {
        one["topic"]: There(
            copies=[len(place["replicas"]) for place in one["partitions"]],
            up_to_date=[len(place["isr"]) for place in one["partitions"]],
            settings=settings.get(one["topic"], {}),
        )
        for one in described
    }


async def _settings(admin: AIOKafkaAdminClient, names: Sequence[str]) -> dict[str, dict[str, str]]:
    """Of each topic whose settings one may see."""
    if not names:
        return {}
    answers: Any = await admin.describe_configs(
        [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    )
    return {
        name: {entry[0]: entry[1] for entry in entries}
        for answer in answers
        for code, _, _, name, entries in answer.resources
        if not code
    }


async def _may_read(one: Installed) -> list[Finding]:
    """Ask for a message of every topic that it hears. Whether it may write is not tried: nothing is said, nothing taken over."""
    heard = [topic for topic in TOPICS if one.name in topic.heard_by]
    if not heard:
        return []
    refused: list[str] = []
    try:
        async with asyncio.timeout(30):
            consumer = AIOKafkaConsumer(**Broker.of(one.settings).client(), enable_auto_commit=False)
            try:
                await consumer.start()
                refused = [topic.name for topic in heard if not await _readable(consumer, topic)]
            finally:
                await consumer.stop()
    except (KafkaError, OSError, TimeoutError) as error:
        return [Finding("unknown", one.name, "rights", f"could not be tried: {type(error).__name__}")]
    if refused:
        return [
            Finding(
                "wrong",
                one.name,
                "rights",
                f"may not read {', '.join(refused)}",
                f"grant it: deploy/access says what {one.name} may",
            )
        ]
    return [Finding("good", one.name, "rights", f"may read all {len(heard)} topics that it hears")]


async def _readable(consumer: AIOKafkaConsumer, topic: Topic) -> bool:
    place = TopicPartition(topic.name, 0)
    try:
        if topic.name not in await consumer.topics():
            return True  # that it is not there was told already
        consumer.assign([place])
        await consumer.seek_to_beginning(place)
        await consumer.getmany(place, timeout_ms=300, max_records=1)
    except TopicAuthorizationFailedError:
        return False
    return True

"""The whole matrix, asked of a real broker as each service: what it may do with every topic, group and with the cluster itself."""

import asyncio
import secrets
from collections.abc import Iterator, Mapping, Sequence

import pytest
from aiokafka.errors import TopicAuthorizationFailedError as NotAllowed
from kafka.admin import (
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    KafkaAdminClient,
    ResourcePatternFilter,
    ResourceType,
)
from kafka.errors import ClusterAuthorizationFailedError, KafkaError, TopicAuthorizationFailedError

from deploy.access.administration import Administration
from deploy.access.grants import of_service, of_subscriber, services
from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import TOPICS, Topic
from loti_contracts.events.topics import ROLES
from tests.access.conftest import Guarded

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.timeout(300)]

EVERYTHING = ACLFilter(
    None, None, ACLOperation.ANY, ACLPermissionType.ANY,
    ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY),
)  # fmt: skip
CREATES = {"CREATE", "DESCRIBE"}
"""Whoever comes first makes the topics; to describe is to find them."""


@pytest.fixture(scope="module")
def known(guarded: Guarded) -> Iterator[Mapping[str, Broker]]:
    """Each service, and how it is let in."""
    with Administration(guarded.broker()) as administration:
        found = {
            name: guarded.broker(name, administration.let_in(name, of_service(name))) for name in services()
        }
        yield found
        for name in found:
            administration.shut_out(name)


def test_a_service_may_do_what_the_table_says_and_nothing_else(known: Mapping[str, Broker]) -> None:
    """On every topic: READ where it is named as hearing it, WRITE where it owns it, and never to delete, alter, or change a
    setting."""
    for name, broker in known.items():
        for topic, may in _rights(broker, [topic.name for topic in TOPICS]).items():
            assert may == CREATES | _told(topic, name), f"{name} may {sorted(may)} on {topic}"


def test_a_service_cannot_undo_or_take_over(known: Mapping[str, Broker]) -> None:
    """It deletes no topic and no group of another, does not see who may what, and may nothing on the cluster."""
    for name, broker in known.items():
        admin = KafkaAdminClient(**broker.client(), request_timeout_ms=15_000)
        try:
            cluster = admin.describe_cluster()
            assert not set(map(_word, cluster.get("authorized_operations") or ())) - {"DESCRIBE"}, name
            with pytest.raises(TopicAuthorizationFailedError):
                admin.delete_topics([ROLES.name])
            with pytest.raises(ClusterAuthorizationFailedError):
                admin.describe_acls(EVERYTHING)
            with pytest.raises(KafkaError):
                _refused(admin.delete_groups(["loti.ingest" if name != "ingest" else "loti.notify"]))
        finally:
            admin.close()


async def test_a_service_makes_no_topic_of_its_own_invention(known: Mapping[str, Broker]) -> None:
    """Those of the contract alone: nothing can be smuggled out on a topic that nobody knows."""
    for name, broker in known.items():
        strange = Topic(f"loti.{name}.{secrets.token_hex(3)}.v1", "id", name, "smuggled")
        with pytest.raises(NotAllowed):
            await ensure_topics(broker, [strange], replication=1)


async def test_a_subscriber_sees_its_topics_alone(guarded: Guarded, administration: Administration) -> None:
    """Of the others it does not even learn that they are there."""
    name = f"dashboard-{secrets.token_hex(4)}"
    password = await asyncio.to_thread(administration.let_in, name, of_subscriber(name, [ROLES]))
    broker = guarded.broker(name, password)
    assert await asyncio.to_thread(_rights, broker, None) == {ROLES.name: {"READ", "DESCRIBE"}}
    await asyncio.to_thread(administration.shut_out, name)


def _told(topic: str, name: str) -> set[str]:
    [known] = [one for one in TOPICS if one.name == topic]
    reads = name in known.heard_by or "every service" in known.heard_by
    writes = known.owner in (name, "every service")
    return ({"READ"} if reads else set()) | ({"WRITE"} if writes else set())


def _rights(broker: Broker, topics: Sequence[str] | None) -> dict[str, set[str]]:
    """What the broker says that whoever asks may do, by topic."""
    admin = KafkaAdminClient(**broker.client(), request_timeout_ms=15_000)
    try:
        found = admin.describe_topics(topics)
    finally:
        admin.close()
    return {one["name"]: set(map(_word, one["authorized_operations"])) for one in found}


def _word(operation: object) -> str:
    return str(getattr(operation, "name", operation)).upper()


def _refused(answer: object) -> None:
    """kafka-python gives some refusals in what it returns."""
    if "authorization" in str(answer).lower():
        raise KafkaError(str(answer))

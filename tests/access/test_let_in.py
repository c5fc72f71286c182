"""On a real broker that lets in only whom it knows, to what they may."""

import asyncio
import secrets
from pathlib import Path

import pytest
import trustme
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    KafkaConnectionError,
    KafkaError,
    SaslAuthenticationFailed,
    TopicAuthorizationFailedError,
)

from deploy.access.administration import Administration, BrokerRefused
from deploy.access.grants import Grant, of_service, of_subscriber, topics_named
from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.plain import consumer_settings
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import TOPICS, Topic
from loti_contracts.events.topics import CONTACTS, DEMAND, ROLES
from tests.access.conftest import Guarded

pytestmark = [pytest.mark.xdist_group("servers"), pytest.mark.timeout(300)]


async def write(broker: Broker, topic: Topic, text: str) -> None:
    """One message. Raises KafkaError."""
    producer = AIOKafkaProducer(**broker.client(), acks="all", request_timeout_ms=8_000)
    try:
        await producer.start()
        await asyncio.wait_for(producer.send_and_wait(topic.name, text.encode(), key=b"k"), timeout=10)
    finally:
        await producer.stop()


async def read(broker: Broker, topic: Topic, group: str, *, wanted: str) -> bool:
    """Whether that text can be read. Raises KafkaError."""
    consumer = AIOKafkaConsumer(
        topic.name, **broker.client(), **consumer_settings(group), request_timeout_ms=8_000
    )
    try:
        await consumer.start()
        async with asyncio.timeout(20):
            async for record in consumer:
                if record.value == wanted.encode():
                    await consumer.commit()
                    return True
    finally:
        await consumer.stop()
    return False


@pytest.fixture
def name() -> str:
    """Of a subscriber of the test's own."""
    return f"dashboard-{secrets.token_hex(4)}"


async def test_a_subscriber_reads_its_topics_and_nothing_else(
    guarded: Guarded, administration: Administration, name: str
) -> None:
    """It reads what it was given, in its own group; not contacts, not another topic, not in another's group; it writes
    nowhere and makes nothing; taken away, it is out."""
    said = secrets.token_hex(8)
    for topic in (ROLES, DEMAND, CONTACTS):
        await write(guarded.broker(), topic, said)
    password = administration.let_in(name, of_subscriber(name, [ROLES]))
    me = guarded.broker(name, password)
    assert administration.topics_of(name) == [ROLES.name]
    assert await read(me, ROLES, f"loti.{name}", wanted=said)
    assert await read(me, ROLES, f"loti.{name}.second", wanted=said)
    for topic in (CONTACTS, DEMAND):
        with pytest.raises(TopicAuthorizationFailedError):
            await read(me, topic, f"loti.{name}", wanted=said)
    with pytest.raises(GroupAuthorizationFailedError):
        await read(me, ROLES, "loti.notify", wanted=said)
    with pytest.raises(TopicAuthorizationFailedError):
        await write(me, ROLES, "not mine to say")
    with pytest.raises(KafkaError):
        await ensure_topics(me, [Topic(f"loti.{name}.v1", "id", "me", "mine")], replication=1)
    assert administration.shut_out(name)
    assert not administration.shut_out(name)
    with pytest.raises((SaslAuthenticationFailed, KafkaConnectionError)):
        await read(me, ROLES, f"loti.{name}", wanted=said)


async def test_a_new_password_ends_the_old(
    guarded: Guarded, administration: Administration, name: str
) -> None:
    """After a rotation the new one opens, and the old one does not."""
    said = secrets.token_hex(8)
    await write(guarded.broker(), ROLES, said)
    old = administration.let_in(name, of_subscriber(name, [ROLES]))
    new = administration.rotate(name)
    assert await read(guarded.broker(name, new), ROLES, f"loti.{name}", wanted=said)
    with pytest.raises((SaslAuthenticationFailed, KafkaConnectionError)):
        await read(guarded.broker(name, old), ROLES, f"loti.{name}", wanted=said)
    administration.shut_out(name)
    with pytest.raises(BrokerRefused, match="nobody is called"):
        administration.rotate(name)


async def test_nothing_is_half_done(administration: Administration, name: str) -> None:
    """Where a grant is refused, the credential that was made for it goes again."""
    impossible = Grant("topic", "", "read")
    with pytest.raises((BrokerRefused, ValueError)):
        administration.let_in(name, [*of_subscriber(name, [ROLES]), impossible])
    assert name not in administration.users()
    assert administration.topics_of(name) == []


async def test_services_have_what_the_table_of_topics_says(
    guarded: Guarded, administration: Administration
) -> None:
    """ingest writes roles and reads no contacts; notify reads contacts and writes no roles."""
    said = secrets.token_hex(8)
    await write(guarded.broker(), CONTACTS, said)
    ingest, notify = (
        guarded.broker(service, administration.let_in(service, of_service(service)))
        for service in ("ingest", "notify")
    )
    await write(ingest, ROLES, said)
    assert await read(notify, ROLES, "loti.notify", wanted=said)
    assert await read(notify, CONTACTS, "loti.notify", wanted=said)
    await ensure_topics(notify, TOPICS, replication=1)
    with pytest.raises(TopicAuthorizationFailedError):
        await write(notify, ROLES, said)
    with pytest.raises(TopicAuthorizationFailedError):
        await read(ingest, CONTACTS, "loti.ingest", wanted=said)
    for service in ("ingest", "notify"):
        administration.shut_out(service)


@pytest.mark.parametrize("wrong", ["password", "authority", "protocol"])
async def test_who_is_not_let_in_learns_it(guarded: Guarded, tmp_path: Path, wrong: str) -> None:
    """A wrong password, a certificate of an unknown authority, and a client without TLS fail soon, and do not hang."""
    stranger = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(stranger)
    brokers: dict[str, Broker] = {
        "password": guarded.broker("admin", "wrong"),
        "authority": guarded.broker(ca=stranger),
        "protocol": Broker(guarded.address),
    }
    with pytest.raises((KafkaError, TimeoutError)):
        await asyncio.wait_for(write(brokers[wrong], ROLES, "x"), timeout=30)


def test_the_administrator_must_be_one(guarded: Guarded, administration: Administration, name: str) -> None:
    """Somebody with a credential and no right to give others any is refused, in words."""
    password = administration.let_in(name, of_subscriber(name, topics_named(["roles"])))
    with Administration(guarded.broker(name, password)) as me, pytest.raises(BrokerRefused, match="did not"):
        me.let_in("another", of_subscriber("another", [ROLES]))
    administration.shut_out(name)

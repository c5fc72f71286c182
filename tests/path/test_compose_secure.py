"""The secure form of docker-compose.yml, run for real. As tests/path/test_compose.py: with LOTI_TEST_COMPOSE=1."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import GroupAuthorizationFailedError, KafkaError, TopicAuthorizationFailedError

from deploy.local.settings import SERVICES
from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.plain import consumer_settings
from loti_contracts.events.topics import CONTACTS, ROLES
from tests.path.composing import Stack, missing, settled, started, told, until

_WHY_NOT = missing()
pytestmark = [
    pytest.mark.skipif(_WHY_NOT is not None, reason=str(_WHY_NOT)),
    pytest.mark.timeout(1800),
]


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """The whole system in its secure form, started from nothing and removed with its data."""
    with started("docker-compose.yml", "deploy/compose/secure.yml") as found:
        yield found


@pytest.fixture
def dashboard(stack: Stack, tmp_path: Path) -> Broker:
    """Another system, let in by the command that secure.yml names, to read roles; as its ten lines say."""
    said = stack.compose(
        "run", "--rm", "grants", "deploy.compose.letting_in", "--kafka", "127.0.0.1:9095", "--passwords", "/access",
        "--subscriber", "dashboard", "--topics", "roles", "--told", stack.kafka,
    )  # fmt: skip
    settings = dict(re.findall(r"^export (\w+)=(\S+)", said, re.MULTILINE))
    ca = tmp_path / "ca.crt"
    ca.write_text(re.findall(r"-----BEGIN.*?END CERTIFICATE-----\n", said.replace("\r", ""), re.DOTALL)[0])
    assert settings["LOTI_KAFKA_SECURITY"] == "sasl_ssl"
    return Broker(
        settings["LOTI_KAFKA"],
        "sasl_ssl",
        settings["LOTI_KAFKA_USER"],
        settings["LOTI_KAFKA_PASSWORD"],
        ca,
    )


async def test_the_path_runs_and_everybody_signs_in(stack: Stack) -> None:
    """From nothing to an introduction by mail, each delivered once; nobody is let in without a name, nobody is refused what is
    theirs."""
    await until("an introduction", lambda: any("Introduction" in mail["subject"] for mail in stack.mails()))
    await settled(stack)
    assert set(told(stack.mails()).values()) == {1}
    for name in SERVICES:
        assert stack.health(name)["dead_letters"] == 0
        said = stack.compose("logs", "--no-color", name)
        assert "AuthorizationFailed" not in said.replace("topic_settings_not_renewed", ""), name
    consumer = AIOKafkaConsumer(ROLES.name, bootstrap_servers=stack.kafka, request_timeout_ms=5_000)
    with pytest.raises(KafkaError):
        await consumer.start()
    await consumer.stop()


async def test_a_subscriber_reads_what_it_was_given_and_nothing_else(stack: Stack, dashboard: Broker) -> None:
    """Roles, in a group of its own: not contacts, and not as somebody else."""
    assert len(await _read(dashboard, ROLES.name, "loti.dashboard")) >= 10
    with pytest.raises(TopicAuthorizationFailedError):
        await _read(dashboard, CONTACTS.name, "loti.dashboard")
    with pytest.raises(GroupAuthorizationFailedError):
        await _read(dashboard, ROLES.name, "loti.notify")


async def _read(broker: Broker, topic: str, group: str) -> list[bytes]:
    consumer = AIOKafkaConsumer(topic, **broker.client(), **consumer_settings(group))
    try:
        await consumer.start()
        async with asyncio.timeout(60):
            found: list[bytes] = []
            while len(found) < 10:
                for records in (await consumer.getmany(timeout_ms=500)).values():
                    found += [record.key for record in records]
            return found
    finally:
        await consumer.stop()


def test_nobody_has_anothers_password(stack: Stack) -> None:
    """In each service's container there is one password: its own."""
    look = "import pathlib; print(*sorted(str(p) for p in pathlib.Path('/access').rglob('*') if p.is_file()), pathlib.Path('/access/kafka-password').read_text())"
    found = {name: stack.compose("exec", "-T", name, "python", "-c", look).split() for name in SERVICES}
    assert {tuple(each[:-1]) for each in found.values()} == {("/access/ca.crt", "/access/kafka-password")}
    assert len({each[-1] for each in found.values()}) == len(SERVICES)


async def test_stopped_and_started_again_it_goes_on(stack: Stack) -> None:
    """Certificates, passwords and what Kafka knows of them are kept: no mail is sent again, and everything is well."""
    await settled(stack)
    before = told(stack.mails())
    stack.compose("down")
    stack.compose("up", "--detach")
    await settled(stack)
    assert told(stack.mails()) == before
    assert "everything is there" in stack.compose("logs", "--no-color", "access")

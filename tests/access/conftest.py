"""A guarded Kafka: TLS with certificates of a CA of its own, SCRAM, and an access control list."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from deploy.access.administration import Administration
from deploy.local.kafka import start_kafka
from deploy.local.kafka_properties import ADMIN, Guard
from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.topics import ensure_topics
from loti_contracts.events import TOPICS
from tests.servers import reachable_folder


@dataclass(frozen=True)
class Guarded:
    """Where it is, whom it believes, and its administrator."""

    address: str
    ca: Path
    admin_password: str

    def broker(self, user: str = ADMIN, password: str | None = None, *, ca: Path | None = None) -> Broker:
        """How that user is let in."""
        return Broker(self.address, "sasl_ssl", user, password or self.admin_password, ca or self.ca)


@pytest.fixture(scope="session")
def guarded() -> Iterator[Guarded]:
    """One for all tests of the run."""
    with guarding() as found:
        yield found


@contextmanager
def guarding() -> Iterator[Guarded]:
    """One of its own, with every topic of the contract."""
    with reachable_folder() as folder, asyncio.Runner() as loop:
        authority = trustme.CA()
        ca, certificate = folder / "ca.pem", folder / "broker.pem"
        authority.cert_pem.write_to_path(ca)
        issued = authority.issue_cert("127.0.0.1")
        key = load_pem_private_key(issued.private_key_pem.bytes(), password=None)
        pkcs8 = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())  # Java reads no other
        certificate.write_bytes(pkcs8 + b"".join(c.bytes() for c in issued.cert_chain_pems))
        password = secrets.token_hex(16)
        server = loop.run(start_kafka(folder / "kafka", say=print, guard=Guard(certificate, password)))
        try:
            found = Guarded(server.address, ca, password)
            loop.run(ensure_topics(found.broker(), TOPICS, replication=1))
            yield found
        finally:
            loop.run(server.stop())


@pytest.fixture
def administration(guarded: Guarded) -> Iterator[Administration]:
    """As somebody who may."""
    with Administration(guarded.broker()) as found:
        yield found

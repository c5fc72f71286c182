"""What a node of Kafka is told: its settings, and its cluster id."""

import base64
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

ADMIN = "admin"
"""The name of whom a guarded Kafka lets do everything."""

USUAL_SESSION_MS = 9_000
"""How long Kafka itself lets a node be unheard of."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What a guarded Kafka needs: `certificate`, a PEM file of its private key and its chain for 127.0.0.1, and the
    password of its administrator (letters and digits)."""

    certificate: Path
    admin_password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Door:
    """One more way in for clients: Kafka listens at `port`, and tells who came in there to go on at `told` (host:port),
    where a proxy may stand. `name` is in capitals."""

    name: str
    port: int
    told: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands in its cluster: its number from 1, the controllers' ports of all nodes in their order, and the
    cluster's id."""

    number: int
    controllers: tuple[int, ...]
    cluster: str


_PROPERTIES = """\
# Written at every start; what is changed here is lost.
process.roles=broker,controller
node.id={number}
controller.quorum.voters={voters}
listeners={listeners},CONTROLLER://127.0.0.1:{controller}
advertised.listeners={advertised}
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,{protocols}
log.dirs={log}

# A topic exists because a contract says so, never because somebody mistyped it.
auto.create.topics.enable=false

# What is acknowledged is on so many nodes, and stays while one of them is lost.
default.replication.factor={copies}
min.insync.replicas={least}
offsets.topic.replication.factor={copies}
offsets.topic.num.partitions=4
transaction.state.log.replication.factor={copies}
transaction.state.log.min.isr={least}
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor={copies}
share.coordinator.state.topic.min.isr={least}
share.coordinator.state.topic.num.partitions=1

# A broker that is not heard of for so long leads nothing until it is; see session_ms.
broker.session.timeout.ms={session}
broker.heartbeat.interval.ms=500

# A machine left off over a holiday still knows what each service has read.
offsets.retention.minutes=525600

# Small and quick.
group.initial.rebalance.delay.ms=0
num.network.threads=2
num.io.threads=4
background.threads=2
log.cleaner.dedupe.buffer.size=16777216
"""


def properties(place: Place, *, broker: int, log: Path, session: int, doors: Sequence[Door] = ()) -> str:
    """The settings of the node at that place, whose own port is `broker`; with `doors`, clients come in there as well.

    Of three nodes or more each message has three copies, two of which must be written.
    """
    copies = min(3, len(place.controllers))
    ways = [("PLAINTEXT", broker, f"127.0.0.1:{broker}"), *((one.name, one.port, one.told) for one in doors)]
    return _PROPERTIES.format(
        number=place.number,
        voters=",".join(f"{number}@127.0.0.1:{port}" for number, port in enumerate(place.controllers, 1)),
        listeners=",".join(f"{name}://127.0.0.1:{port}" for name, port, _ in ways),
        advertised=",".join(f"{name}://{told}" for name, _, told in ways),
        protocols=",".join(f"{name}:PLAINTEXT" for name, _, _ in ways),
        controller=place.controllers[place.number - 1],
        log=log,
        session=session,
        copies=copies,
        least=max(1, copies - 1),
    )


def guarded(properties: str, guard: Guard, *, inside: int, outside: int) -> str:
    """The properties of a Kafka whose clients sign in over TLS at the port `outside` and may do nothing but what an
    access control list says. What it asks of itself goes through `inside`."""
    kept = [
        line
        for line in properties.splitlines()
        if not line.startswith(("listeners=", "advertised.listeners=", "listener.security.protocol.map="))
    ]
    controller = next(line for line in properties.splitlines() if line.startswith("listeners=")).rpartition(
        ","
    )[2]
    return "\n".join(
        (
            *kept,
            "",
            "# Who comes from outside signs in, and may do what a list says.",
            f"listeners=PLAINTEXT://127.0.0.1:{inside},CLIENTS://127.0.0.1:{outside},{controller}",
            f"advertised.listeners=PLAINTEXT://127.0.0.1:{inside},CLIENTS://127.0.0.1:{outside}",
            "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,CLIENTS:SASL_SSL",
            "sasl.enabled.mechanisms=SCRAM-SHA-512",
            "listener.name.clients.scram-sha-512.sasl.jaas.config="
            "org.apache.kafka.common.security.scram.ScramLoginModule required;",
            "ssl.keystore.type=PEM",
            f"ssl.keystore.location={guard.certificate}",
            "authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "allow.everyone.if.no.acl.found=false",
            f"super.users=User:{ADMIN};User:ANONYMOUS",
            "",
        )
    )


def session_ms(log: Path) -> int:
    """How long Kafka may leave itself unheard, on what is in its log folder: Kafka's own 9 s, or 2 after a crash.

    A busy machine may well keep a process waiting for seconds. But after a kill -9 the node cannot register until its
    former self's session has run out, and asks for it 0.1, 0.3, 0.7, 1.5, 3.1 ... s after the first time
    (Kafka's BrokerLifecycleManager). An orderly stop leaves a file that says so. A start in a hurry leaves one, too,
    until it has come about: on a machine so busy that it did not, the next takes its time.
    """
    crashed = log.exists() and not (log / ".kafka_cleanshutdown").exists()
    return 2_000 if crashed and not hurried(log).exists() else USUAL_SESSION_MS


def hurried(log: Path) -> Path:
    """The file that says that a start in a hurry has begun and has not come about."""
    return log.with_name("starts-in-a-hurry")


def cluster_id(random: uuid.UUID) -> str:
    """A cluster id, 22 characters of URL-safe base64, the first of them a letter.

    One that begins with "-", as every 64th would, is an unknown option to Kafka's StorageTool; Kafka's own Uuid
    draws no such one either.
    """
    return base64.urlsafe_b64encode(bytes([random.bytes[0] & 0x7F, *random.bytes[1:]])).decode().rstrip("=")

"""What the one node of Kafka is told: its settings, and its cluster id."""

import base64
import uuid
from dataclasses import dataclass
from pathlib import Path

ADMIN = "admin"
"""The name of whom a guarded Kafka lets do everything."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What a guarded Kafka needs: `certificate`, a PEM file of its private key and its chain for 127.0.0.1, and the
    password of its administrator (letters and digits)."""

    certificate: Path
    admin_password: str


PROPERTIES = """\
# Written at every start; what is changed here is lost.
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{broker}
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={log}

# A topic exists because a contract says so, never because somebody mistyped it.
auto.create.topics.enable=false

# One node.
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
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
    (Kafka's BrokerLifecycleManager). An orderly stop leaves a file that says so.
    """
    crashed = log.exists() and not (log / ".kafka_cleanshutdown").exists()
    return 2_000 if crashed else 9_000


def cluster_id(random: uuid.UUID) -> str:
    """A cluster id, 22 characters of URL-safe base64, the first of them a letter.

    One that begins with "-", as every 64th would, is an unknown option to Kafka's StorageTool; Kafka's own Uuid
    draws no such one either.
    """
    return base64.urlsafe_b64encode(bytes([random.bytes[0] & 0x7F, *random.bytes[1:]])).decode().rstrip("=")

"""Kafka on Kubernetes, as the tables of topics and grants say it: Strimzi's KafkaTopic and KafkaUser. Pure."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Final

from deploy.access.grants import Grant, of_service, of_subscriber
from loti_contracts.events import TOPICS, Topic

CLUSTER: Final = "loti"
"""The name of the Kafka cluster; what Strimzi makes for it begins so."""

BROKERS: Final = f"{CLUSTER}-kafka-bootstrap:9093"
"""Where they are found within the namespace."""

COPIES: Final = 3
SCALER: Final = "keda"
"""Who looks how far each group has read."""

_API: Final = "kafka.strimzi.io/v1"
_TYPES: Final = {"topic": "topic", "group": "group", "transactional id": "transactionalId"}
_UNDER_LAG: Final = "loti."


def topic(one: Topic) -> dict[str, Any]:
    """A topic with its partitions and settings. Copies are the overlay's to lessen."""
    return {
        "apiVersion": _API,
        "kind": "KafkaTopic",
        "metadata": {"name": one.name, "labels": {"strimzi.io/cluster": CLUSTER}},
        "spec": {
            "partitions": one.partitions,
            "replicas": COPIES,
            "config": dict(sorted(one.settings().items())),
        },
    }


def topics() -> Sequence[dict[str, Any]]:
    """Every topic of the contract."""
    return [topic(one) for one in TOPICS]


def user(name: str, grants: Iterable[Grant]) -> dict[str, Any]:
    """Somebody with a password of its own (Strimzi draws it, in the Secret kafka-user-NAME) who may do so much."""
    return {
        "apiVersion": _API,
        "kind": "KafkaUser",
        "metadata": {"name": name, "labels": {"strimzi.io/cluster": CLUSTER}},
        "spec": {
            "authentication": {"type": "scram-sha-512"},
            "authorization": {"type": "simple", "acls": _acls(grants)},
        },
    }


def service_user(name: str) -> dict[str, Any]:
    """A service, with what the table of topics grants it."""
    return user(name, of_service(name))


def subscriber_user(name: str, topics: Iterable[Topic]) -> dict[str, Any]:
    """Another system, that reads these topics."""
    return user(name, of_subscriber(name, topics))


def scaler_user() -> dict[str, Any]:
    """Reads no message: it sees which offsets there are, and which each group has read."""
    grants = [Grant("topic", _UNDER_LAG, "describe", prefixed=True)]
    return user(SCALER, [*grants, Grant("group", _UNDER_LAG, "describe", prefixed=True)])


def _acls(grants: Iterable[Grant]) -> list[dict[str, Any]]:
    """One line for each resource. `host` is everywhere: the network policies say from where."""

    def resource(grant: Grant) -> tuple[str, str, bool]:
        return grant.resource, grant.name, grant.prefixed

    return [
        {
            "resource": {
                "type": _TYPES[kind],
                "name": name,
                "patternType": "prefix" if prefixed else "literal",
            },
            "operations": sorted(grant.operation.capitalize() for grant in found),
            "host": "*",
        }
        for (kind, name, prefixed), found in groupby(sorted(grants, key=resource), key=resource)
    ]

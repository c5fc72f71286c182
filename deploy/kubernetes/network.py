"""Who may connect to whom, as NetworkPolicies: the picture in README.md, and nothing beside it. Pure.

No service connects to another. All of them connect to Kafka and to the database; some to the world or to the mail relay;
people, other systems and whoever measures connect to the ports that are for them.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from deploy.kubernetes.kafka_resources import CLUSTER
from deploy.kubernetes.workloads import HEALTH, WORKLOADS, Workload

PART: Final = {"app.kubernetes.io/part-of": "talent-exchange"}
POSTGRES: Final = {"talent-exchange/reaches-postgres": "true"}
"""On the pods that connect to PostgreSQL. Where it is, the overlay's own policy says."""

PRIVATE: Final = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
)  # fmt: skip
"""Networks that no board and no subscriber is in (IANA's registry of special-purpose addresses); a cluster's own are among them."""
PRIVATE_6: Final = ("::1/128", "::ffff:0:0/96", "64:ff9b::/96", "fc00::/7", "fe80::/10", "ff00::/8")

_BROKER_TLS: Final = 9093


def policies() -> Sequence[dict[str, Any]]:
    """All of them, but those of Kafka, which Strimzi makes, and of PostgreSQL, which are the overlay's."""
    return [
        _policy("nothing-unless-allowed", PART, policyTypes=["Ingress", "Egress"]),
        _policy("names", PART, egress=[_dns()]),
        _policy("to-kafka", {**PART, "app.kubernetes.io/component": "service"}, egress=[_to_kafka()]),
        *(_of(workload) for workload in WORKLOADS),
    ]


def _of(workload: Workload) -> dict[str, Any]:
    ingress = [_from_namespace("metrics", [HEALTH])]
    if workload.pages:
        ingress.append(_from_namespace("ingress", [workload.pages]))
    egress = []
    if "the world" in workload.reaches:
        egress.append(_to_the_world())
    if "mail" in workload.reaches:
        # A relay stands in the cluster or outside of it, anywhere: so its ports say where, and the overlay may say more.
        egress.append({"ports": _ports([25, 465, 587, 1025])})
    rules = {"ingress": ingress} | ({"egress": egress} if egress else {})
    return _policy(workload.name, named(workload.name), **rules)


def named(name: str) -> dict[str, str]:
    """The labels of a service's pods."""
    return {**PART, "app.kubernetes.io/name": name}


def _policy(name: str, pods: dict[str, str], **rules: Any) -> dict[str, Any]:
    kinds = rules.pop("policyTypes", None) or [
        kind.capitalize() for kind in ("ingress", "egress") if kind in rules
    ]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {"name": name},
        "spec": {"podSelector": {"matchLabels": pods}, "policyTypes": kinds, **rules},
    }  # fmt: skip


def _ports(numbers: Iterable[int], protocol: str = "TCP") -> list[dict[str, Any]]:
    return [{"protocol": protocol, "port": number} for number in numbers]


def _from_namespace(what: str, ports: Sequence[int]) -> dict[str, Any]:
    """From namespaces that say of themselves what they are: `talent-exchange/ingress=true`, `talent-exchange/metrics=true`."""
    selector = {"namespaceSelector": {"matchLabels": {f"talent-exchange/{what}": "true"}}}
    return {"from": [selector], "ports": _ports(ports)}


def _dns() -> dict[str, Any]:
    cluster = {
        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
        "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
    }
    return {"to": [cluster], "ports": [*_ports([53], "UDP"), *_ports([53])]}


def _to_kafka() -> dict[str, Any]:
    brokers = {"matchLabels": {"strimzi.io/cluster": CLUSTER, "strimzi.io/broker-role": "true"}}
    return {"to": [{"podSelector": brokers}], "ports": _ports([_BROKER_TLS])}


def _to_the_world() -> dict[str, Any]:
    blocks = [
        {"ipBlock": {"cidr": "0.0.0.0/0", "except": list(PRIVATE)}},
        {"ipBlock": {"cidr": "::/0", "except": list(PRIVATE_6)}},
    ]
    return {"to": blocks, "ports": _ports([80, 443])}

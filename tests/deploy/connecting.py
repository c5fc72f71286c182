"""Who can connect to whom under a set of NetworkPolicies: what the Kubernetes API's documentation says they mean
(kubernetes.io, "Network Policies"). Pods of other namespaces and addresses outside are ends of a connection, too."""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.deploy.kustomizing import Manifest


@dataclass(frozen=True)
class End:
    """One end of a connection: a pod of this namespace, a pod of another (`namespace` has its labels), or an address."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)
    namespace: Mapping[str, str] | None = None
    address: str | None = None

    @property
    def here(self) -> bool:
        """Whether it is a pod that the policies can be about."""
        return self.namespace is None and self.address is None


def can_connect(policies: Sequence[Manifest], one: End, other: End, port: int, protocol: str = "TCP") -> bool:
    """Whether `one` can open a connection to that port of `other`: neither side's policies may forbid it."""
    return _lets(policies, "egress", one, other, port, protocol) and _lets(
        policies, "ingress", other, one, port, protocol
    )


def _lets(policies: Sequence[Manifest], way: str, about: End, peer: End, port: int, protocol: str) -> bool:
    """A pod that no policy of this way chooses is open; else one rule of one policy must let the peer."""
    if not about.here:
        return True
    chosen = [
        policy["spec"]
        for policy in policies
        if way.capitalize() in policy["spec"]["policyTypes"]
        and _fits(policy["spec"]["podSelector"], about.labels)
    ]
    if not chosen:
        return True
    return any(
        _ports_let(rule.get("ports"), port, protocol) and _peers_let(rule.get(_peers_of(way)), peer)
        for spec in chosen
        for rule in spec.get(way, ())
    )


def _peers_of(way: str) -> str:
    return "to" if way == "egress" else "from"


def _ports_let(ports: Sequence[Mapping[str, Any]] | None, port: int, protocol: str) -> bool:
    return not ports or any(one["port"] == port and one.get("protocol", "TCP") == protocol for one in ports)


def _peers_let(peers: Sequence[Mapping[str, Any]] | None, peer: End) -> bool:
    return not peers or any(_is_peer(one, peer) for one in peers)


def _is_peer(said: Mapping[str, Any], peer: End) -> bool:
    if "ipBlock" in said:
        return peer.address is not None and _in_block(said["ipBlock"], peer.address)
    if peer.address is not None:
        return False
    if "namespaceSelector" in said:
        if peer.namespace is None or not _fits(said["namespaceSelector"], peer.namespace):
            return False
    elif peer.namespace is not None:
        return False
    return _fits(said.get("podSelector", {}), peer.labels)


def _in_block(block: Mapping[str, Any], address: str) -> bool:
    at = ipaddress.ip_address(address)
    within = [ipaddress.ip_network(one) for one in (block["cidr"], *block.get("except", ()))]
    return at in within[0] and not any(at in one for one in within[1:])


def _fits(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    for said in selector.get("matchExpressions", ()):
        if said["operator"] != "In":
            raise NotImplementedError(f"the operator {said['operator']}")
        if labels.get(said["key"]) not in said["values"]:
            return False
    return selector.get("matchLabels", {}).items() <= labels.items()

"""The NetworkPolicies let what the picture in README.md shows, and nothing beside it."""

from itertools import product

import pytest

from deploy.kubernetes.workloads import HEALTH, WORKLOADS
from deploy.local.settings import SERVICES
from tests.deploy.connecting import End, can_connect
from tests.deploy.kustomizing import OVERLAYS, Manifest, of_kind, pods, rendered

BROKER = End("kafka", {"strimzi.io/cluster": "loti", "strimzi.io/broker-role": "true"})
POSTGRES = End("postgres", {"cnpg.io/cluster": "postgres"})
INGRESS = End("the ingress controller", {"app": "ingress"}, namespace={"talent-exchange/ingress": "true"})
PROMETHEUS = End("Prometheus", {"app": "prometheus"}, namespace={"talent-exchange/metrics": "true"})
STRANGER = End("a pod of another namespace", {"app.kubernetes.io/part-of": "talent-exchange"}, namespace={"team": "x"})  # fmt: skip
NAMES = End("DNS", {"k8s-app": "kube-dns"}, namespace={"kubernetes.io/metadata.name": "kube-system"})
BOARD = End("a borough's board", address="93.184.215.14")
INSIDE = [
    End(address, address=address)
    for address in ("169.254.169.254", "10.96.0.1", "192.168.1.1", "172.16.0.9", "127.0.0.1", "fd00::1", "::1")
]  # fmt: skip
"""What is no board's: a cloud's metadata, the cluster's API, a council's own network."""
PORTS = (22, 80, 443, 1025, 5432, HEALTH, 8027, 8030, 8090, 9091, 9092, 9093)
PAGES = {each.name: each.pages for each in WORKLOADS if each.pages}
TO_THE_WORLD = {"ingest", "notify", "webhooks"}
"""Boards; links in a newsletter and GOV.UK Notify; webhooks."""
MAIL = {"notify", "portal"}


def policies(overlay: str = "london") -> list[Manifest]:
    """Of an overlay."""
    return list(of_kind(rendered(overlay), "NetworkPolicy").values())


def service(name: str, overlay: str = "london") -> End:
    """A service's pod."""
    return End(name, pods(rendered(overlay))[name]["metadata"]["labels"])


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_services_know_nothing_of_each_other(overlay: str) -> None:
    """No service reaches another, at any port: they talk through topics alone."""
    for one, other, port in product(SERVICES, SERVICES, PORTS):
        found = can_connect(policies(overlay), service(one, overlay), service(other, overlay), port)
        assert not found, f"{one} reaches {other} at {port}"


def test_every_service_reaches_kafka_and_its_database_alone() -> None:
    """Kafka over TLS and no other of its ports; PostgreSQL; names. KEDA's way in is the listener's own (Strimzi)."""
    for name in SERVICES:
        reached = [port for port in PORTS if can_connect(policies(), service(name), BROKER, port)]
        assert 9093 in reached
        assert 9091 not in reached
        assert [port for port in PORTS if can_connect(policies(), service(name), POSTGRES, port)] == [5432]
        assert can_connect(policies(), service(name), NAMES, 53, "UDP")
    [listener] = of_kind(rendered("london"), "Kafka")["loti"]["spec"]["kafka"]["listeners"]
    assert listener["tls"] is True
    assert listener["networkPolicyPeers"][0]["podSelector"]["matchLabels"].items() <= service("ingest").labels.items()  # fmt: skip


def test_who_reaches_the_world() -> None:
    """Those who read boards, check links or push events, by HTTP; and none of them an address inside."""
    for name in SERVICES:
        found = {port for port in PORTS if can_connect(policies(), service(name), BOARD, port)}
        assert found - {1025} == ({80, 443} if name in TO_THE_WORLD else set()), name
        for address in INSIDE:
            assert not can_connect(policies(), service(name), address, 80), f"{name} reaches {address.name}"


def test_who_reaches_the_mail_relay() -> None:
    """Those who send mail, wherever the relay is, at the ports of mail."""
    relay = End("a relay", address="10.0.0.25")
    for name, port in product(SERVICES, (25, 465, 587)):
        assert can_connect(policies(), service(name), relay, port) == (name in MAIL)


def test_pages_are_for_those_who_come_through_the_door() -> None:
    """The ingress controller reaches the ports of pages alone, whoever measures the port of figures alone, and a stranger
    nothing, whatever it calls itself."""
    for name in SERVICES:
        wanted = [PAGES[name]] if name in PAGES else []
        assert [port for port in PORTS if can_connect(policies(), INGRESS, service(name), port)] == wanted
        assert [port for port in PORTS if can_connect(policies(), PROMETHEUS, service(name), port)] == [HEALTH]  # fmt: skip
        assert not any(can_connect(policies(), STRANGER, service(name), port) for port in PORTS)


def test_the_database_is_for_the_services_and_its_own() -> None:
    """Nobody else connects to PostgreSQL; the step that makes databases does."""
    [step] = [End(name, each["metadata"]["labels"]) for name, each in pods(rendered("london")).items() if name.startswith("databases-")]  # fmt: skip
    assert can_connect(policies(), step, POSTGRES, 5432)
    assert not any(can_connect(policies(), step, end, 443) for end in (BOARD, BROKER, *INSIDE))
    operator = End("CloudNativePG", {}, namespace={"kubernetes.io/metadata.name": "cnpg-system"})
    assert can_connect(policies(), operator, POSTGRES, 8000)
    for one, port in product((STRANGER, INGRESS, PROMETHEUS, BROKER), (5432, 8000)):
        assert not can_connect(policies(), one, POSTGRES, port), one.name


def test_an_external_database_is_one_address() -> None:
    """Where PostgreSQL is outside, the overlay's address is reached and no other."""
    there = End("their PostgreSQL", address="203.0.113.10")
    beside = End("their neighbour", address="203.0.113.11")
    for name in SERVICES:
        assert can_connect(policies("external"), service(name), there, 5432)
        assert not can_connect(policies("external"), service(name), beside, 5432)


def test_the_samples_are_reached_by_who_needs_them() -> None:
    """On one machine: ingest reads the boards, mail goes to the catcher, and the people read it."""
    found = policies("kind")

    def pod(name: str) -> End:
        return service(name, "kind")

    assert can_connect(found, pod("ingest"), pod("boards"), 8026)
    assert can_connect(found, pod("notify"), pod("mailcatcher"), 1025)
    assert can_connect(found, pod("portal"), pod("mailcatcher"), 1025)
    assert can_connect(found, pod("people"), pod("mailcatcher"), 8025)
    assert can_connect(found, pod("people"), pod("notify"), 8027)
    assert can_connect(found, pod("people"), BROKER, 9093)
    assert not can_connect(found, pod("salaries"), pod("boards"), 8026)
    assert not can_connect(found, pod("boards"), BOARD, 443)

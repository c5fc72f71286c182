"""What the manifests of deploy/kubernetes promise, read off what kustomize renders."""

import importlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic_settings import BaseSettings
from typer.testing import CliRunner

from deploy.access.grants import Grant, of_service
from deploy.kubernetes import manifests
from deploy.kubernetes.commands import app
from deploy.kubernetes.workloads import WORKLOADS, Workload
from deploy.local.settings import SERVICES
from loti_contracts.delivery.broker import Broker
from loti_contracts.delivery.settings import ServiceSettings
from loti_contracts.events import TOPICS
from services.ingest.sources import read_sources
from tests.deploy.kustomizing import KUBERNETES, OVERLAYS, Manifest, of_kind, pods, rendered

OTHERS = {"postgres-superuser", "postgres-ca", "loti-cluster-ca-cert", "kafka-user-keda", "kafka-user-people"}
"""Secrets that operators make; on an external PostgreSQL, by hand the first two."""
SCALER_KNOWS = {
    "bootstrapServers", "consumerGroup", "topic", "partitionLimitation", "lagThreshold", "activationLagThreshold",
    "offsetResetPolicy", "allowIdleConsumers", "excludePersistentLag", "scaleToZeroOnInvalidOffset",
    "limitToPartitionsWithLag", "ensureEvenDistributionOfPartitions", "fullMetadata", "version", "tls", "unsafeSsl", "sasl",
}  # fmt: skip
"""Of KEDA's Kafka scaler (kedacore/keda 2.21, pkg/scalers/kafka_scaler.go)."""
OPERATIONS = {"Read", "Write", "Delete", "Alter", "Describe", "All", "IdempotentWrite", "ClusterAction", "Create",
              "AlterConfigs", "DescribeConfigs"}  # fmt: skip
"""Of a KafkaUser (Strimzi's AclOperation)."""


def containers(overlay: str) -> Iterator[tuple[str, Manifest, Manifest]]:
    """Name of what makes the pod, its spec, and each of its containers."""
    for name, template in pods(rendered(overlay)).items():
        for container in (*template["spec"].get("initContainers", ()), *template["spec"]["containers"]):
            yield name, template["spec"], container


def test_what_is_committed_is_what_the_tables_say() -> None:
    """base/made is made of the tables of topics, grants and workloads; a change of one is a diff of the other."""
    there = {path.name: path.read_text(encoding="utf-8") for path in manifests.MADE.glob("*.yaml")}
    assert there == manifests.files()


def test_every_topic_is_there_as_the_contract_says() -> None:
    """With its partitions and settings, three copies, and nothing that the contract does not name."""
    found = of_kind(rendered("london"), "KafkaTopic")
    assert set(found) == {topic.name for topic in TOPICS}
    for topic in TOPICS:
        spec = found[topic.name]["spec"]
        assert (spec["partitions"], spec["replicas"]) == (topic.partitions, 3)
        assert spec["config"] == topic.settings()


def granted(user: Manifest) -> set[Grant]:
    """The grants that a KafkaUser's lines are."""
    kinds: dict[str, Any] = {"transactionalId": "transactional id"}
    return {
        Grant(
            kinds.get(line["resource"]["type"], line["resource"]["type"]),
            line["resource"]["name"],
            operation.lower(),
            line["resource"]["patternType"] == "prefix",
        )
        for line in user["spec"]["authorization"]["acls"]
        for operation in line["operations"]
    }


def test_every_service_may_do_what_it_is_granted_and_nothing_else() -> None:
    """Each KafkaUser's lines are the table of grants, line for line; who asks for the lag reads no message."""
    users = of_kind(rendered("london"), "KafkaUser")
    assert set(users) == {*SERVICES, "keda"}
    for name in SERVICES:
        assert granted(users[name]) == set(of_service(name))
    assert {grant.operation for grant in granted(users["keda"])} == {"describe"}
    lines = [line for user in users.values() for line in user["spec"]["authorization"]["acls"]]
    assert {operation for line in lines for operation in line["operations"]} <= OPERATIONS


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_nothing_runs_as_root_or_can_write_to_its_image(overlay: str) -> None:
    """Every container: not root, no capability, none to be gained, a root that is read only, no token of the cluster's, and
    bounds to its memory."""
    for name, pod, container in containers(overlay):
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert pod["securityContext"]["runAsUser"] > 0, name
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert pod["automountServiceAccountToken"] is False, name
        context = container["securityContext"]
        assert context["readOnlyRootFilesystem"] is True, name
        assert context["allowPrivilegeEscalation"] is False, name
        assert context["capabilities"] == {"drop": ["ALL"]}, name
        assert container["resources"]["limits"]["memory"], name
        assert container["resources"]["requests"]["cpu"], name


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_everything_that_is_referred_to_is_there(overlay: str) -> None:
    """ConfigMaps with their keys, Secrets that an operator or `loti kubernetes secrets` makes, volumes, accounts, and the
    pods behind each Service, budget and ScaledObject."""
    found = rendered(overlay)
    maps = {name: set(one["data"]) for name, one in of_kind(found, "ConfigMap").items()}
    secret = {f"loti-{each.name}": {"database-password", *each.keys.values()} for each in WORKLOADS}
    known = OTHERS | set(secret) | {f"kafka-user-{name}" for name in of_kind(found, "KafkaUser")}
    for name, pod, container in containers(overlay):
        for variable in container.get("env", ()):
            said = variable.get("valueFrom", {})
            if "configMapKeyRef" in said:
                assert said["configMapKeyRef"]["key"] in maps[said["configMapKeyRef"]["name"]], name
            if "secretKeyRef" in said:
                which = said["secretKeyRef"]["name"]
                assert which in known, name
                assert said["secretKeyRef"]["key"] in secret.get(which, {said["secretKeyRef"]["key"]}), name
        volumes = {volume["name"]: volume for volume in pod.get("volumes", ())}
        assert {mount["name"] for mount in container.get("volumeMounts", ())} <= set(volumes), name
        for volume in volumes.values():
            assert volume.get("secret", {}).get("secretName", next(iter(known))) in known, name
            assert volume.get("configMap", {}).get("name", next(iter(maps))) in maps, name
    labels = [template["metadata"]["labels"] for template in pods(found).values()]
    for kind in ("Service", "PodDisruptionBudget"):
        for name, one in of_kind(found, kind).items():
            chosen = one["spec"]["selector"].get("matchLabels", one["spec"]["selector"])
            assert sum(chosen.items() <= each.items() for each in labels) == 1, f"{kind} {name}"
    for name, one in of_kind(found, "ScaledObject").items():
        assert one["spec"]["scaleTargetRef"]["name"] in of_kind(found, "Deployment"), name
        assert "replicas" not in of_kind(found, "Deployment")[name]["spec"], name


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_no_secret_stands_in_a_manifest(overlay: str) -> None:
    """What is secret is referred to: no Secret is applied, and no setting that names a password or a key has a value."""
    assert not of_kind(rendered(overlay), "Secret")
    for name, _, container in containers(overlay):
        for variable in container.get("env", ()):
            if re.search(r"PASSWORD|KEYS?$|TOKEN|SECRET", variable["name"]):
                assert "secretKeyRef" in variable["valueFrom"], f"{name}: {variable['name']}"


def settings_of(workload: Workload) -> BaseSettings:
    """The class of a service's settings, made of its environment in the overlay for London."""
    found = rendered("london")
    maps = {name: one["data"] for name, one in of_kind(found, "ConfigMap").items()}
    environment: dict[str, str] = {}
    for variable in pods(found)[workload.name]["spec"]["containers"][0]["env"]:
        said = variable.get("valueFrom", {})
        if "configMapKeyRef" in said:
            environment[variable["name"]] = maps[said["configMapKeyRef"]["name"]][
                said["configMapKeyRef"]["key"]
            ]
        elif "secretKeyRef" in said:
            environment[variable["name"]] = "x" * 32
        else:
            value = re.sub(r"\$\((\w+)\)", lambda match: environment[match[1]], variable["value"])
            environment[variable["name"]] = value
    module = importlib.import_module(f"services.{workload.name}.settings")
    [kind] = [
        one
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, ServiceSettings) and one is not ServiceSettings
    ]
    own = {name.removeprefix("LOTI_").lower() for name in environment if name.startswith("LOTI_")}
    assert own <= set(kind.model_fields), own - set(kind.model_fields)
    with pytest.MonkeyPatch.context() as patching:
        for name, value in environment.items():
            patching.setenv(name, value)
        return kind()


@pytest.mark.parametrize("workload", WORKLOADS, ids=lambda each: each.name)
def test_a_service_understands_what_it_is_told(workload: Workload) -> None:
    """Every setting in its environment is one that it has, with a value that it takes; it signs in by name over TLS."""
    settings = settings_of(workload)
    assert isinstance(settings, ServiceSettings)
    assert settings.database.get_secret_value().startswith(f"postgresql://loti_{workload.name}@postgres-rw/")
    assert (settings.kafka_user, settings.kafka_security, settings.replication) == (
        workload.name,
        "sasl_ssl",
        3,
    )
    assert Broker(settings.kafka, settings.kafka_security).signs_in
    if workload.pages:
        port = {"notify": "web_port", "portal": "portal_port", "webhooks": "events_port"}[workload.name]
        assert getattr(settings, port) == workload.pages


def test_a_service_grows_with_its_lag_and_no_further_than_its_partitions() -> None:
    """Every service that hears has a ScaledObject on its own group, with settings that KEDA's scaler knows; at least two
    replicas, so that one may go."""
    found = of_kind(rendered("london"), "ScaledObject")
    assert set(found) == {each.name for each in WORKLOADS if each.hears} == set(SERVICES) - {"ingest"}
    for name, one in found.items():
        [trigger] = one["spec"]["triggers"]
        assert set(trigger["metadata"]) <= SCALER_KNOWS
        assert trigger["metadata"]["consumerGroup"] == f"loti.{name}"
        partitions = [topic.partitions for topic in TOPICS if name in topic.heard_by]
        assert (one["spec"]["minReplicaCount"], one["spec"]["maxReplicaCount"]) == (2, max(partitions))


def test_probes_ask_what_each_is_for() -> None:
    """A start waits for /health; what is alive asks nobody, so that an outage of the servers starts nothing anew; pages stay
    in reach while Kafka is away."""
    for each in WORKLOADS:
        [container] = pods(rendered("london"))[each.name]["spec"]["containers"]
        assert container["startupProbe"]["httpGet"]["path"] == "/health"
        assert container["livenessProbe"]["httpGet"]["path"] == "/alive"
        assert ("tcpSocket" in container["readinessProbe"]) == bool(each.pages)


def test_what_is_lost_is_one_of_three() -> None:
    """Kafka: three nodes, two of which have a message before it is acknowledged. PostgreSQL: three, two of which have a
    commit. A budget for each service lets one replica go at a time."""
    found = rendered("london")
    kafka = of_kind(found, "Kafka")["loti"]["spec"]["kafka"]["config"]
    assert of_kind(found, "KafkaNodePool")["node"]["spec"]["replicas"] == 3
    assert (kafka["default.replication.factor"], kafka["min.insync.replicas"]) == (3, 2)
    postgres = of_kind(found, "Cluster")["postgres"]["spec"]
    assert (postgres["instances"], postgres["postgresql"]["synchronous"]["number"]) == (3, 1)
    assert {one["spec"]["maxUnavailable"] for one in of_kind(found, "PodDisruptionBudget").values()} == {1}
    assert set(of_kind(found, "PodDisruptionBudget")) == set(SERVICES)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_lists_of_boards_can_be_read(overlay: str, tmp_path: Any) -> None:
    """What ingest is given is what it reads; London's names a board."""
    [lists] = [one["data"] for name, one in of_kind(rendered(overlay), "ConfigMap").items() if name.startswith("sources-")]  # fmt: skip
    (tmp_path / "sources.yaml").write_text(lists["sources.yaml"], encoding="utf-8")
    assert bool(read_sources(tmp_path / "sources.yaml")) == (overlay != "external")


def test_the_commands(tmp_path: Any) -> None:
    """Stale files are named; a subscriber is a KafkaUser, and what nobody may read is refused; Secrets are drawn anew each
    time and hold what services ask for."""
    loti = CliRunner()
    assert loti.invoke(app, ["check"]).exit_code == 0
    assert loti.invoke(app, ["generate", "--folder", str(tmp_path)]).exit_code == 0
    (tmp_path / "topics.yaml").write_text("")
    stale = loti.invoke(app, ["check", "--folder", str(tmp_path)])
    assert (stale.exit_code, "stale: topics.yaml" in stale.output) == (1, True)
    dashboard = loti.invoke(app, ["subscriber", "dashboard", "--topics", "roles,benchmarks"])
    assert "kind: KafkaUser" in dashboard.output
    refused = loti.invoke(app, ["subscriber", "dashboard", "--topics", "contacts"])
    assert (refused.exit_code, "is about people" in refused.output) == (2, True)
    drawn = [loti.invoke(app, ["secrets"]).output for _ in range(2)]
    assert drawn[0] != drawn[1]
    assert drawn[0].count("kind: Secret") == len(SERVICES)


def test_the_folder_says_no_more_than_it_renders() -> None:
    """Every file of the base, the components and the overlays is used by some kustomization."""
    written = {path for path in KUBERNETES.rglob("*.yaml") if path.name != "kustomization.yaml"}
    texts = {path.parent: path.read_text(encoding="utf-8") for path in KUBERNETES.rglob("kustomization.yaml")}
    unused = [path for path in written if path.name not in texts[path.parent]]
    assert not unused

"""A service on Kubernetes: its Deployment and what stands beside it. Pure."""

from collections.abc import Sequence
from typing import Any, Final

from deploy.kubernetes.kafka_resources import CLUSTER
from deploy.kubernetes.network import POSTGRES, named
from deploy.kubernetes.scaling import scaled
from deploy.kubernetes.telling import environment
from deploy.kubernetes.workloads import HEALTH, Workload

USER: Final = 10001
_STOPS_WITHIN: Final = 40
"""Seconds: twice `drain`, and a little."""
_STARTS_WITHIN: Final = 600
"""Seconds in which a service waits for its servers and migrates, before it is started anew."""

NO_MORE_RIGHTS: Final[dict[str, Any]] = {
    "allowPrivilegeEscalation": False,
    "readOnlyRootFilesystem": True,
    "capabilities": {"drop": ["ALL"]},
}


def nobody(user: int) -> dict[str, Any]:
    """The security context of a pod that runs as that user, who may nothing."""
    return {
        "runAsNonRoot": True,
        "runAsUser": user,
        "runAsGroup": user,
        "fsGroup": user,
        "seccompProfile": {"type": "RuntimeDefault"},
    }


def resources(workload: Workload) -> Sequence[dict[str, Any]]:
    """All that a service is made of, but its Secrets."""
    meta = {"name": workload.name, "labels": named(workload.name)}
    budget = {"maxUnavailable": 1, "selector": {"matchLabels": named(workload.name)}}
    found: list[dict[str, Any]] = [
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta, "automountServiceAccountToken": False},
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": _deployment(workload)},
        {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": _service(workload)},
        {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": meta, "spec": budget},
    ]  # fmt: skip
    if workload.hears:
        found.append(
            {"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": meta, "spec": scaled(workload)}
        )  # fmt: skip
    return found


def _deployment(workload: Workload) -> dict[str, Any]:
    labels = named(workload.name) | POSTGRES | {"app.kubernetes.io/component": "service"}
    spread = [
        {
            "maxSkew": 1,
            "topologyKey": key,
            "whenUnsatisfiable": "ScheduleAnyway",
            "labelSelector": {"matchLabels": named(workload.name)},
        }
        for key in ("topology.kubernetes.io/zone", "kubernetes.io/hostname")
    ]
    notes = {
        "prometheus.io/scrape": "true",
        "prometheus.io/port": str(HEALTH),
        "prometheus.io/path": "/metrics",
    }
    return {
        # What grows with its lag has its number of replicas from there; a number here would set it back at each apply.
        **({} if workload.hears else {"replicas": 2}),
        "revisionHistoryLimit": 3,
        "selector": {"matchLabels": named(workload.name)},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
        "template": {
            "metadata": {"labels": labels, "annotations": notes},
            "spec": {
                "serviceAccountName": workload.name,
                "automountServiceAccountToken": False,
                "enableServiceLinks": False,
                "securityContext": nobody(USER),
                "terminationGracePeriodSeconds": _STOPS_WITHIN,
                "topologySpreadConstraints": spread,
                "initContainers": [_prepare(workload)],
                "containers": [_container(workload)],
                "volumes": _volumes(workload),
            },
        },
    }  # fmt: skip


def _container(workload: Workload) -> dict[str, Any]:
    ports = [{"name": "http", "containerPort": HEALTH}]
    if workload.pages:
        ports.append({"name": "pages", "containerPort": workload.pages})
    promised, most = workload.memory
    return {
        "name": workload.name,
        "image": f"talent-exchange/{workload.name}",
        "env": environment(workload),
        "ports": ports,
        "resources": {
            "requests": {"cpu": "100m", "memory": f"{promised}Mi"},
            "limits": {"memory": f"{most}Mi"},
        },
        "securityContext": NO_MORE_RIGHTS,
        "startupProbe": _asked("/health", every=5, times=_STARTS_WITHIN // 5),
        # It asks nobody: an outage of Kafka or PostgreSQL is no reason to start a service again.
        "livenessProbe": _asked("/alive", every=10, times=6),
        # Pages are served from the service's own tables, so they stay when Kafka is away.
        "readinessProbe": (
            {"tcpSocket": {"port": "pages"}, "periodSeconds": 5, "failureThreshold": 3}
            if workload.pages
            else _asked("/health", every=5, times=3)
        ),
        "volumeMounts": _mounts(workload),
    }


def _asked(path: str, *, every: int, times: int) -> dict[str, Any]:
    asked = {"path": path, "port": "http"}
    return {"httpGet": asked, "periodSeconds": every, "timeoutSeconds": 5, "failureThreshold": times}


def _prepare(workload: Workload) -> dict[str, Any]:
    """Migrations and topics before the new version takes over: one that cannot migrate stops the roll-out right there. An
    init container and not a Job, whose template cannot be changed: the next version would not apply."""
    return {
        "name": "prepare",
        "image": f"talent-exchange/{workload.name}",
        "args": ["prepare"],
        "env": environment(workload),
        "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": f"{workload.memory[1]}Mi"}},
        "securityContext": NO_MORE_RIGHTS,
        "volumeMounts": _mounts(workload),
    }  # fmt: skip


def _mounts(workload: Workload) -> list[dict[str, Any]]:
    sources = (
        [{"name": "sources", "mountPath": "/sources", "readOnly": True}] if workload.name == "ingest" else []
    )
    return [
        {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 - the one place that can be written
        {"name": "kafka-ca", "mountPath": "/kafka-ca", "readOnly": True},
        {"name": "postgres-ca", "mountPath": "/postgres-ca", "readOnly": True},
        *sources,
    ]


def _volumes(workload: Workload) -> list[dict[str, Any]]:
    sources = [{"name": "sources", "configMap": {"name": "sources"}}] if workload.name == "ingest" else []
    authority = {"items": [{"key": "ca.crt", "path": "ca.crt"}]}
    return [
        {"name": "tmp", "emptyDir": {"sizeLimit": "256Mi"}},
        {"name": "kafka-ca", "secret": {"secretName": f"{CLUSTER}-cluster-ca-cert"} | authority},
        {"name": "postgres-ca", "secret": {"secretName": "postgres-ca", "optional": True} | authority},
        *sources,
    ]


def _service(workload: Workload) -> dict[str, Any]:
    ports = [{"name": "http", "port": HEALTH, "targetPort": "http"}]
    if workload.pages:
        ports.append({"name": "pages", "port": workload.pages, "targetPort": "pages"})
    return {"selector": named(workload.name), "ports": ports}

"""How many replicas: KEDA looks how far a service's group is behind. Pure."""

from collections.abc import Sequence
from typing import Any

from deploy.kubernetes.kafka_resources import BROKERS, CLUSTER, SCALER
from deploy.kubernetes.network import PART
from deploy.kubernetes.workloads import Workload


def scaled(workload: Workload) -> dict[str, Any]:
    """Two replicas at least, so that one may be lost; no more than have a partition each."""
    trigger = {
        "type": "kafka",
        "metadata": {
            "bootstrapServers": BROKERS,
            "consumerGroup": f"loti.{workload.name}",
            "lagThreshold": str(workload.lag),
            "offsetResetPolicy": "earliest",
            "sasl": "scram_sha512",
            "tls": "enable",
        },
        "authenticationRef": {"name": SCALER},
    }
    return {
        "scaleTargetRef": {"name": workload.name},
        "minReplicaCount": 2,
        "maxReplicaCount": workload.most,
        "pollingInterval": 30,
        "cooldownPeriod": 300,
        # Where the lag cannot be read, what runs goes on.
        "fallback": {"failureThreshold": 5, "replicas": 2, "behavior": "currentReplicasIfHigher"},
        "advanced": {"horizontalPodAutoscalerConfig": {"behavior": {"scaleDown": {"stabilizationWindowSeconds": 300}}}},
        "triggers": [trigger],
    }  # fmt: skip


def scaler_access() -> Sequence[dict[str, Any]]:
    """How KEDA is let in to ask for the lag. Its name cannot stand in a trigger, so a ConfigMap has it."""
    names = "kafka-names"
    refers = {
        "secretTargetRef": [
            {"parameter": "password", "name": f"kafka-user-{SCALER}", "key": "password"},
            {"parameter": "ca", "name": f"{CLUSTER}-cluster-ca-cert", "key": "ca.crt"},
        ],
        "configMapTargetRef": [{"parameter": "username", "name": names, "key": "scaler"}],
    }
    meta = {"name": SCALER, "labels": PART}
    return [
        {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": names, "labels": PART}, "data": {"scaler": SCALER}},
        {"apiVersion": "keda.sh/v1alpha1", "kind": "TriggerAuthentication", "metadata": meta, "spec": refers},
    ]  # fmt: skip

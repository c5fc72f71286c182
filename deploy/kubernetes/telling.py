"""What a service is told on Kubernetes: its environment. Pure."""

from typing import Any

from deploy.kubernetes.kafka_resources import BROKERS
from deploy.kubernetes.workloads import HEALTH, MAY_BE_MISSING, Workload


def environment(workload: Workload) -> list[dict[str, Any]]:
    """The settings of a service. What an overlay decides comes from the ConfigMap `settings`, what is secret from Secrets."""
    name = workload.name
    database = f"postgresql://loti_{name}@$(POSTGRES)/loti_{name}?sslmode=$(POSTGRES_SSLMODE)&sslrootcert=/postgres-ca/ca.crt"
    settings = {
        "LOTI_KAFKA": BROKERS,
        "LOTI_KAFKA_SECURITY": "sasl_ssl",
        "LOTI_KAFKA_USER": name,
        "LOTI_KAFKA_CA": "/kafka-ca/ca.crt",
        "LOTI_REPLICATION": "$REPLICATION",
        "LOTI_LOG_LEVEL": "$LOG_LEVEL",
        "LOTI_HTTP_HOST": "0.0.0.0",  # noqa: S104 - in a pod, whose policies say who comes in
        "LOTI_HTTP_PORT": str(HEALTH),
    } | dict(workload.settings)
    keys = {"PGPASSWORD": "database-password"} | dict(workload.keys)
    return [
        _setting("POSTGRES"),
        _setting("POSTGRES_SSLMODE"),
        {"name": "LOTI_DATABASE", "value": database},
        _secret("LOTI_KAFKA_PASSWORD", f"kafka-user-{name}", "password"),
        *(_secret(variable, f"loti-{name}", key) for variable, key in keys.items()),
        *(
            _setting(variable, value[1:]) if value.startswith("$") else {"name": variable, "value": value}
            for variable, value in settings.items()
        ),
    ]


def _setting(variable: str, key: str | None = None) -> dict[str, Any]:
    return {
        "name": variable,
        "valueFrom": {"configMapKeyRef": {"name": "settings", "key": key or variable}},
    }


def _secret(variable: str, secret: str, key: str) -> dict[str, Any]:
    missing = {"optional": True} if key in MAY_BE_MISSING else {}
    return {"name": variable, "valueFrom": {"secretKeyRef": {"name": secret, "key": key} | missing}}

"""The step that makes each service its database and its login, as docker-compose.yml runs it too. Pure but for reading the
script that both run."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from deploy.kubernetes.deployments import NO_MORE_RIGHTS, nobody
from deploy.kubernetes.network import POSTGRES, named
from deploy.kubernetes.workloads import WORKLOADS

SCRIPT: Final = Path(__file__).parents[1] / "compose" / "databases.sh"
_NAME: Final = "databases"
_USER: Final = 999
"""The user `postgres` of the image."""


def resources(script: str | None = None) -> Sequence[dict[str, Any]]:
    """The script, and the Job that runs it. A Job cannot be changed, so another script or another service makes another."""
    text = SCRIPT.read_text(encoding="utf-8") if script is None else script
    digest = hashlib.sha256("\n".join([text, *(each.name for each in WORKLOADS)]).encode()).hexdigest()[:8]
    name = f"{_NAME}-{digest}"
    labels = named(_NAME)
    return [
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": name, "labels": labels},
            "data": {SCRIPT.name: text},
        },
        {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"name": name, "labels": labels},
            "spec": {
                "backoffLimit": 30,
                "template": {
                    "metadata": {"labels": labels | POSTGRES},
                    "spec": {
                        "restartPolicy": "OnFailure",
                        "automountServiceAccountToken": False,
                        "enableServiceLinks": False,
                        "securityContext": nobody(_USER),
                        "containers": [_container()],
                        "volumes": [
                            {"name": "script", "configMap": {"name": name}},
                            {
                                "name": "postgres-ca",
                                "secret": {
                                    "secretName": "postgres-ca",
                                    "optional": True,
                                    "items": [{"key": "ca.crt", "path": "ca.crt"}],
                                },
                            },
                        ],
                    },
                },
            },
        },
    ]


def _container() -> dict[str, Any]:
    def setting(variable: str, key: str) -> dict[str, Any]:
        return {"name": variable, "valueFrom": {"configMapKeyRef": {"name": "settings", "key": key}}}

    def secret(variable: str, name: str, key: str) -> dict[str, Any]:
        return {"name": variable, "valueFrom": {"secretKeyRef": {"name": name, "key": key}}}

    return {
        "name": _NAME,
        "image": "postgres:18",
        "command": ["sh", f"/script/{SCRIPT.name}"],
        "env": [
            setting("PGHOST", "POSTGRES"),
            setting("PGSSLMODE", "POSTGRES_SSLMODE"),
            {"name": "PGSSLROOTCERT", "value": "/postgres-ca/ca.crt"},
            secret("PGUSER", "postgres-superuser", "username"),
            secret("PGPASSWORD", "postgres-superuser", "password"),
            *(
                secret(f"PASSWORD_OF_{each.name}", f"loti-{each.name}", "database-password")
                for each in WORKLOADS
            ),
        ],
        "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}},
        "securityContext": NO_MORE_RIGHTS,
        "volumeMounts": [
            {"name": "script", "mountPath": "/script", "readOnly": True},
            {"name": "postgres-ca", "mountPath": "/postgres-ca", "readOnly": True},
        ],
    }

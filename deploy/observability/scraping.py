"""Scraping: which pages Prometheus asks, and by which name it knows a service. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from deploy.local.settings import SERVICES

JOB: Final = "loti"
"""The job of all targets; the alert rules go by it."""

IN_COMPOSE: Final = {name: f"{name}:8080" for name in SERVICES}
"""Where docker-compose.yml has the health page of each service."""

_EVERY: Final = "15s"


def configuration(targets: Mapping[str, str], *, rules: str) -> dict[str, Any]:
    """Prometheus' own configuration: `targets` says host:port by service, `rules` where the alert rules are."""
    return _around(
        {
            "job_name": JOB,
            "honor_labels": True,  # what a service says of itself counts; who says nothing gets the target's `service`
            "static_configs": [
                {"targets": [address], "labels": {"service": name}} for name, address in targets.items()
            ],
        },
        rules,
    )


def configuration_in_kubernetes(*, rules: str) -> dict[str, Any]:
    """The same where pods come and go: each that is annotated `prometheus.io/scrape` and is named after a service."""
    annotation = "__meta_kubernetes_pod_annotation_prometheus_io_"
    name = "__meta_kubernetes_pod_label_app_kubernetes_io_name"
    return _around(
        {
            "job_name": JOB,
            "honor_labels": True,
            "kubernetes_sd_configs": [{"role": "pod"}],
            "relabel_configs": [
                {"source_labels": [f"{annotation}scrape"], "regex": "true", "action": "keep"},
                {"source_labels": [name], "regex": "|".join(SERVICES), "action": "keep"},
                # One target a pod, whatever ports it has, and none while its container is not there yet.
                {
                    "source_labels": ["__meta_kubernetes_pod_container_port_name"],
                    "regex": "http",
                    "action": "keep",
                },
                {"source_labels": ["__meta_kubernetes_pod_phase"], "regex": "Running", "action": "keep"},
                {"source_labels": [name], "target_label": "service"},
                {"source_labels": ["__meta_kubernetes_pod_name"], "target_label": "instance"},
            ],
        },
        rules,
    )


def _around(job: dict[str, Any], rules: str) -> dict[str, Any]:
    return {
        "global": {"scrape_interval": _EVERY, "evaluation_interval": _EVERY},
        "rule_files": [rules],
        "scrape_configs": [job],
    }

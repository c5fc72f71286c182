"""The files that are made: what is committed of them must be what this says."""

import json
from pathlib import Path
from typing import Any, Final

import yaml

from deploy.observability.board import talent_exchange
from deploy.observability.scraping import IN_COMPOSE, configuration, configuration_in_kubernetes

FOLDER: Final = Path(__file__).parent
ALERTS: Final = FOLDER / "alerts.yml"
_MADE: Final = "# Made by `loti observability write`.\n"


def files() -> dict[str, str]:
    """Their text, by their place in this folder."""
    return {
        "dashboards/talent-exchange.json": json.dumps(talent_exchange(), indent=1, ensure_ascii=False) + "\n",
        "prometheus.yml": _MADE + as_yaml(configuration(IN_COMPOSE, rules="alerts.yml")),
        "prometheus-kubernetes.yml": _MADE + as_yaml(configuration_in_kubernetes(rules="alerts.yml")),
    }


def as_yaml(configuration: dict[str, Any]) -> str:
    """A configuration of Prometheus as it reads it."""
    return yaml.safe_dump(configuration, sort_keys=False)

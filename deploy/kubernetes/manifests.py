"""Manifests: every file of the base that is made of the tables, as text. `loti kubernetes generate` writes them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import yaml

from deploy.kubernetes import databases, deployments, kafka_resources, network, scaling
from deploy.kubernetes.workloads import WORKLOADS

MADE: Final = Path(__file__).parent / "base" / "made"
_HEAD: Final = "# Made by `loti kubernetes generate`. What is changed here is lost; a test compares.\n"


def files() -> dict[str, str]:
    """File name → text, of all that stands in base/made."""
    users = [kafka_resources.service_user(each.name) for each in WORKLOADS]
    scaler = [kafka_resources.scaler_user(), *scaling.scaler_access()]
    found: dict[str, Iterable[dict[str, Any]]] = {
        "topics.yaml": kafka_resources.topics(),
        "users.yaml": [*users, *scaler],
        "network.yaml": network.policies(),
        "databases.yaml": databases.resources(),
        **{f"{each.name}.yaml": deployments.resources(each) for each in WORKLOADS},
    }
    kustomization = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": sorted(found),
    }
    texts = {name: text_of(resources) for name, resources in found.items()}
    return texts | {"kustomization.yaml": text_of([kustomization])}


def text_of(resources: Iterable[dict[str, Any]], head: str = _HEAD) -> str:
    """YAML of many documents."""
    return head + yaml.dump_all(
        resources, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120, explicit_start=True
    )


class _Plain(yaml.SafeDumper):
    """Without anchors, and with texts of many lines as they are read."""

    def ignore_aliases(self, data: Any) -> bool:
        """Nothing is said by reference to another place."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Plain.add_representer(str, _text)

"""Every manifest of every overlay, as kustomize renders it, is valid under its schema: Kubernetes' own (kubernetes-validate,
strictly: unknown fields are refused), and the operators' (tests/deploy/schemas)."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
from kubernetes_validate import utils

from tests.deploy.crd_schemas import KINDS, SCHEMAS
from tests.deploy.kustomizing import OVERLAYS, Manifest, of_kind, rendered

OLDEST, NEWEST = "1.33", kubernetes_validate.latest_version()
"""Of Kubernetes. The oldest that its project still mends (kubernetes.io/releases, 2026)."""


@pytest.fixture(autouse=True, scope="module")
def _schemas_read_once() -> Iterator[None]:
    """kubernetes-validate reads a megabyte of JSON anew for each manifest."""
    with pytest.MonkeyPatch.context() as patching:
        patching.setattr(utils, "schema_contents", cache(utils.schema_contents))
        yield


def every() -> list[Manifest]:
    """Each manifest once, though many overlays have it."""
    found = {json.dumps(one, sort_keys=True): one for overlay in OVERLAYS for one in rendered(overlay)}
    return list(found.values())


@cache
def operators(kind: str) -> jsonschema.Draft202012Validator:
    """The validator of an operator's kind."""
    schema = json.loads((SCHEMAS / f"{kind}.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema)


def complaints(manifest: Manifest) -> list[str]:
    """What is wrong with it."""
    where = f"{manifest['kind']} {manifest['metadata']['name']}"
    if manifest["kind"] in KINDS:
        errors = operators(manifest["kind"]).iter_errors(manifest)
        return [f"{where}: {error.json_path}: {error.message}" for error in errors]
    found = []
    for version in (OLDEST, NEWEST):
        try:
            kubernetes_validate.validate(manifest, version, strict=True)
        except kubernetes_validate.ValidationError as error:
            found.append(f"{where}, {version}: {error.json_path}: {error.message}")
    return found


def test_every_manifest_is_valid() -> None:
    """Under the schemas of the oldest and the newest Kubernetes, of Strimzi, CloudNativePG and KEDA."""
    wrong = [complaint for manifest in every() for complaint in complaints(manifest)]
    assert not wrong, "\n".join(wrong)


def _spoilt(kind: str, *path: str | int, to: Any) -> Manifest:
    found: Manifest = copy.deepcopy(next(iter(of_kind(rendered("london"), kind).values())))
    place: Any = found
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = to
    return found


@pytest.mark.parametrize(
    ("kind", "path", "to"),
    [
        ("Deployment", ("spec", "replica"), 2),
        ("Deployment", ("spec", "template", "spec", "containers", 0, "livenessProbe", "httpGet", "port"), None),
        ("NetworkPolicy", ("spec", "egres"), []),
        ("PodDisruptionBudget", ("spec", "maxUnavailable"), [1]),
        ("Kafka", ("spec", "kafka", "listeners", 0, "authentication", "type"), "scram-sha-256"),
        ("KafkaNodePool", ("spec", "replicas"), "three"),
        ("KafkaTopic", ("spec", "partitions"), "six"),
        ("KafkaUser", ("spec", "authorization", "acls", 0, "resource", "patternType"), "prefixed"),
        ("Cluster", ("spec", "instances"), "3"),
        ("ScaledObject", ("spec", "triggers", 0, "metadata", "lagThreshold"), 1000),
        ("TriggerAuthentication", ("spec", "secretTargetRef", 0, "secret"), "x"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(kind: str, path: tuple[str | int, ...], to: Any) -> None:
    """An unknown field, a wrong type or a wrong word in any kind: the check is one that can fail."""
    assert complaints(_spoilt(kind, *path, to=to))

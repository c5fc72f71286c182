"""Renders the overlays with kustomize itself: the command `kustomize`, or the one inside kubectl."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

KUBERNETES: Final = Path(__file__).parents[2] / "deploy" / "kubernetes"
OVERLAYS: Final = tuple(sorted(path.name for path in (KUBERNETES / "overlays").iterdir()))

Manifest = dict[str, Any]


@cache
def rendered(overlay: str) -> tuple[Manifest, ...]:
    """All that `kubectl apply -k` would apply. Skips the test where there is no kustomize; with
    LOTI_TEST_KUSTOMIZE=required it fails."""
    command = _kustomize()
    if command is None:
        why = "neither kustomize nor kubectl is installed"
        if os.environ.get("LOTI_TEST_KUSTOMIZE") == "required":
            pytest.fail(why)
        pytest.skip(why)
    done = subprocess.run(
        [*command, str(KUBERNETES / "overlays" / overlay)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return tuple(yaml.load_all(done.stdout, Loader=yaml.CSafeLoader))


def _kustomize() -> tuple[str, ...] | None:
    if shutil.which("kustomize"):
        return ("kustomize", "build")
    return ("kubectl", "kustomize") if shutil.which("kubectl") else None


def of_kind(manifests: tuple[Manifest, ...], kind: str) -> dict[str, Manifest]:
    """Name → manifest."""
    return {one["metadata"]["name"]: one for one in manifests if one["kind"] == kind}


def pods(manifests: tuple[Manifest, ...]) -> dict[str, Manifest]:
    """Name of what makes them → the template of its pods: labels and spec."""
    return {
        name: one["spec"]["template"]
        for kind in ("Deployment", "Job")
        for name, one in of_kind(manifests, kind).items()
    }

"""The alert rules, run by Prometheus' own promtool (Debian's package `prometheus` has it)."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from deploy.observability.files import ALERTS, FOLDER
from tests.observability.alert_cases import CASES, as_promtool_reads_it
from tests.observability.asked import queries, rules


@pytest.fixture(scope="module")
def promtool() -> str:
    """Where it is; tests that need it skip without it, and fail with LOTI_TEST_PROMTOOL=required."""
    found = shutil.which("promtool")
    if found is None and os.environ.get("LOTI_TEST_PROMTOOL") == "required":
        pytest.fail("promtool is not on the PATH: install Debian's package prometheus")
    if found is None:
        pytest.skip("promtool is not on the PATH")
    return found


def _run(*command: str | Path) -> str:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_each_alert_has_its_case() -> None:
    """No rule comes without one, and none is tested that is not there."""
    assert sorted(case.alert for case in CASES) == sorted(rule["alert"] for rule in rules())


def test_each_alert_speaks_and_is_silent(promtool: str, tmp_path: Path) -> None:
    """Each fires on what it is for, in words that say whose trouble it is, and tells nobody of what passes by itself."""
    severities = {rule["alert"]: rule["labels"]["severity"] for rule in rules()}
    files = []
    for every in sorted({case.every for case in CASES}):
        files.append(tmp_path / f"every-{every}.yml")
        files[-1].write_text(yaml.safe_dump(as_promtool_reads_it(str(ALERTS), severities, every)))
    _run(promtool, "test", "rules", *files)


def test_prometheus_reads_every_file_and_query(promtool: str, tmp_path: Path) -> None:
    """Its configuration with the rules; and each query of the dashboard, as a recording rule would be."""
    _run(promtool, "check", "config", FOLDER / "prometheus.yml")
    recorded = [{"record": f"query_{n}", "expr": query} for n, query in enumerate(queries().values())]
    asked = tmp_path / "queries.yml"
    asked.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": recorded}]}))
    _run(promtool, "check", "rules", asked)

"""`make sbom`: the bill of materials of an image says what its lock says."""

import json
import re
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def test_every_locked_package_is_in_it_with_its_digests(tmp_path: Path) -> None:
    """By name and version, with every digest that pip would accept, and under the licence and version of this project."""
    lock = REPOSITORY / "requirements" / "salaries.txt"
    made = tmp_path / "salaries.cdx.json"
    asked = [
        "requirements",
        "--no-validate",  # which takes three seconds; `make sbom` does it
        "--pyproject",
        "pyproject.toml",
        "--output-reproducible",
        "-o",
        str(made),
        str(lock),
    ]
    subprocess.run([sys.executable, "-W", "ignore", "-m", "cyclonedx_py", *asked], cwd=REPOSITORY, check=True)
    bill = json.loads(made.read_text(encoding="utf-8"))
    text = lock.read_text(encoding="utf-8")
    assert bill["metadata"]["component"]["name"] == "talent-exchange"
    assert {(one["name"], one["version"]) for one in bill["components"]} == set(
        re.findall(r"^([a-z0-9.-]+)(?:\[[a-z,-]+\])?==(\S+)", text, re.MULTILINE)
    )
    digests = {
        digest["content"]
        for one in bill["components"]
        for reference in one["externalReferences"]
        for digest in reference["hashes"]
    }
    assert digests == set(re.findall(r"--hash=sha256:([0-9a-f]{64})", text))

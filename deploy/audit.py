"""The dependency audit, `make audit`: every locked package, Python's and npm's, is asked after at the advisory services.

    python -m deploy.audit

Exit 0: every package was asked after, and none has a known vulnerability. 1: some have; each is named with what mends it. 3: some
could not be asked after, so that nothing is known of them. pip-audit and npm both end well when they were not answered for a
package (measured: pip-audit 2.10, "No known vulnerabilities found", exit 0), so their reports are read and not their exit codes.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).parents[1]
PYTHON_LOCKS = ("dev", "local", "build")
"""requirements/dev.txt holds all that the services' locks hold."""
NPM_FOLDERS = ("services/portal/web/assets", "contracts/subscribers/typescript")

_SECONDS = 600
_VERDICTS = {
    0: "Every locked package was asked after; none has a known vulnerability.",
    1: "There are known vulnerabilities; `make lock` takes newer versions.",
    3: "Not audited: the advisory services did not answer for all. This says nothing about the packages.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found, or could not be."""

    kind: Literal["vulnerable", "not asked"]
    where: str
    what: str


def of_pip_audit(where: str, report: Mapping[str, Any]) -> Iterator[Finding]:
    """What `pip-audit --format json` says. A package that was skipped was not asked after."""
    for one in report["dependencies"]:
        if "skip_reason" in one:
            yield Finding("not asked", where, f"{one['name']}: {one['skip_reason']}")
        for flaw in one.get("vulns", ()):
            mended = ", ".join(flaw["fix_versions"]) or "no version yet"
            yield Finding(
                "vulnerable", where, f"{one['name']} {one['version']}: {flaw['id']}; mended in {mended}"
            )


def of_npm(where: str, report: Mapping[str, Any]) -> Iterator[Finding]:
    """What `npm audit --json` says: a report with counts, or an error in its place."""
    if "metadata" not in report:
        said = (
            report.get("message")
            or report.get("error", {}).get("summary")
            or "npm's advisories did not answer"
        )
        yield Finding("not asked", where, str(said).strip().splitlines()[0])
        return
    for name, flaw in report["vulnerabilities"].items():
        mended = "npm audit fix mends it" if flaw.get("fixAvailable") else "no version yet"
        yield Finding("vulnerable", where, f"{name} {flaw['range']}: {flaw['severity']}; {mended}")


def exit_code(findings: Sequence[Finding]) -> int:
    """What is known to be wrong comes before what is not known."""
    kinds = {finding.kind for finding in findings}
    return 1 if "vulnerable" in kinds else 3 if "not asked" in kinds else 0


def _asked(command: Sequence[str], folder: Path) -> dict[str, Any] | str:
    """The JSON that a tool prints, or why there is none."""
    if shutil.which(command[0]) is None:
        return f"{command[0]} is not installed"
    try:
        done = subprocess.run(  # noqa: S603 - words of our own
            command, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"{command[0]} did not end within {_SECONDS} s"
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except json.JSONDecodeError:
        said = done.stderr.strip().splitlines()
        return said[-1] if said else f"{command[0]} ended with {done.returncode} and said nothing"
    return found


def _python(lock: str) -> Iterator[Finding]:
    where = f"requirements/{lock}.txt"
    command = [sys.executable, "-m", "pip_audit", "--requirement", where, "--no-deps", "--disable-pip",
               "--format", "json", "--progress-spinner", "off"]  # fmt: skip
    report = _asked(command, ROOT)
    if isinstance(report, str):
        yield Finding("not asked", where, report)
    else:
        yield from of_pip_audit(where, report)


def _npm(folder: str) -> Iterator[Finding]:
    report = _asked(["npm", "audit", "--json", "--package-lock-only"], ROOT / folder)
    if isinstance(report, str):
        yield Finding("not asked", folder, report)
    else:
        yield from of_npm(folder, report)


def main() -> int:
    """Ask, print, and say which it is."""
    found = [one for lock in PYTHON_LOCKS for one in _python(lock)]
    found += [one for folder in NPM_FOLDERS for one in _npm(folder)]
    for finding in (one for one in found if one.kind == "vulnerable"):
        print(f"VULNERABLE  {finding.where}: {finding.what}")  # noqa: T201
    unknown = [one for one in found if one.kind == "not asked"]
    for where in dict.fromkeys(one.where for one in unknown):
        own = [one.what for one in unknown if one.where == where]
        print(f"NOT AUDITED {where}: {len(own)} not asked after, the first: {own[0]}")  # noqa: T201
    code = exit_code(found)
    print(_VERDICTS[code])  # noqa: T201
    return code


if __name__ == "__main__":
    sys.exit(main())

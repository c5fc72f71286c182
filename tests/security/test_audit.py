"""What `make audit` says of what the tools say: nothing is taken for clean that was not asked after."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.audit import NPM_FOLDERS, PYTHON_LOCKS, Finding, exit_code, of_npm, of_pip_audit

ROOT = Path(__file__).parents[2]

_NAMES = st.sampled_from(["aiokafka", "h11", "nh3"])
_VERSIONS = st.just("1.0")
_CLEAN = st.builds(lambda name, version: {"name": name, "version": version, "vulns": []}, _NAMES, _VERSIONS)
_SKIPPED = st.builds(lambda name: {"name": name, "skip_reason": "Dependency not found"}, _NAMES)
_FLAWED = st.builds(
    lambda name, version: {
        "name": name,
        "version": version,
        "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["1.1"], "aliases": [], "description": ""}],
    },
    _NAMES,
    _VERSIONS,
)


@given(st.lists(_CLEAN), st.lists(_SKIPPED), st.lists(_FLAWED))
def test_clean_is_what_was_asked_after_and_has_nothing(
    clean: list[dict[str, object]], skipped: list[dict[str, object]], flawed: list[dict[str, object]]
) -> None:
    """Exit 0 only if every package was asked after and none is vulnerable; a vulnerable one outweighs the rest."""
    found = list(of_pip_audit("x", {"dependencies": [*clean, *skipped, *flawed]}))
    assert exit_code(found) == (1 if flawed else 3 if skipped else 0)
    assert len(found) == len(skipped) + len(flawed)


@pytest.mark.parametrize(
    ("report", "code"),
    [
        ({"metadata": {}, "vulnerabilities": {}}, 0),
        ({"message": "405 Method Not Allowed", "error": {"summary": ""}}, 3),
        ({"error": {"code": "ENOLOCK", "summary": "This command requires an existing lockfile."}}, 3),
        ({}, 3),
        (
            {
                "metadata": {},
                "vulnerabilities": {"sass": {"range": "<1", "severity": "high", "fixAvailable": True}},
            },
            1,
        ),
    ],
)
def test_npm_that_was_not_answered_is_not_clean(report: dict[str, object], code: int) -> None:
    """An error in the place of a report is no report."""
    assert exit_code(list(of_npm("x", report))) == code


def test_what_is_known_comes_first() -> None:
    """A vulnerability is said even when another package could not be asked after."""
    assert exit_code([Finding("not asked", "x", "y"), Finding("vulnerable", "x", "y")]) == 1


def test_every_lock_is_audited() -> None:
    """Each version that any lock of this repository pins is in one of those that are asked after."""

    def pins(path: Path) -> set[str]:
        lines = path.read_text(encoding="utf-8").splitlines()
        return {line.split(" ")[0] for line in lines if "==" in line and not line.startswith(" ")}

    asked = set().union(*(pins(ROOT / "requirements" / f"{name}.txt") for name in PYTHON_LOCKS))
    assert len(asked) > 100
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert pins(lock) <= asked, lock
    folders = {path.parent for path in ROOT.rglob("package-lock.json") if "node_modules" not in path.parts}
    assert folders == {ROOT / folder for folder in NPM_FOLDERS}

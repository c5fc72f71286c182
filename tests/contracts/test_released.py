"""What was released once: it is read for ever, and broken only with a version that says so."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from deploy.contract_files import CONTRACTS, history, releases
from deploy.contract_releases import NotReleased, broken_since, release, version_now, why_not
from loti_contracts.events import Envelope, Unknown, decode
from loti_contracts.evolution.changes import OLD, Change

EXAMPLES = sorted((CONTRACTS / "released").glob("*/examples/*.json"))
BROKEN = {"london.loti.role.discovered.v1": [Change("role.title", "a required field went", "", (OLD,))]}


def test_the_contract_breaks_nobody_since_the_last_release() -> None:
    """`loti contracts compare contracts/released/VERSION contracts/schemas` says what did, if this fails."""
    known = releases()
    assert why_not(known[-1][0] if known else None, version_now(), broken_since()) is None


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parents[1].name} {path.stem}")
def test_examples_of_every_release_are_read(path: Path) -> None:
    """A message of any version that was ever published is an event to today's reader, and says the same thing of the
    same; only a type that was retired is unknown to it."""
    example = json.loads(path.read_text(encoding="utf-8"))
    value = None if example["value"] is None else json.dumps(example["value"]).encode()
    said = decode(example["key"].encode(), value, [(n, t.encode()) for n, t in example["headers"].items()])
    assert isinstance(said, Envelope | Unknown)
    if isinstance(said, Envelope):
        assert (said.event.type, said.subject) == (path.stem, example["key"])


@pytest.mark.parametrize(
    ("last", "now", "broken", "may"),
    [
        (None, "0.1.0", BROKEN, True),
        ("0.1.0", "0.1.0", {}, True),
        ("0.1.0", "0.1.1", BROKEN, False),
        ("0.1.0", "0.2.0", BROKEN, True),
        ("0.9.3", "0.10.0", BROKEN, True),
        ("1.4.0", "1.5.0", BROKEN, False),
        ("1.4.0", "2.0.0", BROKEN, True),
        ("0.9.0", "1.0.0", BROKEN, True),
    ],
)
def test_which_version_a_breaking_change_needs(last: Any, now: str, broken: Any, may: bool) -> None:
    """A major one; before 1.0.0 a minor one; and the reason names the event and the version to take."""
    reason = why_not(last, now, broken)
    assert (reason is None) == may
    if reason:
        assert "london.loti.role.discovered.v1" in reason


def test_a_release_is_kept_once(tmp_path: Path) -> None:
    """Schemas and examples are copied under the version; the same version again is refused; a breaking change is refused
    under a version that hides it; and the history names what changed."""
    contracts = tmp_path / "contracts"
    for name in ("schemas", "examples"):
        shutil.copytree(CONTRACTS / name, contracts / name)
    project = contracts / "pyproject.toml"
    project.write_text('[project]\nversion = "0.1.0"\n')
    assert broken_since(contracts) == {}
    folder = release(contracts)
    assert [name for name, _ in releases(contracts)] == ["0.1.0"]
    assert any((folder / "examples").iterdir())
    with pytest.raises(NotReleased, match=r"0\.1\.0 is released"):
        release(contracts)
    kept = folder / "london.loti.role.discovered.v1.json"
    old = json.loads(kept.read_text())
    old["$defs"]["Role"]["required"].append("colour")
    old["$defs"]["Role"]["properties"]["colour"] = {"type": "string"}
    kept.write_text(json.dumps(old))
    assert list(broken_since(contracts)) == ["london.loti.role.discovered.v1"]
    project.write_text('[project]\nversion = "0.1.1"\n')
    with pytest.raises(NotReleased, match=r"call the next release 0\.2\.0"):
        release(contracts)
    project.write_text('[project]\nversion = "0.2.0"\n')
    release(contracts)
    [first, second] = history(contracts)["london.loti.role.discovered.v1"]
    assert (first.release, first.what) == ("0.1.0", "published")
    assert (second.release, second.what) == ("0.2.0", "`role.colour`: a required field went (breaking)")

"""`loti contracts compare`, as a person and as a machine run it."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.contract_sources import NotReadable, read_contract
from deploy.contracts import app
from tests.contracts.evolution_pairs import TEXT, thing

OLD, WIDER, WORDS = (
    thing("a", a=TEXT),
    thing("a", a={"type": ["string", "null"]}),
    thing("a", a=TEXT | {"title": "A"}),
)


def run(*words: object) -> Any:
    """The command's end."""
    return CliRunner().invoke(app, ["compare", *map(str, words)])


def written(path: Path, schema: Any) -> Path:
    """A file with this in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(schema))
    return path


@pytest.mark.parametrize(("new", "code", "last"), [(OLD, 0, "nothing changed"), (WORDS, 0, "1 change, 0 of them breaking"),
                                                   (WIDER, 1, "1 change, 1 of them breaking")])  # fmt: skip
def test_files(tmp_path: Path, new: Any, code: int, last: str) -> None:
    """Two files are compared whatever they are called; the exit code tells compatible from breaking."""
    done = run(written(tmp_path / "one.json", OLD), written(tmp_path / "other.json", new))
    assert (done.exit_code, done.output.splitlines()[-1]) == (code, last)


def test_for_machines(tmp_path: Path) -> None:
    """--json is one object with the verdict and every change: where, what, why, and whom it breaks."""
    done = run(written(tmp_path / "old" / "x.v1.json", OLD), "nothing there", "--json")
    assert done.exit_code == 2
    written(tmp_path / "new" / "x.v1.json", WIDER)
    written(tmp_path / "new" / "y.v1.json", TEXT)
    done = run(tmp_path / "old", tmp_path / "new", "--json")
    assert done.exit_code == 1
    said = json.loads(done.output)
    assert said["verdict"] == "breaking"
    assert [(one["event"], one["where"], one["verdict"]) for one in said["changes"]] == [
        ("x.v1", "a", "breaking"), ("y.v1", "", "compatible"),
    ]  # fmt: skip
    assert said["changes"][0]["breaks"] == ["a subscriber that still reads OLD"]


def test_git_revisions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A revision stands for its contracts/schemas; REV:PATH names another folder or file."""
    monkeypatch.chdir(tmp_path)
    schema = tmp_path / "contracts" / "schemas" / "x.v1.json"
    for number, one in enumerate((OLD, WIDER)):
        written(schema, one)
        for words in (("init", "-q"), ("add", "."), ("commit", "-q", "-m", str(number))):
            subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *words], check=True)
    assert run("HEAD~1", "HEAD").exit_code == 1
    assert run("HEAD", "HEAD").exit_code == 0
    assert run("HEAD", "contracts/schemas").exit_code == 0
    assert run("HEAD~1:contracts/schemas/x.v1.json", schema).exit_code == 1


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("nowhere", "neither a file, nor a folder, nor a revision"),
        ("--output=x", "neither a file, nor a folder, nor a revision"),
        ("HEAD:no/such/folder", "has no no/such/folder"),
        ("broken.json", "broken.json is not JSON"),
        ("list.json", "is not a JSON Schema"),
        ("empty", "holds no JSON Schemas"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, words: str) -> None:
    """The error says what was looked for, and the command ends with 2."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.json").write_text('{"type"')
    (tmp_path / "list.json").write_text("[1]")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    monkeypatch.chdir(tmp_path)
    commit = [
        "git",
        "-c",
        "user.name=a",
        "-c",
        "user.email=a@b.example",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "x",
    ]
    subprocess.run(commit, check=True)
    with pytest.raises(NotReadable, match=words):
        read_contract(place)
    assert run("--", place, "HEAD").exit_code == 2


def test_a_schema_that_is_none(tmp_path: Path) -> None:
    """A wrong word in a schema ends with 2 and names it, not with a false verdict."""
    done = run(written(tmp_path / "one.json", {"type": "strin"}), written(tmp_path / "other.json", OLD))
    assert done.exit_code == 2
    assert "'strin' is no type" in done.output

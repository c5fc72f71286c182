"""What subscribers need of the contract is given to them; and a change that takes it away names the system."""

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.contracts import app
from deploy.expectations import FOLDER, expectation_in
from loti_contracts.documents import documents
from loti_contracts.evolution.expectations import NotAnExpectation, read_expectation, unmet

SCHEMAS = {n.removesuffix(".json"): json.loads(t) for n, t in documents().items() if n.startswith("london.")}
ROLE = "london.loti.role.discovered.v1"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_subscriber_gets_what_it_needs(path: Path) -> None:
    """If this fails, a change of the contract breaks the system that is named: keep what it reads, or publish the
    change as a new version beside this one until it has moved."""
    assert unmet(expectation_in(path), SCHEMAS) == []


def _without(name: str) -> Callable[[Any], None]:
    def change(role: Any) -> None:
        del role["properties"][name]
        role["required"] = [one for one in role["required"] if one != name]

    return change


def _optional(role: Any) -> None:
    role["required"].remove("title")


def _of_type(role: Any) -> None:
    role["properties"]["title"] = {"type": "integer"}


def _more_values(role: Any) -> None:
    role["properties"]["status"]["enum"].append("paused")


def _fewer_values(role: Any) -> None:
    role["properties"]["status"]["enum"].remove("closed")


def _nullable(role: Any) -> None:
    role["properties"]["title"] = {"anyOf": [{"type": "string"}, {"type": "null"}]}


def _another_format(role: Any) -> None:
    role["properties"]["closes_on"] = {"type": "string"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_without("title"), "role.title of .* there is no such field"),
        (_optional, "role.title of .* may be missing or null"),
        (_nullable, "role.title of .* may be missing or null"),
        (_of_type, "role.title of .* may be of type integer, not string"),
        (_more_values, "role.status of .* 'paused' may be said, which is not expected"),
        (_fewer_values, "role.status of .* 'closed' is never said"),
        (_another_format, "role.closes_on of .* string that is no date"),
    ],
)
def test_a_change_that_breaks_a_subscriber_names_it(change: Callable[[Any], None], words: str) -> None:
    """With the system, the field, the event, and what is wrong."""
    schemas = copy.deepcopy(SCHEMAS)
    change(schemas[ROLE]["$defs"]["Role"])
    [said] = unmet(expectation_in(FOLDER / "example-subscriber.yaml"), schemas)
    assert said.startswith("example subscriber reads ")
    assert re.search(words, said), said


def test_what_nobody_reads_may_change() -> None:
    """A field that went, and that the subscriber never named, is no concern of its."""
    schemas = copy.deepcopy(SCHEMAS)
    _without("location")(schemas[ROLE]["$defs"]["Role"])
    assert unmet(expectation_in(FOLDER / "example-subscriber.yaml"), schemas) == []


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ([], "`system` must say"),
        ({"system": "x"}, "`events` must name"),
        ({"system": "x", "event": {}}, "'event' is unknown"),
        ({"system": "x", "events": {"e": ["a"]}}, "e: the fields"),
        ({"system": "x", "events": {"e": {"a..b": "string"}}}, "is no path"),
        ({"system": "x", "events": {"e": {"a": "text"}}}, "e, a: the type 'text' is unknown"),
        ({"system": "x", "events": {"e": {"a": {"value": [1]}}}}, "e, a: 'value' is unknown"),
        ({"system": "x", "events": {"e": {"a": {"values": 1}}}}, "`values` must be a list"),
        ({"system": "x", "events": {"e": {"a": {"others": "no"}}}}, "`others` may be"),
        ({"system": "x", "events": {"e": {"a": {"optional": "no"}}}}, "`optional` may be"),
        ({"system": "x", "events": {"e": {"a": 1}}}, "e, a: a type or"),
    ],
)
def test_what_is_no_expectation(written: Any, words: str) -> None:
    """Refused with the place and with what may stand there."""
    with pytest.raises(NotAnExpectation, match=words):
        read_expectation(written)


def test_the_command(tmp_path: Path) -> None:
    """0 where all is met, 1 where not, 2 for what cannot be read; each line names the system."""
    good, bad, broken = (tmp_path / f"{name}.yaml" for name in ("good", "bad", "broken"))
    good.write_text(f"system: good\nevents: {{{ROLE}: {{role.title: string}}}}\n")
    bad.write_text(
        f"system: dashboard\nevents: {{{ROLE}: {{role.colour: string}}, nothing.v1: {{a: string}}}}\n"
    )
    broken.write_text("system: [")
    run = CliRunner().invoke
    assert run(app, ["expectations"]).exit_code == 0
    assert run(app, ["expectations", str(good)]).output == "1 system, 0 needs not met\n"
    done = run(app, ["expectations", str(good), str(bad)])
    assert done.exit_code == 1
    assert "dashboard reads role.colour" in done.output
    assert "dashboard reads nothing.v1, which is not published" in done.output
    assert run(app, ["expectations", str(broken)]).exit_code == 2
    assert run(app, ["expectations", str(tmp_path / "none.yaml")]).exit_code == 2

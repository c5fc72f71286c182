"""The runbooks: an entry for each alert, and commands that there are."""

import re

import pytest
import typer
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from deploy import cli
from deploy.observability.files import FOLDER
from tests.observability.asked import rules

TEXT = (FOLDER.parents[1] / "docs" / "runbooks.md").read_text(encoding="utf-8")
_BESIDES = {"What is shown where", "To follow one posting to its email", "What has no alert here"}


def entries() -> dict[str, str]:
    """What stands under each heading."""
    parts = re.split(r"^## (.+)$", TEXT, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def commands() -> list[str]:
    """Every `loti …` of the page, in a block or in a line, without its remark."""
    blocks = re.findall(r"^```\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL)
    lines = [line.partition("#")[0] for block in blocks for line in block.splitlines()]
    inline = re.findall(r"`(?:eval \"\$\()?(loti [^`]+?)(?:\)\")?`", TEXT)
    words = [part.strip() for line in (*lines, *inline) for part in re.split(r"[|>]", line)]
    return sorted({word for word in words if word.startswith("loti ") and "…" not in word})


def test_each_alert_has_an_entry_and_each_entry_an_alert() -> None:
    """By its name; what it means, what to do, and a command."""
    found = {name: text for name, text in entries().items() if name not in _BESIDES}
    assert found.keys() == {rule["alert"] for rule in rules()}
    for name, text in found.items():
        missing = [part for part in ("**Means.**", "**Do.**", "```") if part not in text]
        assert missing == [], name


@pytest.mark.parametrize("command", commands())
def test_each_command_is_there(command: str) -> None:
    """`--help` of it works and knows each of the options."""
    words = command.split()[1:]
    asked = _known_part(words)
    said = CliRunner().invoke(cli.app, [*asked, "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    assert said.exit_code == 0, f"loti {' '.join(asked)}: {said.output}"
    for option in (word for word in words if word.startswith("--")):
        assert re.search(rf"{option}\b", said.output), f"loti {' '.join(asked)} has no {option}"


def _known_part(words: list[str]) -> list[str]:
    """The words that are commands; the rest are arguments, such as a service's name."""
    at = get_command(cli.app)
    for n, word in enumerate(words):
        if not isinstance(at, TyperGroup):
            return words[:n]
        inner = at.get_command(typer.Context(at), word)
        assert inner is not None, f"loti {' '.join(words[:n])} has no {word}"
        at = inner
    return words


def test_a_command_that_is_not_there_is_found() -> None:
    """What this file looks for, it finds."""
    assert len(commands()) > 40
    with pytest.raises(AssertionError, match="has no lag-of-all"):
        _known_part(["contracts", "lag-of-all"])

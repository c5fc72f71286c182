"""The guides, as far as they can be held to the system without starting it; `tests/path/test_walks.py` walks their pages, and
`python -m tests.guides.follow` follows them command by command."""

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from deploy.cli import app
from tests.guides import guide as guides
from tests.guides.guide import FOLDER, PICTURES, guide_of, read
from tests.guides.walked import WALKS

NAMES = guides.names()
PROGRAM = typer.main.get_command(app)
LINKED = re.compile(r"\]\(([^)#]+)")
CODE = re.compile(r"`(loti [^`]+)`")


@pytest.mark.parametrize("name", NAMES)
def test_a_guide_names_only_what_is_there(name: str) -> None:
    """It is short; each of its commands and options is one of `loti`'s; what it links to is a file; each section that names a
    page is walked, and each walk is of a section."""
    text = (FOLDER / f"{name}.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 200
    assert [words for words in _commands(name, text) if not _is_a_command(words)] == []
    assert [path for path in LINKED.findall(text) if not (FOLDER / path).exists()] == []
    named = {one.heading for one in read(name).sections if one.names or one.pictures}
    assert named == set(WALKS[name])


def test_the_pictures_are_those_that_the_guides_show() -> None:
    """None is missing, none is left over, and all together they are small."""
    shown = {picture for name in NAMES for one in read(name).sections for picture in one.pictures}
    kept = {path.stem: path.stat().st_size for path in PICTURES.glob("*")}
    assert set(kept) == shown
    assert sum(kept.values()) < 1_500_000


def test_what_is_bold_is_pressed_and_what_is_code_is_typed() -> None:
    """A section's names come in its order; what stands in blocks is not among them, and marks are read."""
    one = guide_of(
        "g",
        "**Not this**\n## Do it\n1. Press **Jobs**, type `a **b**`,\n   and see **All\n   of it**.\n![A job](pictures/x-y.png)\n"
        '```sh background until="it is up"\nrun **this**\n```\n```sql file=a/b.sql\nSELECT\n```\n',
    ).sections[0]
    assert (one.heading, one.names, one.typed) == ("Do it", ("Jobs", "All of it"), {"a **b**"})
    assert one.pictures == ("x-y",)
    assert [(block.language, dict(block.marks), block.text, block.line) for block in one.blocks] == [
        ("sh", {"background": "", "until": "it is up"}, "run **this**", 7),
        ("sql", {"file": "a/b.sql"}, "SELECT", 10),
    ]


def _commands(name: str, text: str) -> Iterator[list[str]]:
    """Every command line of `loti` in its blocks, and every one that its sentences name."""
    lines = [line for one in read(name).sections for block in one.blocks for line in block.text.splitlines()
             if block.language == "sh"]  # fmt: skip
    inside = [
        found for line in lines for found in re.findall(r"loti [^|)>;\"]+", line) if not line.startswith("#")
    ]
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    for said in [*inside, *(re.sub(r"\s+", " ", one) for one in CODE.findall(prose))]:
        words = shlex.split(said.replace("…", "x"))
        yield words[1:]


def _is_a_command(words: list[str]) -> bool:
    """Whether the words lead through the program's groups to a command, and each option is one of its own."""
    found: Any = PROGRAM
    left = list(words)
    while hasattr(found, "get_command") and left and not left[0].startswith("-"):
        inner = found.get_command(None, left[0])
        if inner is None:
            return bool(found.params) and found.invoke_without_command
        found, left = inner, left[1:]
    known = {option for one in found.params for option in (*one.opts, *one.secondary_opts)} | {"--help"}
    return all(word in known for word in left if word.startswith("--"))

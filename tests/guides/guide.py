"""A guide as it is read: its sections, what each names to press and type, its pictures and its commands. Pure.

How guides are written: what a reader presses, opens, ticks or looks for on a page stands in **bold**, what they type or choose
in `code`. A block marked `sh` is run; `sh status=1` ends so; `sh background until="WORDS"` runs on, and has printed these
words; `sh needs=docker` is run where that answers; `file=NAME` on any other block writes it to that file. A block marked
`console` shows what is printed, loosely: `…` stands for anything, and a number for any number.
"""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[2] / "docs" / "guides"
PICTURES: Final = FOLDER / "pictures"
_FENCE = re.compile(r"^```(\S*)[ ]?(.*)$")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_PICTURE = re.compile(r"!\[[^\]]*\]\(pictures/([^)]+)\.png\)")
_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, what its first line says beside, the text, and its line in the guide."""

    language: str
    marks: Mapping[str, str]
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading. `names` in the order in which a reader meets them."""

    heading: str
    names: tuple[str, ...]
    typed: frozenset[str]
    pictures: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """One guide. `name` is its file's, without the ending."""

    name: str
    sections: tuple[Section, ...]


@dataclass(slots=True)
class _Open:
    heading: str
    prose: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def closed(self) -> Section:
        prose = " ".join(self.prose)
        names, typed = _BOLD.findall(_CODE.sub("", prose)), _CODE.findall(prose)
        return Section(
            self.heading, tuple(names), frozenset(typed), tuple(_PICTURE.findall(prose)), tuple(self.blocks)
        )


def read(name: str) -> Guide:
    """The guide of that name. Raises FileNotFoundError."""
    return guide_of(name, (FOLDER / f"{name}.md").read_text(encoding="utf-8"))


def guide_of(name: str, text: str) -> Guide:
    """A guide from its Markdown. What stands before the first heading of the second level is for nobody to do."""
    sections: list[_Open] = [_Open("")]
    lines = iter(enumerate(text.splitlines(), 1))
    for number, line in lines:
        if fence := _FENCE.match(line):
            sections[-1].blocks.append(_block(fence[1], fence[2], number, lines))
        elif line.startswith("## "):
            sections.append(_Open(line[3:].strip()))
        else:
            sections[-1].prose.append(line.strip())
    return Guide(name, tuple(one.closed() for one in sections[1:]))


def names() -> Sequence[str]:
    """All guides."""
    return sorted(path.stem for path in FOLDER.glob("*.md") if path.stem != "README")


def _block(language: str, marks: str, number: int, lines: Iterator[tuple[int, str]]) -> Block:
    inside = []
    for _, line in lines:
        if line.startswith("```"):
            break
        inside.append(line)
    said = dict(word.partition("=")[::2] for word in shlex.split(marks))
    return Block(language, said, "\n".join(inside), number)


def fits(shown: str, printed: str) -> bool:
    """Whether what a guide shows could be what was printed: each of its lines, in order, among the printed ones."""
    left = iter(" ".join(line.split()) for line in printed.splitlines())
    wanted = [" ".join(line.split()) for line in shown.splitlines() if line.strip() not in ("", "…")]
    return all(any(_loosely(line).fullmatch(one) for one in left) for line in wanted)


def _loosely(line: str) -> re.Pattern[str]:
    parts = re.split(r"(…|\d[\d,.:]*)", line)
    return re.compile(
        "".join(".*" if p == "…" else r"\d[\d,.:]*" if p[:1].isdigit() else re.escape(p) for p in parts)
    )

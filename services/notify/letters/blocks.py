"""Blocks: what a letter is made of. Every renderer knows each of them, and there is nothing else. Pure.

Texts are plain, from wherever they come: renderers escape. `wording.one_line` and `wording.paragraphs` make texts from
outside harmless before they get here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

Tone = Literal["normal", "lead", "big", "note"]


@dataclass(frozen=True, slots=True)
class Text:
    """Words. `quiet` ones are said in passing."""

    text: str
    strong: bool = False
    emphasis: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to an absolute http(s) or mailto address. `label` says where, if the words alone do not."""

    text: str
    url: str
    label: str | None = None


Inline: TypeAlias = Text | Link
Inlines: TypeAlias = tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 once, at the top of a letter; 2 for a section; 3 for a thing in it."""

    text: str
    level: Literal[1, 2, 3]
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph. `lead` below the title, `big` for a figure, `note` for what is said in passing."""

    inlines: Inlines
    tone: Tone = "normal"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[Inlines, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """A table of two columns: what, and what of it."""

    rows: tuple[tuple[str, Inlines], ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """Short lines, one under the other."""

    lines: tuple[Inlines, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A person or a candidate in a box: the first line is the name."""

    lines: tuple[Inlines, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """Something to do: one in a letter, or one for each thing in it that asks for an answer."""

    text: str
    url: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A line between things."""


Block: TypeAlias = Heading | Paragraph | Bullets | Facts | Lines | Card | Button | Rule


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
    """Blocks that stand in many letters: one object for all of them, so that whoever draws it may do so once."""

    blocks: tuple[Block, ...]


Part: TypeAlias = Block | Passage


@dataclass(frozen=True, slots=True)
class Page:
    """A letter before it is rendered. `foot` says why the reader gets it, and how to change or stop that.

    `preview` is what a mailbox shows beside the subject.
    """

    subject: str
    preview: str
    blocks: tuple[Part, ...]
    foot: tuple[Inlines, ...]


def text(*words: str) -> Inlines:
    """Plain words."""
    return tuple(Text(one) for one in words if one)


def paragraph(words: str, tone: Tone = "normal") -> Paragraph:
    """A paragraph of plain words."""
    return Paragraph(text(words), tone)


def bullets(items: Sequence[str], *, ordered: bool = False) -> Bullets:
    """A list of plain words."""
    return Bullets(tuple(text(item) for item in items), ordered)

"""Told: one thing in words, at three lengths."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

from services.notify.letters.blocks import Block, Heading, Inlines, Link, Part, Passage, Text

Blocks: TypeAlias = tuple[Block, ...]
Parts: TypeAlias = tuple[Part, ...]
Level: TypeAlias = Literal[1, 2, 3]


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """`whole` is what a letter about it alone says below its title, `entry` what a digest says below the heading of
    the thing, `line` what is said behind the title where there is little room: a letter needs one of the three, so the
    longer two are made when asked for. `url` is where the title leads.

    `asks` says that the reader is to answer: then a digest never shortens it to its line. `shared` says that this one
    object is told to many readers.
    """

    title: str
    url: str | None
    subject: str
    preview: str
    whole: Callable[[], Blocks]
    entry: Callable[[], Blocks]
    line: Inlines
    asks: bool = False
    shared: bool = False

    def headed(self, level: Level) -> Parts:
        """Its heading and what stands below: at level 1 the whole of it, below that an entry."""
        return _passage(self, level) if self.shared else self.made(level)

    def made(self, level: Level) -> Blocks:
        """The same, made anew."""
        if level == 1:
            return (Heading(self.title, 1), *self.whole())
        return (Heading(self.title, level, self.url), *self.entry())

    def brief(self, why: str | None) -> Inlines:
        """On one line, with the reason if it is to stand there."""
        title = Link(self.title, self.url) if self.url else Text(self.title, strong=True)
        said = (*self.line, *((Text(f" {why}", quiet=True),) if why else ()))
        return (title, Text(" · ", quiet=True), *said) if said else (title,)


@lru_cache(maxsize=4_096)
def _passage(told: Told, level: Level) -> Parts:
    return (Passage(told.made(level)),)


def quiet(*parts: str | None) -> Inlines:
    """What is said in passing, its parts apart; nothing where there are none."""
    said = " · ".join(part for part in parts if part)
    return (Text(said, quiet=True),) if said else ()


def lines(*inlines: Inlines | None) -> tuple[Inlines, ...]:
    """Those of them that say something."""
    return tuple(line for line in inlines if line)

"""Which pages a list links to: the first, the last, and those around the one that is shown."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_AROUND: Final = 1


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page; where `number` is None, pages that are left out."""

    number: int | None
    url: str
    here: bool


@dataclass(frozen=True, slots=True)
class Pages:
    """The links under a list; `before` and `after` are None at its ends."""

    before: str | None
    after: str | None
    links: tuple[PageLink, ...]


def pages(here: int, last: int, address: Callable[[int], str]) -> Pages:
    """For page `here` of `last`, both counted from 1."""
    wanted = sorted({1, last, *range(max(1, here - _AROUND), min(last, here + _AROUND) + 1)})
    links: list[PageLink] = []
    for number in wanted:
        if links and (links[-1].number or 0) < number - 1:
            links.append(PageLink(None, "", False))
        links.append(PageLink(number, address(number), number == here))
    return Pages(
        before=address(here - 1) if here > 1 else None,
        after=address(here + 1) if here < last else None,
        links=tuple(links),
    )

"""Guides walked on a running system: each section's walk must touch what the guide names, in that order, and nothing else."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

from tests.guides.guide import Guide, Section, read
from tests.guides.hand import Hand
from tests.guides.walks import developer, manager, officer, operator

Walk = Callable[[Hand], None]
WALKS: Final[Mapping[str, Mapping[str, Walk]]] = {
    "borough-officer": officer.WALK,
    "developer": developer.WALK,
    "manager": manager.WALK,
    "operator": operator.WALK,
}
"""By guide and heading; a section without one names no page."""


class Strays(AssertionError):
    """A walk did something else than its guide says."""


def walk(name: str, tab: Page, data: Path, pictures: Path | None = None) -> None:
    """Walk a whole guide in one tab. Raises Strays, and what the browser finds missing."""
    guide, hand = read(name), Hand(tab, data, pictures)
    for section in guide.sections:
        walk_section(guide, section, hand)


def walk_section(guide: Guide, section: Section, hand: Hand) -> None:
    """One section of it."""
    hand.names, hand.typed, hand.taken = [], [], []
    go = WALKS[guide.name].get(section.heading)
    try:
        if go is not None:
            go(hand)
    except Exception as error:
        error.add_note(f"{guide.name}.md, “{section.heading}”, after {hand.names}, at {hand.tab.url}")
        raise
    where = f"{guide.name}.md, “{section.heading}”"
    if hand.names != list(section.names):
        raise Strays(f"{where} names {list(section.names)}; the walk touched {hand.names}")
    if strange := [value for value in hand.typed if value not in section.typed]:
        raise Strays(f"{where} does not say {strange}, which the walk typed")
    if hand.taken != list(section.pictures):
        raise Strays(f"{where} shows {list(section.pictures)}; the walk took {hand.taken}")

"""Digests: whatever is due to one contact, most relevant first. One thing alone is told in full. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Final, Literal
from uuid import UUID

from loti_contracts.events import NotificationKind, Role
from services.notify.letters import in_words
from services.notify.letters.blocks import Block, Bullets, Heading, Inlines, Page, Part, Passage, paragraph
from services.notify.letters.foot import foot
from services.notify.letters.topics import Told, told
from services.notify.letters.wording import one_line
from services.notify.links import Links
from services.notify.mails import Item
from services.notify.telling.relevance import IN_FULL

SECTIONS: Final[Mapping[NotificationKind, tuple[str, str, str]]] = {
    "match proposed": ("Who could help you", "shortlist", "shortlists"),
    "follow-up due": ("How did it go?", "question how it went", "questions how it went"),
    "offer below market": (
        "Your offers below the market",
        "offer below the market",
        "offers below the market",
    ),
    "source failing": (
        "Boards that cannot be read",
        "board that cannot be read",
        "boards that cannot be read",
    ),
    "shared demand": (
        "Wanted by several boroughs",
        "role that several boroughs want",
        "roles that several boroughs want",
    ),
    "event": ("Events", "event", "events"),
    "new role": ("New roles", "new role", "new roles"),
    "benchmark moved": ("Pay that moved", "change in pay", "changes in pay"),
    "novel role": ("Roles of a new kind", "role of a new kind", "roles of a new kind"),
    "library news": ("New in the library", "new thing in the library", "new things in the library"),
}
"""Each section's heading, and what one and several of its things are called."""

_EACH_SAYS_WHY = "you asked to hear of these things; each part says what you asked for."
_LAST_DAY = date.max
_IN_A_TITLE = 3


def digest(items: Sequence[Item], links: Links, now: datetime) -> Page:
    """The page of one contact's items, at least one. Raises CannotBeTold."""
    items = most_relevant_first(items)
    all_told = [(item, told(item, links, now)) for item in items]
    if len(all_told) == 1:
        only = all_told[0][1]
        whys = foot([items[0].why], items[0].contact_id, links)
        return Page(only.subject, only.preview, only.headed(1), whys)
    return _many(all_told, links)


def most_relevant_first(items: Sequence[Item]) -> list[Item]:
    """By relevance; what matters alike, by what it is, and roles that close soonest first."""
    kinds = list(SECTIONS)

    def place(item: Item) -> tuple[float, int, date, str]:
        closes = item.about.closes_on if isinstance(item.about, Role) else None
        kind = kinds.index(item.kind) if item.kind in kinds else len(kinds)
        return -item.relevance, kind, closes or _LAST_DAY, str(item.id)

    return sorted(items, key=place)


def _many(all_told: Sequence[tuple[Item, Told]], links: Links) -> Page:
    """In sections, the one with the most relevant thing first; the first things in full, the rest as one line each.
    Where all are of one kind, the letter is that section."""
    counts: dict[NotificationKind, int] = {}
    for item, _ in all_told:
        counts[item.kind] = counts.get(item.kind, 0) + 1
    in_full = {item.id for item, one in all_told[:IN_FULL]} | {item.id for item, one in all_told if one.asks}
    whys = {item.why for item, _ in all_told}
    one_kind = len(counts) == 1
    blocks: list[Part] = [
        Heading(_title(counts), 1),
        paragraph("What matters most to you comes first.", "lead"),
    ]
    for kind in counts:
        section = [(item, one) for item, one in all_told if item.kind == kind]
        blocks += _section(None if one_kind else SECTIONS[kind][0], section, in_full)
    first = all_told[0][1]
    more = "one more" if len(all_told) == 2 else f"{len(all_told) - 1} more"
    head = f"{len(all_told)} {SECTIONS[all_told[0][0].kind][2]}: " if one_kind else ""
    return Page(
        subject=f"{head}{one_line(first.subject, 110 - len(head) - len(more))} and {more}",
        preview=" · ".join(one_line(one.title, 60) for _, one in all_told[1:4]),
        blocks=tuple(blocks),
        foot=foot(whys if len(whys) == 1 else [_EACH_SAYS_WHY], all_told[0][0].contact_id, links),
    )


def _title(counts: Mapping[NotificationKind, int]) -> str:
    """Four new roles, two events and three more things"""
    parts = [
        f"{in_words.in_letters(number)} {SECTIONS[kind][1 if number == 1 else 2]}"
        for kind, number in counts.items()
    ]
    if len(parts) > _IN_A_TITLE:
        rest = sum(list(counts.values())[_IN_A_TITLE - 1 :])
        parts = [*parts[: _IN_A_TITLE - 1], f"{in_words.in_letters(rest)} more things"]
    said = in_words.listed(parts)
    return said[:1].upper() + said[1:]


def _section(heading: str | None, section: Sequence[tuple[Item, Told]], in_full: set[UUID]) -> list[Part]:
    """Its heading, why its things are there (once, if all for the same reason), and the things."""
    level: Literal[2, 3] = 3 if heading else 2
    shared = section[0][0].why if len({item.why for item, _ in section}) == 1 else None
    blocks: list[Part] = [_opening(heading, shared)]
    brief: list[Inlines] = []
    for item, one in section:
        why = None if shared else one_line(item.why, 400)
        if item.id in in_full:
            blocks += one.headed(level)
            blocks += [paragraph(why, "note")] if why else []
        else:
            brief.append(one.brief(why))
    if brief:
        blocks += [Heading("In brief", level)] if len(brief) < len(section) else []
        blocks.append(Bullets(tuple(brief)))
    return blocks


@lru_cache(maxsize=1_024)
def _opening(heading: str | None, why: str | None) -> Passage:
    head: list[Block] = [Heading(heading, 2)] if heading else []
    return Passage((*head, *([paragraph(one_line(why, 400), "note")] if why else [])))

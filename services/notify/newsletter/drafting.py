"""Drafting: what was heard in a period becomes a newsletter that a person then makes their own. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from loti_contracts.events import LibraryItem, NovelRole, PaySignal, Role, SharedDemand
from services.notify.letters.in_words import counted, in_letters, listed
from services.notify.links import Links
from services.notify.newsletter.drafted import line, period, plain
from services.notify.newsletter.edition_file import EditionFile, edition_id
from services.notify.newsletter.highlights import OTHER, borough_of, by_family
from services.notify.newsletter.sections import (
    events_section,
    library_section,
    novel_section,
    pay_section,
    roles_section,
    shared_section,
)

GREETING: Final = "[[Say hello in a sentence or two: what should readers take away this time?]]"
CLOSING: Final = (
    "Is something missing, or worth sharing with other boroughs? Reply to this email: a person reads it."
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What notify heard that a newsletter may tell of.

    `roles` were found in the period and are open; `gone` counts those that came and closed within it. `demands` are
    shared now. `items` were published in the period; `events` are still to come.
    """

    roles: tuple[Role, ...] = ()
    gone: int = 0
    signals: tuple[PaySignal, ...] = ()
    demands: tuple[SharedDemand, ...] = ()
    novel: tuple[NovelRole, ...] = ()
    items: tuple[LibraryItem, ...] = ()
    events: tuple[LibraryItem, ...] = ()


def draft(heard: Heard, *, since: date, until: date, links: Links) -> EditionFile:
    """A newsletter about the days from `since` to `until`, with one line left for its editor to write."""
    parts = [
        GREETING,
        line(_opening(heard, since, until)),
        *roles_section(heard.roles, until),
        *shared_section(heard.demands),
        *pay_section(heard.signals),
        *novel_section(heard.novel),
        *library_section(heard.items),
        *events_section(heard.events, links),
        "---",
        CLOSING,
    ]
    return EditionFile(
        id=edition_id(since, until),
        title=f"Digital jobs in London’s boroughs, {period(since, until)}",
        summary=_summary(heard, since, until),
        since=since,
        until=until,
        markdown="\n\n".join(part for part in parts if part) + "\n",
    )


def _opening(heard: Heard, since: date, until: date) -> str:
    """The first sentences: how much is new, where most of it is, and what many have in common."""
    when = (
        f"In {period(since, until)}"
        if since.day == 1 and since.month == until.month
        else f"From {period(since, until)}"
    )
    count = len(heard.roles)
    if not count:
        opening = f"{when}, no new digital role that is still open appeared on the boroughs’ jobs boards."
    else:
        boroughs = len({borough_of(role) for role in heard.roles})
        opening = (
            f"{when}, {counted(boroughs, 'borough')} advertised {counted(count, 'digital role')} that "
            f"{'is' if count == 1 else 'are'} still open{_mostly(heard.roles)}."
        )
    if heard.gone:
        was = "was" if heard.gone == 1 else "were"
        opening += f" {_capital(in_letters(heard.gone))} more {was} advertised and closed again in that time."
    if len(heard.demands) == 1:
        demand = heard.demands[0]
        opening += f" {_capital(in_letters(demand.borough_count))} boroughs look for the same role at once: {demand.standard_role}."
    elif heard.demands:
        names = listed([demand.standard_role for demand in _most_wanted(heard.demands)], most=3)
        opening += f" {_capital(in_letters(len(heard.demands)))} roles are wanted by several boroughs at once: {names}."
    return opening


def _mostly(roles: Sequence[Role]) -> str:
    families = [(family, len(found)) for family, found in by_family(roles).items() if family != OTHER]
    if len(roles) < 4 or len(families) < 2:
        return ""
    return f", most of them in {listed([f'{family} ({number})' for family, number in families[:2]])}"


def _summary(heard: Heard, since: date, until: date) -> str:
    """What a mailbox shows beside the title."""
    moves = sum(signal.kind == "benchmark moved" for signal in heard.signals)
    counts = [
        _few(len(heard.roles), "new role", "new roles"),
        _few(
            len(heard.demands), "role that several boroughs look for", "roles that several boroughs look for"
        ),
        _few(moves, "move in pay", "moves in pay"),
        _few(len(heard.items), "new item in the library", "new items in the library"),
        _few(len(heard.events), "event to come to", "events to come to"),
    ]
    told = [count for count in counts if count]
    return _capital(f"{listed(told)}." if told else f"What boroughs heard in {period(since, until)}.")


def _few(number: int, one: str, many: str) -> str:
    return f"{in_letters(number)} {one if number == 1 else many}" if number else ""


def _most_wanted(demands: Sequence[SharedDemand]) -> list[SharedDemand]:
    return sorted(demands, key=lambda demand: (-demand.borough_count, demand.standard_role))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


__all__ = ["CLOSING", "GREETING", "Heard", "draft", "plain"]

"""Topics: what letters tell of, each thing in words."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from loti_contracts.events import (
    LibraryItem,
    Match,
    NotificationKind,
    NovelRole,
    PaySignal,
    Role,
    SharedDemand,
    SourceState,
)
from services.notify.letters.in_words import LONDON
from services.notify.letters.topics import demands, library, matches, pay_signals, roles, sources
from services.notify.letters.topics.told import Told
from services.notify.links import Links
from services.notify.mails import About, Item

__all__ = ["CannotBeTold", "Told", "told"]


class CannotBeTold(ValueError):
    """A digest was given something that is no part of digests. The text names kind and thing, no person."""


def told(item: Item, links: Links, now: datetime) -> Told:
    """The item in words. Raises CannotBeTold.

    What does not depend on the reader is made once a day for all of them.
    """
    match item.kind, item.about:
        case "match proposed", Match() as match:
            return matches.match_proposed(match, item.contact_id, item.others, links)
        case "follow-up due", Match() as match:
            return matches.follow_up(match, item.contact_id, item.occurrence, item.others, links)
    calendar = links.calendar(item.about.id) if item.kind == "event" else ""
    return _for_all(_News(item.kind, item.about, item.role), calendar, now.astimezone(LONDON).date())


@dataclass(frozen=True, slots=True)
class _News:
    """What is told to many. Two are one if all that they say is the same, and they are found by their ids."""

    kind: NotificationKind
    about: About
    role: Role | None

    def __hash__(self) -> int:
        return hash((self.kind, self.about.id, self.about.revision))


@lru_cache(maxsize=4_096)
def _for_all(news: _News, calendar: str, today: date) -> Told:
    match news.kind, news.about:
        case "new role", Role() as role:
            found = roles.new_role(role, today)
        case "benchmark moved", PaySignal() as signal:
            found = pay_signals.benchmark_moved(signal)
        case "offer below market", PaySignal() as signal:
            found = pay_signals.below_market(signal, news.role, today)
        case "shared demand", SharedDemand() as demand:
            found = demands.shared_demand(demand)
        case "novel role", NovelRole() as novel:
            found = roles.novel_role(novel)
        case "source failing", SourceState() as source:
            found = sources.source_failing(source)
        case "library news", LibraryItem() as item:
            found = library.library_news(item)
        case "event", LibraryItem() as item:
            found = library.event(item, calendar, today)
        case kind, about:
            raise CannotBeTold(f"a {type(about).__name__} ({about.id}) is told as {kind!r}: nothing says how")
    return replace(found, shared=True)

"""News: what a thing is worth telling to those who chose its topic, and what their filters can ask of it. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from loti_contracts.events import (
    LibraryItem,
    Match,
    NovelRole,
    Pay,
    PaySignal,
    Role,
    SharedDemand,
    SourceState,
    State,
    SubscriptionTopic,
)
from loti_contracts.vocabulary import standard_roles
from services.notify.telling.timing import LONDON
from services.notify.things import Thing, ThingKind, kind_of

Words = frozenset[str]
_IN_A_YEAR: Final = {"year": 1, "month": 12, "week": 52}


@dataclass(frozen=True, slots=True)
class Facts:
    """What filters can ask of one thing. None: that sort of thing has no such fact, so that the filter does not count;
    an empty set: it should have one, but nobody knows it, and it is never guessed: the filter lets nothing through.

    `pay` is the most that is offered in pence a year; None where that is not said, or not said by the year, month or
    week: then any wish is let through.
    """

    standard_roles: Words | None = None
    families: Words | None = None
    levels: Words | None = None
    boroughs: Words | None = None
    areas: Words | None = None
    pay: int | None = None


@dataclass(frozen=True, slots=True)
class News:
    """One telling of a thing to whoever chose its topic. `until`: the last day on which it is of use, if it says so."""

    topic: SubscriptionTopic
    thing_kind: ThingKind
    thing_id: str
    facts: Facts
    occurrence: str = ""
    until: date | None = None


def news(thing: Thing, role: Role | None = None) -> News | None:
    """What those who chose its topic are told of a thing, if it is one of those; `role` is what a signal speaks of.

    It says nothing of whether the thing is over: see `over`. None for an offer whose role is not known yet, and for
    matches and editions, whose readers do not follow from what they chose alone.
    """
    match thing:
        case Role():
            return _news(thing, "new role", _of_role(thing), until=thing.closes_on)
        case PaySignal(kind="benchmark moved"):
            return _news(thing, "benchmark moved", _of_signal(thing))
        case PaySignal(kind="below market") if role is not None:
            facts = _of_signal(thing, boroughs=frozenset(one.gss for one in role.authorities))
            return _news(thing, "offer below market", facts, until=role.closes_on)
        case SharedDemand():
            return _news(
                thing, "shared demand", _of_demand(thing), thing.since.astimezone(UTC).date().isoformat()
            )
        case NovelRole():
            return _news(thing, "novel role", Facts(boroughs=frozenset(one.gss for one in thing.boroughs)))
        case SourceState():
            facts = Facts(boroughs=frozenset(one.gss for one in thing.authorities))
            return _news(thing, "source failing", facts, moment(thing.at))
        case LibraryItem(happening=None):
            return _news(thing, "library news", _of_item(thing))
        case LibraryItem(happening=happening) if happening is not None:
            first_day = happening.starts_at.astimezone(LONDON).date()
            return _news(thing, "event", _of_item(thing), moment(happening.starts_at), until=first_day)
    return None


def over(thing: Thing, now: datetime, role: Role | None = None) -> str | None:
    """Why a thing is not worth telling any more; None while it is. `role` is what a signal speaks of."""
    match thing:
        case Role(status="closed"):
            return "The role is closed."
        case Role(closes_on=day) if day is not None and day < now.astimezone(LONDON).date():
            return "The closing date of the role has passed."
        case PaySignal(kind="below market") if role is not None:
            return over(role, now)
        case SharedDemand(status="ended"):
            return "The demand is no longer shared."
        case NovelRole(status="withdrawn"):
            return "The role is not of a new kind after all."
        case SourceState(status="working"):
            return "The board can be read again."
        case LibraryItem(status="retired"):
            return "It was taken out of the library."
        case LibraryItem(happening=happening) if happening is not None and happening.ends_at <= now:
            return "The event is over."
    return None


def is_current(state: State) -> bool:
    """Whether a thing as it is now is one that is told of, and worth telling as far as no clock decides that."""
    match state:
        case Role():
            return state.status == "open"
        case PaySignal():
            return state.kind in ("benchmark moved", "below market")
        case SharedDemand():
            return state.status == "current"
        case NovelRole():
            return state.status == "novel"
        case SourceState():
            return state.status == "failing"
        case LibraryItem():
            return state.status == "published"
        case Match():
            return state.status in ("proposed", "accepted")
    return False


def moment(at: datetime) -> str:
    """A moment as the name of an occurrence."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def pay_a_year(pay: Pay | None) -> int | None:
    """The most that is offered in pence a year. Days and hours are not multiplied: nobody knows how many they are."""
    most = None if pay is None else pay.maximum if pay.maximum is not None else pay.minimum
    by = _IN_A_YEAR.get((pay.period if pay else None) or "")
    return most * by if most is not None and by else None


def _news(
    thing: Thing, topic: SubscriptionTopic, facts: Facts, occurrence: str = "", *, until: date | None = None
) -> News:
    return News(topic, kind_of(thing), thing.id, facts, occurrence, until)


def _of_role(role: Role) -> Facts:
    standard = role.standard_role
    return Facts(
        standard_roles=_known(standard.name if standard else None),
        families=_known(standard.family if standard else None),
        levels=_known(role.level),
        boroughs=frozenset(one.gss for one in role.authorities),
        areas=frozenset(one.area for one in role.authorities),
        pay=pay_a_year(role.pay),
    )


def _of_signal(signal: PaySignal, boroughs: Words | None = None) -> Facts:
    """A benchmark is of no borough, and one of all levels of each level."""
    return Facts(
        standard_roles=frozenset((signal.standard_role,)),
        families=_family_of(signal.standard_role),
        levels=None if signal.level == "all" else frozenset((signal.level,)),
        boroughs=boroughs,
    )


def _of_demand(demand: SharedDemand) -> Facts:
    levels = {one.level for one in demand.roles} | {one.level for one in demand.requests}
    return Facts(
        standard_roles=frozenset((demand.standard_role,)),
        families=frozenset((demand.family,)),
        levels=frozenset(level for level in levels if level),
        boroughs=frozenset(one.gss for one in demand.boroughs),
    )


def _of_item(item: LibraryItem) -> Facts:
    """What an item does not say, it is for everybody."""
    return Facts(
        standard_roles=frozenset(item.standard_roles) or None,
        families=frozenset(item.families) or None,
        levels=frozenset(item.levels) or None,
        boroughs=frozenset(item.boroughs) or None,
    )


def _family_of(standard_role: str) -> Words:
    known = standard_roles().get(standard_role)
    return _known(known.family if known else None)


def _known(word: str | None) -> Words:
    return frozenset((word,)) if word else frozenset()

"""Subscriptions: does this one want that news, and why does its contact get it. Pure."""

from collections.abc import Iterable, Sequence
from typing import Final

from loti_contracts.events import Frequency, Subscription, SubscriptionTopic
from loti_contracts.vocabulary import authorities
from services.notify.telling.news import Facts, News, Words

SOONEST_FIRST: Final[tuple[Frequency, ...]] = ("at once", "daily", "weekly")
_FEW = 4
_LONGEST_NAME = 80
_TOPICS: Final[dict[SubscriptionTopic, tuple[str, str]]] = {
    "benchmark moved": ("when what is offered", "moves"),
    "offer below market": ("when an offer", "is below the market"),
    "shared demand": ("what several boroughs look for at once", ""),
    "novel role": ("roles of a new kind", ""),
    "source failing": ("when a jobs board cannot be read", ""),
    "library news": ("what is new in the library", ""),
    "event": ("events", ""),
    "newsletter": ("the newsletter", ""),
    "match proposed": ("matches for your requests", ""),
    "follow-up due": ("how introductions go on", ""),
    "introduction": ("introductions", ""),
}


def wants(subscription: Subscription, news: News) -> bool:
    """Whether it is about the topic and all its filters that count let the news through; an empty one lets everything
    through, and one for a fact that such things do not have does not count.

    What is not known passes no filter: a role without a standard role reaches nobody who asked for certain ones.
    """
    facts = news.facts
    return (
        subscription.topic == news.topic
        and _lets_through(subscription.standard_roles, facts.standard_roles)
        and _lets_through(subscription.families, facts.families)
        and _lets_through(subscription.levels, facts.levels)
        and _lets_through(subscription.boroughs, facts.boroughs)
        and _lets_through(subscription.areas, facts.areas)
        and (subscription.minimum_pay is None or facts.pay is None or facts.pay >= subscription.minimum_pay)
    )


def wanted_by(subscriptions: Iterable[Subscription], news: News) -> Subscription | None:
    """The subscription by which the news is told: of those that want it the one that tells it soonest, the first of
    several; None where none wants it."""
    wanting = [one for one in subscriptions if wants(one, news)]
    return min(wanting, key=lambda one: SOONEST_FIRST.index(one.frequency), default=None)


def filters(subscription: Subscription, facts: Facts) -> int:
    """How many of its filters count for such a thing: how narrowly it was asked for, 0 to 6."""
    pairs = (
        (subscription.standard_roles, facts.standard_roles),
        (subscription.families, facts.families),
        (subscription.levels, facts.levels),
        (subscription.boroughs, facts.boroughs),
        (subscription.areas, facts.areas),
    )
    return sum(bool(asked) and found is not None for asked, found in pairs) + (
        subscription.minimum_pay is not None and facts.pay is not None
    )


def why(subscription: Subscription, facts: Facts) -> str:
    """The sentence that tells the contact why it gets this. It names what was asked for, no person."""
    what = _roles(subscription, facts)
    where = _places(subscription, facts)
    pay = ""
    if subscription.minimum_pay is not None and facts.pay is not None:
        pay = f", paying £{subscription.minimum_pay // 100:,} a year or more"
    if subscription.topic == "new role":
        if not (what or where or pay):
            return "You asked to hear of every new digital role in London."
        return f"You asked to hear of new {what or 'digital roles'}{where}{pay}."
    first, last = _TOPICS[subscription.topic]
    narrowed = f" for {what}" if what else ""
    words = " ".join(part for part in (first + narrowed + where, last) if part)
    return f"You asked to hear {'' if first.startswith(('when', 'what', 'how')) else 'of '}{words}."


def _roles(subscription: Subscription, facts: Facts) -> str:
    roles = _either(subscription.standard_roles, "standard") if facts.standard_roles is not None else ""
    families = _either(subscription.families, "families of") if facts.families is not None else ""
    levels = _either(subscription.levels, "levels of") if facts.levels is not None else ""
    if not (roles or families or levels):
        return ""
    named = f"{levels} {roles or families or 'digital'} roles".strip()
    return f"{named} ({families})" if roles and families else named


def _places(subscription: Subscription, facts: Facts) -> str:
    boroughs = [_name(gss) for gss in subscription.boroughs if facts.boroughs is not None]
    areas = [f"{area} London" for area in subscription.areas if facts.areas is not None]
    places = (_either(boroughs, "boroughs"), _either(areas, "areas"))
    return "".join(f" in {place}" for place in places if place)


def _lets_through(asked: Sequence[str], found: Words | None) -> bool:
    return not asked or found is None or not found.isdisjoint(asked)


def _either(names: Sequence[str], plural: str) -> str:
    if len(names) > _FEW:
        return f"{len(names)} {plural}"
    *most, last = (" ".join(name.split())[:_LONGEST_NAME] for name in names or ("",))
    return f"{', '.join(most)} or {last}" if most else last


def _name(gss: str) -> str:
    known = authorities().get(gss)
    return known.name if known else gss

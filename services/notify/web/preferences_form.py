"""The preferences as a form: what it shows, and what was wrong with what came back. Pure.

A form holds what was typed, so that a mistake can be shown again beside its reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, get_args

from loti_contracts.events import ContactRole, Frequency, QuietHours, Subscription
from services.notify.web.topics import GROUPS, OFF, ROLES, TopicInWords

MOST_SEARCHES: Final = 20
FILTERS: Final = ("families", "standard_roles", "levels", "boroughs", "areas")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field, and what to do about it."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Search:
    """One subscription to new roles, as typed."""

    frequency: str = OFF
    families: tuple[str, ...] = ()
    standard_roles: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    boroughs: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    minimum_pay: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """All that can be chosen, as typed."""

    searches: tuple[Search, ...]
    frequencies: Mapping[str, str]
    quiet_from: str = ""
    quiet_until: str = ""
    weekends: bool = False
    most_a_day: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the form says when nothing is wrong with it."""

    subscriptions: tuple[Subscription, ...]
    quiet_hours: QuietHours | None
    most_a_day: int | None


def offered(roles: Sequence[ContactRole], before: Chosen) -> tuple[TopicInWords, ...]:
    """The topics beside new roles that this contact can choose, in the page's order."""
    return tuple(
        one for group in GROUPS for one in group.topics if one.offered_to(roles, before.subscriptions)
    )


def shown(before: Chosen, topics: Sequence[TopicInWords]) -> Form:
    """The form that says what is chosen now."""
    searches = [_search(one) for one in before.subscriptions if one.topic == ROLES.topic]
    quiet = before.quiet_hours
    hours = quiet is not None and quiet.start != quiet.end
    return Form(
        searches=tuple(searches) or (Search(),),
        frequencies={one.field: _frequency(one, before.subscriptions) for one in topics},
        quiet_from=f"{quiet.start:%H:%M}" if quiet and hours else "",
        quiet_until=f"{quiet.end:%H:%M}" if quiet and hours else "",
        weekends=bool(quiet and quiet.weekends),
        most_a_day=str(before.most_a_day or ""),
    )


def typed(fields: Mapping[str, Sequence[str]], topics: Sequence[TopicInWords]) -> Form:
    """The form as it came back."""

    def one(name: str) -> str:
        return (fields.get(name) or ("",))[-1].strip()

    searches: list[Search] = []
    while f"roles-{len(searches)}" in fields and len(searches) < MOST_SEARCHES:
        start = f"roles-{len(searches)}"
        many = {name: tuple(dict.fromkeys(fields.get(f"{start}-{name}", ()))) for name in FILTERS}
        searches.append(Search(frequency=one(start), minimum_pay=one(f"{start}-minimum_pay"), **many))
    return Form(
        searches=tuple(searches) or (Search(frequency=""),),
        frequencies={topic.field: one(topic.field) for topic in topics},
        quiet_from=one("quiet_from"),
        quiet_until=one("quiet_until"),
        weekends=one("weekends") == "yes",
        most_a_day=one("most_a_day"),
    )


def blank_search(form: Form) -> Form:
    """The form with one more search."""
    return replace(form, searches=(*form.searches, Search()))


def _search(one: Subscription) -> Search:
    return Search(
        frequency=one.frequency,
        minimum_pay=f"{one.minimum_pay / 100:,.2f}".removesuffix(".00")
        if one.minimum_pay is not None
        else "",
        **{name: tuple(getattr(one, name)) for name in FILTERS},
    )


def _frequency(topic: TopicInWords, chosen: Iterable[Subscription]) -> str:
    """The soonest of that topic's subscriptions."""
    found = {one.frequency for one in chosen if one.topic == topic.topic}
    usual = [one for one in get_args(Frequency) if one in found]
    if usual:
        return usual[0] if usual[0] in topic.frequencies else topic.frequencies[0]
    return topic.frequencies[0] if topic.always else OFF

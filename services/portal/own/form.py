"""The form of what one wants to hear of: what it shows. Pure.

A form holds what was typed, so that a mistake can be shown again beside its reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from loti_contracts.events import Frequency, QuietHours, Subscription
from services.portal.own.searches import FIELDS, Asked
from services.portal.own.topics import OFF, ROLES, Topic
from services.portal.own.wishes import Wishes
from services.portal.signin.forms import Form as Posted

MOST_SEARCHES: Final = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field, and what to do about it."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Search:
    """One search for new jobs, as typed; filters by their name in an address."""

    often: str = OFF
    filters: Mapping[str, tuple[str, ...]] | None = None
    pay_from: str = ""

    def chosen(self, name: str) -> tuple[str, ...]:
        """What one filter is narrowed to."""
        return (self.filters or {}).get(name, ())


@dataclass(frozen=True, slots=True)
class Form:
    """All that can be chosen, as typed."""

    name: str
    searches: tuple[Search, ...]
    often: Mapping[str, str]
    """By the topic's field."""
    quiet_from: str = ""
    quiet_until: str = ""
    weekends: bool = False
    most_a_day: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the form says when nothing is wrong with it."""

    name: str
    subscriptions: tuple[Subscription, ...]
    quiet_hours: QuietHours | None
    most_a_day: int | None


def shown(name: str, before: Wishes, topics: Sequence[Topic]) -> Form:
    """The form that says what is chosen now."""
    searches = [as_typed(one) for one in before.subscriptions if one.topic == ROLES]
    quiet = before.quiet_hours
    hours = quiet is not None and quiet.start != quiet.end
    return Form(
        name=name,
        searches=tuple(searches) or (Search(),),
        often={one.field: _often(one, before.subscriptions) for one in topics},
        quiet_from=f"{quiet.start:%H:%M}" if quiet and hours else "",
        quiet_until=f"{quiet.end:%H:%M}" if quiet and hours else "",
        weekends=bool(quiet and quiet.weekends),
        most_a_day=str(before.most_a_day or ""),
    )


def typed(posted: Posted, topics: Sequence[Topic]) -> Form:
    """The form as it came back."""
    searches: list[Search] = []
    while posted.has(f"search-{len(searches)}") and len(searches) < MOST_SEARCHES:
        start = f"search-{len(searches)}"
        filters = {name: tuple(dict.fromkeys(posted.all(f"{start}-{name}"))) for name in FIELDS}
        searches.append(Search(posted.text(start), _narrow(filters), posted.text(f"{start}-pay_from")))
    return Form(
        name=posted.text("name"),
        searches=tuple(searches) or (Search(often=""),),
        often={topic.field: posted.text(topic.field) for topic in topics},
        quiet_from=posted.text("quiet_from"),
        quiet_until=posted.text("quiet_until"),
        weekends=posted.text("weekends") == "yes",
        most_a_day=posted.text("most_a_day"),
    )


def with_search(form: Form, search: Search) -> Form:
    """The form with one more search; in the place of the only one, where that is not used."""
    used = tuple(one for one in form.searches if one != Search())
    if len(used) >= MOST_SEARCHES or search in used:
        return form
    return replace(form, searches=(*used, search) if search != Search() else (*form.searches, search))


def asked_too(form: Form, asked: Asked, topics: Sequence[Topic]) -> Form:
    """The form with what an address asks for: one more search, and topics that were off."""
    if asked.jobs is not None:
        form = with_search(form, as_typed(asked.jobs))
    often = dict(form.often)
    for topic in topics:
        if topic.topic in asked.topics and often[topic.field] == OFF:
            often[topic.field] = asked.often if asked.often in topic.frequencies else topic.frequencies[0]
    return replace(form, often=often)


def as_typed(one: Subscription) -> Search:
    """A search as somebody would type it."""
    return Search(
        often=one.frequency,
        filters=_narrow({name: tuple(getattr(one, field)) for name, field in FIELDS.items()}),
        pay_from=f"{one.minimum_pay / 100:,.2f}".removesuffix(".00") if one.minimum_pay is not None else "",
    )


def _narrow(filters: Mapping[str, tuple[str, ...]]) -> Mapping[str, tuple[str, ...]] | None:
    """Those that let not everything through."""
    return {name: values for name, values in filters.items() if values} or None


def _often(topic: Topic, chosen: Iterable[Subscription]) -> str:
    """The soonest of that topic's subscriptions."""
    found = {one.frequency for one in chosen if one.topic == topic.topic}
    order: tuple[Frequency, ...] = ("at once", "daily", "weekly")
    usual = [one for one in order if one in found]
    if usual:
        return usual[0] if usual[0] in topic.frequencies else topic.frequencies[0]
    return topic.frequencies[0] if topic.always else OFF

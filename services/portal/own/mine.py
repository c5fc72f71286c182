"""What stands on a person's page beside what it chose. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from loti_contracts.vocabulary import authorities
from services.portal.own.wishes import Wishes
from services.portal.web.words import day

_HEADINGS: Final = {
    "family": "Families of roles",
    "role": "Roles",
    "level": "Levels",
    "borough": "Boroughs",
    "area": "Parts of London",
}
_AREAS: Final = {"inner": "Inner London", "outer": "Outer London"}


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter of new jobs: its name in an address, its heading, and what can be chosen (value and words)."""

    name: str
    heading: str
    options: tuple[tuple[str, str], ...]


def filters(offers: Mapping[str, Sequence[str]]) -> tuple[Filter, ...]:
    """The filters of new jobs, with all that each offers."""
    return tuple(
        Filter(name, heading, tuple((value, label(name, value)) for value in offers[name]))
        for name, heading in _HEADINGS.items()
    )


def label(name: str, value: str) -> str:
    """What a filter's value is called."""
    if name == "borough":
        known = authorities().get(value)
        return known.name if known else value
    if name == "area":
        return _AREAS.get(value, value)
    return value[:1].upper() + value[1:]


def standing(wishes: Wishes) -> str:
    """How things stand, in a sentence."""
    until = f" until {day(wishes.renew_by)}; then we ask again" if wishes.renew_by else ""
    match wishes.standing:
        case "nothing yet":
            return "You have chosen nothing yet. Saving this page means that you say yes to what you choose."
        case "asked":
            return "You have not said yes yet, so nothing is sent. Saving this page means that you say yes."
        case "withdrawn":
            return "You are unsubscribed from everything. Choose what you want and save it to start again."
        case "lapsed":
            return "Your yes ran out, so nothing is sent. Save this page to say yes again."
        case "on its way" if not wishes.subscriptions:
            return "You chose nothing, so nothing is sent but what you take part in."
        case "on its way":
            return "Your choice is saved. It counts as soon as our mail service has heard of it: in a moment."
        case "confirmed" if not wishes.subscriptions:
            return "You chose nothing, so nothing is sent but what you take part in."
        case _:
            return f"This is what we send you{until}."

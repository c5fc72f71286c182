"""What is looked for, in words: for headings, feeds' titles, and the list of what can be taken out again."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from loti_contracts.vocabulary import authorities
from services.portal.jobs.asked import CONTRACTS, SINCE_DAYS, STATUSES, Asked
from services.portal.web.words import day

_AREAS: Final = {"inner": "Inner London", "outer": "Outer London"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """One thing that is looked for; `address` is that of the search without it."""

    name: str
    text: str
    address: str


def chosen(asked: Asked, path: str = "/jobs") -> tuple[Chosen, ...]:
    """Everything that narrows the search, in the order of the form."""
    found = []
    for name, value in asked.pairs():
        text = _text(asked, name, value)
        if text is not None:
            found.append(Chosen(name, text, asked.without(name, value).address(path)))
    return tuple(found)


def sentence(asked: Asked) -> str:
    """The search in one line: "Open roles: Hackney, senior"."""
    roles = {"open": "Open roles", "closed": "Closed roles", "all": "Open and closed roles"}[asked.status]
    rest = [one.text for one in chosen(asked) if one.name != "status"]
    return f"{roles}: {', '.join(rest)}" if rest else roles


def _text(asked: Asked, name: str, value: str) -> str | None:
    a_period = {"year": "a year", "day": "a day"}[asked.pay_period]
    if name == "borough":
        return authorities()[value].name
    if name == "area":
        return _AREAS[value]
    if name == "level":
        return value.capitalize()
    if name == "contract":
        return CONTRACTS[value]
    if name == "status":
        return STATUSES[asked.status]
    if name == "pay_from":
        return f"pay from £{int(value):,} {a_period}"
    if name == "pay_to":
        return f"pay up to £{int(value):,} {a_period}"
    if name == "since":
        return _since(asked.since)
    if name == "words":
        return f"“{value}”"
    return value if name in ("role", "family") else None


def _since(since: int | date | None) -> str | None:
    if isinstance(since, date):
        return f"posted since {day(since)}"
    if since is None:
        return None
    return f"posted in {SINCE_DAYS.get(since, f'The last {since} days').replace('The', 'the')}"

"""A role as lists show it: the line of facts under its title, and what stands out about it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from loti_contracts.events import Pay, Role
from services.portal.web.words import LONDON, count, day, pounds

_SOON: Final = timedelta(days=7)
_NEW: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Tag:
    """A short word that stands out. `colour` is one of the design system's."""

    text: str
    colour: Literal["green", "blue", "orange", "purple", "grey", "yellow"]


@dataclass(frozen=True, slots=True)
class Card:
    """A role in a list, in words."""

    id: str
    title: str
    where: str
    pay: str
    kind: str | None
    when: str
    tags: Sequence[Tag]
    is_open: bool


def card(role: Role, flags: Collection[str], now: datetime) -> Card:
    """`flags` as the store names them: hard, novel, demand, below market."""
    return Card(
        id=role.id,
        title=role.title,
        where=where(role),
        pay=pay_in_words(role.pay),
        kind=kind_in_words(role),
        when=_when(role, now),
        tags=_tags(role, flags, now),
        is_open=role.status == "open",
    )


def pay_in_words(pay: Pay | None) -> str:
    """£58,133 to £65,261 a year; what is printed where no amounts could be read."""
    if pay is None:
        return "Pay not stated"
    low, high = pay.minimum, pay.maximum
    if low is None and high is None:
        return pay.text if len(pay.text) <= 80 else pay.text[:79].rstrip() + "…"
    if low is None:
        return f"Up to {pounds(high, pay.period)}"
    if high is None:
        return f"From {pounds(low, pay.period)}"
    if low == high:
        return pounds(low, pay.period)
    return f"{pounds(low)} to {pounds(high, pay.period)}"


def where(role: Role) -> str:
    """The employer, and the authorities where its name does not say them."""
    names = [one.name for one in role.authorities]
    employer = role.employer or ""
    said = [name for name in names if name.casefold() not in employer.casefold()]
    if len(said) > 3:
        said = [*said[:2], count(len(said) - 2, "more authority")]
    return " · ".join(filter(None, (employer, ", ".join(said)))) or "Employer not stated"


def kind_in_words(role: Role) -> str | None:
    """Its standard role and level: "Data analyst, senior"; None where neither is known."""
    parts = [role.standard_role.name if role.standard_role else None, role.level]
    text = ", ".join(filter(None, parts))
    return text[0].upper() + text[1:] if text else None


def posted(role: Role) -> date:
    """The day it was posted; where no board says, the day it was found, in London."""
    return role.posted_on or role.found_at.astimezone(LONDON).date()


def _when(role: Role, now: datetime) -> str:
    verb = "Posted" if role.posted_on else "Found"
    said = f"{verb} {day(posted(role))}"
    if role.status == "closed":
        return f"{said}, closed {day(role.closed_at)}" if role.closed_at else f"{said}, closed"
    return f"{said}, closes {day(role.closes_on)}" if role.closes_on else said


def _tags(role: Role, flags: Collection[str], now: datetime) -> list[Tag]:
    today = now.astimezone(LONDON).date()
    found: list[Tag] = []
    if role.status == "closed":
        found.append(Tag("Closed", "grey"))
    else:
        if now - role.found_at <= _NEW:
            found.append(Tag("New", "green"))
        if role.closes_on and today <= role.closes_on <= today + _SOON:
            left = (role.closes_on - today).days
            found.append(Tag("Closes today" if left == 0 else f"{count(left, 'day')} left", "yellow"))
    if role.readvertises:
        found.append(Tag("Advertised again", "orange"))
    if "hard" in flags:
        found.append(Tag("Hard to recruit", "orange"))
    if "below market" in flags:
        found.append(Tag("Offers below market", "orange"))
    if "demand" in flags:
        found.append(Tag("Wanted by several boroughs", "blue"))
    if "novel" in flags:
        found.append(Tag("New kind of role", "purple"))
    return found

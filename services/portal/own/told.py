"""What was told to a person, and why, and what became of it. Pure."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from loti_contracts.events import Notification
from services.portal.own.topics import name_of_one

_BECAME = {"sent": "Sent", "suppressed": "Not sent", "failed": "Could not be sent"}
_COLOURS = {"sent": "green", "suppressed": "grey", "failed": "red"}


@dataclass(frozen=True, slots=True)
class Told:
    """One notification, and what the portal knows of what it is about."""

    notification: Notification
    said_at: datetime
    title: str | None = None
    role_id: str | None = None
    sentence: str | None = None
    offered_id: str | None = None
    benchmark_id: str | None = None
    item_id: str | None = None
    edition_id: str | None = None
    demand_id: str | None = None
    request_id: str | None = None
    asks: bool | None = None
    helps: bool | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A page of ours that shows what it is about."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One notification in words."""

    what: str
    became: str
    colour: str
    at: datetime
    why: str
    why_not: str | None
    links: tuple[Link, ...]
    sentence: str | None
    mail_id: str | None
    caused_by: str
    twice: int
    """How often the same mail went, where a crash left open whether it had left; 1 usually."""


def entry(told: Told) -> Entry:
    """As the page shows it."""
    one = told.notification
    name = name_of_one(one.kind)
    return Entry(
        what=f"{name}: {told.title}" if told.title else name,
        became=_BECAME[one.status],
        colour=_COLOURS[one.status],
        at=one.sent_at or told.said_at,
        why=one.why,
        why_not=one.why_not,
        links=tuple(links(told)),
        sentence=told.sentence,
        mail_id=one.mail_id,
        caused_by=one.caused_by,
        twice=one.doubts + 1,
    )


def links(told: Told) -> list[Link]:
    """Where one reads on."""
    found = []
    if told.role_id or told.offered_id:
        found.append(Link("The job", f"/jobs/{_part(told.role_id or told.offered_id)}"))
    if told.benchmark_id:
        found.append(Link("What others pay", f"/pay/{_part(told.benchmark_id)}"))
    if told.request_id and told.asks:
        found.append(Link("Your request", f"/help/requests/{_part(told.request_id)}"))
    if told.request_id and told.helps:
        found.append(Link("What you offer", "/supporting"))
    if told.item_id:
        found.append(Link("In the library", f"/library/{_part(told.item_id)}"))
    if told.edition_id:
        found.append(Link("The newsletter", f"/newsletters/{_part(told.edition_id)}"))
    if told.demand_id:
        found.append(Link("The jobs", f"/jobs?role={quote(told.demand_id)}"))
    return found


def _part(text: str | None) -> str:
    return quote(text or "", safe="")

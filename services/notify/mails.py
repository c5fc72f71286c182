"""Mails: what is in one, and what of it is still worth sending when it leaves. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never
from uuid import UUID

from loti_contracts.events import Contact, Match, Role
from services.notify.identity import Kind
from services.notify.subscriptions import wanted_by

MOST_IN_ONE = 30
"""Roles in one mail, so that its HTML stays under the 102 kB at which Gmail cuts a mail off."""


@dataclass(frozen=True, slots=True)
class Item:
    """One notification: this, told to that contact. `contact` is None where it was erased."""

    id: UUID
    contact_id: str
    contact: Contact | None
    about: Role | Match
    why: str
    caused_by: str
    correlation_id: str


@dataclass(frozen=True, slots=True)
class Mail:
    """One email with one Message-ID. An alert has one contact and many roles; an introduction two contacts
    and one match. `doubts` counts the attempts whose end nobody knows."""

    id: UUID
    kind: Kind
    attempts: int
    doubts: int
    items: tuple[Item, ...]

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """To whom it goes, each once."""
        return tuple({item.contact_id: item.contact for item in self.items if item.contact}.values())


def grouped(waiting: Iterable[tuple[UUID, str]]) -> list[tuple[UUID, ...]]:
    """Alerts (id, contact id) that are due at the same moment, as they share mails: one contact each."""
    by_contact: defaultdict[str, list[UUID]] = defaultdict(list)
    for id_, contact_id in waiting:
        by_contact[contact_id].append(id_)
    return [
        tuple(ids[start : start + MOST_IN_ONE])
        for ids in by_contact.values()
        for start in range(0, len(ids), MOST_IN_ONE)
    ]


def sifted(mail: Mail, today: date) -> tuple[Mail, dict[UUID, str]]:
    """What of the mail is sent, and why the rest is not.

    A mail that is in doubt is sent again whole, since it must be the same mail; only an erasure stops it.
    An introduction goes to both or to nobody.
    """
    reasons = {item.id: reason for item in mail.items if (reason := _withheld_because(item, mail, today))}
    if reasons and mail.kind == "introduction":
        reasons = {item.id: reasons.get(item.id) or next(iter(reasons.values())) for item in mail.items}
    kept = tuple(item for item in mail.items if item.id not in reasons)
    return replace(mail, items=kept), reasons


def _withheld_because(item: Item, mail: Mail, today: date) -> str | None:
    if item.contact is None:
        return "the contact was erased"
    if mail.doubts:
        return None
    match item.about:
        case Role() as role:
            return _role_withheld_because(role, item.contact, today)
        case Match() as match:
            return None if match.status == "accepted" else f"the match is {match.status} by now"
        case other:
            assert_never(other)


def _role_withheld_because(role: Role, contact: Contact, today: date) -> str | None:
    if role.status == "closed":
        return "the role closed before the mail left"
    if role.closes_on and role.closes_on < today:
        return "the closing date had passed before the mail left"
    if wanted_by(contact.subscriptions, role) is None:
        return "no subscription of the contact wants it any more"
    return None


def in_reading_order(items: Sequence[Item]) -> list[Item]:
    """Surely digital roles first, then those that close soonest."""

    def place(item: Item) -> tuple[bool, date, str]:
        role = item.about
        if not isinstance(role, Role):
            return False, date.max, str(item.id)
        return role.relevance != "yes", role.closes_on or date.max, role.id

    return sorted(items, key=place)

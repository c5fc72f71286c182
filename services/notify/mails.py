"""Mails: what one is, before it is words. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from loti_contracts.events import Contact, NotificationKind, Role, Subscriptions
from services.notify.things import Thing

MailKind = Literal["digest", "introduction", "confirmation", "renewal", "newsletter"]
"""`digest` carries whatever is due to one contact at one moment: one thing, or many of all topics."""

About: TypeAlias = Thing | Subscriptions


@dataclass(frozen=True, slots=True)
class Item:
    """One notification: this, told to that contact, for that reason.

    `occurrence` tells one telling of a thing from the next (a demand that is shared again, the ask of a
    confirmation). `contact` is None where it was erased; `choice` is what the contact chose, None where it never
    stated anything; `suppressed` says why its address must not be written to. `role` is the role that a pay signal
    speaks of. Since `due_at` it may leave; `held` says why not at once. As far as is known here, the contact is at its
    address since `known_since`. `others` are contacts that the thing names: who is on a shortlist, the other side of a
    match.
    """

    id: UUID
    kind: NotificationKind
    contact_id: str
    contact: Contact | None
    about: About
    why: str
    caused_by: str
    correlation_id: str
    occurrence: str = ""
    revision: int = 0
    due_at: datetime | None = None
    held: str | None = None
    known_since: datetime | None = None
    relevance: float = 0.0
    choice: Subscriptions | None = None
    suppressed: str | None = None
    role: Role | None = None
    others: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class Mail:
    """One email with one Message-ID: to one contact, or to the two of an introduction (an item for each, about the
    same match). `doubts` counts the attempts whose end nobody knows."""

    id: UUID
    kind: MailKind
    attempts: int
    doubts: int
    items: tuple[Item, ...]

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """To whom it goes, each once."""
        return tuple({item.contact_id: item.contact for item in self.items if item.contact}.values())

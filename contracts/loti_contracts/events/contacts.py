"""Contacts: the only events that carry names and addresses. Their topic is restricted."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Erasure, Event, GssCode, Model, Moment, State
from loti_contracts.events.subscriptions import QuietHours, Subscription
from loti_contracts.events.topics import CONTACTS

ContactRole = Literal[
    "chief digital officer",
    "HR director",
    "hiring manager",
    "apprenticeship lead",
    "newsletter reader",
    "supporter",
    "LOTI staff",
]


class Consent(Model):
    """The person's own yes to these subscriptions, at this address, given where the address was proved."""

    given_at: Moment
    how: Annotated[str, Field(min_length=1, max_length=200, description="Such as: signed in on the portal.")]


class Contact(State):
    """A person or a shared mailbox, and what it asked to hear of.

    `subscriptions`, `quiet_hours` and `most_a_day` count when there is a `consent` that is later than what the
    person chose last; without one they are asked for by email first (double opt-in), once.
    """

    name: str
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
    organisation: str
    borough: GssCode | None = None
    roles: tuple[ContactRole, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    quiet_hours: QuietHours | None = None
    most_a_day: Annotated[
        int | None, Field(ge=1, le=1000, description="Emails a day at most; null: as the sender limits it.")
    ] = None
    consent: Consent | None = None


class ContactStated(Event):
    """A contact is known, or changed."""

    type: ClassVar[str] = "london.loti.contact.stated.v1"
    topic: ClassVar[str] = CONTACTS.name
    about: ClassVar[str] = "contact"
    contact: Contact


class ContactErased(Erasure):
    """A contact asked to be forgotten. On Kafka it is a tombstone: the key alone, with an empty value."""

    type: ClassVar[str] = "london.loti.contact.erased.v1"
    topic: ClassVar[str] = CONTACTS.name
    about: ClassVar[str] = "contact"

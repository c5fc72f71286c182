"""Contacts: the only events that carry names and addresses. Their topic is restricted."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from loti_contracts.events.base import Event, GssCode, Identifier, Model, State
from loti_contracts.events.topics import CONTACTS


class Subscription(Model):
    """What a contact wants to hear of. An empty filter lets everything through."""

    topic: Literal["new role"]
    families: tuple[str, ...] = ()
    standard_roles: tuple[str, ...] = ()
    boroughs: tuple[GssCode, ...] = ()


class Contact(State):
    """A person or a shared mailbox, and what it subscribed to."""

    name: str
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
    organisation: str
    borough: GssCode | None = None
    subscriptions: tuple[Subscription, ...] = ()


class ContactStated(Event):
    """A contact is known, or changed."""

    type: ClassVar[str] = "london.loti.contact.stated.v1"
    topic: ClassVar[str] = CONTACTS.name
    about: ClassVar[str] = "contact"
    contact: Contact


class ContactErased(Event):
    """A contact asked to be forgotten. On Kafka it is a tombstone: the key alone, with an empty value."""

    type: ClassVar[str] = "london.loti.contact.erased.v1"
    topic: ClassVar[str] = CONTACTS.name
    about: ClassVar[str] = "contact"
    contact_id: Identifier

    @property
    def subject(self) -> str:
        """The id of the contact that is erased."""
        return self.contact_id

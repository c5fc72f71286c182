"""Ids that follow from what they are about, so that whoever makes them again makes the same. Pure."""

from collections.abc import Iterable
from typing import Literal
from uuid import UUID, uuid5

Kind = Literal["new role", "introduction"]

_OURS = UUID("b6c5d8f4-9f5c-5e0a-8a39-6f0c2f1f7f6e")


def notification_id(kind: Kind, about: str, contact_id: str) -> UUID:
    """Of what is told (a role, a match) to one contact."""
    return uuid5(_OURS, "\n".join((kind, about, contact_id)))


def mail_id(notification_ids: Iterable[UUID]) -> UUID:
    """Of the mail that carries these notifications, in any order."""
    return uuid5(_OURS, "\n".join(sorted(map(str, notification_ids))))


def message_id(mail: UUID, domain: str) -> str:
    """The Message-ID of a mail: the same on every attempt, so that a mailbox can fold two into one.

    The mail's id follows from its notifications, and theirs from what is told and to which contact.
    """
    return f"<{mail}@{domain}>"

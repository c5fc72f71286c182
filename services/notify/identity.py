"""Ids that follow from what they are about, so that whoever makes them again makes the same. Pure."""

from collections.abc import Iterable
from uuid import UUID, uuid5

from loti_contracts.events import NotificationKind

_OURS = UUID("b6c5d8f4-9f5c-5e0a-8a39-6f0c2f1f7f6e")


def notification_id(kind: NotificationKind, about: str, contact_id: str) -> UUID:
    """Of what is told (a role, a match, one occurrence of a demand) to one contact."""
    return uuid5(_OURS, "\n".join((kind, about, contact_id)))


def mail_id(notification_ids: Iterable[UUID]) -> UUID:
    """Of the mail that carries these notifications, in any order."""
    return uuid5(_OURS, "\n".join(sorted(map(str, notification_ids))))


def message_id(mail: UUID, domain: str) -> str:
    """The Message-ID of a mail: the same on every attempt, so that a mailbox can fold two into one.

    The mail's id follows from its notifications, and theirs from what is told and to which contact.
    """
    return f"<{mail}@{domain}>"


_LONGEST_ABOUT = 200  # of an Identifier


def about_of(thing_id: str, occurrence: str) -> str:
    """What a notification is about: the thing, and which telling of it where there may be several."""
    if not occurrence:
        return thing_id
    about = f"{thing_id} {occurrence}"
    return about if len(about) <= _LONGEST_ABOUT else str(uuid5(_OURS, about))


def occurrence_of(about: str, thing_id: str) -> str:
    """Which telling of the thing a notification is about: what `about_of` was given, or where that was too long for an
    id, what stands for it."""
    return about.removeprefix(thing_id).strip()

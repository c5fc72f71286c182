"""Sifting: what of a mail is still to be told at the moment it leaves, and why the rest is not. Pure.

A mail that is in doubt (nobody knows whether an earlier attempt was taken) is sent again as it was, whole: who did get it
must not get another version of it. Only an address that must not be written to, a contact that is gone and one that has
unsubscribed meanwhile stop it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from loti_contracts.events import Edition, Match, Subscriptions
from services.notify.identity import about_of, occurrence_of
from services.notify.mails import Item, Mail
from services.notify.telling import audience
from services.notify.telling.introductions import NobodyToIntroduce
from services.notify.telling.news import news, over

_NO_YES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "asked": "The contact has not said yes to emails.",
        "withdrawn": "The contact unsubscribed.",
        "lapsed": "The contact's yes is older than it may be, and was not renewed.",
    }
)


def sifted(mail: Mail, now: datetime) -> tuple[Mail, dict[UUID, str]]:
    """The mail with what is still to be told, and for each other item why not. An introduction reaches both or nobody."""
    reasons = {
        item.id: reason for item in mail.items if (reason := why_not(item, now, doubted=mail.doubts > 0))
    }
    if mail.kind == "introduction" and (reasons or len(mail.contacts) < 2):
        known = "; ".join(sorted(set(reasons.values()))) or "The other side is not known."
        both = f"An introduction reaches both or nobody: {known}"
        reasons = {item.id: reasons.get(item.id, both) for item in mail.items}
    if not reasons:
        return mail, reasons
    kept = tuple(item for item in mail.items if item.id not in reasons)
    return replace(mail, items=kept), reasons


def why_not(item: Item, now: datetime, *, doubted: bool = False) -> str | None:
    """Why this is not to be told any more; None where it is."""
    if item.contact is None:
        return "The contact was erased."
    if item.suppressed is not None:
        return f"Nothing may be sent to this contact's address ({item.suppressed})."
    if doubted and (
        isinstance(item.about, Match) or (item.choice is not None and item.choice.status != "withdrawn")
    ):
        return None
    match item.about:
        case Subscriptions():
            return _no_question(item)
        case Match() as match:
            return _not_part(match, item)
        case Edition():
            return _no_yes(item.choice) or _does_not_read(item.choice)
    return _no_yes(item.choice) or over(item.about, now, item.role) or _not_wanted(item)


def _no_question(item: Item) -> str | None:
    """A confirmation waits for a first yes, a renewal for another one."""
    status = item.choice.status if item.choice else None
    if status == ("asked" if item.kind == "confirmation" else "confirmed"):
        return None
    return "The question was answered, or is not asked any more."


def _not_part(match: Match, item: Item) -> str | None:
    try:
        now = {
            (part.kind, part.contact_id, _name(match.id, part.occurrence)) for part in audience.parts(match)
        }
    except NobodyToIntroduce as error:
        return f"It cannot be told: {error}."
    if (item.kind, item.contact_id, item.occurrence) in now:
        return None
    return {
        "match proposed": "The request was answered or withdrawn, or a newer shortlist has taken this one's place.",
        "follow-up due": "What came of it is known, or a later question has taken this one's place.",
    }.get(item.kind, "The match is withdrawn, or was answered differently.")


def _no_yes(choice: Subscriptions | None) -> str | None:
    if choice is None:
        return "The contact subscribed to nothing."
    return _NO_YES.get(choice.status)


def _does_not_read(choice: Subscriptions | None) -> str | None:
    reads = choice is not None and any(one.topic == "newsletter" for one in choice.subscriptions)
    return None if reads else "The contact does not subscribe to the newsletter any more."


def _not_wanted(item: Item) -> str | None:
    assert item.contact is not None and not isinstance(item.about, Subscriptions)  # noqa: S101, PT018 - looked at before
    told = news(item.about, item.role)
    if told is None:
        return "What it is about is not known."
    if item.occurrence != _name(told.thing_id, told.occurrence):
        return "It has ended and begun anew since, or takes place at another time."
    if not audience.chosen(item.choice, item.contact.borough, item.contact.roles, told):
        return "The contact does not ask for it any more."
    return None


def _name(thing_id: str, occurrence: str) -> str:
    return occurrence_of(about_of(thing_id, occurrence), thing_id)

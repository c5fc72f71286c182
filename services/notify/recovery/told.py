"""What was told, from what was said of it: rows of the ledger, and what became of their mails. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from loti_contracts.events import Envelope, Notification, NotificationKind
from services.notify.mails import MailKind
from services.notify.things import ThingKind

_THINGS: Final[Mapping[NotificationKind, ThingKind]] = {
    "new role": "role",
    "benchmark moved": "signal",
    "offer below market": "signal",
    "shared demand": "demand",
    "novel role": "novel role",
    "match proposed": "match",
    "introduction": "match",
    "follow-up due": "match",
    "source failing": "source",
    "library news": "item",
    "event": "item",
    "newsletter": "edition",
}
_ENDS_WITH_A_MOMENT: Final = ("shared demand", "source failing", "event")
_BEGINS_WITH_A_MATCH: Final = ("match proposed", "introduction", "follow-up due")
_MAILS: Final[Mapping[NotificationKind, MailKind]] = {
    "introduction": "introduction",
    "confirmation": "confirmation",
    "renewal": "renewal",
    "newsletter": "newsletter",
}
_STRONGEST: Final = ("returned", "sent", "refused")


@dataclass(frozen=True, slots=True)
class Told:
    """One notification as the ledger keeps it."""

    id: UUID
    revision: int
    kind: NotificationKind
    about: str
    thing_kind: ThingKind | None
    thing_id: str | None
    contact_id: str
    caused_by: str
    correlation_id: str
    why: str
    due_at: datetime
    withheld: str | None
    returned: str | None
    mail_id: UUID | None


@dataclass(frozen=True, slots=True)
class Mailed:
    """What became of one mail."""

    id: UUID
    kind: MailKind
    status: Literal["sent", "refused", "returned"]
    attempts: int
    doubts: int
    sent_at: datetime | None
    answer: str | None


def told(said: Envelope[Any]) -> Told:
    """The ledger's row of what was said of one notification."""
    one: Notification = said.event.state
    suppressed = one.status == "suppressed"
    about = one.about or ""
    kind = _THINGS.get(one.kind)
    return Told(
        id=UUID(one.id),
        revision=one.revision,
        kind=one.kind,
        about=about,
        thing_kind=kind,
        thing_id=_thing_id(one.kind, about) if kind else None,
        contact_id=one.contact_id,
        caused_by=one.caused_by,
        correlation_id=said.correlation_id,
        why=one.why,
        due_at=one.sent_at or said.time,
        withheld=(one.why_not or "It was not told.") if suppressed else None,
        returned=one.why_not if _came_back(one) else None,
        mail_id=None if suppressed or one.mail_id is None else UUID(one.mail_id),
    )


def mailed(said: Iterable[Notification]) -> list[Mailed]:
    """What became of the mails that these went out in: one that came back from anybody came back."""
    found: dict[UUID, Mailed] = {}
    for one in said:
        if one.status == "suppressed" or one.mail_id is None:
            continue
        status: Literal["sent", "refused", "returned"] = (
            "returned" if _came_back(one) else "sent" if one.status == "sent" else "refused"
        )
        this = Mailed(
            id=UUID(one.mail_id),
            kind=_MAILS.get(one.kind, "digest"),
            status=status,
            attempts=one.attempts,
            doubts=one.doubts,
            sent_at=one.sent_at,
            answer=one.why_not,
        )
        before = found.get(this.id)
        if before is None or _STRONGEST.index(status) < _STRONGEST.index(before.status):
            found[this.id] = this
    return list(found.values())


def _came_back(one: Notification) -> bool:
    return one.status == "failed" and one.sent_at is not None


def _thing_id(kind: NotificationKind, about: str) -> str:
    """Of what a notification tells; ids may have spaces, moments and matches' ids have none."""
    if kind in _ENDS_WITH_A_MOMENT:
        return about.rpartition(" ")[0] or about
    return about.partition(" ")[0] if kind in _BEGINS_WITH_A_MATCH else about

"""The ledger of mails: what is to be sent, in whose hands it is, and what became of it. The SQL is in `queries.sql`.

A mail is `due`, then `sending` (in a process's hand, and that is committed before it is handed over), then `sent`,
`refused` or `withheld`; a sent one may be `returned`. A notification is in one mail at most, and outlives its contact:
the ledger holds ids, never an address.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

import asyncpg

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import (
    Event,
    Notification,
    NotificationFailed,
    NotificationSent,
    NotificationSuppressed,
)
from services.notify.identity import mail_id
from services.notify.mails import Mail, MailKind
from services.notify.sending.loading import KnownThings, load

_queries = queries_beside(__file__)

FIRST, DIGESTS, NEWSLETTERS = 0, 1, 2
"""How urgent a mail is: introductions and confirmations go first, a newsletter to everybody goes last."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail in this process's hand since `claimed_at`; since `made_at` it is meant to be sent.

    `lost` are notifications of it whose thing is not known any more, or cannot be read.
    """

    mail: Mail
    made_at: datetime
    claimed_at: datetime
    lost: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class ToSend:
    """Mails to send now, those in some process's hand or in doubt, all that wait for their time (these among them), and
    seconds until the next of those (None: there is none)."""

    now: int
    in_hand: int
    waiting: int
    next: float | None


async def add_mail(
    tx: Connection, kind: MailKind, notification_ids: Sequence[UUID], urgency: int = DIGESTS
) -> UUID:
    """A mail that is due, with these in it."""
    [mail] = await add_mails(tx, kind, [notification_ids], urgency)
    return mail


async def add_mails(
    tx: Connection, kind: MailKind, each: Sequence[Sequence[UUID]], urgency: int = DIGESTS
) -> list[UUID]:
    """Mails that are due, with these notifications in them; a thousand cost two statements, as one does."""
    mails = [mail_id(ids) for ids in each]
    if mails:
        await _queries.add_mails(tx, ids=mails, kind=kind, urgency=urgency)
        await _queries.put_in_mails(
            tx,
            ids=[id_ for ids in each for id_ in ids],
            mail_ids=[mail for mail, ids in zip(mails, each, strict=True) for _ in ids],
        )
    return mails


async def claim(tx: Connection, most: int, lease: float, known: KnownThings | None = None) -> list[Claimed]:
    """The next mails, most urgent first, this process's to send for `lease` seconds from now, if `tx` commits.

    `known` spares reading what the last mails told of already.
    """
    rows = [row async for row in _queries.claim(tx, most=most, lease=lease)]
    rows.sort(key=lambda row: (row["urgency"], row["made_at"], row["id"]))
    if not rows:
        return []
    mails, lost = await load(tx, rows, known or KnownThings())
    return [
        Claimed(
            mail, row["made_at"], row["claimed_at"], tuple(id_ for id_, of in lost.items() if of == mail.id)
        )
        for mail, row in zip(mails, rows, strict=True)
    ]


async def withhold(tx: Connection, reasons: Mapping[UUID, str], *, in_hand: Iterable[UUID] = ()) -> None:
    """These notifications are not told after all, and NotificationSuppressed says why.

    Left alone is what was told already, and what is in a process's hand just now unless that mail is named in
    `in_hand`: it is judged again if it comes back.
    """
    if reasons:
        ids = sorted(reasons)
        await _queries.hold_mails_of(tx, ids=ids)
        rows = _queries.withhold(tx, ids=ids, whys=[reasons[id_] for id_ in ids], in_hand=list(in_hand))
        await say(tx, [row async for row in rows])


async def mark_returned(tx: Connection, mail: UUID, why: str, *, contact_id: str | None = None) -> bool:
    """A mail that was taken came back, from that contact or from everybody; whether that was news.

    NotificationFailed says so. `why` must hold no address.
    """
    rows = [row async for row in _queries.mark_returned(tx, id=mail, contact_id=contact_id, why=why)]
    await say(tx, rows)
    return bool(rows)


async def say(tx: Connection, rows: Sequence[Any]) -> None:
    """Say of each notification that changed what it is now; rows as `write_down`, `withhold`, `mark_returned` give."""
    await outbox.add_each(tx, [(event_of(row), row["correlation_id"], row["caused_by"]) for row in rows])


_Status: TypeAlias = Literal["sent", "suppressed", "failed"]
_EVENTS: Final[Mapping[_Status, type[NotificationSent | NotificationSuppressed | NotificationFailed]]] = {
    "sent": NotificationSent,
    "suppressed": NotificationSuppressed,
    "failed": NotificationFailed,
}
_SAID_AS: Final[Mapping[str, _Status]] = {
    "sent": "sent",
    "withheld": "suppressed",
    "refused": "failed",
    "returned": "failed",
}


def event_of(row: Any) -> Event:
    """What is said of a notification that is so; a row as `say` takes it."""
    status = _SAID_AS[row["status"]]
    notification = Notification(
        id=str(row["id"]),
        revision=row["revision"],
        kind=row["kind"],
        status=status,
        contact_id=row["contact_id"],
        about=row["about"],
        mail_id=str(row["mail_id"]) if row["mail_id"] else None,
        caused_by=row["caused_by"],
        why=row["why"],
        why_not=row["why_not"],
        attempts=row["attempts"],
        doubts=row["doubts"],
        sent_at=row["sent_at"],
    )
    return _EVENTS[status](notification=notification)


async def entries(
    tx: Connection, *, event_id: str | None = None, contact_id: str | None = None, most: int = 100
) -> list[dict[str, Any]]:
    """The ledger's newest rows, of one cause or one contact if asked."""
    rows = _queries.ledger(tx, event_id=event_id, contact_id=contact_id, most=most)
    return [dict(row) async for row in rows]


async def to_send(tx: "Connection | asyncpg.Pool[Any]") -> ToSend:
    """How much there is to send."""
    row = await _queries.to_send(tx)
    return ToSend(row["now"], row["in_hand"], row["waiting"], row["next"])


async def progress(pool: "asyncpg.Pool[Any]") -> dict[str, Any]:
    """The figures of the health page."""
    return dict(await _queries.progress(pool))

"""The ledger: what is told to whom, in which mail, and what became of it. The SQL is in `queries.sql`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Contact, Match, Role
from services.notify.identity import Kind, mail_id, notification_id
from services.notify.introductions import Introduced
from services.notify.mails import Item, Mail
from services.notify.store import read_match, read_subscriptions

_queries = queries_beside(__file__)
_MOST_ALERTS = 2_000


async def add_introduction(
    tx: Connection, match_id: str, two: tuple[Introduced, Introduced], *, event_id: str, correlation_id: str
) -> None:
    """One mail to both, due once both are known contacts."""
    ids = [notification_id("introduction", match_id, one.contact_id) for one in two]
    mail = mail_id(ids)
    await _queries.add_mail(tx, id=mail, kind="introduction")
    for id_, one in zip(ids, two, strict=True):
        await _queries.add_introduction(
            tx,
            id=id_,
            match_id=match_id,
            contact_id=one.contact_id,
            caused_by=event_id,
            correlation_id=correlation_id,
            why=one.why,
            mail_id=mail,
        )


async def take_alerts_without_mail(tx: Connection) -> list[tuple[UUID, str]]:
    """Alerts (id, contact id) that wait for a mail, locked until `tx` ends."""
    rows = [row async for row in _queries.take_alerts_without_mail(tx, most=_MOST_ALERTS)]
    return [(row["id"], row["contact_id"]) for row in rows]


async def add_mail(tx: Connection, kind: Kind, notification_ids: tuple[UUID, ...]) -> None:
    """A mail that is due, with these in it."""
    mail = mail_id(notification_ids)
    await _queries.add_mail(tx, id=mail, kind=kind)
    await _queries.put_in_mail(tx, mail_id=mail, ids=list(notification_ids))


async def claim(tx: Connection, *, lease: float) -> Mail | None:
    """The next mail, this process's to send for `lease` seconds from now, if `tx` commits."""
    row = await _queries.claim(tx, lease=lease)
    if row is None:
        return None
    items = [_item(item) async for item in _queries.items_of(tx, mail_id=row["id"])]
    return Mail(row["id"], row["kind"], row["attempts"], row["doubts"], tuple(items))


def _item(row: Any) -> Item:
    contact = None
    if row["erased_at"] is None:
        contact = Contact(
            id=row["contact_id"],
            revision=row["revision"],
            name=row["name"],
            email=row["email"],
            organisation=row["organisation"],
            borough=row["borough"],
            subscriptions=read_subscriptions(row["subscriptions"]),
        )
    about: Role | Match = Role.model_validate_json(row["role"]) if row["role"] else read_match(row["match"])
    return Item(
        id=row["id"],
        contact_id=row["contact_id"],
        contact=contact,
        about=about,
        why=row["why"],
        caused_by=row["caused_by"],
        correlation_id=row["correlation_id"],
    )


async def withhold(tx: Connection, reasons: dict[UUID, str]) -> None:
    """These notifications leave their mail untold."""
    for id_, why in reasons.items():
        await _queries.withhold(tx, id=id_, why=why)


async def withhold_mail(tx: Connection, mail: Mail, why: str) -> None:
    """Nothing is left of this mail."""
    await _queries.withhold_mail(tx, id=mail.id, why=why)


async def mark_sent(tx: Connection, mail: Mail, answer: str) -> datetime | None:
    """The relay took it: when that was written; None when it was known already."""
    row = await _queries.mark_sent(tx, id=mail.id, answer=answer)
    return row["sent_at"] if row else None


async def mark_due_again(tx: Connection, mail: Mail, *, wait: float, answer: str) -> None:
    """The relay did not take it; try again in `wait` seconds."""
    await _queries.mark_due_again(tx, id=mail.id, attempts=mail.attempts, wait=wait, answer=answer)


async def mark_refused(tx: Connection, mail: Mail, answer: str) -> None:
    """The relay will never take it."""
    await _queries.mark_refused(tx, id=mail.id, attempts=mail.attempts, answer=answer)


async def entries(
    tx: Connection, *, event_id: str | None = None, contact_id: str | None = None, most: int = 100
) -> list[dict[str, Any]]:
    """The ledger's newest rows, of one cause or one contact if asked."""
    rows = _queries.ledger(tx, event_id=event_id, contact_id=contact_id, most=most)
    return [dict(row) async for row in rows]

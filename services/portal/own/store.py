"""A person's own things: who it is to us, what it chose, what it was told. The SQL is in `queries.sql`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import (
    Consent,
    Contact,
    ContactStated,
    Notification,
    Subscriptions,
)
from services.portal.heard.store import newest
from services.portal.own.form import Chosen
from services.portal.own.told import Told
from services.portal.own.wishes import Wishes, wishes_of
from services.portal.saying.say import forget, next_revision, say
from services.portal.signin.visitor import Visitor

_queries = queries_beside(__file__)
_HOW = "signed in on the portal"


class Forgotten(LookupError):
    """The contact is not known any more."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in, and what they chose."""

    contact: Contact
    wishes: Wishes


async def person(tx: Connection, contact_id: str) -> Person:
    """Who that is. Raises Forgotten."""
    contact = await newest(tx, Contact, contact_id)
    if contact is None:
        raise Forgotten(contact_id)
    return Person(contact, wishes_of(contact, await newest(tx, Subscriptions, contact_id)))


async def choose(tx: Connection, visitor: Visitor, chosen: Chosen, *, now: datetime) -> None:
    """Say what the person chose here, which is its yes: the address was proved by the sign-in. Raises Forgotten."""
    before, revision = await next_revision(tx, Contact, visitor.contact_id or "")
    if before is None:
        raise Forgotten(visitor.contact_id)
    facts: dict[str, Any] = {
        "name": chosen.name or before.name,
        "subscriptions": chosen.subscriptions,
        "quiet_hours": chosen.quiet_hours,
        "most_a_day": chosen.most_a_day,
        "consent": Consent(given_at=now, how=_HOW),
    }
    changed = tuple(name for name, value in facts.items() if value != getattr(before, name))
    after = before.model_copy(update=facts | {"revision": revision})
    await say(tx, visitor, ContactStated(contact=after, changed=changed), what="chose what to hear of")


async def forget_me(tx: Connection, visitor: Visitor) -> None:
    """Forget the person; what it offers is withdrawn with it."""
    await forget(tx, visitor, visitor.contact_id or "", what="asked to be forgotten")


async def told(tx: Connection, contact_id: str, *, most: int, after: int) -> list[Told]:
    """What was told to somebody, the last first, and what is known of what it was about."""
    rows = _queries.told(tx, contact_id=contact_id, most=most, after=after)
    return [
        Told(
            Notification.model_validate_json(row["state"]),
            **{name: row[name] for name in Told.__slots__ if name != "notification"},
        )
        async for row in rows
    ]

"""People: the contacts that an address belongs to, and new ones. The SQL is in `queries.sql`."""

import uuid
from datetime import datetime
from typing import Any, Final

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Contact, ContactStated
from loti_contracts.vocabulary import authorities
from services.portal.saying.say import forget, say
from services.portal.signin.addresses import Address
from services.portal.signin.asking import Wants
from services.portal.signin.domains import boroughs_of
from services.portal.signin.first_visit import Person
from services.portal.signin.visitor import ANYBODY

_queries = queries_beside(__file__)
_NO_NAME: Final = ""
_ASKED: Final = "asked to hear from us"


async def people_at(db: Any, address: Address) -> tuple[Person, ...]:
    """Whom we know at that address; several where they share a mailbox."""
    rows = _queries.people_at(db, email_key=address.key)
    return tuple([Person(row["id"], row["name"], row["organisation"]) async for row in rows])


async def may_come(db: Any, address: Address) -> bool:
    """Whether whoever reads that address may sign in: somebody we know, or a borough's own domain."""
    return bool(boroughs_of(address.email)) or bool(await people_at(db, address))


async def welcome(tx: Connection, address: Address, name: str, borough: str | None) -> Person:
    """State a contact for somebody who came by a borough's domain; the one that there is, if there is one by now."""
    await _queries.alone_with(tx, email_key=address.key)
    known = await people_at(tx, address)
    if known:
        return known[0]
    return await _state(
        tx, address, name=name, borough=borough, what="signed in for the first time", wants=None
    )


async def propose(tx: Connection, address: Address, wants: Wants) -> Person | None:
    """State a contact for an address that nobody knows, with what it is to be asked whether it wants. None, and
    nothing stated, where somebody has the address."""
    await _queries.alone_with(tx, email_key=address.key)
    if await people_at(tx, address):
        return None
    domain = boroughs_of(address.email)
    borough = domain[0] if len(domain) == 1 else None
    return await _state(tx, address, name=wants.name, borough=borough, what=_ASKED, wants=wants)


async def forget_unanswered(tx: Connection, *, asked_before: datetime) -> int:
    """Forget addresses that somebody typed, and whose readers were asked before then and never said yes; how many."""
    rows = [row["id"] async for row in _queries.unanswered(tx, asked_before=asked_before)]
    for contact_id in rows:
        await forget(tx, ANYBODY, contact_id, what="never said yes, and was forgotten")
    return len(rows)


async def _state(
    tx: Connection, address: Address, *, name: str, borough: str | None, what: str, wants: Wants | None
) -> Person:
    contact = Contact(
        id=f"contact-{uuid.uuid4()}",
        revision=1,
        name=name,
        email=address.email,
        organisation=authorities()[borough].name if borough else _NO_NAME,
        borough=borough,
        subscriptions=wants.subscriptions if wants else (),
    )
    await say(tx, ANYBODY, ContactStated(contact=contact), what=what)
    return Person(contact.id, contact.name, contact.organisation)

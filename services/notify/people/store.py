"""Contacts: who they are, at which address, and that they are erased. The SQL is in `queries.sql`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.events import Contact, Envelope
from services.notify.people import choices, consent
from services.notify.people.address_keys import address_key, address_keys
from services.notify.people.choice import Choice, Terms

_queries = queries_beside(__file__)
_MOST_UNKEYED = 500


@dataclass(frozen=True, slots=True)
class Known:
    """A contact that is not erased. `choice` is None where it never stated anything, `suppressed` the reason why its
    address must not be written to; it is at that address since `address_since`."""

    contact: Contact
    choice: Choice | None
    suppressed: str | None
    address_since: datetime | None


async def load(tx: Connection, contact_id: str) -> Known | None:
    """Who that is and what it chose; None where it is erased or was never heard of."""
    row = await _queries.known(tx, id=contact_id)
    if row is None:
        return None
    return Known(_contact(row), await choices.look(tx, contact_id), row["suppressed"], row["address_since"])


async def save_contact(
    tx: Connection,
    contact: Contact,
    *,
    stated_at: datetime,
    now: datetime,
    keys: tuple[bytes, ...],
    terms: Terms,
    cause: Envelope[Any] | None = None,
) -> bool:
    """Keep a contact as it is now, with what its statement does to its choice; whether it was news.

    One that is stale, or was stated before its erasure, changes nothing. Raises consent.FromTheFuture.
    """
    moved = await keep_contact(tx, contact, stated_at=stated_at, now=now, keys=keys)
    if moved is None:
        return False
    known = await choices.hold(tx, contact.id)
    after = consent.stated(known, contact, moved=moved, stated_at=stated_at, now=now, terms=terms)
    await choices.save(tx, known, after, cause=cause)
    return True


async def keep_contact(
    tx: Connection, contact: Contact, *, stated_at: datetime, now: datetime, keys: tuple[bytes, ...]
) -> bool | None:
    """Keep a contact as it is now, and leave its choice as it is; whether it moved to another address. None where it is
    stale, or was stated before its erasure: then nothing is changed."""
    before = await _queries.contact_for_change(tx, id=contact.id)
    email = before["email"] if before else None
    key = address_key(contact.email, keys[0])
    moved = email is not None and address_key(email, keys[0]) != key
    same = email is not None and not moved
    saved = await _queries.save_contact(
        tx,
        id=contact.id,
        revision=contact.revision,
        name=contact.name,
        email=contact.email,
        organisation=contact.organisation,
        borough=contact.borough,
        roles=json.dumps(contact.roles),
        address_key=key,
        address_since=before["address_since"] if before and same else now,
        stated_at=stated_at,
    )
    if saved is None:
        return None
    older = {*address_keys(contact.email, keys[1:]), *([before["address_key"]] if before and same else [])}
    await rekey(tx, older - {key, None}, key)
    return moved


async def rekey(tx: Connection, older: Sequence[bytes] | set[bytes], key: bytes) -> None:
    """All that is kept of an address under keys that were replaced is kept under this one from now on."""
    if older:
        await _queries.rekey_contacts(tx, old=sorted(older), new=key)
        await _queries.rekey_suppression(tx, old=sorted(older), new=key)


async def key_contacts(tx: Connection, keys: tuple[bytes, ...]) -> bool:
    """Hash the addresses that were stated before addresses were hashed; whether there may be more."""
    rows = [row async for row in _queries.contacts_without_key(tx, most=_MOST_UNKEYED)]
    for row in rows:
        await _queries.set_key(tx, id=row["id"], address_key=address_key(row["email"], keys[0]))
    return len(rows) == _MOST_UNKEYED


async def contacts(tx: Connection, *, status: str | None = None, most: int) -> list[dict[str, Any]]:
    """Contacts by id, with how their consent stands; no names, no addresses."""
    rows = [dict(row) async for row in _queries.contacts(tx, status=status, most=most)]
    for row in rows:
        for field in ("roles", "subscriptions", "quiet_hours"):
            row[field] = json.loads(row[field]) if row[field] else None
    return rows


def _contact(row: Any) -> Contact:
    return Contact(
        id=row["id"],
        revision=row["revision"],
        name=row["name"],
        email=row["email"],
        organisation=row["organisation"],
        borough=row["borough"],
        roles=tuple(json.loads(row["roles"])),
    )


async def asked(pool: "asyncpg.Pool[Any]") -> int:
    """How many contacts were asked to say yes and have not answered."""
    return int(await _queries.count_asked(pool))

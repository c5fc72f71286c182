"""Suppression: addresses that mail must not go to, by their keyed hash. The SQL is in `queries.sql`.

An address is listed, not a contact: whoever else has it, or comes back with it, gets no mail there either.
"""

from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias

from loti_contracts.delivery.database import Connection, queries_beside
from services.notify.addresses import without_addresses
from services.notify.people import choices, questions, store
from services.notify.people.address_keys import address_key, address_keys
from services.notify.people.choices import NoSuchContact

_queries = queries_beside(__file__)

Reason: TypeAlias = Literal["bounced", "complained", "by hand"]


async def suppress(tx: Connection, contact_id: str, *, reason: Reason, why: str) -> bool:
    """No mail to the address of that contact any more; whether that was news. A complaint outweighs other reasons.

    `why` is kept without whatever looks like an address. Raises NoSuchContact.
    """
    row = await _queries.contact_for_change(tx, id=contact_id)
    if row is None or row["address_key"] is None:
        raise NoSuchContact(f"there is no contact {contact_id!r} with an address")
    return await _suppress(tx, row["address_key"], contact_id, reason, why)


async def suppress_address(
    tx: Connection, address: str, *, keys: tuple[bytes, ...], reason: Reason, why: str
) -> bool:
    """The same for an address, known or not. It is not kept, only its hash."""
    key = await _of(tx, address, keys)
    return await _suppress(tx, key, None, reason, why)


async def release(tx: Connection, contact_id: str, *, now: datetime | None = None) -> bool:
    """Mail may go to that contact's address again; whether it was listed. A question that could not be sent for it is
    asked anew. Raises NoSuchContact."""
    row = await _queries.contact_for_change(tx, id=contact_id)
    if row is None or row["address_key"] is None:
        raise NoSuchContact(f"there is no contact {contact_id!r} with an address")
    return await _release(tx, row["address_key"], now or datetime.now(UTC))


async def release_address(
    tx: Connection, address: str, *, keys: tuple[bytes, ...], now: datetime | None = None
) -> bool:
    """The same for an address."""
    return await _release(tx, await _of(tx, address, keys), now or datetime.now(UTC))


async def reason_of(tx: Connection, address: str, *, keys: tuple[bytes, ...]) -> Reason | None:
    """Why mail must not go to that address; None where it may."""
    row = await _queries.suppression(tx, address_keys=address_keys(address, keys))
    return row["reason"] if row else None


async def listed(tx: Connection, *, most: int = 10_000) -> list[dict[str, Any]]:
    """The list, newest first: `address_key`, `reason`, `why`, `since`, and the ids of the `contacts` there now."""
    return [dict(row) async for row in _queries.suppressions(tx, most=most)]


async def _of(tx: Connection, address: str, keys: tuple[bytes, ...]) -> bytes:
    """The hash of an address under the first key; what is kept of it under others is kept under that one from now on."""
    key = address_key(address, keys[0])
    await store.rekey(tx, set(address_keys(address, keys[1:])), key)
    return key


async def _suppress(tx: Connection, key: bytes, contact_id: str | None, reason: Reason, why: str) -> bool:
    kept = await _queries.suppress(
        tx, address_key=key, contact_id=contact_id, reason=reason, why=without_addresses(why)
    )
    return kept is not None


async def _release(tx: Connection, key: bytes, now: datetime) -> bool:
    contacts = [row["id"] async for row in _queries.contacts_at(tx, address_keys=[key])]
    found = [row async for row in _queries.release(tx, address_keys=[key])]
    if found:
        for contact_id in contacts:
            known = await choices.hold(tx, contact_id)
            if known is not None:
                await choices.save(tx, known, questions.ask_anew(known, now=now))
    return bool(found)

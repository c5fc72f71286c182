"""Erasure: forgetting a person, in every table here and on every topic. The SQL is in `queries.sql`.

What stays is the contact's id with the time, and by that id that something was told, when, and because of what.

On Kafka a tombstone makes what was there before it go away, but not by itself: the broker never compacts the segment
that it writes to, and begins a new one only when something is appended after `segment.ms` (Kafka's design notes on log
compaction; KIP-354). On a quiet topic a name would stay for ever. So, when the tombstone has come back from Kafka and
that time has passed, every partition of both topics gets a sweep: a tombstone for an id that nobody has.
"""

from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.forgetting import SWEEP, forgotten
from loti_contracts.delivery.forgotten_letters import forget_letters
from loti_contracts.events import ContactErased, Envelope, SubscriptionsErased
from loti_contracts.events.topics import CONTACTS
from services.notify.people.forgetting import without_note

_queries = queries_beside(__file__)
_log = structlog.get_logger("people")

SWEEPS: Final = tuple(f"{SWEEP}{number}" for number in range(200))
"""Ids of no contact, enough to reach every partition of a topic by their hash."""
SWEEP_AFTER: Final = timedelta(milliseconds=int(CONTACTS.settings()["segment.ms"])) + timedelta(minutes=5)


async def erase(
    tx: Connection, contact_id: str, *, erased_at: datetime, cause: Envelope[Any] | None = None
) -> None:
    """Forget everything personal about a contact, known or not. Subscribers of what it chose are told."""
    row = await _queries.contact_for_change(tx, id=contact_id)
    await forget_letters(tx, contact_id, row["email"] if row else None)
    await forget_words(tx, contact_id)
    await _queries.erase_suppression(
        tx, contact_id=contact_id, address_key=row["address_key"] if row else None
    )
    await _queries.erase_bounces(tx, contact_id=contact_id)
    await _queries.erase_reasons(tx, contact_id=contact_id)
    if row and row["email"] is not None:
        person = [row["name"], row["email"].rpartition("@")[0]]
        await _queries.erase_answers(tx, contact_id=contact_id, marks=person)
        await _queries.erase_returned(tx, contact_id=contact_id, marks=person)
    chose = await _queries.erase_choice(tx, contact_id=contact_id)
    await _queries.erase_contact(tx, id=contact_id, erased_at=erased_at)
    if chose is not None:
        await outbox.add(tx, SubscriptionsErased(contact_id=contact_id), caused_by=cause)


async def forget_words(tx: Connection, contact_id: str) -> None:
    """Take what the person wrote out of the matches that name it, and out of what was said to come of them."""
    async for thing in _queries.things_that_name(tx, contact_id=contact_id):
        state = (
            forgotten(thing["state"], contact_id)
            if thing["kind"] == "match"
            else without_note(thing["state"])
        )
        await _queries.save_thing_state(tx, kind=thing["kind"], id=thing["id"], state=state)


async def erase_everywhere(tx: Connection, contact_id: str, *, now: datetime) -> None:
    """The person asked here to be forgotten: it is at once, and everybody who reads the topics learns of it."""
    await erase(tx, contact_id, erased_at=now)
    await outbox.add(tx, ContactErased(contact_id=contact_id), source="/loti/notify")


async def heard(tx: Connection, contact_id: str, *, now: datetime) -> None:
    """The tombstone is on the topic: sweep behind it when the broker can begin a new segment."""
    await _queries.sweep_at(tx, contact_id=contact_id, at=now + SWEEP_AFTER)


async def sweep(tx: Connection, now: datetime) -> bool:
    """Append to every partition where an erasure is old enough; whether there was one."""
    due = [row async for row in _queries.take_sweeps(tx, now=now)]
    if due:
        await outbox.add(tx, *(ContactErased(contact_id=id_) for id_ in SWEEPS), source="/loti/notify")
        await outbox.add(tx, *(SubscriptionsErased(contact_id=id_) for id_ in SWEEPS))
        _log.info("topics_swept", erasures=len(due))
    return bool(due)

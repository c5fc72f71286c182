"""Hearing again: who there is and what there is to tell of. What contacts chose, and what was told, was adopted."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from loti_contracts.delivery.database import Connection, queries_beside
from loti_contracts.delivery.errors import Park
from loti_contracts.delivery.forgetting import is_sweep
from loti_contracts.delivery.forgotten_letters import forget_letters
from loti_contracts.events import Contact, ContactErased, ContactStated, Envelope
from services.notify.people import consent, erasure, store
from services.notify.people.choice import Terms
from services.notify.telling.handlers import HANDLERS as OF_THINGS
from services.notify.things import kind_of

_queries = queries_beside(__file__)


async def hear(
    said: Sequence[Envelope[Any]], tx: Connection, *, keys: tuple[bytes, ...], terms: Terms
) -> None:
    """Know contacts and things as they are; a contact's statement does nothing to what it chose."""
    for envelope in said:
        event = envelope.event
        if isinstance(event, ContactStated):
            await _contact(event.contact, envelope.time, tx, keys, terms)
        elif isinstance(event, ContactErased):
            if not is_sweep(event.contact_id):
                await _erased(event.contact_id, envelope.time, tx)
        else:
            await OF_THINGS[type(event)](envelope, tx)
            await _queries.first_heard(tx, kind=kind_of(event.state), id=event.state.id, at=envelope.time)


async def _contact(
    contact: Contact, stated_at: datetime, tx: Connection, keys: tuple[bytes, ...], terms: Terms
) -> None:
    now = datetime.now(UTC)
    try:
        consent.stated(None, contact, moved=False, stated_at=stated_at, now=now, terms=terms)
    except consent.FromTheFuture as error:
        raise Park(str(error)) from error
    await store.keep_contact(tx, contact, stated_at=stated_at, now=now, keys=keys)


async def _erased(contact_id: str, erased_at: datetime, tx: Connection) -> None:
    """Forget the person as it was then. Who came back since is known by what was stated since."""
    await forget_letters(tx, contact_id, await _queries.address_of(tx, contact_id=contact_id))
    await erasure.forget_words(tx, contact_id)
    await _queries.erase_older(tx, contact_id=contact_id, erased_at=erased_at)
    await _queries.forget_choices(tx, ids=[contact_id], times=[erased_at])
    await _queries.erase_contact(tx, contact_id=contact_id, erased_at=erased_at)
    if datetime.now(UTC) - erased_at < erasure.SWEEP_AFTER:
        await erasure.heard(tx, contact_id, now=erased_at)

"""What notify does when it hears of a contact. The consumer owns the transaction."""

from collections.abc import Mapping
from datetime import UTC, datetime

import structlog

from loti_contracts.delivery.batch import Handler
from loti_contracts.delivery.database import Connection
from loti_contracts.delivery.errors import Park
from loti_contracts.delivery.forgetting import is_sweep
from loti_contracts.events import ContactErased, ContactStated, Envelope, Event
from services.notify.people import choices, erasure, store
from services.notify.people.address_keys import hash_keys
from services.notify.people.consent import FromTheFuture
from services.notify.settings import NotifySettings

_log = structlog.get_logger("people")


def handlers(settings: NotifySettings) -> Mapping[type[Event], Handler]:
    """By what is heard. Raises NoKeys where there is no key to hash addresses with."""
    keys = hash_keys(settings.link_keys.get_secret_value())
    terms = choices.terms_of(settings)

    async def on_contact_stated(envelope: Envelope[ContactStated], tx: Connection) -> None:
        """Know a contact, or know it better; what it asks for, it is asked to confirm."""
        try:
            await store.save_contact(
                tx,
                envelope.event.contact,
                stated_at=envelope.time,
                now=datetime.now(UTC),
                keys=keys,
                terms=terms,
                cause=envelope,
            )
        except FromTheFuture as error:
            raise Park(str(error)) from error

    async def on_contact_erased(envelope: Envelope[ContactErased], tx: Connection) -> None:
        """Forget the person. That something was told to somebody stays, by id."""
        contact_id = envelope.event.contact_id
        if is_sweep(contact_id):
            return
        await erasure.erase(tx, contact_id, erased_at=envelope.time, cause=envelope)
        await erasure.heard(tx, contact_id, now=datetime.now(UTC))
        _log.info("contact_erased", contact_id=contact_id)

    return {ContactStated: on_contact_stated, ContactErased: on_contact_erased}

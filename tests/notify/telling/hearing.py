"""What the service does with what it hears, without its processes: handlers, the steps that make mails, sifting."""

from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from loti_contracts.delivery.database import Connection
from loti_contracts.events import Envelope, Subscription
from services.notify.mails import Mail
from services.notify.people.handlers import handlers as people_handlers
from services.notify.sending import ledger
from services.notify.settings import NotifySettings
from services.notify.telling.handlers import HANDLERS
from services.notify.telling.prepare import prepare
from services.notify.telling.sifting import sifted
from tests.notify.making import agreed, contact, stated

SETTINGS = NotifySettings(link_keys=SecretStr("k" * 32), most_a_day=1_000)
_ON = {**HANDLERS, **people_handlers(SETTINGS)}

LATER = 3_600.0  # a lease of an hour


def reader(
    id_: str = "contact-1", revision: int = 1, *subscriptions: Subscription, **changes: Any
) -> Envelope[Any]:
    """A contact that said yes to these, as it is stated."""
    return stated(agreed(contact(id_, revision, *subscriptions, **changes)))


async def hear(tx: Connection, *envelopes: Envelope[Any]) -> None:
    """What the consumer does: the handlers, in order, in one transaction."""
    async with tx.transaction():
        for envelope in envelopes:
            await _ON[type(envelope.event)](envelope, tx)


async def prepare_all(
    tx: Connection, now: datetime | None = None, settings: NotifySettings = SETTINGS
) -> None:
    """Prepare until there is nothing more to do at once."""
    more = True
    while more:
        async with tx.transaction():
            more = await prepare(tx, settings, now or datetime.now(UTC))


async def due(tx: Connection, now: datetime | None = None, settings: NotifySettings = SETTINGS) -> list[Mail]:
    """The mails that leave now, as they leave; what is sifted out is withheld."""
    await prepare_all(tx, now, settings)
    mails = []
    while True:
        async with tx.transaction():
            claimed = await ledger.claim(tx, 100, LATER)
            for one in claimed:
                mail, reasons = sifted(one.mail, now or datetime.now(UTC))
                await ledger.withhold(tx, reasons, in_hand=[mail.id])
                if mail.items:
                    mails.append(mail)
                else:
                    await tx.execute("UPDATE mail SET status = 'withheld' WHERE id = $1", mail.id)
        if not claimed:
            return mails


async def leave(tx: Connection, mails: list[Mail], at: datetime) -> None:
    """The relay took these, at that moment."""
    ids = [mail.id for mail in mails]
    await tx.execute("UPDATE mail SET status = 'sent', sent_at = $2 WHERE id = ANY($1)", ids, at)


def told(mails: list[Mail]) -> set[tuple[str, str]]:
    """(contact, thing) of what is in these mails."""
    return {(item.contact_id, item.about.id) for mail in mails for item in mail.items}

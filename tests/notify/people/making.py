"""Contacts heard of and questions asked, made short."""

from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from loti_contracts.events import Envelope, Subscription
from services.notify.people import choices
from services.notify.people.asking import ask
from services.notify.people.choice import Choice, Terms
from services.notify.people.handlers import handlers
from services.notify.settings import NotifySettings

SETTINGS = NotifySettings(link_keys=SecretStr("k" * 32))
TERMS = Terms(SETTINGS.consent_days, SETTINGS.remind_days)
ROLES = Subscription(topic="new role")
NEWS = Subscription(topic="newsletter")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


async def hear(tx: Any, *envelopes: Envelope[Any], settings: NotifySettings = SETTINGS) -> None:
    """What the consumer does with events about contacts, in one transaction."""
    known = handlers(settings)
    async with tx.transaction():
        for envelope in envelopes:
            await known[type(envelope.event)](envelope, tx)


async def turn(tx: Any, now: datetime | None = None, settings: NotifySettings = SETTINGS) -> None:
    """What the sender does first in each of its turns."""
    while True:
        async with tx.transaction():
            if not await ask(tx, settings, now or datetime.now(UTC)):
                return


async def chosen(tx: Any, contact_id: str = "contact-1") -> Choice:
    """What that contact chose."""
    found = await choices.look(tx, contact_id)
    assert found is not None
    return found


async def questions(tx: Any, contact_id: str = "contact-1") -> list[tuple[str, str]]:
    """(kind, status) of the mails that ask this contact something, in the order in which they were made."""
    rows = await tx.fetch(
        "SELECT notification.kind, coalesce(mail.status, 'withheld') AS status FROM notification"
        " LEFT JOIN mail ON mail.id = mail_id WHERE contact_id = $1 ORDER BY notification.due_at",
        contact_id,
    )
    return [(row["kind"], row["status"]) for row in rows]

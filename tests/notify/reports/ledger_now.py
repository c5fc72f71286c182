"""A ledger with mails that were sent, and what it, the lists and the outbox say now."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.notify.reports import heard
from services.notify.reports.heard import Heard
from services.notify.settings import NotifySettings
from tests.notify.making import role
from tests.notify.sending import made


@dataclass(frozen=True)
class LedgerNow:
    """One database, through one connection."""

    db: "asyncpg.Connection[Any]"
    settings: NotifySettings

    async def people(self, *ids: str) -> None:
        """Contacts who said yes."""
        async with self.db.transaction():
            await made.people(self.db, ids)

    async def digest(self, contact_id: str = "contact-1", about: str = "role-1") -> UUID:
        """A digest that the relay took."""
        async with self.db.transaction():
            [mail] = await made.digests(self.db, [contact_id], role(about))
        await self.sent(mail)
        return mail

    async def introduction(self) -> UUID:
        """An introduction of `asks` and `helps` that the relay took."""
        async with self.db.transaction():
            mail = await made.introduction(self.db)
        await self.sent(mail)
        return mail

    async def sent(self, mail: UUID, answer: str = "250 2.0.0 taken") -> None:
        """The relay took it."""
        await self.db.execute(
            "UPDATE mail SET status = 'sent', attempts = 1, claimed_at = clock_timestamp(), "
            "sent_at = clock_timestamp(), answer = $2 WHERE id = $1",
            mail,
            answer,
        )

    async def hears(self, raw: bytes) -> Heard:
        """A report comes."""
        async with self.db.transaction():
            return await heard.hear(self.db, self.settings, raw, datetime.now(UTC))

    async def status(self, mail: UUID) -> str:
        """Of a mail."""
        found: str = await self.db.fetchval("SELECT status FROM mail WHERE id = $1", mail)
        return found

    async def returned(self, mail: UUID) -> dict[str, str | None]:
        """Why it came back, by contact."""
        rows = await self.db.fetch("SELECT contact_id, returned FROM notification WHERE mail_id = $1", mail)
        return {row["contact_id"]: row["returned"] for row in rows}

    async def suppressed(self) -> dict[str, str]:
        """Reasons by contact."""
        rows = await self.db.fetch("SELECT contact_id, reason FROM suppression")
        return {row["contact_id"]: row["reason"] for row in rows}

    async def consent(self, contact_id: str = "contact-1") -> str | None:
        """How a contact's choice stands."""
        found: str | None = await self.db.fetchval(
            "SELECT status FROM choice WHERE contact_id = $1", contact_id
        )
        return found

    async def said(self, topic: str = "loti.notifications.v1") -> Sequence[dict[str, Any]]:
        """What the outbox says on a topic, in order."""
        rows = await self.db.fetch("SELECT value FROM outbox WHERE topic = $1 ORDER BY position", topic)
        return [json.loads(row["value"]) for row in rows]

    async def everything(self) -> str:
        """All of it, to see whether anything changed."""
        tables = ("mail", "notification", "suppression", "soft_bounce", "choice", "contact", "outbox")
        rows = [await self.db.fetch(f"SELECT * FROM {table} ORDER BY {table}::text") for table in tables]
        return "\n".join(map(str, rows))

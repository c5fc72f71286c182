"""Send: due mails leave, each once in ordinary running, and what became of each is written down.

A mail is claimed (`sending`, one attempt more) and that is committed; then it is handed to the relay, with no
transaction open; then `sent` and the event are written together. Whoever is killed between the last two leaves a
mail IN DOUBT: the relay may have it or not, and nobody can know. Doubt is resolved one way: when the lease has
passed it is SENT AGAIN, whole and with the same Message-ID, since a borough that misses an introduction loses
more than one that sees it twice, and a mailbox that folds equal Message-IDs shows one. `mail.doubts` counts how
often that happened to a mail. The same holds where the connection breaks after the handing over and before the
answer. Everything that the relay surely did not take is due again, with back-off, or `refused` for ever.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeAlias

import asyncpg
import structlog

from loti_contracts.delivery import outbox
from loti_contracts.delivery.database import PASSING, Connection
from loti_contracts.delivery.process import Loop
from loti_contracts.delivery.waiting import Backoff, wait_for_any
from loti_contracts.events import Notification, NotificationSent
from services.notify import ledger, prepare
from services.notify.addresses import NotDeliverable, mailbox, without_addresses
from services.notify.compose import compose
from services.notify.mails import Mail
from services.notify.message import Sender, message
from services.notify.settings import NotifySettings
from services.notify.smtp import Accepted, InDoubt, NotNow, Outcome, Refused, Relay

_log = structlog.get_logger("send")

Pool: TypeAlias = "asyncpg.Pool[Any]"


def sender(settings: NotifySettings) -> Loop:
    """The loop that sends, for as many processes at once as one likes."""

    async def send_loop(pool: Pool, stopping: asyncio.Event) -> None:
        await Sending(settings, pool, stopping).run()

    return send_loop


class Sending:
    """One process that sends, mail by mail over one connection. Half a lease is the most that a mail may take."""

    def __init__(self, settings: NotifySettings, pool: Pool, stopping: asyncio.Event) -> None:
        self._settings = settings
        self._pool = pool
        self._stopping = stopping
        self._relay = Relay(settings)
        self._sender = Sender(settings.site_name, settings.sender)

    async def run(self) -> None:
        """Send whenever the database says that there is something to do, until stopped.

        While the database or the relay is away, try again with back-off.
        """
        backoff = Backoff(first=0.1, most=5.0)
        while not self._stopping.is_set():
            try:
                async with _woken(self._pool) as (woken, listener):
                    while not self._stopping.is_set() and not listener.is_closed():
                        woken.clear()
                        if await self.send_due():
                            backoff.reset()
                            await wait_for_any(self._stopping, woken, timeout=self._settings.send_poll)
                        else:
                            await backoff.wait(self._stopping)
            except PASSING as error:
                _log.warning("sending_interrupted", error=type(error).__name__)
                await backoff.wait(self._stopping)

    async def send_due(self) -> bool:
        """Send until nothing is due, or a stop; False when the relay is away."""
        try:
            async with self._pool.acquire() as tx, tx.transaction():
                await prepare.prepare(tx)
            while not self._stopping.is_set() and (mail := await self._claim()):
                outcome = await self._attempt(mail)
                await self._write_down(mail, outcome)
                if isinstance(outcome, NotNow) and outcome.unreachable:
                    return False
        finally:
            await self._relay.close()
        return True

    async def _claim(self) -> Mail | None:
        async with self._pool.acquire() as tx, tx.transaction():
            return await prepare.claim(tx, today=datetime.now(UTC).date(), lease=self._settings.lease)

    async def _attempt(self, mail: Mail) -> Outcome:
        try:
            to = [mailbox(contact.name, contact.email) for contact in mail.contacts]
            letter = compose(mail, site_name=self._settings.site_name)
            made = message(mail, letter, to, self._sender, datetime.now(UTC)).as_bytes()
        except NotDeliverable as error:
            return Refused(str(error))
        except Exception as error:  # noqa: BLE001 - one mail that cannot be written must not hold up the rest
            _log.error("mail_not_written", mail_id=str(mail.id), error=type(error).__name__)
            return NotNow(f"it could not be written: {type(error).__name__}: {without_addresses(str(error))}")
        return await self._relay.send([one.addr_spec for one in to], made, within=self._settings.lease / 2)

    async def _write_down(self, mail: Mail, outcome: Outcome) -> None:
        """Keep what became of it. The database may be away for a moment; what was accepted is not given up."""
        backoff = Backoff(first=0.05, most=1.0)
        clock = asyncio.get_running_loop().time
        begun = clock()
        while True:
            try:
                async with self._pool.acquire() as tx, tx.transaction():
                    await self._save(tx, mail, outcome)
            except PASSING:
                if clock() - begun > self._settings.lease or await backoff.wait(self._stopping):
                    raise
            else:
                return

    async def _save(self, tx: Connection, mail: Mail, outcome: Outcome) -> None:
        facts = {"mail_id": str(mail.id), "kind": mail.kind, "attempts": mail.attempts, "doubts": mail.doubts}
        match outcome:
            case Accepted(answer):
                sent_at = await ledger.mark_sent(tx, mail, answer)
                if sent_at is not None:
                    await _say_sent(tx, mail, sent_at)
                _log.info("mail_sent", told=len(mail.items), **facts)
            case NotNow(answer):
                await ledger.mark_due_again(tx, mail, wait=self._wait(mail), answer=answer)
                _log.warning("mail_deferred", answer=answer, **facts)
            case Refused(answer):
                await ledger.mark_refused(tx, mail, answer)
                _log.error("mail_refused", answer=answer, **facts)
            case InDoubt(answer):  # stays `sending`; claimed anew after the lease
                _log.warning("mail_in_doubt", answer=answer, **facts)

    def _wait(self, mail: Mail) -> float:
        """Seconds until the next attempt: doubling, to a limit."""
        doubled: float = self._settings.retry_first * 2 ** min(mail.attempts - 1, 20)
        return min(doubled, self._settings.retry_most)


async def _say_sent(tx: Connection, mail: Mail, sent_at: datetime) -> None:
    for item in mail.items:
        notification = Notification(
            id=str(item.id),
            revision=1,
            kind=mail.kind,
            about=item.about.id,
            mail_id=str(mail.id),
            contact_id=item.contact_id,
            caused_by=item.caused_by,
            why=item.why,
            attempts=mail.attempts,
            doubts=mail.doubts,
            sent_at=sent_at,
        )
        await outbox.add(
            tx,
            NotificationSent(notification=notification),
            correlation_id=item.correlation_id,
            causation_id=item.caused_by,
        )


@asynccontextmanager
async def _woken(pool: Pool) -> AsyncIterator[tuple[asyncio.Event, Connection]]:
    """An event that is set when a transaction that made work is committed, and the connection that listens."""
    woken = asyncio.Event()

    def wake(*_: object) -> None:
        woken.set()

    async with pool.acquire() as connection:
        await connection.add_listener("mail", wake)
        try:
            yield woken, connection
        finally:
            # A connection with a listener must not go back to the pool, and one that broke cannot unlisten.
            connection.terminate()

"""An edition goes out through the real sender to a real relay."""

import asyncio
from typing import Any

import asyncpg

from services.notify.newsletter import editions
from services.notify.newsletter.publishing import publish
from services.notify.sending.from_settings import delivery
from services.notify.sending.sender import sender
from services.notify.settings import NotifySettings
from services.notify.signed_links import SignedLinks
from tests.databases import connected
from tests.notify.mail_relay import MailRelay
from tests.notify.newsletter.making import edition, know

Pool = asyncpg.Pool
READERS = [f"reader-{n:02}" for n in range(40)]


async def test_each_reader_gets_one_mail(
    dsn: str, pool: "Pool[Any]", settings: NotifySettings, relay: MailRelay
) -> None:
    """Though the relay first says that it is busy: everybody gets the edition once, with a link of their own to stop it; a
    test carries its mark; and the edition is called sent when the last mail has left."""
    relay.faults.extend(["451 later", "421 busy", "451 later"])
    stopping = asyncio.Event()
    async with connected(dsn) as tx:
        await know(tx, READERS)
        now = await tx.fetchval("SELECT clock_timestamp()")
        async with tx.transaction():
            await editions.add_test(tx, edition(), READERS[0], SignedLinks(settings), now)
            await editions.schedule(tx, edition(), None, now)
        running = asyncio.create_task(sender(settings, delivery(settings), [publish])(pool, stopping))
        async with asyncio.timeout(30):
            while await tx.fetchval("SELECT status FROM edition") != "sent":
                await asyncio.sleep(0.05)
        stopping.set()
        await running
        shown = await editions.shown(tx, edition().id)
    assert shown.mails == {"sent": len(READERS)}
    subjects = [mail["Subject"] for mail in relay.taken]
    assert subjects.count("[Test] Digital jobs, November 2026") == 1
    news = [mail for mail in relay.taken if mail["Subject"] == "Digital jobs, November 2026"]
    assert sorted(mail["To"].addresses[0].addr_spec for mail in news) == [
        f"{one}@reader.example" for one in READERS
    ]
    assert len({mail["List-Unsubscribe"] for mail in news}) == len(READERS)
    assert len({mail["Message-ID"] for mail in news}) == len(READERS)

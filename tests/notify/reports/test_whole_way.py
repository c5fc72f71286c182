"""From a mail that leaves to the bounce that it leads to, through the real sender, a real relay and the mailbox."""

import asyncio
from pathlib import Path
from typing import Any

from services.notify.reports.maildir import BounceMailbox
from services.notify.settings import NotifySettings
from tests.notify.mail_relay import MailRelay
from tests.notify.making import role
from tests.notify.reports import came_back
from tests.notify.reports.ledger_now import LedgerNow
from tests.notify.sending import made
from tests.notify.sending.running import once


async def test_a_dead_address(
    ledger: LedgerNow, signing: NotifySettings, pool: Any, relay: MailRelay, tmp_path: Path
) -> None:
    """A mail leaves with a return path of its own; when it comes back by that path, the address gets no more mail, and
    everybody else does."""
    (tmp_path / "new").mkdir()
    settings = signing.model_copy(update={"smtp_port": relay.port})
    await ledger.people("contact-1", "contact-2")
    async with ledger.db.transaction():
        await made.digests(ledger.db, ["contact-1"], role("one"))
    await once(settings, pool).send_due()
    [sender] = relay.senders
    (tmp_path / "new" / "1.bounce").write_bytes(came_back.postfix(sender))
    await BounceMailbox(tmp_path, settings).read_new(pool, asyncio.Event())
    assert await ledger.suppressed() == {"contact-1": "bounced"}
    async with ledger.db.transaction():
        await made.digests(ledger.db, ["contact-1", "contact-2"], role("two"))
    await once(settings, pool).send_due()
    assert relay.recipients == [[made.address("contact-1")], [made.address("contact-2")]]
    told: dict[str, list[str]] = {}
    for said in await ledger.said():
        about = said["notification"]
        told.setdefault(about["about"], []).append(f"{about['contact_id']} {about['status']}")
    assert told == {
        "one": ["contact-1 sent", "contact-1 failed"],
        "two": ["contact-1 suppressed", "contact-2 sent"],
    }

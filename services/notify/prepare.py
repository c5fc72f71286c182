"""Prepare: from what is known to the mails that are to be sent now, in transactions without a network call.

Handlers only write down what they hear, so they need no lock and read no more than their own event. Pairs are
found here, after the commit: a contact and a role that two processes write at the same moment cannot miss each
other, since whichever is committed later is judged after its commit, and then sees the other.
"""

from datetime import date

from loti_contracts.delivery.database import Connection
from services.notify import ledger, store
from services.notify.alerts import alerts
from services.notify.mails import Mail, grouped, sifted


async def prepare(tx: Connection) -> None:
    """Judge what came, and put what is due into mails."""
    await judge(tx)
    await gather(tx)


async def judge(tx: Connection) -> None:
    """Hold new roles against all subscribers, and new subscribers against all open roles."""
    new_roles = await store.take_new_roles(tx)
    new_subscribers = await store.take_new_subscribers(tx)
    due = []
    if new_roles:
        due += alerts(await store.subscribers(tx), new_roles)
    if any(subscriber.subscriptions for subscriber in new_subscribers):
        due += alerts(new_subscribers, await store.open_roles(tx))
    if due:
        await store.add_alerts(tx, due)


async def gather(tx: Connection) -> None:
    """Alerts that are due at the same moment for the same contact share a mail; each is in one for ever."""
    for ids in grouped(await ledger.take_alerts_without_mail(tx)):
        await ledger.add_mail(tx, "new role", ids)


async def claim(tx: Connection, *, today: date, lease: float) -> Mail | None:
    """The next mail to send, without what is no longer worth sending; None when nothing is due.

    One at a time: of what a killed process had claimed, only the mail in its hand is in doubt.
    """
    while mail := await ledger.claim(tx, lease=lease):
        kept, reasons = sifted(mail, today)
        await ledger.withhold(tx, reasons)
        if kept.items:
            return kept
        why = "; ".join(sorted(set(reasons.values()))) or "nothing is left to tell"
        await ledger.withhold_mail(tx, mail, why)
    return None

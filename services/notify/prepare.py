"""Prepare: from what is known to the mails that are to be sent now, in one transaction without a network call.

Handlers only write down what they hear, so they need no lock and read no more than their own event. Pairs are
found here, after the commit: a contact and a role that two processes write at the same moment cannot miss each
other, since whichever is committed later is judged after its commit, and then sees the other.
"""

from datetime import date

from loti_contracts.delivery.database import Connection

from services.notify import ledger, store
from services.notify.alerts import alerts
from services.notify.mails import Mail, grouped, sifted


async def prepare(tx: Connection, *, today: date, lease: float, most: int) -> list[Mail]:
    """Judge what came, put alerts into mails, and claim the mails that are due."""
    await judge(tx)
    await gather(tx)
    return await claim(tx, today=today, lease=lease, most=most)


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


async def claim(tx: Connection, *, today: date, lease: float, most: int) -> list[Mail]:
    """The mails to send now, without what is no longer worth sending."""
    worth_sending = []
    for mail in await ledger.claim(tx, lease=lease, most=most):
        kept, reasons = sifted(mail, today)
        if kept.items:
            worth_sending.append(kept)
        else:
            await ledger.withhold_mail(
                tx, mail, "; ".join(sorted(set(reasons.values()))) or "nothing is left to tell"
            )
        if reasons:
            await ledger.withhold(tx, reasons)
    return worth_sending

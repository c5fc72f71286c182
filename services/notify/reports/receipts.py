"""Receipts: GOV.UK Notify says what became of an email that it took.

`delivered`: well. `permanent-failure`: the address is wrong, as a hard bounce. `temporary-failure`: the inbox was full or
did not want it, as a soft bounce. `technical-failure`: it never left GOV.UK Notify, so it is sent again, unless that has
gone on for `retry_days`.
"""

from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict, Field

from loti_contracts.delivery.database import Connection, queries_beside
from services.notify.reports import heard
from services.notify.reports.dsn import Weight
from services.notify.reports.effects import Addressee, CameBack, same_address
from services.notify.reports.heard import Heard, ItsMail
from services.notify.sending.govuk_notify_answers import Reference, read_reference, tag
from services.notify.sending.writing_down import wait_after
from services.notify.settings import NotifySettings

_queries = queries_beside(__file__)

_FAILURES: Final[dict[str, tuple[Weight, str]]] = {
    "permanent-failure": ("hard", "it came back: GOV.UK Notify says that there is no such address"),
    "temporary-failure": (
        "soft",
        "it came back: GOV.UK Notify says that the inbox was full or did not want it",
    ),
}
_GOING_WELL: Final = frozenset({"created", "sending", "pending", "delivered"})


class Receipt(BaseModel):
    """What GOV.UK Notify posts. (docs.notifications.service.gov.uk: Delivery receipts.)"""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str = Field(pattern=r"^[0-9A-Za-z-]{1,64}$")
    reference: str | None = Field(default=None, max_length=1000)
    to: str = Field(max_length=320)
    status: str = Field(max_length=100)
    notification_type: str = Field(default="email", max_length=100)


async def hear(tx: Connection, settings: NotifySettings, receipt: Receipt, now: datetime) -> Heard:
    """Let a receipt take effect if `tx` commits."""
    if receipt.notification_type != "email":
        return Heard("passed", "it is not about an email")
    if receipt.status in _GOING_WELL:
        return Heard("passed", f"all is well: {receipt.status}")
    if receipt.status not in _FAILURES and receipt.status != "technical-failure":
        return Heard("not taken", f"its status is not known: {receipt.status[:40]!r}")
    reference = read_reference(receipt.reference or "")
    mail = await heard.hold(tx, reference.mail_id) if reference else None
    if reference is None or mail is None:
        return Heard("not taken", "its reference is none of ours")
    if mail.is_in_hand:
        return Heard("later", f"mail {mail.id} is being sent just now")
    if (
        receipt.status == "technical-failure"
        and mail.status == "sent"  # and not that of two one came back already
        and (now - mail.made_at).total_seconds() < settings.retry_days * 86_400
    ):
        return await _send_again(tx, settings, mail, receipt)
    one = _meant(mail, reference, receipt.to)
    if one is None:
        return Heard("not taken", f"it is about nobody of those that mail {mail.id} went to")
    weight, why = _FAILURES.get(receipt.status, ("soft", "GOV.UK Notify could not send it"))
    sure = one.address is not None and same_address(one.address, receipt.to)
    return await heard.take(
        tx, settings, mail, [CameBack(one.contact_id, weight if sure else "soft", why)], now
    )


async def _send_again(tx: Connection, settings: NotifySettings, mail: ItsMail, receipt: Receipt) -> Heard:
    """A receipt counts for the sending that it names, so that it cannot be replayed when the mail has left again."""
    again = await _queries.send_again(
        tx,
        id=mail.id,
        receipt=receipt.id,
        wait=wait_after(max(mail.attempts, 1), settings),
        answer="GOV.UK Notify took it and could not send it (technical-failure); it is sent again",
    )
    if again is None:
        return Heard("known", f"it says nothing new of mail {mail.id}")
    return Heard("taken", f"mail {mail.id} is due again: it never left GOV.UK Notify")


def _meant(mail: ItsMail, reference: Reference, to: str) -> Addressee | None:
    """Of whom it speaks: the only one that the mail went to, or the one whose address made the reference's tag."""
    if reference.tag is None:
        return mail.addressees[0] if len(mail.addressees) == 1 else None
    if reference.tag != tag(mail.id, to):
        return None
    return next((one for one in mail.addressees if one.address and same_address(one.address, to)), None)

"""Heard: a report takes effect, in one transaction. Heard again, it changes nothing.

A mail that came back is `returned` and NotificationFailed says so; a dead address is suppressed; a mail that came back
for now is counted, and several in a row suppress; a complaint suppresses and withdraws what the contact chose.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from loti_contracts.delivery.database import Connection, queries_beside
from services.notify.people import choices, suppression
from services.notify.reports import reading
from services.notify.reports.effects import Addressee, CameBack, Complained, Effect, effects, noted
from services.notify.reports.reading import NotTaken, Passed, Report
from services.notify.reports.return_path import keys_of
from services.notify.sending import ledger
from services.notify.settings import NotifySettings

_queries = queries_beside(__file__)

Ending: TypeAlias = Literal["taken", "known", "passed", "not taken", "later"]
"""`taken`: it had an effect; `known`: it was heard before; `passed`: it has none; `not taken`: a person should look;
`later`: the mail is being sent just now, so it is to be heard again."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of a report, in words without addresses."""

    ending: Ending
    words: str


@dataclass(frozen=True, slots=True)
class ItsMail:
    """The mail that a report is about, and whom it went to."""

    id: UUID
    status: str
    attempts: int
    made_at: datetime
    addressees: tuple[Addressee, ...]

    @property
    def is_in_hand(self) -> bool:
        """Whether it is still to be written down, or sent again, before anything can be said of it."""
        return self.status in ("due", "sending")


async def hear(tx: Connection, settings: NotifySettings, raw: bytes, now: datetime) -> Heard:
    """Let the message that came, whatever its bytes are, take effect if `tx` commits."""
    found = await asyncio.to_thread(
        reading.read, raw, keys_of(settings), domain=settings.sender.rpartition("@")[2]
    )
    if isinstance(found, Passed):
        return Heard("passed", found.why)
    if isinstance(found, NotTaken):
        return Heard("not taken", found.why)
    mail = await hold(tx, found.mail_id)
    if mail is None:
        return Heard("not taken", f"it is about mail {found.mail_id}, which is not in the ledger")
    if not found.signed:
        return await _note(tx, mail, found)
    led_to = effects(found.says, mail.addressees)
    if not led_to:
        return _without_effect(mail, found)
    if mail.is_in_hand:
        return Heard("later", f"mail {mail.id} is being sent just now; hear the report again later")
    return await take(tx, settings, mail, led_to, now)


async def hold(tx: Connection, mail_id: UUID) -> ItsMail | None:
    """A mail, this transaction's to change."""
    row = await _queries.hold_mail(tx, id=mail_id)
    if row is None:
        return None
    addressees = [
        Addressee(one["contact_id"], one["email"], one["moved"])
        async for one in _queries.addressees(tx, mail_id=mail_id)
    ]
    return ItsMail(row["id"], row["status"], row["attempts"], row["made_at"], tuple(addressees))


async def take(
    tx: Connection, settings: NotifySettings, mail: ItsMail, led_to: list[Effect], now: datetime
) -> Heard:
    """Let these effects come about, each once for ever."""
    known = {one.contact_id: one.address is not None for one in mail.addressees}
    done: list[str] = []
    for effect in led_to:
        if isinstance(effect, CameBack):
            news = await _came_back(tx, settings, mail, effect, now, is_known=known[effect.contact_id])
        else:
            news = await _complained(tx, mail, effect, now, is_known=known[effect.contact_id])
        if news:
            done.append(f"{effect.contact_id}: {news}: {effect.why}")
    if not done:
        return Heard("known", f"it says nothing new of mail {mail.id}")
    return Heard("taken", f"mail {mail.id}; {'; '.join(done)}")


async def _came_back(
    tx: Connection,
    settings: NotifySettings,
    mail: ItsMail,
    effect: CameBack,
    now: datetime,
    *,
    is_known: bool,
) -> str | None:
    """What that led to; None where it was known."""
    if not await ledger.mark_returned(tx, mail.id, effect.why, contact_id=effect.contact_id):
        return None
    if not is_known:
        return "returned"
    if effect.weight == "hard":
        await _suppress_bounced(tx, effect.contact_id, effect.why)
        return "returned and suppressed"
    await _queries.count_soft_bounce(
        tx, mail_id=mail.id, contact_id=effect.contact_id, why=effect.why, at=now
    )
    most = settings.soft_bounces
    if await _queries.bounced_in_a_row(tx, contact_id=effect.contact_id, most=most):
        await _suppress_bounced(
            tx, effect.contact_id, f"{most} mails in a row came back; the last: {effect.why}"
        )
        return f"returned and, as the last of {most} in a row, suppressed"
    return "returned and counted"


async def _suppress_bounced(tx: Connection, contact_id: str, why: str) -> None:
    with contextlib.suppress(choices.NoSuchContact):  # it was erased this very moment
        await suppression.suppress(tx, contact_id, reason="bounced", why=why)
    await _queries.forget_soft_bounces(tx, contact_id=contact_id)


async def _complained(
    tx: Connection, mail: ItsMail, effect: Complained, now: datetime, *, is_known: bool
) -> str | None:
    """What that led to; None where it was known."""
    marked = _queries.mark_complained(tx, mail_id=mail.id, contact_id=effect.contact_id, at=now)
    if not [row async for row in marked]:
        return None
    if not is_known:
        return "complained"
    with contextlib.suppress(choices.NoSuchContact):  # it was erased this very moment
        await suppression.suppress(tx, effect.contact_id, reason="complained", why=effect.why)
        await choices.withdraw(tx, effect.contact_id, now=now)
    return "suppressed and withdrawn"


async def _note(tx: Connection, mail: ItsMail, report: Report) -> Heard:
    """What anybody could have written is noted in the ledger, and has no other effect."""
    words = noted(report.says)
    if words is None:
        return Heard("passed", f"it says nothing bad of mail {mail.id}")
    if not await _queries.note(tx, id=mail.id, words=words):
        return Heard("known", f"it says nothing new of mail {mail.id}")
    return Heard(
        "taken", f"mail {mail.id}; noted in the ledger, and nothing else, since it is not signed: {words}"
    )


def _without_effect(mail: ItsMail, report: Report) -> Heard:
    if noted(report.says) is None:
        return Heard("passed", f"it says nothing bad of mail {mail.id}")
    return Heard(
        "not taken",
        f"it does not say for certain whom of those that mail {mail.id} went to it means; if it is clear to you, use "
        "`loti notify suppressions add`",
    )

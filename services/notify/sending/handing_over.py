"""Handing over: one claimed mail becomes words, a message, and an outcome. No transaction is open meanwhile."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.headerregistry import Address
from typing import Final

import structlog

from loti_contracts.delivery.spans import nanoseconds
from loti_contracts.delivery.traced_work import Work, step, work
from services.notify.addresses import NotDeliverable, mailbox, without_addresses
from services.notify.letters.compose import compose
from services.notify.letters.letter import Site
from services.notify.links import Links
from services.notify.mails import Mail
from services.notify.reports.return_path import return_path
from services.notify.sending.ledger import Claimed
from services.notify.sending.message import Sender, message
from services.notify.sending.outgoing import NotNow, Outcome, Outgoing, Refused, Transport
from services.notify.sending.writing_down import Result, Withheld
from services.notify.settings import NotifySettings
from services.notify.telling.sifting import sifted

_log = structlog.get_logger("sending")
_WITH_UNSUBSCRIBE: Final = frozenset({"digest", "newsletter"})


class Delivery:
    """What turns claimed mails into results: words, message, transport."""

    def __init__(self, settings: NotifySettings, links: Links, transport: Transport) -> None:
        self._settings = settings
        self._links = links
        self.transport = transport
        self._site = Site(settings.site_name, None)
        self._sender = Sender(settings.site_name, settings.sender)

    async def deliver(self, claimed: Claimed, *, within: float) -> Result:
        """Hand over what of the mail is still worth telling, in at most `within` seconds.

        A mail in doubt is sent again, unless the transport can ask what became of it.
        """
        with work("mail", {"loti.mail": str(claimed.mail.id)}) as traced:
            if traced is not None:
                _trace(traced, claimed)
            return await self._deliver(claimed, within)

    async def _deliver(self, claimed: Claimed, within: float) -> Result:
        now = datetime.now(UTC)
        gone = dict.fromkeys(claimed.lost, "what it tells of is not known any more")
        mail, reasons = sifted(claimed.mail, now)
        reasons = {**gone, **reasons}
        if not mail.items:
            why = "; ".join(sorted(set(reasons.values()))) or "nothing is left to tell"
            return Result(claimed, Withheld(why), reasons)
        try:
            with step("compose"):
                to = [mailbox(contact.name, contact.email) for contact in mail.contacts]
                outgoing = self._outgoing(mail, to, now)
        except NotDeliverable as error:
            return Result(claimed, Refused(str(error)), reasons)
        except Exception as error:  # noqa: BLE001 - one mail that cannot be written must not hold up the rest
            said = f"{type(error).__name__}: {without_addresses(str(error))}"
            _log.error("mail_not_written", mail_id=str(mail.id), error=type(error).__name__)
            return Result(claimed, NotNow(f"it could not be written: {said}"), reasons)
        outcome: Outcome | None = None
        if mail.doubts:
            outcome = await self.transport.settle(outgoing)
        if outcome is None:
            with step("send", "client"):
                outcome = await self.transport.send(outgoing, within=within)
        return Result(claimed, outcome, reasons, _unreachable(mail, outgoing, outcome))

    def _outgoing(self, mail: Mail, to: Sequence[Address], now: datetime) -> Outgoing:
        letter = compose(mail, links=self._links, site=self._site, now=now)
        unsubscribe = None
        if mail.kind in _WITH_UNSUBSCRIBE:
            made = letter.own_text or {}  # a signature costs as much as all the rest of a newsletter's letter
            unsubscribe = made.get("unsubscribe") or self._links.unsubscribe(mail.contacts[0].id)
        return Outgoing(
            mail_id=mail.id,
            return_path=return_path(self._settings, mail.id),
            recipients=tuple(one.addr_spec for one in to),
            message=bytes(message(mail, letter, to, self._sender, now, unsubscribe=unsubscribe)),
            letter=letter,
            unsubscribe=unsubscribe,
        )


def _trace(work: Work, claimed: Claimed) -> None:
    """It began when the mail was made. Before, what it tells of was judged; since, it waited to be claimed, and was loaded."""
    for item in claimed.mail.items:
        work.follows("notify", item.caused_by, item.correlation_id)
    due = min((item.due_at for item in claimed.mail.items if item.due_at), default=claimed.made_at)
    for name, began, ended in (
        ("judge", due, claimed.made_at),
        ("wait", claimed.made_at, claimed.claimed_at),
        ("load", claimed.claimed_at, work.began),
    ):
        work.step(name, began, ended)
    work.began = nanoseconds(min(due, claimed.made_at))


def _unreachable(mail: Mail, outgoing: Outgoing, outcome: Outcome) -> tuple[str, ...]:
    if not isinstance(outcome, Refused):
        return ()
    return tuple(
        contact.id
        for contact, recipient in zip(mail.contacts, outgoing.recipients, strict=True)
        if recipient in outcome.undeliverable
    )

"""What the settings choose: the transport, and what makes mails."""

from collections.abc import Sequence
from typing import Final

from services.notify.newsletter.publishing import publish
from services.notify.people.asking import ask
from services.notify.sending.govuk_notify import GovukNotify
from services.notify.sending.handing_over import Delivery
from services.notify.sending.outgoing import Transport
from services.notify.sending.pool import SmtpPool
from services.notify.sending.sender import Step, Woken
from services.notify.settings import NotifySettings
from services.notify.signed_links import SignedLinks
from services.notify.telling.prepare import prepare

STEPS: Final[Sequence[Step]] = (
    Woken(ask, frozenset({"contact", "choice"})),
    Woken(prepare, frozenset({"thing", "contact", "choice"})),
    Woken(publish, frozenset({"edition"})),
)
"""What makes mails: confirmations and renewals, then what contacts are told of, then newsletters."""


def delivery(settings: NotifySettings) -> Delivery:
    """How mails leave. Raises ValueError, saying which setting is wrong, where they cannot."""
    return Delivery(settings, SignedLinks(settings), transport(settings))


def transport(settings: NotifySettings) -> Transport:
    """SMTP, or GOV.UK Notify."""
    return GovukNotify(settings) if settings.transport == "govuk-notify" else SmtpPool(settings)

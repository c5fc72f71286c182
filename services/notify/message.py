"""Messages: a letter with its addresses as RFC 5322 bytes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart

from services.notify.compose import Letter
from services.notify.identity import message_id
from services.notify.mails import Mail
from services.notify.wording import one_line

# The standard library breaks long header lines where mailboxes do not mend them (List-Unsubscribe above all);
# lines of a quoted-printable body, though, must stay within 76 (RFC 2045).
_HEADERS = policy.SMTP.clone(max_line_length=998)
_BODIES = policy.SMTP.clone(max_line_length=76)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the mail is from."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What stands after the @; Message-ID and List-Id are made in it."""
        return self.address.rpartition("@")[2]


def message(mail: Mail, letter: Letter, to: Sequence[Address], sender: Sender, now: datetime) -> EmailMessage:
    """The message for these mailboxes. Two attempts at the same mail have the same Message-ID.

    A reply to an introduction goes to both whom it introduces.
    """
    made = EmailMessage(policy=_HEADERS)
    made["From"] = Address(display_name=one_line(sender.name, 100), addr_spec=sender.address)
    made["To"] = to
    if mail.kind == "introduction":
        made["Reply-To"] = to
    made["Subject"] = one_line(letter.subject)
    made["Date"] = now
    made["Message-ID"] = message_id(mail.id, sender.domain)
    made["List-Id"] = (
        f"{one_line(sender.name, 60)}: {mail.kind} <{mail.kind.replace(' ', '-')}.{sender.domain}>"
    )
    made["Auto-Submitted"] = "auto-generated"
    correlations = {item.correlation_id for item in mail.items}
    if len(correlations) == 1:  # a mail about many roles has many threads: the ledger knows them all
        made["X-Correlation-ID"] = one_line(correlations.pop(), 100)
    made.make_alternative()
    made["Content-Language"] = "en-GB"
    for text, subtype in ((letter.text, "plain"), (letter.html, "html")):
        part = MIMEPart(policy=_BODIES)
        part.set_content(text, subtype=subtype, cte="quoted-printable")
        made.attach(part)  # type: ignore[arg-type]  # typeshed asks for a whole message, a part is right
    return made

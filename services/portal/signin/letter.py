"""The letter with a sign-in link, as text and as HTML. Pure but for reading its templates once."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

LONDON: Final = ZoneInfo("Europe/London")
_POLICY: Final = SMTP.clone(max_line_length=998)

For = Literal["sign in", "choose what comes"]


@dataclass(frozen=True, slots=True)
class Letter:
    """What the letter says, and from whom."""

    for_: For
    link: str
    made_at: datetime
    ends_at: datetime
    site_name: str
    site_url: str

    @property
    def subject(self) -> str:
        """What the inbox shows."""
        if self.for_ == "choose what comes":
            return f"Choose what you hear from {self.site_name}"
        return f"Sign in to {self.site_name}"

    def text(self) -> str:
        """The letter as plain text."""
        return self._drawn("sign_in.txt.j2").strip() + "\n"

    def html(self) -> str:
        """The letter as HTML that needs nothing from elsewhere."""
        return self._drawn("sign_in.html.j2")

    def _drawn(self, template: str) -> str:
        return (
            _templates()
            .get_template(template)
            .render(
                letter=self,
                minutes=round((self.ends_at - self.made_at).total_seconds() / 60),
                until=f"{self.ends_at.astimezone(LONDON):%H:%M}",
            )
        )


def message(letter: Letter, *, to: str, sender: str, message_id: str) -> EmailMessage:
    """The mail: text, and the same as HTML. No name and nothing that anybody typed is in it."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = Mailbox(display_name=letter.site_name, addr_spec=sender)
    mail["To"] = Mailbox(addr_spec=to)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(letter.made_at)
    mail["Message-ID"] = f"<{message_id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = "en-GB"
    mail.set_content(letter.text(), cte="quoted-printable")
    mail.add_alternative(letter.html(), subtype="html", cte="quoted-printable")
    return mail


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader(__package__, "letters"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

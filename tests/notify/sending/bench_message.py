"""What it costs to make one message, and to sign it.

    python -m tests.notify.sending.bench_message

The same letter (2 kB of text, 20 kB of HTML) by the standard library's EmailMessage, by this service from a letter, and from a
form that many readers share; then signed with Ed25519 and RSA of 2,048 bits. In one process, the middle of five.
"""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from pathlib import Path
from uuid import UUID

from services.notify.letters.letter import Form, Gapped, Letter
from services.notify.mails import Mail
from services.notify.sending.dkim_signing import signer
from services.notify.sending.message import Sender, message
from services.notify.settings import NotifySettings

TEXT = "Senior Data Engineer · Camden · £58,133 to £65,261 · https://x.example/roles/1\n" * 25
HTML = (
    '<tr><td style="padding:0 24px"><a href="https://x.example/roles/1">Senior Data Engineer</a> £58,133</td></tr>\n'
    * 180
)
LINK = "https://x.example/unsubscribe/" + "t" * 120
SENDER = Sender("Talent Exchange", "exchange@loti.example")
TO = [Address("Ada Example", "ada", "hackney.example")]
MAIL = Mail(UUID(int=1), "newsletter", 1, 0, ())
NOW = datetime(2026, 9, 1, tzinfo=UTC)
KEYS = Path(__file__).with_name("keys")


def by_the_standard_library(letter: Letter) -> bytes:
    """EmailMessage with the two policies that its bodies and its long headers need."""
    made = EmailMessage(policy=policy.SMTP.clone(max_line_length=998))
    made["From"] = Address(SENDER.name, addr_spec=SENDER.address)
    made["To"] = TO
    made["Subject"] = letter.subject
    made["Date"] = NOW
    made["Message-ID"] = f"<{MAIL.id}@{SENDER.domain}>"
    made["List-Unsubscribe"] = f"<{LINK}>"
    made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.make_alternative()
    for text, subtype in ((letter.text, "plain"), (letter.html, "html")):
        part = MIMEPart(policy=policy.SMTP.clone(max_line_length=76))
        part.set_content(text, subtype=subtype, cte="quoted-printable")
        made.attach(part)  # type: ignore[arg-type]
    return made.as_bytes()


def by_this_service(letter: Letter) -> bytes:
    """As it is sent."""
    return message(MAIL, letter, TO, SENDER, NOW, unsubscribe=LINK)


def a_form() -> Letter:
    """The same letter from a form, with the reader's own link in two places."""
    text, html = Gapped((TEXT, "\n"), ("link",)), Gapped((HTML, "</p>"), ("link",))
    own = {"link": LINK}
    form = Form("New roles", text, html, text)
    return Letter(form.subject, text.filled(own), html.filled(own), "", form, own, own)


def microseconds(of: Callable[[], object], times: int = 200) -> float:
    """For each, the middle of five rounds."""
    rounds = []
    for _ in range(5):
        begun = time.process_time()
        for _ in range(times):
            of()
        rounds.append((time.process_time() - begun) / times * 1e6)
    return statistics.median(rounds)


def main() -> None:
    """Print the table."""
    letter = a_form()
    plain = Letter(letter.subject, letter.text, letter.html, "")
    whole = by_this_service(plain)
    base = microseconds(lambda: by_the_standard_library(plain), 50)
    rows = [
        ("EmailMessage", base),
        ("this service, a letter", microseconds(lambda: by_this_service(plain))),
        ("this service, a form", microseconds(lambda: by_this_service(letter))),
    ]
    for name in ("dkim_ed25519", "dkim_rsa"):
        made = signer(NotifySettings(dkim_selector="x", dkim_key_file=KEYS / f"{name}.pem"))
        assert made is not None
        rows.append((f"signing, {name}", microseconds(lambda made=made: made.signed(whole), 50)))  # type: ignore[misc]
    print(f"a message of {len(whole):,} bytes")  # noqa: T201
    for name, took in rows:
        print(f"{name:28} {took:8,.0f} µs  {base / took:6.1f} times as fast as EmailMessage")  # noqa: T201


if __name__ == "__main__":
    main()

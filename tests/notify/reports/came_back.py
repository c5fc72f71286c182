"""Reports as mail systems shape them, made up for these tests: names, addresses and hosts are nobody's."""

import base64
import textwrap
from collections.abc import Sequence
from uuid import UUID

from pydantic import SecretStr

from services.notify.reports.return_path import return_path
from services.notify.settings import NotifySettings

KEY = "k" * 32
SETTINGS = NotifySettings(
    link_keys=SecretStr(KEY), bounce_address="bounces@loti.example", sender="talent-exchange@loti.example"
)
MAIL = UUID("0b5c7a1e-55a4-5b3f-9d0c-5f1c2d3e4f50")
READER = "wilhelmina.contact-1@featherstone.example"


def path_of(mail_id: UUID = MAIL, key: str = KEY) -> str:
    """The signed return path of a mail."""
    return return_path(SETTINGS.model_copy(update={"link_keys": SecretStr(key)}), mail_id)


def postfix(
    to: str,
    recipient: str = READER,
    *,
    status: str = "5.1.1",
    action: str = "failed",
    said: str | None = None,
) -> bytes:
    """As Postfix writes them, with the original's head."""
    said = (
        said
        or f"550 {status} <{recipient}>: Recipient address rejected: User unknown in local recipient table"
    )
    return crlf(f"""\
        Return-Path: <>
        Delivered-To: {to}
        Date: Mon, 16 Nov 2026 08:12:44 +0000 (GMT)
        From: MAILER-DAEMON@relay.loti.example (Mail Delivery System)
        Subject: Undelivered Mail Returned to Sender
        To: {to}
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status;
        \tboundary="4BzT6Y2Q4cz9.1763280764/relay.loti.example"
        Message-Id: <20261116081244.4BzT6Y2QKkz9@relay.loti.example>

        This is a MIME-encapsulated message.

        --4BzT6Y2Q4cz9.1763280764/relay.loti.example
        Content-Description: Notification
        Content-Type: text/plain; charset=us-ascii

        The mail system

        <{recipient}>: host mx.featherstone.example[192.0.2.7] said: {said}

        --4BzT6Y2Q4cz9.1763280764/relay.loti.example
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; relay.loti.example
        X-Postfix-Queue-ID: 4BzT6Y2Q4cz9
        X-Postfix-Sender: rfc822; {to}
        Arrival-Date: Mon, 16 Nov 2026 08:12:43 +0000 (GMT)

        Final-Recipient: rfc822; {recipient}
        Original-Recipient: rfc822;{recipient}
        Action: {action}
        Status: {status}
        Remote-MTA: dns; mx.featherstone.example
        Diagnostic-Code: smtp; {said}

        --4BzT6Y2Q4cz9.1763280764/relay.loti.example
        Content-Description: Undelivered Message Headers
        Content-Type: text/rfc822-headers

        Return-Path: <{to}>
        From: Talent Exchange <talent-exchange@loti.example>
        To: Wilhelmina Featherstone <{recipient}>
        Subject: 2 new roles
        Message-ID: <{MAIL}@loti.example>

        --4BzT6Y2Q4cz9.1763280764/relay.loti.example--
        """)


def exchange(to: str, recipient: str = READER) -> bytes:
    """As Exchange Online writes them: HTML for people, a long diagnostic folded over lines."""
    return crlf(f"""\
        Received: from MM1P001MB0123.example (2001:db8::17) by
         MM2P001MB0456.example with HTTPS; Mon, 16 Nov 2026 08:12:44 +0000
        MIME-Version: 1.0
        From: <postmaster@featherstone.example>
        To: <{to}>
        Date: Mon, 16 Nov 2026 08:12:44 +0000
        Content-Type: multipart/report; report-type=delivery-status;
         boundary="3b6a1d2c-76ce-4d2a-8b1e-aaaabbbbcccc"
        X-MS-Exchange-Message-Is-Ndr:
        Content-Language: en-GB
        Message-ID: <9c1f0a44-1111-4222-8333-444455556666@MM2P001MB0456.example>
        In-Reply-To: <{MAIL}@loti.example>
        Subject: Undeliverable: 2 new roles
        Auto-Submitted: auto-replied

        --3b6a1d2c-76ce-4d2a-8b1e-aaaabbbbcccc
        Content-Type: multipart/alternative; differences=Content-Type;
         boundary="1a2b3c4d-0000-4000-8000-000000000001"

        --1a2b3c4d-0000-4000-8000-000000000001
        Content-Type: text/plain; charset="us-ascii"
        Content-Transfer-Encoding: quoted-printable

        Your message to {recipient} couldn't be delivered.

        --1a2b3c4d-0000-4000-8000-000000000001
        Content-Type: text/html; charset="us-ascii"
        Content-Transfer-Encoding: quoted-printable

        <html><body><p>Your message couldn't be delivered.</p></body></html>

        --1a2b3c4d-0000-4000-8000-000000000001--

        --3b6a1d2c-76ce-4d2a-8b1e-aaaabbbbcccc
        Content-Type: message/delivery-status

        Reporting-MTA: dns;MM2P001MB0456.example
        Received-From-MTA: dns;relay.loti.example
        Arrival-Date: Mon, 16 Nov 2026 08:12:43 +0000

        Final-Recipient: rfc822;{recipient}
        Action: failed
        Status: 5.1.10
        Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient
         {recipient} not found by SMTP address lookup
        X-Display-Name: Wilhelmina Featherstone

        --3b6a1d2c-76ce-4d2a-8b1e-aaaabbbbcccc
        Content-Type: message/rfc822

        Authentication-Results: spf=pass (sender IP is 192.0.2.1)
         smtp.mailfrom={to}; dkim=pass
        Return-Path: {to}
        From: Talent Exchange <talent-exchange@loti.example>
        To: <{recipient}>
        Subject: 2 new roles
        Message-ID: <{MAIL}@loti.example>
        Content-Type: text/plain

        Two new roles.

        --3b6a1d2c-76ce-4d2a-8b1e-aaaabbbbcccc--
        """)


def exim(to: str, recipient: str = READER) -> bytes:
    """As Exim writes them today: a status of 5.0.0, and the words in a diagnostic code."""
    return crlf(f"""\
        Return-path: <>
        Envelope-to: {to}
        Received: from Debian-exim by mail.featherstone.example with local (Exim 4.98)
        \tid 1vKabc-00000001Ab2-3cDe
        \tfor {to};
        \tMon, 16 Nov 2026 08:12:44 +0000
        X-Failed-Recipients: {recipient}
        Auto-Submitted: auto-replied
        From: Mail Delivery System <Mailer-Daemon@mail.featherstone.example>
        To: {to}
        References: <{MAIL}@loti.example>
        Content-Type: multipart/report; report-type=delivery-status; boundary=1763280764-eximdsn-1234567890
        MIME-Version: 1.0
        Subject: Mail delivery failed: returning message to sender
        Message-Id: <E1vKabc-00000001Ab2-3cDe@mail.featherstone.example>
        Date: Mon, 16 Nov 2026 08:12:44 +0000

        --1763280764-eximdsn-1234567890
        Content-type: text/plain; charset=us-ascii

        This message was created automatically by mail delivery software.

          {recipient}
            Unrouteable address

        --1763280764-eximdsn-1234567890
        Content-type: message/delivery-status

        Reporting-MTA: dns; mail.featherstone.example

        Action: failed
        Final-Recipient: rfc822;{recipient}
        Status: 5.0.0
        Remote-MTA: dns; mx.featherstone.example
        Diagnostic-Code: smtp; 550 No such user here

        --1763280764-eximdsn-1234567890
        Content-type: message/rfc822

        Return-path: <{to}>
        Message-ID: <{MAIL}@loti.example>
        Subject: 2 new roles
        From: talent-exchange@loti.example
        To: {recipient}

        Two new roles.

        --1763280764-eximdsn-1234567890--
        """)


def gmail(to: str, recipient: str = READER) -> bytes:
    """As Gmail writes them: a related part for people, and hints in the diagnostic."""
    return crlf(f"""\
        Delivered-To: {to}
        Return-Path: <>
        From: Mail Delivery Subsystem <mailer-daemon@mail.example>
        To: {to}
        Auto-Submitted: auto-replied
        Subject: Delivery Status Notification (Failure)
        References: <{MAIL}@loti.example>
        In-Reply-To: <{MAIL}@loti.example>
        X-Failed-Recipients: {recipient}
        Message-ID: <6a7b8c9d.050a0220.1a2b3c.0001.GMR@mx.mail.example>
        Date: Mon, 16 Nov 2026 00:12:44 -0800 (PST)
        Content-Type: multipart/report; boundary="00000000000012345606abcdef"; report-type=delivery-status
        MIME-Version: 1.0

        --00000000000012345606abcdef
        Content-Type: multipart/related; boundary="00000000000067890106abcdef"

        --00000000000067890106abcdef
        Content-Type: text/plain; charset="UTF-8"

        ** Address not found **

        --00000000000067890106abcdef
        Content-Type: image/png; name="icon.png"
        Content-Transfer-Encoding: base64
        Content-ID: <icon.png>

        iVBORw0KGgo=

        --00000000000067890106abcdef--
        --00000000000012345606abcdef
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mail.example
        Arrival-Date: Mon, 16 Nov 2026 00:12:43 -0800 (PST)
        X-Original-Message-ID: <{MAIL}@loti.example>

        Final-Recipient: rfc822; {recipient}
        Action: failed
        Status: 5.1.1
        Remote-MTA: dns; mx.mail.example. (192.0.2.26, the server for the domain featherstone.example.)
        Diagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try
         550-5.1.1 double-checking the recipient's email address for typos
         550 5.1.1 https://support.mail.example/answer/6596 - gsmtp
        Last-Attempt-Date: Mon, 16 Nov 2026 00:12:44 -0800 (PST)

        --00000000000012345606abcdef
        Content-Type: message/rfc822

        Return-Path: <{to}>
        From: Talent Exchange <talent-exchange@loti.example>
        To: {recipient}
        Message-ID: <{MAIL}@loti.example>

        Two new roles.

        --00000000000012345606abcdef--
        """)


def ses(to: str, recipient: str = READER) -> bytes:
    """As Amazon SES forwards them: a mailbox that is full."""
    return crlf(f"""\
        From: MAILER-DAEMON@eu-west-2.mail.example
        To: {to}
        Subject: Delivery Status Notification (Failure)
        Content-Type: multipart/report; report-type=delivery-status;
        \tboundary="a8_9_jkl-1763280764"
        Message-ID: <0110019a8c1f2b3c-aaaaaaaa-bbbb-cccc-dddd-eeeeffff0000-000000@eu-west-2.mail.example>
        MIME-Version: 1.0
        Date: Mon, 16 Nov 2026 08:12:44 +0000

        --a8_9_jkl-1763280764
        Content-Type: text/plain; charset=UTF-8
        Content-Transfer-Encoding: 7bit

        An error occurred while trying to deliver the mail to the following recipients:
        {recipient}

        --a8_9_jkl-1763280764
        Content-Type: message/delivery-status

        Reporting-MTA: dns; a8-9.smtp-out.mail.example

        Action: failed
        Final-Recipient: rfc822; {recipient}
        Diagnostic-Code: smtp; 552 5.2.2 mailbox full
        Status: 5.2.2

        --a8_9_jkl-1763280764
        Content-Type: message/rfc822

        Message-ID: <{MAIL}@loti.example>
        From: talent-exchange@loti.example
        To: {recipient}

        Two new roles.

        --a8_9_jkl-1763280764--
        """)


def complaint(to: str, recipient: str | None = None, *, kind: str = "abuse") -> bytes:
    """As a mailbox provider sends them, to an address of its own choice; who complained is often left out."""
    named = f"Original-Rcpt-To: <{recipient}>\n        " if recipient else ""
    return crlf(f"""\
        From: <feedback@mail.example>
        Date: Mon, 16 Nov 2026 08:12:44 +0000
        Subject: FW: 2 new roles
        To: <feedback@loti.example>
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report;
         boundary="part1_13d.2e68ed54_boundary"

        --part1_13d.2e68ed54_boundary
        Content-Type: text/plain; charset="US-ASCII"

        This is an email abuse report for an email message received from 192.0.2.1.

        --part1_13d.2e68ed54_boundary
        Content-Type: message/feedback-report

        Feedback-Type: {kind}
        User-Agent: SomeGenerator/1.0
        Version: 1
        {named}Original-Mail-From: <{to}>
        Arrival-Date: Mon, 16 Nov 2026 08:00:00 +0000
        Source-IP: 192.0.2.1

        --part1_13d.2e68ed54_boundary
        Content-Type: message/rfc822

        From: <talent-exchange@loti.example>
        To: <undisclosed>
        Subject: 2 new roles
        Message-ID: <{MAIL}@loti.example>

        Two new roles.

        --part1_13d.2e68ed54_boundary--
        """)


def out_of_office(to: str) -> bytes:
    """What a person's mailbox answers by itself."""
    return crlf(f"""\
        From: {READER}
        To: {to}
        Subject: Out of office
        Auto-Submitted: auto-replied (vacation)

        I am away until Monday. If it is urgent call 550 5.1.1.
        """)


def delivery_report(
    to: str,
    head: Sequence[tuple[str, str]],
    recipients: Sequence[Sequence[tuple[str, str]]],
    *,
    encoded: bool = False,
) -> bytes:
    """Any delivery report: the fields of the message, then those of each recipient."""
    text = "\n".join("".join(f"{name}: {value}\n" for name, value in block) for block in (head, *recipients))
    coding = "Content-Transfer-Encoding: base64\n" if encoded else ""
    body = base64.encodebytes(text.encode()).decode() if encoded else text
    return (
        f"To: {to}\nContent-Type: multipart/report; report-type=delivery-status; boundary=between\n\n"
        f"--between\nContent-Type: text/plain\n\nIt did not arrive.\n\n"
        f"--between\nContent-Type: message/delivery-status\n{coding}\n{body}\n--between--\n"
    ).encode()


def crlf(words: str) -> bytes:
    """Without the margin, and with line ends as they travel."""
    return textwrap.dedent(words).replace("\n", "\r\n").encode()
